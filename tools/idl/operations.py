"""Checks the operations of one simple interface."""

from collections.abc import Iterator, Sequence
from typing import Final

from tools.idl.attributes import Attributes
from tools.idl.diagnostic import Diagnostic, quoted
from tools.idl.idl_types import MAX_ELEMENTS, RESERVED, Type
from tools.idl.layout import MAX_WORDS, reply_layout, request_layout
from tools.idl.model import Operation, Parameter
from tools.idl.nodes import (
    InterfaceNode,
    OperationNode,
    ParameterNode,
    SequenceNode,
    TypeNode,
    WordsNode,
)
from tools.idl.python_names import argument_name, method_name
from tools.idl.source import Source
from tools.idl.symbols import Symbols, number_of
from tools.idl.unsupported import about_type

MAX_OPCODE: Final = 0x7FFFFFFF


class OperationChecker:
    """Makes operations of nodes, and says what is wrong with them."""

    def __init__(
        self, source: Source, symbols: Symbols, found: list[Diagnostic]
    ) -> None:
        self._source: Final = source
        self._symbols: Final = symbols
        self._found: Final = found
        self._next: int | None = 0  # the number to come; None: unknown, after an error

    def _say(self, code: str, token: object, text: str) -> None:
        self._found.append(self._source.at(code, token, text))  # type: ignore[arg-type] # a Token

    def check(self, node: InterfaceNode) -> tuple[Operation, ...]:
        """The operations of a body, in order."""
        self._next = 0
        operations: list[Operation] = []
        for operation_node in node.operations:
            operation, is_numbered = self._operation(operation_node)
            self._check_against(operations, operation_node, operation, is_numbered)
            operations.append(operation)
        return tuple(operations)

    def _check_against(
        self,
        others: Sequence[Operation],
        node: OperationNode,
        operation: Operation,
        is_numbered: bool,
    ) -> None:
        """Report what *operation* shares with those before it."""
        name = operation.name
        if any(other.name == name for other in others):
            self._say("E302", node.name, f"operation {quoted(name)} is defined twice")
            return
        for other in others:
            if name.upper() == other.name.upper() or operation.python == other.python:
                text = f"{quoted(name)} and {quoted(other.name)} collide in Python"
                self._say("E306", node.name, text)
                break
        clash = next((o for o in others if o.opcode == operation.opcode), None)
        if is_numbered and clash is not None:
            text = f"opcode {operation.opcode} is that of {quoted(clash.name)}"
            self._say("E304", node.name, text)

    def _operation(self, node: OperationNode) -> tuple[Operation, bool]:
        """The operation, and whether its number is known."""
        attributes = Attributes(
            self._source, self._symbols, self._found, node.attributes
        )
        attributes.check_allowed("an operation", ("opcode", *FLAGS))
        opcode = self._opcode(node, attributes)
        deferred = attributes.flag("deferred")
        if node.result is not None:
            text = "an operation returns void; results are 'out' parameters"
            self._say("E307", node.result.first, text)
        self._check_name(node)
        parameters = self._parameters(node, deferred=deferred)
        operation = Operation(
            str(node.name),
            -1 if opcode is None else opcode,
            parameters,
            oneway=attributes.flag("oneway"),
            deferred=deferred,
            rights=attributes.rights(),
            python=method_name(node.name),
        )
        self._check_whole(node, operation)
        return operation, opcode is not None

    def _opcode(self, node: OperationNode, attributes: Attributes) -> int | None:
        if attributes.has("opcode"):
            number = attributes.number("opcode", 0, MAX_OPCODE)
        else:
            number = self._next
            if number is not None and number > MAX_OPCODE:
                text = f"the opcode after {MAX_OPCODE} is out of range"
                self._say("E404", node.name, text)
                number = None
        self._next = None if number is None else number + 1
        return number

    def _check_name(self, node: OperationNode) -> None:
        check_name(self._source, self._found, node.name)

    def _parameters(
        self, node: OperationNode, *, deferred: bool
    ) -> tuple[Parameter, ...]:
        parameters: dict[str, Parameter] = {}
        for parameter_node in node.parameters:
            name = str(parameter_node.name)
            check_name(self._source, self._found, parameter_node.name)
            kind = self._type(parameter_node.type)
            if kind is not None:
                self._check_use(parameter_node, kind)
            if name in parameters:
                text = f"parameter {quoted(name)} is defined twice"
                self._say("E303", parameter_node.name, text)
                continue
            python = argument_name(name, deferred=deferred)
            known = kind or Type(name, "u1")  # the smallest, so that it adds no error
            direction = str(parameter_node.direction)
            parameters[name] = Parameter(name, direction, known, python)
        return tuple(parameters.values())

    def _check_use(self, node: ParameterNode, kind: Type) -> None:
        text = next(_misuses(str(node.direction), kind), None)
        if text is not None:
            self._say("E308", node.name, text)

    def _type(self, node: TypeNode) -> Type | None:
        if isinstance(node, SequenceNode):
            return self._sequence(node)
        words = tuple(str(word) for word in node.words)
        kind = self._symbols.type_of(words)
        if kind is None:
            name = " ".join(words)
            text = f"unknown type {quoted(name)}{about_type(name)}"
            self._say("E305", node.first, text)
        return kind

    def _sequence(self, node: SequenceNode) -> Type | None:
        limit = ""
        if node.limit is not None:
            number = number_of(node.limit)
            if not 1 <= number <= MAX_ELEMENTS:
                text = f"a sequence has from 1 to at most {MAX_ELEMENTS} elements"
                self._say("E404", node.limit, text)
            else:
                limit = str(number)
        if not isinstance(node.element, WordsNode):
            return Type("sequence<…>", "[nested]")
        element = self._type(node.element)
        if element is None:
            return None
        name = f"sequence<{element.name}{limit and f', {limit}'}>"
        if not element.is_integer:
            return Type(name, "[nested]")
        return Type(name, f"[{element.wire}{limit and f':{limit}'}]")

    def _check_whole(self, node: OperationNode, operation: Operation) -> None:
        names = [parameter.python for parameter in operation.parameters]
        if len(set(names)) < len(names):
            text = "two of its parameters have the same name in Python"
            self._say("E306", node.name, text)
        if operation.oneway and operation.outputs:
            self._say("E407", node.name, "a oneway operation has no outputs")
        elif operation.oneway and operation.deferred:
            text = "a oneway operation is never answered, not even later"
            self._say("E407", node.name, text)
        if any(p.type.wire == "[nested]" for p in operation.parameters):
            return
        sizes = (
            ("request", request_layout(operation)),
            ("reply", reply_layout(operation)),
        )
        for half, layout in sizes:
            if not layout.fits:
                items = 2 * layout.items
                text = (
                    f"its {half} takes {layout.words + items} words, {items} of them "
                    f"for items; there are {MAX_WORDS}"
                )
                self._say("E601", node.name, text)


FLAGS: Final = ("oneway", "deferred", "rights")


def _misuses(direction: str, kind: Type) -> Iterator[str]:
    if kind.wire == "[nested]":
        yield "a sequence holds integers only"
    elif direction == "inout" and not kind.is_integer:
        yield f"only integers may be inout, not {quoted(kind.name)}"


def check_name(source: Source, found: list[Diagnostic], name: object) -> None:
    """Report a word that may not be used as a name."""
    if str(name) in RESERVED:
        text = f"{quoted(str(name))} is a reserved word"
    elif str(name).startswith("_"):
        text = f"{quoted(str(name))}: names that begin with '_' are reserved"
    else:
        return
    found.append(source.at("E309", name, text))  # type: ignore[arg-type] # a Token
