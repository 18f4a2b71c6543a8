"""Undertakers."""

from typing import Protocol

from kernel.abi.memory import ClientCell, ClientStatus


class ExecUndertaker(Protocol):
    """Being told of the death of any thread. Original: symbian-kernel 4.9."""

    def undertaker_create(self) -> int:
        """An undertaker, process-owned."""

    def undertaker_logon(
        self, handle: int, status: ClientStatus, cell: ClientCell
    ) -> None:
        """Complete *status* with KErrDied at the next death of a thread.

        *cell* gets a new thread-owned handle to the dead thread.

        Raises: KErrInUse while a live thread's request is outstanding; KErrNoMemory.
        """

    def undertaker_logon_cancel(self, handle: int) -> None:
        """Complete the request with KErrCancel. Raises: KErrGeneral without one."""
