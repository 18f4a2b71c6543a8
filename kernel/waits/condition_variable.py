"""DCondVar: threads that wait for a change of what a mutex guards."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from kernel.abi.errors import KernelError, KErrGeneral, KErrInUse
from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject
from kernel.tasks.park import PARK
from kernel.waits.wait_queue import Waitable, WaitQueue

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread
    from kernel.waits.mutex import DMutex


@final
class DCondVar(DObject, Waitable):
    """A condition variable. It remembers nothing: a signal without a waiter is lost.

    A wait has two stages, in the queue here and, once woken, for the mutex. Whatever
    ends the first one (signal, time-out, the resume of a suspended waiter, a raised
    priority), the second follows, and its end is the end of the call; only when the
    condition variable or the mutex was destroyed is there nothing left to hold.

    Original: DCondVar (symbian-kernel 9.3).
    """

    kind = TObjectType.ECondVar

    def __init__(self, core: Core, name: str | None, owner: DObject | None) -> None:
        super().__init__(core, name, owner)
        self.queue = WaitQueue(self)
        self.mutex: DMutex | None = None  # of those that wait; stale if nobody does

    def try_take(self, thread: DThread) -> bool:
        """A waiter that was suspended counts as woken when it is resumed."""
        return True

    def wait(self, thread: DThread, mutex: DMutex, timeout_us: int) -> Park:
        """Let go of *mutex*, which *thread* holds, and park, in one step.

        Raises: KErrInUse while others wait with another mutex.
        """
        if self.queue.is_used and self.mutex is not mutex:
            raise KernelError(KErrInUse)
        self.mutex = mutex
        mutex.release()
        thread.on_raised = self.wake_raised
        self.queue.park(thread, timeout_us)
        thread.resume = lambda: self._woken(thread, mutex)
        return PARK

    def wake_raised(self, thread: DThread) -> None:
        """A waiter whose priority was raised goes on, as in the original."""
        if self.queue.is_waiting(thread):
            self.queue.release(thread)

    def _woken(self, thread: DThread, mutex: DMutex) -> object:
        thread.on_raised = None
        code = thread.reply
        if code == KErrGeneral or mutex.access_count == 0:
            raise KernelError(KErrGeneral)
        if mutex.try_take(thread):
            _check(code)
            return None
        mutex.queue.park(thread, 0)
        return _after_hold(thread, code)

    def signal(self) -> bool:
        """Wake the first waiter; whether there was one."""
        thread = self.queue.first()
        if thread is None:
            return False
        self.queue.release(thread)
        return True

    def broadcast(self) -> int:
        """Wake all; how many there were."""
        count = 0
        while self.signal():
            count += 1
        return count

    def on_destroy(self) -> None:
        """Waiters hold no reference: they may be left over."""
        self.queue.end_all(KErrGeneral)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"{len(self.queue)} waiting"


def _after_hold(thread: DThread, code: object) -> Park:
    """End with *code* when the wait for the mutex, just begun, is over."""
    hold = thread.resume

    def resume() -> object:
        if hold() is PARK:  # somebody was faster
            return _after_hold(thread, code)
        _check(code)
        return None

    thread.resume = resume
    return PARK


def _check(code: object) -> None:
    """The end of a wait, as a result or a refusal."""
    if isinstance(code, int) and code:
        raise KernelError(code)
