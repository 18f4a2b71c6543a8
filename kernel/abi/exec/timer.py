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

    def timer_cancel(self, handle: int) -> None:
        """Complete an outstanding request with KErrCancel."""

    def time_sleep(self, delay_us: int, high_res: bool) -> None:
        """Blocks: for *delay_us*, in ticks, or in milliseconds if *high_res*."""

    def time_now(self) -> int:
        """UTC in microseconds since 1970-01-01."""

    def time_uptime(self) -> int:
        """Microseconds since the machine booted."""
