"""Threads waiting for one object, by priority and then in order of arrival.

Original: TThreadWaitList; symbian-kernel 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KErrNone, KErrTimedOut
from kernel.tasks.park import block, wake

if TYPE_CHECKING:
    from kernel.nkern.clock import Deadline
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread


class WaitQueue:
    """The queue, and what each thread in it is parked on.

    Its object decides what a wake means: `try_take` is asked again when a thread that
    was suspended comes back, having lost its place.
    """

    def __init__(self, owner: Waitable) -> None:
        self._owner: Final = owner
        self._waiting: Final[dict[DThread, None]] = {}  # in order of arrival
        self._suspended: Final[dict[DThread, None]] = {}  # they lost their places
        self._deadlines: Final[dict[DThread, Deadline]] = {}  # also of suspended ones

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_used(self) -> bool:
        """Whether any thread waits, even a suspended one."""
        return bool(self._waiting or self._suspended)

    def is_waiting(self, thread: DThread) -> bool:
        """Whether *thread* has a place in the queue."""
        return thread in self._waiting

    def park(self, thread: DThread, timeout_us: int) -> Park:
        """Queue *thread*; 0 means for ever. Ends with a code, raised if negative."""
        core = thread.core
        if timeout_us > 0:
            at_us = core.clock.now() + timeout_us
            self._deadlines[thread] = core.clock.add(
                at_us, lambda: self.release(thread, KErrTimedOut)
            )
        self._waiting[thread] = None
        self._owner.on_waiters_changed()
        return block(core, thread, self, lambda: self._resume(thread))

    def _resume(self, thread: DThread) -> object:
        code = thread.reply
        if isinstance(code, int) and code:
            raise KernelError(code)
        return self._owner.on_woken(thread)

    def first(self) -> DThread | None:
        """The waiting thread that comes first; of equals, max gives the earliest."""
        return max(self._waiting, key=lambda thread: thread.level, default=None)

    def take_first(self) -> DThread | None:
        """The same, out of the queue."""
        first = self.first()
        if first is not None:
            self._forget(first)
        return first

    def due_us(self, thread: DThread) -> int:
        """When the wait of *thread* times out; 0 if never."""
        deadline = self._deadlines.get(thread)
        return 0 if deadline is None else deadline.key[0]

    def end(self, thread: DThread, code: int = KErrNone) -> None:
        """Let a thread go on that is out of the queue."""
        thread.reply = code
        wake(thread.core, thread)

    def release(self, thread: DThread, code: int = KErrNone) -> None:
        """Let a thread go on that waits, wherever in the queue."""
        self._forget(thread)
        self.end(thread, code)

    def end_all(self, code: int) -> None:
        """The object is gone: all go on with *code*, suspended ones when they may."""
        while (thread := self.first()) is not None:
            self.release(thread, code)
        for thread in list(self._suspended):
            self.release(thread, code)

    def _forget(self, thread: DThread) -> None:
        self._waiting.pop(thread, None)
        self._suspended.pop(thread, None)
        deadline = self._deadlines.pop(thread, None)
        if deadline is not None:
            thread.core.clock.remove(deadline)
        self._owner.on_waiters_changed()

    def check(self) -> None:
        """Assert that all in the queue are parked on it, and have a place or none."""
        for thread in (*self._waiting, *self._suspended):
            assert thread.wait is self, thread
            assert (thread in self._waiting) == (not thread.suspend_count), thread
        for thread in self._deadlines:
            assert thread.wait is self, thread

    # As the reason a thread is parked:

    def unwait(self, thread: DThread) -> None:
        """The thread is dying."""
        self._forget(thread)

    def describe(self) -> str:
        """For reports."""
        return repr(self._owner)

    def blockers(self) -> list[DThread]:
        """Who holds the object, if anybody does."""
        return self._owner.holders()

    def suspend(self, thread: DThread) -> None:
        """The place is lost; a time-out goes on."""
        del self._waiting[thread]
        self._suspended[thread] = None
        self._owner.on_waiters_changed()

    def unsuspend(self, thread: DThread) -> None:
        """Take it now if it is free, else queue again."""
        if self._owner.try_take(thread):
            self.release(thread)
        else:
            del self._suspended[thread]
            self._waiting[thread] = None
            self._owner.on_waiters_changed()

    @property
    def is_service(self) -> bool:
        """A server idles on requests, not here."""
        return False


class Waitable:
    """What has a wait queue."""

    queue: WaitQueue

    def try_take(self, thread: DThread) -> bool:
        """Take it for *thread* if it is free."""
        raise AssertionError

    def on_woken(self, thread: DThread) -> object:
        """The woken thread goes on: the result of its call, or PARK."""
        return None

    def on_waiters_changed(self) -> None:
        """Somebody came, or went."""

    def holders(self) -> list[DThread]:
        """Threads that would have to let go."""
        return []
