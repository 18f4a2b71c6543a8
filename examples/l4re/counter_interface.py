# Made by eka idl from counter.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Counter, as described."""

from userlib.l4re.runtime import (
    Callable,
    IntEnum,
    Interface,
    InterfaceInfo,
    OperationInfo,
    ParameterInfo,
    Reference,
    abstractmethod,
    dataclass,
)


class Counter_opcode(IntEnum):
    """The numbers of Counter's operations."""

    INCREMENT = 0


class Counter(Interface):
    """Protocol 0x1DE4."""

    INFO = InterfaceInfo(
        "Counter",
        0x1DE4,
        (
            OperationInfo(
                "increment",
                0,
                (ParameterInfo("result", "out", "int", "i4"),),
            ),
        ),
    )

    @abstractmethod
    def increment(self) -> int:
        """Opcode 0."""


class ref_Counter(Reference):
    """Where a Counter is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_Counter:
    """The functions of a Counter: they return a status first."""

    increment: Callable[[ref_Counter], int | tuple[int, int]]
