"""Mutexes."""

from typing import Protocol


class ExecMutex(Protocol):
    """Recursive locks with an owner. Original: symbian-kernel 9.2."""

    def mutex_create(self, name: str | None, owner: int) -> int:
        """*name* None is local, "" protected, else global.

        Raises: KErrBadName, KErrAlreadyExists.
        """

    def mutex_wait(self, handle: int, timeout_us: int) -> None:
        """Blocks: until held, or *timeout_us* passed (0: for ever, -1: polls).

        Raises: KErrTimedOut, KErrGeneral if the mutex is destroyed meanwhile.
        """

    def mutex_signal(self, handle: int) -> None:
        """Release once; the caller not holding it panics KERN-EXEC 1."""

    def mutex_is_held(self, handle: int) -> bool:
        """Whether the calling thread holds it."""
