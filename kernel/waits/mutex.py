"""DMutex: a recursive lock with an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KErrGeneral
from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject
from kernel.waits.wait_queue import Waitable, WaitQueue

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


class DMutex(DObject, Waitable):
    """A mutex.

    Release wakes the first waiter but reserves nothing for it: whoever runs first takes
    the mutex, and a woken thread that finds it taken silently waits on. So a woken
    thread that dies or is suspended before it took it must pass the wake on: it counts
    as `pending` until it ran.

    The holder runs at the level of the highest waiter. Who lets go yields to a waiter
    of its own level, so that equals alternate. Original: DMutex (symbian-kernel 9.2).
    """

    kind = TObjectType.EMutex

    def __init__(self, core: Core, name: str | None, owner: DObject | None) -> None:
        super().__init__(core, name, owner)
        self.holder: DThread | None = None
        self.depth = 0  # how often the holder must signal
        self.pending: dict[DThread, int] = {}  # woken, not yet run; when to time out
        self.queue = WaitQueue(self)

    def try_take(self, thread: DThread) -> bool:
        """Take it, once more if *thread* holds it."""
        if self.holder is None:
            self.holder = thread
            self.depth = 1
            thread.at_end[self] = None
            thread.lenders[self] = None
            if self.queue:
                thread.set_level()
            return True
        if self.holder is thread:
            self.depth += 1
            return True
        return False

    def on_woken(self, thread: DThread) -> object:
        """Take the mutex, or wait on if somebody was faster."""
        if thread not in self.pending:
            return None  # it was suspended, and took the free mutex when it was resumed
        due_us = self.pending.pop(thread)
        thread.pending_on = None
        if self.try_take(thread):
            return None
        thread.at_end.pop(self, None)
        left_us = due_us - self.core.clock.now()
        return self.queue.park(thread, max(left_us, 1) if due_us else 0)

    def release(self) -> None:
        """Let go completely, and wake the first waiter."""
        holder = self._drop_holder()
        first = self.wake_first()
        if holder is not None and first is not None and first.level == holder.level:
            self.core.backend.end_slice(holder)

    def _drop_holder(self) -> DThread | None:
        holder, self.holder, self.depth = self.holder, None, 0
        if holder is not None:
            holder.at_end.pop(self, None)
            del holder.lenders[self]
            if self.queue:
                holder.set_level()
        return holder

    def wake_first(self) -> DThread | None:
        """Give the first waiter a chance; who that is."""
        thread = self.queue.first()
        if thread is not None:
            self.pending[thread] = self.queue.due_us(thread)
            thread.pending_on = self
            thread.at_end[self] = None
            self.queue.release(thread)
        return thread

    def on_thread_end(self, thread: DThread) -> None:
        """The holder, or a woken waiter, dies: the next waiter gets it normally."""
        if self.holder is thread:
            self.release()
        elif thread in self.pending:
            del self.pending[thread]
            self.on_suspend(thread)

    def on_suspend(self, thread: DThread) -> None:
        """A woken waiter will not take it now: the next one gets a chance."""
        if thread.pending_on is self:
            thread.pending_on = None
            if self.holder is None:
                self.wake_first()

    def on_waiters_changed(self) -> None:
        """The holder runs at the level of the highest."""
        if self.holder is not None:
            self.holder.set_level()

    def lent_level(self) -> int:
        """That of the first waiter."""
        first = self.queue.first()
        return 0 if first is None else first.level

    def holders(self) -> list[DThread]:
        """Who must let go."""
        return [] if self.holder is None else [self.holder]

    def on_destroy(self) -> None:
        """Waiters hold no reference: they may be left over."""
        self._drop_holder()
        self.queue.end_all(KErrGeneral)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        holder = "free" if self.holder is None else f"held by {self.holder.full_name}"
        return f"{holder}, {len(self.queue)} waiting"
