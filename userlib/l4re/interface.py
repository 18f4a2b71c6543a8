"""Interface, the base of all generated ones, and what the compiler knew of them."""

from abc import ABC
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from userlib.l4re.consts import Rights

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Interface",
    "InterfaceInfo",
    "OperationInfo",
    "ParameterInfo",
    "is_interface",
]

NO_RIGHTS = Rights(0)


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """A parameter: its direction, its type in the description, and on the wire.

    Wire types are `i4`, `u8` and the like, `cap`, `fpage`, `string`, `bytes`, and
    `[i4]` or `[i4:16]` for a sequence, here of at most 16.
    """

    name: str
    direction: str  # "in", "out" or "inout"
    type: str
    wire: str

    @property
    def is_input(self) -> bool:
        """Whether the client sends it."""
        return self.direction != "out"

    @property
    def is_output(self) -> bool:
        """Whether the server sends it."""
        return self.direction != "in"

    @property
    def is_item(self) -> bool:
        """Whether it travels as an item, beside the words."""
        return self.wire in {"cap", "fpage"}


@dataclass(frozen=True, slots=True)
class OperationInfo:
    """An operation, as its description has it."""

    name: str
    opcode: int
    parameters: tuple[ParameterInfo, ...] = ()
    oneway: bool = False
    deferred: bool = False
    rights: Rights = NO_RIGHTS
    method: str = ""  # its name in Python, where that is another

    @property
    def method_name(self) -> str:
        """The name of the method that it is in Python."""
        return self.method or self.name

    @property
    def inputs(self) -> tuple[ParameterInfo, ...]:
        """The parameters that the client sends, in order."""
        return tuple(p for p in self.parameters if p.is_input)

    @property
    def outputs(self) -> tuple[ParameterInfo, ...]:
        """The parameters that the server sends, in order."""
        return tuple(p for p in self.parameters if p.is_output)


@dataclass(frozen=True, slots=True)
class InterfaceInfo:
    """An interface, as its description has it; a compound has components instead."""

    name: str
    protocol: int | None = None  # None: a compound
    operations: tuple[OperationInfo, ...] = ()
    components: "tuple[InterfaceInfo, ...]" = ()

    @property
    def simple(self) -> "tuple[InterfaceInfo, ...]":
        """The interfaces with operations, each once: its components', or itself."""
        return tuple({info.name: info for info in self._flattened()}.values())

    def _flattened(self) -> "Iterator[InterfaceInfo]":
        if self.protocol is not None:
            yield self
        for component in self.components:
            yield from component.simple

    def operation(self, name: str) -> tuple[int, OperationInfo]:
        """The protocol and description of an operation, by its name in either language.

        Raises: AttributeError if there is none.
        """
        for info in self.simple:
            for operation in info.operations:
                if name in {operation.name, operation.method_name}:
                    assert info.protocol is not None
                    return info.protocol, operation
        raise AttributeError(f"interface {self.name} has no operation {name!r}")


class Interface(ABC):
    """The base of all generated interfaces.

    One class stands for a local object and for a client of a remote one.

    Original: the class with virtual functions that idl generates for C++.
    """

    __slots__ = ()

    INFO: ClassVar[InterfaceInfo]

    def gate_deleted(self) -> None:  # noqa: B027 - most objects have nothing to do
        """Hear that no client can reach the object any more; a server overrides it."""


def is_interface(cls: object) -> bool:
    """Whether *cls* is an interface class itself, no implementation of one."""
    return (
        isinstance(cls, type)
        and issubclass(cls, Interface)
        and isinstance(vars(cls).get("INFO"), InterfaceInfo)
    )
