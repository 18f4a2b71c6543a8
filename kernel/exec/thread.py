"""Calls on threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrBadName,
    KErrNotFound,
    KErrPermissionDenied,
)
from kernel.abi.exit import EExitKill, TCritical
from kernel.abi.names import fold, is_valid_name
from kernel.abi.panics import TKernExec
from kernel.abi.priorities import (
    KSettableThreadPriorities,
    TRealtimeState,
    TThreadPriority,
)
from kernel.abi.security import TCapability
from kernel.events import TEvent
from kernel.exec.entrance import ThreadExec
from kernel.tasks import logon
from kernel.tasks.factory import make_thread
from kernel.tasks.handles import new_handle, open_handle, resolve
from kernel.tasks.identity import demand, demand_critical, demand_same_process
from kernel.tasks.objects import TProtection
from kernel.tasks.park import release_held_back
from kernel.tasks.thread import DThread
from kernel.tasks.thread_exit import (
    end_thread,
    exit_current,
    make_exit_info,
    panic_current,
    wanted_exit_info,
)
from kernel.tasks.trampoline import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.abi.exec import Exec
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core

KMinStack: Final = 512  # bytes


def make_exec(thread: DThread) -> Exec:
    """The thread's own Exec."""
    return ThreadExec(thread.core, thread)  # type: ignore[return-value] # its methods are made by the table


def thread_create(
    core: Core,
    thread: DThread,
    name: str,
    entry: Callable[[], int | None],
    stack_size: int,
    owner: int,
) -> int:
    """A suspended thread of the caller's process."""
    if not callable(entry):
        raise TypeError(f"a thread's entry is a function, not {entry!r}")
    if not is_valid_name(name):
        raise KernelError(KErrBadName)
    if stack_size < KMinStack:
        raise KernelError(KErrArgument)
    new = make_thread(core, thread.process, name, entry)
    try:
        return new_handle(thread, new, owner)
    except KernelError:
        end_thread(core, new, make_exit_info(EExitKill, "", 0))
        raise


def thread_resume(core: Core, thread: DThread, handle: int) -> None:
    """Undo one suspension."""
    target = resolve(core, thread, handle, DThread)
    demand_same_process(core, thread, target)
    resume(core, target)


def resume(core: Core, target: DThread) -> None:
    """The same without the checks."""
    if target.dead or target.suspend_count == 0:
        return
    target.suspend_count -= 1
    core.event(TEvent.EThreadResume, target, target.id)
    if target.suspend_count:
        return
    target.attention = False
    if not target.started:
        start(core, target, make_exec)
    elif target.held_back:
        release_held_back(core, target)
    elif target.wait is not None:
        target.wait.unsuspend(target)


def thread_suspend(core: Core, thread: DThread, handle: int) -> None:
    """Count one suspension more; it takes hold at the thread's next kernel call."""
    target = resolve(core, thread, handle, DThread)
    demand_same_process(core, thread, target)
    if target.dead:
        return
    target.suspend_count += 1
    target.attention = True
    core.event(TEvent.EThreadSuspend, target, target.id)
    if target.suspend_count > 1:
        return
    if target.wait is not None:
        target.wait.suspend(target)
    elif target.pending_on is not None:
        target.pending_on.on_suspend(target)


def thread_end(
    core: Core,
    thread: DThread,
    handle: int,
    exit_type: int,
    category: str,
    reason: int,
) -> None:
    """Kill, terminate or panic a thread of the caller's process."""
    target = resolve(core, thread, handle, DThread)
    demand_same_process(core, thread, target)
    end_thread(core, target, wanted_exit_info(exit_type, category, reason))


def thread_exit(core: Core, thread: DThread, reason: int) -> None:
    """End the calling thread; the entrance unwinds it."""
    exit_current(core, thread, reason)


def thread_exit_info(core: Core, thread: DThread, handle: int) -> tuple[int, int, str]:
    """Type, reason, category."""
    info = resolve(core, thread, handle, DThread).exit_info
    return (info.type, info.reason, info.category)


def thread_id(core: Core, thread: DThread, handle: int) -> int:
    """The id."""
    return resolve(core, thread, handle, DThread).id


def thread_open(core: Core, thread: DThread, thread_id: int, owner: int) -> int:
    """Open by id."""
    for obj in core.containers[DThread.kind].live():
        if isinstance(obj, DThread) and obj.id == thread_id:
            is_foreign = obj.process is not thread.process
            if is_foreign and obj.protection is not TProtection.EGlobal:
                raise KernelError(KErrPermissionDenied)
            return open_handle(thread, obj, owner)
    raise KernelError(KErrNotFound, f"no thread with id {thread_id}")


def thread_process(core: Core, thread: DThread, handle: int, owner: int) -> int:
    """A handle to the thread's process."""
    return open_handle(thread, resolve(core, thread, handle, DThread).process, owner)


def thread_logon(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Be told of its death."""
    target = resolve(core, thread, handle, DThread)
    logon.log_on(core, thread, target, status, is_rendezvous=False)


def thread_logon_cancel(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Take the request back."""
    target = resolve(core, thread, handle, DThread)
    logon.cancel_logon(core, thread, target, status, is_rendezvous=False)


def thread_rendezvous_logon(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Be told of its rendezvous, or its death."""
    target = resolve(core, thread, handle, DThread)
    logon.log_on(core, thread, target, status, is_rendezvous=True)


def thread_rendezvous_cancel(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Take the request back."""
    target = resolve(core, thread, handle, DThread)
    logon.cancel_logon(core, thread, target, status, is_rendezvous=True)


def thread_rendezvous(core: Core, thread: DThread, reason: int) -> None:
    """Tell those who wait for the calling thread."""
    core.event(TEvent.ERendezvous, thread, thread.id, reason)
    logon.rendezvous(core, thread, reason)


def thread_priority(core: Core, thread: DThread, handle: int) -> int:
    """The value last set."""
    return resolve(core, thread, handle, DThread).priority


def thread_set_priority(
    core: Core, thread: DThread, handle: int, priority: int
) -> None:
    """Set the priority."""
    target = resolve(core, thread, handle, DThread)
    if priority not in KSettableThreadPriorities:
        panic_current(core, thread, TKernExec.EBadPriority)
    demand_same_process(core, thread, target)
    if priority >= TThreadPriority.EPriorityAbsoluteRealTime1:
        demand(
            core, thread, thread.process.identity.has(TCapability.ECapabilityProtServ)
        )
    target.priority = priority
    target.set_level()


def thread_rename(core: Core, thread: DThread, name: str) -> None:
    """Rename the calling thread; another's name is no obstacle, as in the original."""
    if not is_valid_name(name):
        raise KernelError(KErrBadName)
    if thread.is_named and fold(thread.name) == fold(name):
        return
    if core.faults is not None:
        core.faults.allocate("name")
    thread.set_name(name or None)


def thread_set_critical(core: Core, thread: DThread, level: int) -> None:
    """Set the calling thread's flags."""
    if level not in tuple(TCritical) or level == TCritical.EAllThreadsCritical:
        raise KernelError(KErrArgument)
    demand_critical(core, thread, level)
    thread.critical = level


def thread_set_realtime_state(core: Core, thread: DThread, state: int) -> None:
    """Set the calling thread's state, which is for others to see."""
    if state not in tuple(TRealtimeState):
        panic_current(core, thread, TKernExec.EInvalidRealtimeState)
    thread.realtime_state = state


def thread_critical(core: Core, thread: DThread) -> int:
    """The calling thread's flags."""
    return thread.critical
