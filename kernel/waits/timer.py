"""DTimer: one request at a time, completed at a moment."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KernelError,
    KErrAbort,
    KErrCancel,
    KErrNone,
    KErrPermissionDenied,
    KRequestPending,
)
from kernel.abi.handles import TObjectType
from kernel.abi.limits import KMillisecondUs, KTickPeriodUs
from kernel.events import TEvent
from kernel.tasks.objects import DObject
from kernel.tasks.park import wake
from kernel.tasks.request import complete, has_room

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.nkern.clock import Deadline
    from kernel.tasks.thread import DThread


class TTimerRequest(Enum):
    """What an outstanding request depends on besides time since boot."""

    ERelative = "nothing"
    EWallTime = "the time of day"
    EInactivity = "a user"


class DTimer(DObject):
    """A timer, for its creator alone. Original: DTimer (symbian-kernel 9.8)."""

    kind = TObjectType.ETimer

    def __init__(self, core: Core, thread: DThread) -> None:
        super().__init__(core, None, owner=thread)
        self.thread = thread
        self.status: ClientStatus | None = None  # of the outstanding request
        self.deadline: Deadline | None = None
        self.request = TTimerRequest.ERelative
        self.inactivity_us = 0  # what such a request waits for
        self.high_res_us: int | None = None  # when the last such request was due
        self.locked_us: int | None = None  # what the last lock aimed at

    def check_open_by(self, thread: DThread, *, is_local_table: bool) -> None:
        """Only the creator, in its own table."""
        if thread is not self.thread or not is_local_table:
            raise KernelError(KErrPermissionDenied)

    def start(
        self,
        status: ClientStatus,
        at_us: int,
        request: TTimerRequest = TTimerRequest.ERelative,
        code: int = KErrNone,
    ) -> bool:
        """Begin a request that ends at *at_us* since boot with *code*; whether it did.

        For want of memory it ends at once.
        """
        core = self.core
        status.value = KRequestPending
        if not has_room(core, self.thread, status, "deadline"):
            return False
        self.status = status
        self.request = request
        self.deadline = core.clock.add(at_us, lambda: self.finish(code))
        if core.trace is not None:
            core.trace(TEvent.ETimerStart, self.thread, self.number, at_us)
        return True

    def finish(self, code: int) -> None:
        """Complete the outstanding request, if there is one."""
        status, self.status = self.status, None
        deadline, self.deadline = self.deadline, None
        if status is None:
            return
        core = self.core
        assert deadline is not None
        core.clock.remove(deadline)
        if core.trace is not None:
            core.trace(TEvent.ETimerFire, None, self.number, code)
        complete(core, self.thread, status, code)

    def cancel(self) -> None:
        """End the outstanding request, if there is one."""
        self.finish(KErrCancel)

    def on_time_set(self) -> None:
        """The time of day is another: the next lock begins anew."""
        self.locked_us = None
        if self.request is TTimerRequest.EWallTime:
            self.finish(KErrAbort)

    def on_activity(self) -> None:
        """A user did something: a request for inactivity waits anew."""
        if self.deadline is not None and self.request is TTimerRequest.EInactivity:
            core = self.core
            core.clock.remove(self.deadline)
            due_us = core.last_activity_us + self.inactivity_us
            self.deadline = core.clock.add(due_us, lambda: self.finish(KErrNone))

    def on_destroy(self) -> None:
        """Closed while a request is outstanding."""
        self.finish(KErrCancel)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return "idle" if self.deadline is None else f"due at {self.deadline.key[0]} us"


def note_activity(core: Core) -> None:
    """A user did something."""
    core.last_activity_us = core.clock.now()
    for obj in core.containers[DTimer.kind].in_order():
        assert isinstance(obj, DTimer)
        obj.on_activity()


def tick_after(now_us: int, delay_us: int) -> int:
    """The first system tick at least *delay_us* away, and never this very moment."""
    ticks = -(-(now_us + delay_us) // KTickPeriodUs)
    return max(ticks, now_us // KTickPeriodUs + 1) * KTickPeriodUs


def millisecond_after(now_us: int, delay_us: int) -> int:
    """The first whole millisecond at least *delay_us* away."""
    return -(-(now_us + delay_us) // KMillisecondUs) * KMillisecondUs


class Sleep:
    """What a sleeping thread is parked on."""

    def __init__(self, thread: DThread, at_us: int) -> None:
        core = thread.core
        self.at_us = at_us
        self.deadline = core.clock.add(at_us, lambda: wake(core, thread))

    def unwait(self, thread: DThread) -> None:
        """The thread is dying."""
        thread.core.clock.remove(self.deadline)

    def describe(self) -> str:
        """For reports."""
        return f"the time {self.at_us} us after boot"

    def blockers(self) -> list[DThread]:
        """Only time."""
        return []

    def suspend(self, thread: DThread) -> None:
        """Time goes on."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """A sleeper is none."""
        return False


class WallSleep(Sleep):
    """The same for a thread that sleeps until a time of day."""

    def __init__(self, thread: DThread, at_us: int) -> None:
        super().__init__(thread, at_us)
        thread.reply = KErrNone

    def abort(self, thread: DThread) -> None:
        """The time was set: nobody knows when that is any more."""
        thread.core.clock.remove(self.deadline)
        thread.reply = KErrAbort
        wake(thread.core, thread)


def end_wall_sleep(thread: DThread) -> None:
    """The continuation of such a sleep. Raises: KErrAbort."""
    if thread.reply == KErrAbort:
        raise KernelError(KErrAbort)
