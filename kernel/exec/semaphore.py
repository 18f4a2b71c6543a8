"""Calls on semaphores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KErrArgument, KErrTimedOut
from kernel.events import TEvent
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.objects import DObject, TProtection
from kernel.waits.semaphore import DSemaphore

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread

ESemaphoreWait: Final = TEvent.ESemaphoreWait
ESemaphoreSignal: Final = TEvent.ESemaphoreSignal
KPoll: Final = -1  # a timeout that only looks


def owner_of(thread: DThread, name: str | None, owner: int) -> DObject | None:
    """Who owns a new object: a global one has no owner."""
    if name is not None:
        return None
    return thread if owner else thread.process


def publish(obj: DObject, name: str | None) -> None:
    """Set from where a new object can be reached."""
    if name is not None:
        obj.protection = TProtection.EGlobal if name else TProtection.EProtected


def semaphore_create(
    core: Core, thread: DThread, name: str | None, count: int, owner: int
) -> int:
    """Local, protected or global."""
    if count < 0:
        raise KernelError(KErrArgument)
    new = DSemaphore(core, name, owner_of(thread, name, owner), count)
    publish(new, name)
    return new_handle(thread, new, owner)


def semaphore_wait(
    core: Core, thread: DThread, handle: int, timeout_us: int
) -> Park | None:
    """Take one, now or later."""
    semaphore = resolve(core, thread, handle, DSemaphore)
    if timeout_us < KPoll:
        raise KernelError(KErrArgument)
    if core.trace is not None:
        core.trace(ESemaphoreWait, thread, semaphore.number)
    if semaphore.try_take(thread):
        return None
    if timeout_us == KPoll:
        raise KernelError(KErrTimedOut)
    return semaphore.queue.park(thread, timeout_us)


def semaphore_signal(core: Core, thread: DThread, handle: int, count: int) -> None:
    """Give some."""
    semaphore = resolve(core, thread, handle, DSemaphore)
    if count < 0:
        raise KernelError(KErrArgument)
    if core.trace is not None:
        core.trace(ESemaphoreSignal, thread, semaphore.number, count)
    semaphore.signal(count)
