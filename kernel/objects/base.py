"""What the objects of this package ask of their surroundings: to refuse, and memory."""

from typing import NoReturn

from kernel.abi.current import panic
from kernel.abi.errors import Leave
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from kernel.abi.user_heap import HeapCell


class CBase:
    """What the four classes share: how they panic, leave, and get memory.

    In a server the caller is the culprit, so its thread panics; memory is its heap's.
    In the kernel it would be our own mistake, the refusal one of the kernel, and memory
    is counted elsewhere: there all of these are overridden.
    """

    __slots__ = ()

    def misuse(self, reason: TCBasePanic) -> NoReturn:
        """The caller broke the rules of this class: its thread panics."""
        panic(E32USER_CBASE, reason)

    def leave(self, code: int) -> NoReturn:
        """What the caller asked for cannot be done."""
        raise Leave(code)

    def allocate(self) -> HeapCell | None:
        """Memory for this object; None where that isn't counted by cells.

        Raises: Leave(KErrNoMemory).
        """
        return HeapCell(type(self).__name__)
