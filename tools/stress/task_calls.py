"""Random calls on threads, with what the model expects of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.abi.current import current_exec
from kernel.abi.errors import KernelError
from kernel.abi.exit import EExitKill, ExitInfo, TExitType
from kernel.abi.handles import EOwnerProcess, TObjectType
from kernel.abi.memory import ClientStatus
from kernel.abi.panics import TKernExec
from tools.stress.calls import (
    BAD_HANDLE,
    Call,
    any_handle,
    creation,
    found,
)
from tools.stress.things import ANYTHING, NOTHING, Died, Value, kills, panics

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.stress.calls import Chooser, Operation
    from tools.stress.model import Model
    from tools.stress.things import Caller, Outcome, Puppet, Thing

EThread: Final = TObjectType.EThread
ESemaphore: Final = TObjectType.ESemaphore
KStack: Final = 4096
KReturned: Final = 5  # by a thread that waits for nothing
KForEver: Final = 0


def waiter(handle: int) -> Callable[[], int]:
    """What a thread runs that waits for a semaphore."""

    def wait() -> int:
        exec_: Any = current_exec.get()
        try:
            exec_.semaphore_wait(handle, KForEver)
        except KernelError as error:
            return error.code
        return 0

    return wait


def create_thread(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """A suspended one, which will wait for a semaphore, or for nothing."""
    waits_on = 0
    if choose.pick((True, False)):
        waits_on = any_handle(model, puppet, choose, ESemaphore)
    expected, make = creation(model, puppet, EThread, None)

    def effect(result: object) -> None:
        thread = make(result)
        thread.waits_on = waits_on
        thread.count = 1  # suspended so often
        puppet.process.threads.append(thread)

    entry = waiter(waits_on) if waits_on else lambda: KReturned
    args = ("", entry, KStack, EOwnerProcess)
    return Call(puppet, "thread_create", args, (expected,), effect)


def touches(caller: Caller, thread: Thing | None) -> Outcome:
    """What comes of a call that changes a thread: others' are none of its business."""
    if thread is None:
        return BAD_HANDLE
    if thread.process is not caller.process:
        return panics(TKernExec.EPlatformSecurityTrap)
    return NOTHING


def resume_thread(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EThread)
    thread = found(puppet, handle, EThread)
    expected = touches(puppet, thread)

    def effect(_: object) -> None:
        if thread is not None and thread.count and thread.exit_info.is_pending:
            thread.count -= 1
            if not thread.count:
                start(model, thread)

    return Call(puppet, "thread_resume", (handle,), (expected,), effect, settles=True)


def start(model: Model, thread: Thing) -> None:
    """It runs, as far as it comes."""
    thread.is_started = True
    if not thread.waits_on:
        model.end_thread(thread, ExitInfo(EExitKill, KReturned, "Kill"))
        return
    semaphore = model.as_another_thread(thread, thread.waits_on)
    if semaphore is None or semaphore.kind is not ESemaphore:
        assert isinstance(BAD_HANDLE, Died)
        model.end_thread(thread, BAD_HANDLE.info)
    elif semaphore.count:
        semaphore.count -= 1
        model.end_thread(thread, ExitInfo(EExitKill, 0, "Kill"))
    else:
        semaphore.waiters.append(thread)


def suspend_thread(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Only before it has started: what comes later has tests of its own."""
    handle = any_handle(model, puppet, choose, EThread)
    thread = found(puppet, handle, EThread)
    if thread is not None and (thread.is_started or thread.caller is puppet):
        return tell_exit(model, puppet, choose)
    expected = touches(puppet, thread)

    def effect(_: object) -> None:
        assert thread is not None
        if thread.exit_info.is_pending:
            thread.count += 1

    return Call(puppet, "thread_suspend", (handle,), (expected,), effect)


def end_thread(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EThread)
    exit_type = choose.pick(tuple(TExitType)[:3])
    reason = choose.pick((0, 1, -5))
    categories = {TExitType.EExitKill: "Kill", TExitType.EExitTerminate: "Terminate"}
    info = ExitInfo(exit_type, reason, categories.get(exit_type, "PUPPET"))
    thread = found(puppet, handle, EThread)
    expected = touches(puppet, thread)
    if thread is puppet.thread:
        expected = Died(info)

    def effect(_: object) -> None:
        assert thread is not None
        model.end_thread(thread, info)

    args = (handle, exit_type, "PUPPET", reason)
    return Call(puppet, "thread_end", args, (expected,), effect, settles=True)


def exit_thread(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Now and then."""
    if choose.pick(range(20)):
        return tell_exit(model, puppet, choose)
    reason = choose.pick((0, 3, -2))
    model.close_all(puppet.table)  # the handles of one who ends itself go first
    return Call(puppet, "thread_exit", (reason,), (kills(reason),))


def tell_exit(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EThread)
    thread = found(puppet, handle, EThread)
    expected: Outcome = BAD_HANDLE
    if thread is not None:
        info = thread.exit_info
        expected = Value((info.type, info.reason, info.category))
    return Call(puppet, "thread_exit_info", (handle,), (expected,))


def log_on(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EThread)
    status = ClientStatus()
    thread = found(puppet, handle, EThread)
    expected: Outcome = NOTHING if thread is not None else BAD_HANDLE

    def effect(_: object) -> None:
        puppet.statuses.append(status)

    name = choose.pick(("thread_logon", "thread_rendezvous_logon"))
    return Call(puppet, name, (handle, status), (expected,), effect)


def ask_id(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EThread)
    thread = found(puppet, handle, EThread)
    expected: Outcome = ANYTHING if thread is not None else BAD_HANDLE
    return Call(puppet, "thread_id", (handle,), (expected,))


TASK_OPERATIONS: Final[tuple[Operation, ...]] = (
    create_thread,
    create_thread,
    resume_thread,
    resume_thread,
    suspend_thread,
    end_thread,
    exit_thread,
    tell_exit,
    log_on,
    ask_id,
)
