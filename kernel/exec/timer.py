"""Calls on timers, and on time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrOverflow,
    KErrUnderflow,
    KRequestPending,
)
from kernel.abi.handles import EOwnerThread
from kernel.abi.limits import KMaxTInt, KTickPeriodUs
from kernel.abi.panics import TKernExec
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.park import block
from kernel.tasks.request import complete
from kernel.tasks.thread_exit import panic_current
from kernel.waits.timer import DTimer, Sleep, millisecond_after, tick_after

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread

KSecondUs: Final = 1_000_000


def timer_create(core: Core, thread: DThread) -> int:
    """A timer in the thread's own table."""
    return new_handle(thread, DTimer(core, thread), EOwnerThread)


def _idle_timer(core: Core, thread: DThread, handle: int) -> DTimer:
    timer = resolve(core, thread, handle, DTimer)
    if timer.status is not None:
        panic_current(core, thread, TKernExec.ETimerAlreadyPending)
    return timer


def timer_after(
    core: Core, thread: DThread, handle: int, status: ClientStatus, delay_us: int
) -> None:
    """In ticks."""
    timer = _idle_timer(core, thread, handle)
    if delay_us < 0:
        raise KernelError(KErrArgument)
    timer.start(status, tick_after(core.clock.now(), delay_us))


def timer_high_res(
    core: Core, thread: DThread, handle: int, status: ClientStatus, delay_us: int
) -> None:
    """In milliseconds."""
    timer = _idle_timer(core, thread, handle)
    if delay_us < 0:
        raise KernelError(KErrArgument)
    timer.start(status, millisecond_after(core.clock.now(), delay_us))


def timer_at(
    core: Core, thread: DThread, handle: int, status: ClientStatus, time_us: int
) -> None:
    """At a wall time, on a whole second."""
    timer = _idle_timer(core, thread, handle)
    boot_us = core.clock.utc_at_boot()
    now_us = boot_us + core.clock.now()
    if time_us <= now_us or time_us - now_us > KMaxTInt * KTickPeriodUs:
        status.value = KRequestPending
        code = KErrUnderflow if time_us <= now_us else KErrOverflow
        complete(core, thread, status, code)
        return
    timer.start(status, -(-time_us // KSecondUs) * KSecondUs - boot_us)


def timer_cancel(core: Core, thread: DThread, handle: int) -> None:
    """End an outstanding request."""
    resolve(core, thread, handle, DTimer).cancel()


def time_sleep(core: Core, thread: DThread, delay_us: int, high_res: bool) -> Park:
    """Park until then."""
    if delay_us < 0:
        raise KernelError(KErrArgument)
    grain = millisecond_after if high_res else tick_after
    wait = Sleep(thread, grain(core.clock.now(), delay_us))
    return block(core, thread, wait, lambda: None)


def time_now(core: Core, thread: DThread) -> int:  # noqa: ARG001 - every handler gets both
    """UTC."""
    return core.clock.utc_at_boot() + core.clock.now()


def time_uptime(core: Core, thread: DThread) -> int:  # noqa: ARG001 - as above
    """Since boot."""
    return core.clock.now()
