"""Condition variables."""

from typing import Protocol


class ExecConditionVariable(Protocol):
    """Waiting for a change of what a mutex guards. Original: symbian-kernel 9.3."""

    def condition_variable_create(self, name: str | None, owner: int) -> int:
        """*name* None is local, "" protected, else global.

        Raises: KErrBadName, KErrAlreadyExists.
        """

    def condition_variable_wait(self, handle: int, mutex: int, timeout_us: int) -> None:
        """Let go of *mutex* and wait; a caller not holding it panics KERN-EXEC 54.

        Blocks: until woken, or *timeout_us* passed (0: for ever), and then until
            *mutex* is held again, once.
        Raises: KErrTimedOut, with the mutex held; KErrInUse, with the mutex kept, if
            others wait with another one; KErrArgument; KErrGeneral, without the mutex,
            if either is destroyed meanwhile.
        """

    def condition_variable_signal(self, handle: int) -> None:
        """Wake the first waiter, if there is one."""

    def condition_variable_broadcast(self, handle: int) -> None:
        """Wake all waiters."""
