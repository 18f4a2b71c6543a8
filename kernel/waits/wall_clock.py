"""The time of day: time since boot, and what programs have set.

Deadlines are in time since boot, which nobody sets. Who waits for a time of day gave a
deadline that is wrong once the time is set: such waits end with KErrAbort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.changes import EChangesSystemTime
from kernel.events import TEvent
from kernel.waits.timer import DTimer, WallSleep

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


class WallClock:
    """UTC, and the offset of the home time from it."""

    def __init__(self, core: Core) -> None:
        self._core: Final = core
        self.utc_at_boot_us = core.clock.utc_at_boot()  # moves when the time is set
        self.offset_s = 0

    def utc_us(self) -> int:
        """Now, in microseconds since 1970."""
        return self.utc_at_boot_us + self._core.clock.now()

    def set_utc(self, thread: DThread, utc_us: int) -> None:
        """Set the time; waits for a time of day are over."""
        core = self._core
        self.utc_at_boot_us = utc_us - core.clock.now()
        core.event(TEvent.EClockSet, thread, utc_us)
        for obj in core.containers[DTimer.kind].in_order():
            assert isinstance(obj, DTimer)
            obj.on_time_set()
        for sleeper in core.threads.values():
            if isinstance(sleeper.wait, WallSleep):
                sleeper.wait.abort(sleeper)
        core.on_change(core, EChangesSystemTime)

    def set_offset(self, offset_s: int) -> None:
        """Set the home time's distance; UTC goes on, and so does who waits."""
        self.offset_s = offset_s
        self._core.on_change(self._core, EChangesSystemTime)
