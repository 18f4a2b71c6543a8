"""The first and last code of ours in a carrier.

A thread that ran to its end is dead, by its own doing or another's, before its carrier
leaves here. The last step masks the carrier for good, so that no ring can tear what
remains of it. No `try` here contains a loop: on CPython an interruption at a backward
jump can skip the handlers.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from kernel.abi.current import current_exec
from kernel.abi.errors import KernelFault, KErrNoMemory, Leave, ThreadDeath
from kernel.abi.exit import EExitPanic, ExitInfo
from kernel.abi.panics import KERN_EXEC, USER, TKernExec, TUserPanic
from kernel.events import TEvent
from kernel.tasks.programs import unload
from kernel.tasks.thread_exit import (
    end_thread,
    exit_current,
    make_exit_info,
    stop_machine,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.abi.exec import Exec
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def start(core: Core, thread: DThread, make_exec: Callable[[DThread], Exec]) -> None:
    """Give *thread* a carrier; called under the lock by its first resume."""
    thread.started = True
    thread.masked = True  # until `_run`, whose caller is ready for a ring
    core.runnable += 1
    core.carriers[thread.id] = thread

    def main() -> None:
        current_exec.set(make_exec(thread))
        _carry(core, thread)

    core.backend.spawn(thread, main)


def _carry(core: Core, thread: DThread) -> None:
    try:
        outcome = _outcome(thread)
    except BaseException:  # noqa: BLE001 - a ring that came while another unwound
        outcome = None
    try:
        _leave(core, thread, outcome)
    except ThreadDeath:  # rung at its very entry, before it could mask: so it is dead
        _leave(core, thread, None)


def _outcome(thread: DThread) -> object:
    try:
        return _run(thread)
    except BaseException as error:  # noqa: BLE001 - a thread's entry
        return error


def _run(thread: DThread) -> object:
    """User code; also what it raised, unless it is interrupted on the way out."""
    thread.masked = False
    if thread.dead:
        return None
    return thread.entry()


def _leave(core: Core, thread: DThread, outcome: object) -> None:
    """Mask for good, end the thread if it lives, and drop the carrier."""
    masked = False
    while not masked:
        masked = _mask_for_good(core, thread)
    core.backend.clear_ring(thread)
    with core.lock:
        _end(core, thread, outcome)
        if thread.process.dead:
            unload(thread.process)  # killed while it was loading
        core.drop_carrier(thread)
    core.deliver()


def _mask_for_good(core: Core, thread: DThread) -> bool:
    try:
        with core.lock:
            thread.masked = True
    except ThreadDeath:
        return False
    return True


def _end(core: Core, thread: DThread, outcome: object) -> None:
    if thread.dead:
        _keep_place(core, thread, outcome)
        return
    if isinstance(outcome, SystemExit):
        code = outcome.code
        outcome = code if isinstance(code, int) else int(code is not None)
    if isinstance(outcome, BaseException):
        _end_by_exception(core, thread, outcome)
    elif outcome is None or isinstance(outcome, int):
        exit_current(core, thread, int(outcome or 0))
    else:
        mistake = TypeError(f"a thread returns int or None, not {outcome!r}")
        _end_by_exception(core, thread, mistake)


def _keep_place(core: Core, thread: DThread, outcome: object) -> None:
    """Keep where a thread was when it panicked: it cannot tell any more itself.

    Not of those that only went with their process.
    """
    process, info = thread.process, thread.exit_info
    alone = thread is process.main or info is not process.exit_info
    if info.type is EExitPanic and alone and isinstance(outcome, ThreadDeath):
        text = "".join(traceback.format_exception(outcome))
        # The thread itself has no owner any more.
        name = f"{process.full_name}::{thread.name}"
        core.panics.append((name, info, text))


def _end_by_exception(core: Core, thread: DThread, error: BaseException) -> None:
    text = "".join(traceback.format_exception(error))
    if isinstance(error, KernelFault):
        stop_machine(core, text)
    if isinstance(error, MemoryError):
        error = Leave(KErrNoMemory)
    if isinstance(error, Leave):
        info = make_exit_info(EExitPanic, USER, TUserPanic.ELeaveWithoutTrap, text)
        core.panics.append((thread.full_name, info, text))
    else:
        info = ExitInfo(EExitPanic, TKernExec.ECausedException, KERN_EXEC, text)
        core.exceptions.append((thread.full_name, text))
        core.event(TEvent.EHostException, thread, thread.id, type(error).__name__)
    thread.exception = text
    end_thread(core, thread, info)
