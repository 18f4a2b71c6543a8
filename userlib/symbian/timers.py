"""Active objects that own a timer.

Original: CTimer, CPeriodic, CHeartbeat (ub_tim.cpp), CDeltaTimer (ub_dtim.cpp);
symbian-userlib 8.2.
"""

from bisect import insort_right
from collections.abc import Callable
from typing import Final, Protocol, Self

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrNone, KErrOverflow
from kernel.abi.limits import KMaxTInt, KTickPeriodUs
from kernel.abi.panics import E32USER_CBASE, USER, TCBasePanic, TUserPanic
from userlib.symbian.active import CActive
from userlib.symbian.scheduler import CActiveScheduler
from userlib.symbian.timer import RTimer


class CTimer(CActive):
    """An active object with an RTimer; a subclass says in `run` what it is for.

    A request before it was added to a scheduler panics E32USER-CBase 51.

    Original: CTimer (e32base.h).
    """

    def __init__(self, priority: int) -> None:
        super().__init__(priority)
        self._timer: Final = RTimer()

    def construct(self) -> Self:
        """Create the timer. Original: CTimer::ConstructL."""
        self._timer.create_local()
        return self

    def after(self, delay_us: int) -> None:
        """Run at the first system tick after *delay_us*. Original: CTimer::After."""
        self._check_added()
        self._timer.after(self.status, delay_us)
        self.set_active()

    def high_res(self, delay_us: int) -> None:
        """Run at the first millisecond at or after *delay_us*.

        Original: CTimer::HighRes.
        """
        self._check_added()
        self._timer.high_res(self.status, delay_us)
        self.set_active()

    def at_utc(self, time_us: int) -> None:
        """Run at a UTC time; a past one completes with KErrUnderflow.

        Original: CTimer::AtUTC.
        """
        self._check_added()
        self._timer.at_utc(self.status, time_us)
        self.set_active()

    def at(self, home_time_us: int) -> None:
        """Run at a home time; else as at_utc. Original: CTimer::At."""
        self._check_added()
        self._timer.at(self.status, home_time_us)
        self.set_active()

    def lock(self, twelfth: int) -> None:
        """Run at a twelfth of a second; see `RTimer.lock`. Original: CTimer::Lock."""
        self._check_added()
        self._timer.lock(self.status, twelfth)
        self.set_active()

    def inactivity(self, delay_s: int) -> None:
        """Run when a user has done nothing for so many seconds.

        Original: CTimer::Inactivity.
        """
        self._check_added()
        self._timer.inactivity(self.status, delay_s)
        self.set_active()

    def do_cancel(self) -> None:
        self._timer.cancel()

    def destroy(self) -> None:
        self.cancel()
        super().destroy()
        self._timer.close()

    def _check_added(self) -> None:
        if not self.is_added:
            panic(E32USER_CBASE, TCBasePanic.ETimerNotAdded)


class CPeriodic(CTimer):
    """Calls a function at regular intervals.

    It creates its timer and adds itself to the thread's scheduler.

    Original: CPeriodic (e32base.h).
    """

    def __init__(self, priority: int) -> None:
        super().__init__(priority)
        self._interval_us = 0
        self._callback: Callable[[], object] | None = None
        self.construct()
        CActiveScheduler.add(self)

    def start(
        self, delay_us: int, interval_us: int, callback: Callable[[], object]
    ) -> None:
        """Call *callback* after *delay_us*, then every *interval_us*.

        A negative interval panics E32USER-CBase 52, a negative delay 53.

        Original: CPeriodic::Start.
        """
        if interval_us < 0:
            panic(E32USER_CBASE, TCBasePanic.EPeriodicIntervalNegative)
        if delay_us < 0:
            panic(E32USER_CBASE, TCBasePanic.EPeriodicDelayNegative)
        self._interval_us = interval_us
        self._callback = callback
        self.after(delay_us)

    def run(self) -> None:
        assert self._callback is not None
        # First the next request, then the call: so the callback may cancel it.
        self.after(self._interval_us)
        self._callback()


class MBeating(Protocol):
    """Who is told of beats. Original: MBeating (e32base.h)."""

    def beat(self) -> None:
        """The next second has come. Original: MBeating::Beat."""

    def synchronize(self) -> None:
        """Beats were missed, or these are the first: look at the time.

        Original: MBeating::Synchronize.
        """


class CHeartbeat(CTimer):
    """Beats once a second, at one and the same twelfth of it.

    It creates its timer and adds itself to the thread's scheduler. The first call is
    `synchronize`, at a whole second.

    Original: CHeartbeat (e32base.h).
    """

    def __init__(self, priority: int) -> None:
        super().__init__(priority)
        self._twelfth = 0
        self._observer: MBeating | None = None
        self.construct()
        CActiveScheduler.add(self)

    def start(self, twelfth: int, observer: MBeating) -> None:
        """Tell *observer* of every beat (`TTimerLockSpec`) from now on.

        Original: CHeartbeat::Start.
        """
        self._twelfth = twelfth
        self._observer = observer
        self.lock(twelfth)

    def run(self) -> None:
        assert self._observer is not None
        is_beat = self.status == KErrNone
        # First the next beat, then the call: so the observer may cancel it.
        self.lock(self._twelfth)
        if is_beat:
            self._observer.beat()
        else:
            self._observer.synchronize()


class TDeltaTimerEntry:
    """A function to call at some time, in at most one queue at a time.

    Original: TDeltaTimerEntry (e32base.h).
    """

    __slots__ = ("callback", "expiry_tick", "is_queued")

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Final = callback
        self.expiry_tick = 0  # of the CDeltaTimer it is queued on
        self.is_queued = False


class CDeltaTimer(CTimer):
    """Many delayed calls on one timer.

    It creates its timer and adds itself to the thread's scheduler. Ticks are counted
    from the boot of the machine, *tick_period_us* each.

    Original: CDeltaTimer (e32base.h).
    """

    def __init__(self, priority: int, tick_period_us: int = KTickPeriodUs) -> None:
        super().__init__(priority)
        self.tick_period_us: Final = tick_period_us
        self._entries: list[TDeltaTimerEntry] = []  # by expiry, equals as they came
        self._is_calling = False  # run itself asks for the next request, at its end
        self.construct()
        CActiveScheduler.add(self)

    def queue(self, delay_us: int, entry: TDeltaTimerEntry) -> None:
        """Call *entry* after *delay_us*, in whole ticks, at least one.

        An entry that is queued already panics USER 118, here and on every other timer.
        Original: CDeltaTimer::Queue, which corrupts its queue then.
        """
        self._insert(max(delay_us, 1), entry)

    def queue_long(self, delay_us: int, entry: TDeltaTimerEntry) -> int:
        """As `queue`: KErrOverflow for a negative delay or over 2^31 - 1 ticks.

        Original: CDeltaTimer::QueueLong.
        """
        if delay_us < 0 or delay_us > KMaxTInt * self.tick_period_us:
            return KErrOverflow
        self._insert(max(delay_us, 1), entry)
        return KErrNone

    def remove(self, entry: TDeltaTimerEntry) -> None:
        """Take *entry* off the queue; if it is not queued, nothing.

        Original: CDeltaTimer::Remove.
        """
        if entry in self._entries:
            self._entries.remove(entry)
            entry.is_queued = False
            self._request()

    def destroy(self) -> None:
        """Forget what is queued, and end. Original: CDeltaTimer::~CDeltaTimer."""
        for entry in self._entries:
            entry.is_queued = False
        self._entries.clear()
        super().destroy()

    def run(self) -> None:
        self._is_calling = True
        try:
            # Callbacks take time, and queue entries: both may make more of them due.
            while self._entries and self._entries[0].expiry_tick <= self._now_tick():
                entry = self._entries.pop(0)
                entry.is_queued = False
                entry.callback()
        finally:
            self._is_calling = False
            self._request()

    def _insert(self, delay_us: int, entry: TDeltaTimerEntry) -> None:
        if entry.is_queued:
            panic(USER, TUserPanic.ETQueLinkAlreadyInUse)
        entry.is_queued = True
        due_us = current_exec.get().time_uptime() + delay_us
        entry.expiry_tick = -(-due_us // self.tick_period_us)  # rounded up: never early
        insort_right(self._entries, entry, key=_expiry_tick)
        self._request()

    def _now_tick(self) -> int:
        return current_exec.get().time_uptime() // self.tick_period_us

    def _request(self) -> None:
        """Aim the timer at the first entry."""
        if self._is_calling:
            return
        self.cancel()
        if self._entries:
            expiry_us = self._entries[0].expiry_tick * self.tick_period_us
            self.after(max(0, expiry_us - current_exec.get().time_uptime()))


def _expiry_tick(entry: TDeltaTimerEntry) -> int:
    return entry.expiry_tick
