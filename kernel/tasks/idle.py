"""What happens when nothing can run: time jumps, waits end, a deadlock is reported.

Called under the kernel lock whenever the last runnable thread parks or dies, and when a
host thread begins to wait. Real time is left alone: the clock thread will wake
somebody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import Deadlock
from kernel.events import TEvent
from kernel.nkern.clock import VirtualClock

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.nkern.host import HostWait


def on_idle(core: Core) -> bool:
    """Make something runnable, or tell those who wait; whether anything happened."""
    quiet = [wait for wait in core.host_waits if not wait.needs_progress]
    for wait in quiet:
        finish_wait(core, wait)
    if core.outside or not core.host_waits:
        return bool(quiet)
    if jump(core):
        return True
    if core.runnable == 0 and core.clock.next_deadline() is None:
        return report_deadlock(core) or bool(quiet)
    return bool(quiet)


def jump(core: Core) -> bool:
    """Let virtual time reach deadlines until somebody can run; whether it moved."""
    clock = core.clock
    moved = False
    while core.runnable == 0 and core.host_waits and isinstance(clock, VirtualClock):
        due_us = clock.next_deadline()
        if due_us is None:
            break
        core.event(TEvent.EClockJump, None, due_us)
        clock.move_to(due_us)
        moved = True
    return moved


def report_deadlock(core: Core) -> bool:
    """Fail every wait that can never end."""
    stuck = [wait for wait in core.host_waits if wait.is_stuck()]
    if not stuck:
        return False
    report = core.describe_stall()
    core.event(TEvent.EDeadlock, None, len(core.threads))
    for wait in stuck:
        finish_wait(core, wait, Deadlock(f"{wait.describe} can never end\n{report}"))
    return True


def begin_wait(core: Core, wait: HostWait) -> None:
    """A host thread starts to wait."""
    if wait.done:
        return
    core.host_waits.append(wait)
    core.backend.waits_changed()
    if core.runnable == 0:
        on_idle(core)


def finish_wait(
    core: Core, wait: HostWait, failure: BaseException | None = None
) -> None:
    """End a host thread's wait, if it is still going on."""
    if wait in core.host_waits:
        core.host_waits.remove(wait)
    if wait.finish(failure):
        core.backend.waits_changed()
