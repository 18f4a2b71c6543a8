"""The request semaphore that every thread has."""

from typing import Protocol

from kernel.abi.memory import ClientStatus


class ExecRequest(Protocol):
    """Wait for and complete requests. Original: symbian-kernel 4.4."""

    def request_wait_any(self) -> None:
        """Take one signal. Blocks: until there is one."""

    def request_wait(self, *statuses: ClientStatus) -> None:
        """Take one signal and no other's, once one of *statuses* is complete.

        Blocks: until one is complete and a signal is there.
        """

    def request_complete(
        self, thread: int, status: ClientStatus | None, code: int
    ) -> None:
        """Complete a request of *thread*; nothing if *status* is None.

        A thread of another process panics KERN-EXEC 46.
        """

    def request_signal(self, thread: int, count: int) -> None:
        """Add signals without touching a status; else as request_complete."""

    def request_count(self, thread: int) -> int:
        """The value of the request semaphore."""
