"""The request semaphore: signals that tell a thread a request of its has completed.

A completion writes the status and adds one signal, in one step under the lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KRequestPending
from kernel.tasks.park import block, wake

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread


class RequestWait:
    """Waits for a signal and, if statuses are named, for one of them to be complete."""

    __slots__ = ("statuses", "thread")

    def __init__(self, thread: DThread, statuses: tuple[ClientStatus, ...]) -> None:
        self.thread: Final = thread
        self.statuses: Final = statuses

    def is_over(self) -> bool:
        """Whether the thread may go on."""
        if not self.thread.request_count:
            return False
        if not self.statuses:
            return True
        return any(status.value != KRequestPending for status in self.statuses)

    def take(self) -> Park | None:
        """Take the signal, or park; also how the thread goes on when it was woken."""
        thread = self.thread
        if self.is_over():
            thread.request_count -= 1
            return None
        return block(thread.core, thread, self, self.take)

    def unwait(self, thread: DThread) -> None:
        """Nothing is queued: the thread's wait field says it all."""

    def describe(self) -> str:
        """For reports."""
        if not self.statuses:
            pending = self.thread.describe_requests()
            return f"any request{pending}"
        return f"a request{self.thread.describe_requests()}"

    def blockers(self) -> list[DThread]:
        """Threads that hold requests of this one."""
        return self.thread.request_blockers()

    def suspend(self, thread: DThread) -> None:
        """Signals are counted; no place is lost."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """A server waiting for its next message waits for any request."""
        return self.thread.has_receive_pending()


def signal(core: Core, thread: DThread, count: int = 1) -> None:
    """Add signals to the request semaphore of *thread*, which is alive."""
    thread.request_count += count
    wait = thread.wait
    if wait.__class__ is RequestWait and wait.is_over():
        wake(core, thread)


def complete(core: Core, thread: DThread, status: ClientStatus, code: int) -> None:
    """Complete a request of *thread*; dropped if the thread is dead."""
    if thread.dead:
        return
    status.value = code
    signal(core, thread)


def has_room(core: Core, thread: DThread, status: ClientStatus, tag: str) -> bool:
    """The fault point of a request: that there is no memory stands in its status."""
    if core.faults is None:
        return True
    try:
        core.faults.allocate(tag)
    except KernelError as error:
        complete(core, thread, status, error.code)
        return False
    return True


def wait_any(thread: DThread) -> Park | None:
    """Take one signal, now or when there is one."""
    if thread.request_count:
        thread.request_count -= 1
        return None
    wait = thread.any_wait
    if wait is None:
        wait = thread.any_wait = RequestWait(thread, ())
    return block(thread.core, thread, wait, wait.take)
