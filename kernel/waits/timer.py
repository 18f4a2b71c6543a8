"""DTimer: one request at a time, completed at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KernelError,
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


class DTimer(DObject):
    """A timer, for its creator alone. Original: DTimer (symbian-kernel 9.8)."""

    kind = TObjectType.ETimer

    def __init__(self, core: Core, thread: DThread) -> None:
        super().__init__(core, None, owner=thread)
        self.thread = thread
        self.status: ClientStatus | None = None  # of the outstanding request
        self.deadline: Deadline | None = None

    def check_open_by(self, thread: DThread, *, is_local_table: bool) -> None:
        """Only the creator, in its own table."""
        if thread is not self.thread or not is_local_table:
            raise KernelError(KErrPermissionDenied)

    def start(self, status: ClientStatus, at_us: int) -> None:
        """Begin a request that ends at *at_us* since boot, or for want of memory."""
        core = self.core
        status.value = KRequestPending
        if not has_room(core, self.thread, status, "deadline"):
            return
        self.status = status
        self.deadline = core.clock.add(at_us, lambda: self.finish(KErrNone))
        if core.trace is not None:
            core.trace(TEvent.ETimerStart, self.thread, self.number, at_us)

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

    def on_destroy(self) -> None:
        """Closed while a request is outstanding."""
        self.finish(KErrCancel)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return "idle" if self.deadline is None else f"due at {self.deadline.key[0]} us"


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
