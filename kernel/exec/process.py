"""Calls on processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.current import current_exec
from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrBadName,
    KErrNotFound,
    KErrPermissionDenied,
)
from kernel.abi.executable_name import KExeSuffix, parse_executable_name
from kernel.abi.exit import EExitKill, TCritical
from kernel.abi.handles import KNullHandle
from kernel.abi.image import KExecutableImageUid
from kernel.abi.names import fold, is_valid_name
from kernel.abi.panics import TKernExec
from kernel.abi.priorities import KSettableProcessPriorities, TProcessPriority
from kernel.events import TEvent
from kernel.exec.library import check_program
from kernel.exec.thread import resume
from kernel.ipc.server import must_ask_loader
from kernel.tasks import logon
from kernel.tasks.factory import make_process, set_process_priority
from kernel.tasks.handles import new_handle, open_handle, resolve
from kernel.tasks.identity import demand, demand_critical, demand_may_end
from kernel.tasks.process import DProcess, next_generation, process_name
from kernel.tasks.thread_exit import (
    end_process,
    make_exit_info,
    panic_current,
    wanted_exit_info,
)

if TYPE_CHECKING:
    from kernel.abi.image import Uids
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.programs import LoadedProgram
    from kernel.tasks.thread import DThread

KMaxNewProcessName: Final = 66  # characters that process_rename takes


def run_program(process: DProcess) -> int | None:
    """What a Main thread calls: load the program, masked, then run it."""
    program = process.program
    return program.run(current_exec.get().host_call(program.load, process))


def process_create(
    core: Core,
    thread: DThread,
    file_name: str,
    command_line: str,
    owner: int,
    uids: Uids,
    stack_size: int,
) -> int:
    """A process of a program the machine knows, unless the loader is to be asked."""
    name = parse_executable_name(file_name, KExeSuffix)
    if stack_size < 0:
        raise KernelError(KErrArgument)
    if must_ask_loader(core, thread.process):
        return KNullHandle
    program = core.programs.find_loaded(name.root)
    check_program(program, name.version, KExecutableImageUid, uids)
    return give_process(core, thread, program, command_line, owner, stack_size)


def give_process(
    core: Core,
    thread: DThread,
    program: LoadedProgram,
    command_line: str,
    owner: int,
    stack_size: int,
) -> int:
    """A process that *thread* has created, and its handle to it."""
    process = make_process(core, program, command_line, thread, run_program, stack_size)
    try:
        return new_handle(thread, process, owner)
    except KernelError:
        end_process(core, process, make_exit_info(EExitKill, "", 0))
        raise


def process_resume(core: Core, thread: DThread, handle: int) -> None:
    """Only by the creator, once."""
    target = resolve(core, thread, handle, DProcess)
    demand(
        core,
        thread,
        target.creator is thread.process and not target.resumed,
    )
    resume_process(core, target)


def resume_process(core: Core, target: DProcess) -> None:
    """The same without the checks."""
    if not target.dead:
        target.resumed = True
        core.event(TEvent.EProcessResume, None, target.id)
        resume(core, target.main)


def process_end(
    core: Core,
    thread: DThread,
    handle: int,
    exit_type: int,
    category: str,
    reason: int,
) -> None:
    """Kill, terminate or panic."""
    target = resolve(core, thread, handle, DProcess)
    if target.dead:
        return
    demand_may_end(core, thread, target)
    end_process(core, target, wanted_exit_info(exit_type, category, reason))


def process_exit_info(core: Core, thread: DThread, handle: int) -> tuple[int, int, str]:
    """Type, reason, category; pending until the last thread is gone."""
    target = resolve(core, thread, handle, DProcess)
    info = target.exit_info
    return (info.type, info.reason, info.category)


def process_logon(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Be told of its death."""
    target = resolve(core, thread, handle, DProcess)
    logon.log_on(core, thread, target, status, is_rendezvous=False)


def process_logon_cancel(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Take the request back."""
    target = resolve(core, thread, handle, DProcess)
    logon.cancel_logon(core, thread, target, status, is_rendezvous=False)


def process_rendezvous_logon(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Be told of its rendezvous, or its death."""
    target = resolve(core, thread, handle, DProcess)
    logon.log_on(core, thread, target, status, is_rendezvous=True)


def process_rendezvous_cancel(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Take the request back."""
    target = resolve(core, thread, handle, DProcess)
    logon.cancel_logon(core, thread, target, status, is_rendezvous=True)


def process_rendezvous(core: Core, thread: DThread, reason: int) -> None:
    """Tell those who wait for the caller's process."""
    core.event(TEvent.ERendezvous, thread, thread.process.id, reason)
    logon.rendezvous(core, thread.process, reason)


def process_id(core: Core, thread: DThread, handle: int) -> int:
    """The id."""
    return resolve(core, thread, handle, DProcess).id


def process_open(core: Core, thread: DThread, process_id: int, owner: int) -> int:
    """Open by id."""
    for obj in core.containers[DProcess.kind].live():
        if isinstance(obj, DProcess) and obj.id == process_id:
            return open_handle(thread, obj, owner)
    raise KernelError(KErrNotFound, f"no process with id {process_id}")


def process_command_line(core: Core, thread: DThread, handle: int) -> str:
    """Of the caller's own process only."""
    target = resolve(core, thread, handle, DProcess)
    demand(core, thread, target is thread.process)
    return target.command_line


def process_file_name(core: Core, thread: DThread, handle: int) -> str:
    """Where the program was found."""
    return resolve(core, thread, handle, DProcess).program.file_name


def process_rename(core: Core, thread: DThread, name: str) -> None:
    """A new root name, with a generation of its own."""
    process = thread.process
    if not is_valid_name(name) or not 0 < len(name) <= KMaxNewProcessName:
        raise KernelError(KErrBadName)
    if fold(name) == fold(process.root):
        return
    if core.faults is not None:
        core.faults.allocate("name")
    process.generation = next_generation(core, name, process.image.uid3)
    process.root = name
    process.set_name(process_name(name, process.image.uid3, process.generation))


def process_identity(
    core: Core, thread: DThread, handle: int
) -> tuple[int, int, frozenset[int]]:
    """SID, VID, capabilities."""
    identity = resolve(core, thread, handle, DProcess).identity
    return (identity.secure_id, identity.vendor_id, identity.capabilities)


def process_uids(core: Core, thread: DThread, handle: int) -> tuple[int, int, int]:
    """The three UIDs."""
    return resolve(core, thread, handle, DProcess).image.uids


def process_creator_identity(
    core: Core,
    thread: DThread,
) -> tuple[int, int, frozenset[int]]:
    """The creator's, as it was then."""
    identity = thread.process.creator_identity
    return (identity.secure_id, identity.vendor_id, identity.capabilities)


def process_priority(core: Core, thread: DThread, handle: int) -> int:
    """Its priority."""
    return resolve(core, thread, handle, DProcess).priority


def process_set_priority(
    core: Core, thread: DThread, handle: int, priority: int
) -> None:
    """Set the priority of all its threads."""
    target = resolve(core, thread, handle, DProcess)
    if priority not in KSettableProcessPriorities:
        panic_current(core, thread, TKernExec.EBadPriority)
    if not _may_set_priority(thread.process, target, priority):
        raise KernelError(KErrPermissionDenied)
    set_process_priority(target, priority)


def _may_set_priority(caller: DProcess, target: DProcess, priority: int) -> bool:
    if target is caller or (target.creator is caller and not target.resumed):
        return True
    controllable = (
        TProcessPriority.EPriorityBackground,
        TProcessPriority.EPriorityForeground,
        TProcessPriority.EPriorityHigh,
    )
    return (
        target.priority_control
        and priority in controllable
        and target.priority in controllable
    )


def process_set_priority_control(
    core: Core, thread: DThread, handle: int, enable: bool
) -> None:
    """Of the caller's own process only."""
    target = resolve(core, thread, handle, DProcess)
    demand(core, thread, target is thread.process)
    target.priority_control = enable


def process_set_just_in_time(
    core: Core, thread: DThread, handle: int, enable: bool
) -> None:
    """Of the caller's own process only."""
    target = resolve(core, thread, handle, DProcess)
    demand(core, thread, target is thread.process)
    target.just_in_time = enable


def process_set_critical(core: Core, thread: DThread, level: int) -> None:
    """Set flags of the caller's process."""
    allowed = (
        TCritical.ENotCritical,
        TCritical.EAllThreadsCritical,
        TCritical.ESystemCritical,
        TCritical.ESystemPermanent,
    )
    if level not in allowed:
        raise KernelError(KErrArgument)
    demand_critical(core, thread, level)
    process = thread.process
    process.critical = level
    process.critical_of_new_threads = (
        TCritical.EProcessCritical
        if level == TCritical.EAllThreadsCritical
        else TCritical.ENotCritical
    )


def process_critical(core: Core, thread: DThread) -> int:
    """The flags of the caller's process."""
    return thread.process.critical
