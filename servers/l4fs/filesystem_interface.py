# Made by eka idl from filesystem.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Filesystem, as described."""

from userlib.l4re.runtime import (
    Callable,
    Cap,
    IntEnum,
    Interface,
    InterfaceInfo,
    OperationInfo,
    ParameterInfo,
    Reference,
    abstractmethod,
    dataclass,
)


class Filesystem_opcode(IntEnum):
    """The numbers of Filesystem's operations."""

    OPEN_FOR_USER = 0


class Filesystem(Interface):
    """Protocol 0x3EF0."""

    INFO = InterfaceInfo(
        "Filesystem",
        0x3EF0,
        (
            OperationInfo(
                "open_for_user",
                0,
                (
                    ParameterInfo("user", "in", "user_t", "u4"),
                    ParameterInfo("opener", "out", "cap", "cap"),
                ),
            ),
        ),
    )

    @abstractmethod
    def open_for_user(self, user: int) -> Cap:
        """Opcode 0."""


class ref_Filesystem(Reference):
    """Where a Filesystem is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_Filesystem:
    """The functions of a Filesystem: they return a status first."""

    open_for_user: Callable[[ref_Filesystem, int], int | tuple[int, Cap]]
