"""How a thread and its process end.

Whoever ends a thread does all of it at once, under the lock, in the order of
symbian-kernel 4.5; the numbers below are its numbers. From then on nobody can observe
the thread. What is left is a carrier to get rid of: a parked one is unparked and
unwinds, one in user code is rung, one in a kernel call finds out at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from kernel.abi.changes import EChangesThreadDeath
from kernel.abi.errors import KernelError, KernelFault, KErrArgument, ThreadDeath
from kernel.abi.exit import (
    EExitKill,
    EExitPanic,
    EExitTerminate,
    ExitInfo,
    TCritical,
    TExitType,
)
from kernel.abi.panics import KERN_EXEC, KMaxExitCategoryName, TKernExec
from kernel.events import TEvent
from kernel.tasks.idle import finish_wait
from kernel.tasks.logon import complete_all, discard_own
from kernel.tasks.programs import unload
from kernel.tasks.undertaker import announce_death

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread


def make_exit_info(
    exit_type: int, category: str, reason: int, exception: str = ""
) -> ExitInfo:
    """Exit information as others will see it; categories are cut to 16 characters."""
    kind = TExitType(exit_type)
    if kind is EExitKill:
        category = "Kill"
    elif kind is EExitTerminate:
        category = "Terminate"
    return ExitInfo(kind, reason, category[:KMaxExitCategoryName], exception)


def wanted_exit_info(exit_type: int, category: str, reason: int) -> ExitInfo:
    """What a program wants a thread to end with. Raises: KErrArgument."""
    if exit_type not in (EExitKill, EExitTerminate, EExitPanic):
        raise KernelError(KErrArgument)
    return make_exit_info(exit_type, category, reason)


def panic_current(
    core: Core, thread: DThread, reason: int, category: str = KERN_EXEC
) -> NoReturn:
    """The calling thread made a mistake: it dies here and now."""
    end_thread(core, thread, make_exit_info(EExitPanic, category, reason))
    raise ThreadDeath


def exit_current(core: Core, thread: DThread, reason: int) -> None:
    """The calling thread ends by itself: (1) its handles go first."""
    if not thread.dead:
        thread.handles.close_all()
        end_thread(core, thread, make_exit_info(EExitKill, "", reason))


def end_thread(core: Core, thread: DThread, info: ExitInfo) -> None:
    """End a thread, and its process if that follows; then see who is left to run."""
    _end_thread(core, thread, info)
    if core.runnable == 0:
        core.on_idle(core)


def end_process(core: Core, process: DProcess, info: ExitInfo) -> None:
    """End a process with all its threads."""
    _end_process(core, process, info)
    if core.runnable == 0:
        core.on_idle(core)


def _end_process(core: Core, process: DProcess, info: ExitInfo) -> None:
    if process.exit_info.is_pending:
        process.exit_info = info
    for thread in list(process.threads.values()):
        _end_thread(core, thread, process.exit_info)


def _end_thread(core: Core, thread: DThread, info: ExitInfo) -> None:
    if thread.dead:  # the first one wins
        return
    process = thread.process
    thread.dead = True
    thread.attention = True
    thread.exit_info = info if process.exit_info.is_pending else process.exit_info
    del core.threads[thread.id]
    core.event(
        TEvent.EThreadExit, thread, thread.id, info.type, info.category, info.reason
    )
    _release_from_wait(core, thread)  # (2)
    _end_critical(core, thread, info)  # (3)
    for end in list(thread.at_end):  # (5)
        end.on_thread_end(thread)
    thread.at_end.clear()
    complete_all(core, thread)  # (6)
    discard_own(thread)
    for server in list(thread.receivers):  # messages wait for somebody who lives
        server.cancel_receive()
    if core.faults is not None:
        core.faults.forget(thread.id)
    del process.threads[thread.id]  # (7)
    if not process.threads:
        _finish_process(core, process, thread)
    core.on_change(core, EChangesThreadDeath)  # (8)
    announce_death(core, thread)
    thread.handles.close_all()  # (9)
    thread.close()  # its existence held one reference


def _release_from_wait(core: Core, thread: DThread) -> None:
    if not thread.started:
        return
    if thread.id in core.carriers:
        core.unwinding[thread.id] = thread
    if thread.parked:
        assert thread.wait is not None
        thread.wait.unwait(thread)
        thread.wait = None
        thread.parked = False
        thread.unpark()
    elif thread.held_back:
        thread.held_back = False
        thread.unpark()
    else:
        core.runnable -= 1
        if not thread.masked:
            core.backend.ring(thread)


def _end_critical(core: Core, thread: DThread, info: ExitInfo) -> None:
    """What the thread's flags make of its death."""
    is_kill = info.type is EExitKill
    match thread.critical:
        case TCritical.EProcessPermanent:
            _end_process(core, thread.process, info)
        case TCritical.EProcessCritical if not is_kill:
            _end_process(core, thread.process, info)
        case TCritical.ESystemPermanent:
            stop_machine(core, f"system permanent {thread!r} has died")
        case TCritical.ESystemCritical if not is_kill:
            stop_machine(core, f"system critical {thread!r} has died")


def _finish_process(core: Core, process: DProcess, last: DThread) -> None:
    """The last thread is gone."""
    if process.exit_info.is_pending:
        process.exit_info = last.exit_info
    process.dead = True
    info = process.exit_info
    del core.processes[process.id]
    if core.faults is not None:
        core.faults.forget(process.id)
    core.event(
        TEvent.EProcessExit, last, process.id, info.type, info.category, info.reason
    )
    if process.critical == TCritical.ESystemPermanent or (
        process.critical == TCritical.ESystemCritical and info.type is not EExitKill
    ):
        stop_machine(core, f"system critical {process!r} has died")
    complete_all(core, process)
    unload(process)
    process.handles.close_all()
    process.parameters.clear_all()
    orphans = [
        other
        for other in core.processes.values()
        if other.creator is process and not other.resumed
    ]
    for orphan in orphans:
        _end_process(
            core,
            orphan,
            make_exit_info(EExitPanic, KERN_EXEC, TKernExec.EZombieProcessKilled),
        )
    process.close()


def stop_machine(core: Core, why: str) -> None:
    """A kernel fault: every host thread that waits is told."""
    if not core.fault and not core.closing:
        core.fault = why
        for wait in list(core.host_waits):
            finish_wait(core, wait, KernelFault(why))
