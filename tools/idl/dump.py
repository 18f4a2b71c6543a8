"""What a description came to, for other programs: JSON, and rules for make."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.idl.compilation import Compilation
from tools.idl.layout import Layout, reply_layout, request_layout
from tools.idl.model import Interface, Operation, Parameter
from tools.idl.output import GeneratedFile


def dumped(compilation: Compilation) -> dict[str, Any]:
    """The interfaces of the file itself, as plain values."""
    own = compilation.modules[0]
    return {
        "file": str(compilation.path),
        "includes": list(own.includes),
        "interfaces": [_interface(interface) for interface in own.interfaces],
        "depends": [str(path) for path in compilation.depends],
    }


def _interface(interface: Interface) -> dict[str, Any]:
    if interface.is_compound:
        return {
            "name": interface.name,
            "components": [component.name for component in interface.components],
            "flattened": [part.name for part in interface.flattened],
        }
    return {
        "name": interface.name,
        "protocol": interface.protocol,
        "operations": [_operation(operation) for operation in interface.operations],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    request, reply = request_layout(operation), reply_layout(operation)
    return {
        "name": operation.name,
        "opcode": operation.opcode,
        "oneway": operation.oneway,
        "deferred": operation.deferred,
        "rights": list(operation.rights),
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "request": _layout(request, operation.inputs),
        "reply": _layout(reply, operation.outputs),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "direction": parameter.direction,
        "type": parameter.type.name,
        "wire": parameter.type.wire,
    }


def _layout(layout: Layout, parameters: Sequence[Parameter]) -> dict[str, Any]:
    names = [parameter.name for parameter in parameters]
    return {
        "words": layout.words,
        "items": layout.items,
        "offsets": dict(zip(names, layout.offsets, strict=True)),
    }


def make_rule(files: Sequence[GeneratedFile], depends: Sequence[Path]) -> str:
    """A rule that says which files make which."""
    targets = " ".join(_escaped(file.path) for file in files)
    sources = " ".join(_escaped(path) for path in depends)
    return f"{targets}: {sources}"


def _escaped(path: Path) -> str:
    """A name as make reads it."""
    text = str(path).replace("$", "$$")
    for character in " #:":
        text = text.replace(character, f"\\{character}")
    return text
