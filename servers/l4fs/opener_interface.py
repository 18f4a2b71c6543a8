# Made by eka idl from opener.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Opener, as described."""

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


class Opener_opcode(IntEnum):
    """The numbers of Opener's operations."""

    CONTEXT = 13


class Opener(Interface):
    """Protocol 0x373C."""

    INFO = InterfaceInfo(
        "Opener",
        0x373C,
        (
            OperationInfo(
                "context",
                13,
                (ParameterInfo("context", "out", "cap", "cap"),),
            ),
        ),
    )

    @abstractmethod
    def context(self) -> Cap:
        """Opcode 13."""


class ref_Opener(Reference):
    """Where a Opener is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_Opener:
    """The functions of a Opener: they return a status first."""

    context: Callable[[ref_Opener], int | tuple[int, Cap]]
