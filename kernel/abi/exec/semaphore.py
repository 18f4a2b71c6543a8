"""Semaphores."""

from typing import Protocol


class ExecSemaphore(Protocol):
    """Counting semaphores. Original: symbian-kernel 9.1."""

    def semaphore_create(self, name: str | None, count: int, owner: int) -> int:
        """*name* None is local, "" protected, else global.

        Raises: KErrBadName, KErrAlreadyExists.
        """

    def semaphore_wait(self, handle: int, timeout_us: int) -> None:
        """Blocks: until signalled, or *timeout_us* passed (0: for ever, -1: polls).

        Raises: KErrTimedOut, KErrGeneral if the semaphore is destroyed meanwhile.
        """

    def semaphore_signal(self, handle: int, count: int) -> None:
        """Release up to *count* waiters; the rest adds to the count."""
