"""RTimer: a handle to a timer."""

from typing import Final, Self

from kernel.abi.current import current_exec, panic
from kernel.abi.handles import TObjectType
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.handle import RHandleBase
from userlib.symbian.status import TRequestStatus, started

_KSecondUs: Final = 1_000_000


class RTimer(RHandleBase):
    """A handle to a timer, which runs one request at a time, of its own thread.

    A second request while one runs panics KERN-EXEC 15. Closing it completes the
    request with KErrCancel. Times are microseconds.

    Original: RTimer (e32std.h).
    """

    object_type = TObjectType.ETimer

    __slots__ = ()

    def create_local(self) -> Self:
        """A timer of the calling thread. Original: RTimer::CreateLocal."""
        self.handle = current_exec.get().timer_create()
        return self

    def after(self, status: TRequestStatus, delay_us: int) -> None:
        """Complete *status* at the first tick (1/64 s) when *delay_us* has passed.

        A negative delay panics USER 87. Original: RTimer::After.
        """
        if delay_us < 0:
            panic(USER, TUserPanic.ERTimerAfterTimeNegative)
        current_exec.get().timer_after(self.handle, started(status), delay_us)

    def high_res(self, status: TRequestStatus, delay_us: int) -> None:
        """As after, to the millisecond. Original: RTimer::HighRes."""
        if delay_us < 0:
            panic(USER, TUserPanic.ERTimerAfterTimeNegative)
        current_exec.get().timer_high_res(self.handle, started(status), delay_us)

    def at_utc(self, status: TRequestStatus, time_us: int) -> None:
        """Complete *status* at a UTC time, in microseconds since 1970-01-01.

        A time that is past completes it with KErrUnderflow at once, one that is too far
        ahead with KErrOverflow. When the system time is set meanwhile, with KErrAbort.
        Original: RTimer::AtUTC, whose TTime counts from the year 0.
        """
        current_exec.get().timer_at(self.handle, started(status), time_us)

    def at(self, status: TRequestStatus, home_time_us: int) -> None:
        """As at_utc, at a home time. Original: RTimer::At."""
        utc_us = home_time_us - current_exec.get().time_offset() * _KSecondUs
        self.at_utc(status, utc_us)

    def again_high_res(self, status: TRequestStatus, delay_us: int) -> None:
        """Complete *status* so long after the last high_res was *due*.

        So that delays in between do not add up. A moment that is past, or no high_res
        before, completes it with KErrArgument at once.
        Original: RTimer::AgainHighRes.
        """
        current_exec.get().timer_again_high_res(self.handle, started(status), delay_us)

    def lock(self, status: TRequestStatus, twelfth: int) -> None:
        """Complete *status* at the end of a twelfth of a second (`TTimerLockSpec`).

        For beats in step with the time of day: KErrNone if this one is at most a second
        after what the previous lock aimed at. The first, or one after a beat was
        missed, completes with KErrGeneral at the next whole second.
        Original: RTimer::Lock.
        """
        current_exec.get().timer_lock(self.handle, started(status), twelfth)

    def inactivity(self, status: TRequestStatus, delay_s: int) -> None:
        """Complete *status* when a user has done nothing for *delay_s* seconds.

        A negative delay completes it with KErrArgument.
        Original: RTimer::Inactivity.
        """
        current_exec.get().timer_inactivity(self.handle, started(status), delay_s)

    def cancel(self) -> None:
        """Complete the request with KErrCancel; without one, nothing.

        Original: RTimer::Cancel.
        """
        current_exec.get().timer_cancel(self.handle)
