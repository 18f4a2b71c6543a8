"""Calls on mutexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KErrArgument, KErrTimedOut
from kernel.abi.panics import TKernExec
from kernel.events import TEvent
from kernel.exec.semaphore import KPoll, owner_of, publish
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.thread_exit import panic_current
from kernel.waits.mutex import DMutex

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread

EMutexWait: Final = TEvent.EMutexWait
EMutexSignal: Final = TEvent.EMutexSignal


def mutex_create(core: Core, thread: DThread, name: str | None, owner: int) -> int:
    """Local, protected or global."""
    new = DMutex(core, name, owner_of(thread, name, owner))
    publish(new, name)
    return new_handle(thread, new, owner)


def mutex_wait(
    core: Core, thread: DThread, handle: int, timeout_us: int
) -> Park | None:
    """Take it, now or later."""
    mutex = resolve(core, thread, handle, DMutex)
    if timeout_us < KPoll:
        raise KernelError(KErrArgument)
    if core.trace is not None:
        core.trace(EMutexWait, thread, mutex.number)
    if mutex.try_take(thread):
        return None
    if timeout_us == KPoll:
        raise KernelError(KErrTimedOut)
    return mutex.queue.park(thread, timeout_us)


def mutex_signal(core: Core, thread: DThread, handle: int) -> None:
    """Let go once."""
    mutex = resolve(core, thread, handle, DMutex)
    if mutex.holder is not thread:
        panic_current(core, thread, TKernExec.EAccessDenied)
    if core.trace is not None:
        core.trace(EMutexSignal, thread, mutex.number)
    mutex.depth -= 1
    if mutex.depth == 0:
        mutex.release()


def mutex_is_held(core: Core, thread: DThread, handle: int) -> bool:
    """By the caller."""
    return resolve(core, thread, handle, DMutex).holder is thread
