"""Calls on condition variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KErrArgument
from kernel.abi.panics import TKernExec
from kernel.events import TEvent
from kernel.exec.semaphore import owner_of, publish
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.thread_exit import panic_current
from kernel.waits.condition_variable import DCondVar
from kernel.waits.mutex import DMutex

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread

ECondVarWait: Final = TEvent.ECondVarWait
ECondVarSignal: Final = TEvent.ECondVarSignal


def condition_variable_create(
    core: Core, thread: DThread, name: str | None, owner: int
) -> int:
    """Local, protected or global."""
    new = DCondVar(core, name, owner_of(thread, name, owner))
    publish(new, name)
    return new_handle(thread, new, owner)


def condition_variable_wait(
    core: Core, thread: DThread, handle: int, mutex: int, timeout_us: int
) -> Park:
    """Let go of the mutex until woken."""
    found = resolve(core, thread, handle, DCondVar)
    held = resolve(core, thread, mutex, DMutex)
    if timeout_us < 0:
        raise KernelError(KErrArgument)
    if held.holder is not thread:
        panic_current(core, thread, TKernExec.ECondVarWaitMutexNotLocked)
    if core.trace is not None:
        core.trace(ECondVarWait, thread, found.number, held.number)
    return found.wait(thread, held, timeout_us)


def condition_variable_signal(core: Core, thread: DThread, handle: int) -> None:
    """Wake one."""
    found = resolve(core, thread, handle, DCondVar)
    woken = int(found.signal())
    if core.trace is not None:
        core.trace(ECondVarSignal, thread, found.number, woken)


def condition_variable_broadcast(core: Core, thread: DThread, handle: int) -> None:
    """Wake all."""
    found = resolve(core, thread, handle, DCondVar)
    woken = found.broadcast()
    if core.trace is not None:
        core.trace(ECondVarSignal, thread, found.number, woken)
