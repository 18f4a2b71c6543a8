"""Calls on timers, and on time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrGeneral,
    KErrNone,
    KErrOverflow,
    KErrUnderflow,
    KRequestPending,
)
from kernel.abi.handles import EOwnerThread
from kernel.abi.limits import KMaxTInt, KTickPeriodUs
from kernel.abi.panics import TKernExec
from kernel.abi.security import TCapability
from kernel.abi.timer import KTwelfths
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.identity import demand
from kernel.tasks.park import block
from kernel.tasks.request import complete
from kernel.tasks.thread_exit import panic_current
from kernel.waits.timer import (
    DTimer,
    Sleep,
    TTimerRequest,
    WallSleep,
    end_wall_sleep,
    millisecond_after,
    note_activity,
    tick_after,
)

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
    due_us = millisecond_after(core.clock.now(), delay_us)
    if timer.start(status, due_us):
        timer.high_res_us = due_us


def timer_again_high_res(
    core: Core, thread: DThread, handle: int, status: ClientStatus, delay_us: int
) -> None:
    """From when the last one was due, so that delays do not add up."""
    timer = _idle_timer(core, thread, handle)
    base_us = timer.high_res_us
    if base_us is None or base_us + delay_us < core.clock.now():
        _finish_now(core, thread, status, KErrArgument)
        return
    due_us = millisecond_after(base_us, delay_us)
    if timer.start(status, due_us):
        timer.high_res_us = due_us


def timer_at(
    core: Core, thread: DThread, handle: int, status: ClientStatus, time_us: int
) -> None:
    """At a wall time, on a whole second."""
    timer = _idle_timer(core, thread, handle)
    try:
        at_us = _wall_deadline(core, time_us)
    except KernelError as error:
        _finish_now(core, thread, status, error.code)
        return
    timer.start(status, at_us, TTimerRequest.EWallTime)


def _wall_deadline(core: Core, time_us: int) -> int:
    """Since boot. Raises: KErrUnderflow, KErrOverflow."""
    now_us = core.wall_clock.utc_us()
    if time_us <= now_us:
        raise KernelError(KErrUnderflow)
    if time_us - now_us > KMaxTInt * KTickPeriodUs:
        raise KernelError(KErrOverflow)
    return -(-time_us // KSecondUs) * KSecondUs - core.wall_clock.utc_at_boot_us


def _finish_now(core: Core, thread: DThread, status: ClientStatus, code: int) -> None:
    status.value = KRequestPending
    complete(core, thread, status, code)


def timer_lock(
    core: Core, thread: DThread, handle: int, status: ClientStatus, twelfth: int
) -> None:
    """In step with the seconds of the time of day."""
    timer = _idle_timer(core, thread, handle)
    if not 0 <= twelfth < KTwelfths:
        _finish_now(core, thread, status, KErrArgument)
        return
    now_us = core.wall_clock.utc_us()
    second_us = now_us // KSecondUs * KSecondUs
    at_us = second_us - (twelfth + 1) * -KSecondUs // KTwelfths  # rounded up
    if at_us <= now_us:
        at_us += KSecondUs
    boot_us = core.wall_clock.utc_at_boot_us
    last_us = timer.locked_us
    code: int = KErrNone
    if last_us is None or at_us - boot_us > last_us + KSecondUs:
        at_us = second_us + KSecondUs
        code = KErrGeneral
    due_us = at_us - boot_us
    if timer.start(status, due_us, TTimerRequest.EWallTime, code):
        timer.locked_us = due_us


def timer_inactivity(
    core: Core, thread: DThread, handle: int, status: ClientStatus, delay_s: int
) -> None:
    """From the last activity on; long ago is now."""
    timer = _idle_timer(core, thread, handle)
    due_us = core.last_activity_us + delay_s * KSecondUs
    if delay_s < 0 or due_us <= core.clock.now():
        code = KErrArgument if delay_s < 0 else KErrNone
        _finish_now(core, thread, status, code)
        return
    timer.inactivity_us = delay_s * KSecondUs
    timer.start(status, due_us, TTimerRequest.EInactivity)


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


def time_sleep_until(core: Core, thread: DThread, time_us: int) -> Park:
    """Park until a wall time."""
    wait = WallSleep(thread, _wall_deadline(core, time_us))
    return block(core, thread, wait, lambda: end_wall_sleep(thread))


def _demand_write_device_data(core: Core, thread: DThread) -> None:
    has = thread.process.identity.has(TCapability.ECapabilityWriteDeviceData)
    demand(core, thread, has)


def time_set_utc(core: Core, thread: DThread, time_us: int) -> None:
    """Set the wall time."""
    _demand_write_device_data(core, thread)
    core.wall_clock.set_utc(thread, time_us)


def time_set_offset(core: Core, thread: DThread, offset_s: int) -> None:
    """Set the home time's distance."""
    _demand_write_device_data(core, thread)
    core.wall_clock.set_offset(offset_s)


def time_offset(core: Core, thread: DThread) -> int:
    """The home time's distance."""
    return core.wall_clock.offset_s


def time_inactivity(core: Core, thread: DThread) -> int:
    """Whole seconds."""
    return (core.clock.now() - core.last_activity_us) // KSecondUs


def time_reset_inactivity(core: Core, thread: DThread) -> None:
    """Pretend."""
    note_activity(core)


def time_now(core: Core, thread: DThread) -> int:
    """UTC."""
    return core.wall_clock.utc_us()


def time_uptime(core: Core, thread: DThread) -> int:
    """Since boot."""
    return core.clock.now()
