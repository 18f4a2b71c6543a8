# Made by eka idl from flush.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Flush, as described."""

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


class Flush_opcode(IntEnum):
    """The numbers of Flush's operations."""

    FLUSH = 5


class Flush(Interface):
    """Protocol 0x1BAB."""

    INFO = InterfaceInfo(
        "Flush",
        0x1BAB,
        (
            OperationInfo(
                "flush",
                5,
                (
                    ParameterInfo("populated_size", "in", "offset_t", "u8"),
                    ParameterInfo("size", "out", "offset_t", "u8"),
                ),
            ),
        ),
    )

    @abstractmethod
    def flush(self, populated_size: int) -> int:
        """Opcode 5."""


class ref_Flush(Reference):
    """Where a Flush is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_Flush:
    """The functions of a Flush: they return a status first."""

    flush: Callable[[ref_Flush, int], int | tuple[int, int]]
