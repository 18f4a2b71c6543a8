"""What things of a description are called in the Python made from it."""

import re
from collections.abc import Iterator
from keyword import iskeyword
from typing import Final

from tools.idl.model import Interface

# Public attributes of Enum, and of Interface.
TAKEN_BY_BASES: Final = frozenset({"name", "value", "INFO", "gate_deleted"})

# What generated modules import, and the builtins they use.
TAKEN_IN_MODULES: Final = frozenset(
    {
        "Any",
        "CFunction",
        "CStub",
        "Callable",
        "Cap",
        "Client",
        "Completion",
        "Dispatcher",
        "ExpectedItems",
        "Final",
        "Fpage",
        "IntEnum",
        "Interface",
        "InterfaceInfo",
        "Message",
        "NamedTuple",
        "OperationInfo",
        "ParameterInfo",
        "Reference",
        "Reply",
        "Rights",
        "Sequence",
        "ServerConfig",
        "Stub",
        "abstractmethod",
        "bytes",
        "dataclass",
        "list",
        "object",
        "str",
        "super",
        "tuple",
    }
)
CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def python_name(name: str) -> str:
    """A name that Python allows."""
    return f"{name}_" if iskeyword(name) else str(name)


def method_name(name: str) -> str:
    """The name of the method that an operation becomes."""
    return f"{name}_" if iskeyword(name) or name in TAKEN_BY_BASES else str(name)


def argument_name(name: str, *, deferred: bool) -> str:
    """The name of the argument that a parameter becomes."""
    taken = {"self", "completion"} if deferred else {"self"}
    return f"{name}_" if iskeyword(name) or name in taken else str(name)


def file_stem(interface: str) -> str:
    """The file in which an interface stands by custom: MappedFile, mapped_file."""
    return CAPITAL.sub("_", interface).lower()


def class_names(interface: Interface) -> Iterator[str]:
    """The names made of an interface's own that its classes use inside."""
    yield f"ref_{interface.name}"
    for _owner, operation in interface.all_operations:
        if len(operation.outputs) > 1:
            yield interface.result_of(operation).name


def module_names(interface: Interface) -> Iterator[str]:
    """The names at the top of the modules made of an interface."""
    name = interface.name
    yield interface.python
    yield from (f"{prefix}_{name}" for prefix in ("iface", "ref", "client", "object"))
    yield from (f"{prefix}_{name}" for prefix in ("handle", "config", "client_iface"))
    yield f"_dispatch_{name}"
    yield from (f"{name}_{suffix}" for suffix in ("opcode", "expected_items"))
    for _owner, operation in interface.all_operations:
        yield f"_{name}_{operation.name}"
        yield f"{name}_{operation.name}_result"
