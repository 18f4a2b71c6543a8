"""Timers, and the time."""

from typing import Protocol

from kernel.abi.memory import ClientStatus


class ExecTimer(Protocol):
    """One request a timer; times are microseconds. Original: symbian-kernel 9.8.

    A second request while one is outstanding panics KERN-EXEC 15.
    """

    def timer_create(self) -> int:
        """A thread-owned timer."""

    def timer_after(self, handle: int, status: ClientStatus, delay_us: int) -> None:
        """Complete at the first system tick after *delay_us*; at least one tick."""

    def timer_high_res(self, handle: int, status: ClientStatus, delay_us: int) -> None:
        """Complete at the first millisecond at or after *delay_us*."""

    def timer_at(self, handle: int, status: ClientStatus, time_us: int) -> None:
        """Complete at a UTC time; KErrUnderflow if it is past."""

    def timer_again_high_res(
        self, handle: int, status: ClientStatus, delay_us: int
    ) -> None:
        """Complete *delay_us* after the previous high-resolution request was due.

        With KErrArgument at once if that is past, or there was none.
        """

    def timer_lock(self, handle: int, status: ClientStatus, twelfth: int) -> None:
        """Complete at the end of a twelfth of a second of the time of day.

        With KErrNone if that is at most a second after what the timer's previous lock
        aimed at; else with KErrGeneral, at the next whole second.
        """

    def timer_inactivity(self, handle: int, status: ClientStatus, delay_s: int) -> None:
        """Complete when a user has done nothing for *delay_s* seconds."""

    def timer_cancel(self, handle: int) -> None:
        """Complete an outstanding request with KErrCancel."""

    def time_sleep(self, delay_us: int, high_res: bool) -> None:
        """Blocks: for *delay_us*, in ticks, or in milliseconds if *high_res*."""

    def time_sleep_until(self, time_us: int) -> None:
        """Blocks: until a UTC time, in ticks of a second.

        Raises: KErrUnderflow if it is past, KErrOverflow if it is too far, KErrAbort if
            the time is set meanwhile.
        """

    def time_set_utc(self, time_us: int) -> None:
        """Set the time; without WriteDeviceData panics KERN-EXEC 46.

        Waits for a time of day end with KErrAbort.
        """

    def time_set_offset(self, offset_s: int) -> None:
        """Set the home time's distance from UTC; else as time_set_utc, but no abort."""

    def time_offset(self) -> int:
        """Seconds that the home time is ahead of UTC."""
        raise AssertionError

    def time_inactivity(self) -> int:
        """Seconds since a user did something."""
        raise AssertionError

    def time_reset_inactivity(self) -> None:
        """As if a user had done something now."""

    def time_now(self) -> int:
        """UTC in microseconds since 1970-01-01."""

    def time_uptime(self) -> int:
        """Microseconds since the machine booted."""
