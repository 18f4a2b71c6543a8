# Made by eka idl from file.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""File, as described."""

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


class File_opcode(IntEnum):
    """The numbers of File's operations."""

    RESIZE = 6


class File(Interface):
    """Protocol 0x292E."""

    INFO = InterfaceInfo(
        "File",
        0x292E,
        (
            OperationInfo(
                "resize",
                6,
                (ParameterInfo("size", "inout", "offset_t", "u8"),),
            ),
        ),
    )

    @abstractmethod
    def resize(self, size: int) -> int:
        """Opcode 6."""


class ref_File(Reference):
    """Where a File is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_File:
    """The functions of a File: they return a status first."""

    resize: Callable[[ref_File, int], int | tuple[int, int]]
