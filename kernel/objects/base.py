"""The two ways in which an object of this package says no."""

from typing import NoReturn

from kernel.abi.current import panic
from kernel.abi.errors import Leave
from kernel.abi.panics import E32USER_CBASE, TCBasePanic


class CBase:
    """What the four classes share: how they panic and leave.

    In a server the caller is the culprit, so its thread panics. In the kernel it would
    be our own mistake, and the refusal one of the kernel: there both are overridden.
    """

    __slots__ = ()

    def misuse(self, reason: TCBasePanic) -> NoReturn:
        """The caller broke the rules of this class: its thread panics."""
        panic(E32USER_CBASE, reason)

    def leave(self, code: int) -> NoReturn:
        """What the caller asked for cannot be done."""
        raise Leave(code)
