"""Calls on the request semaphore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tasks.handles import resolve
from kernel.tasks.identity import demand_same_process
from kernel.tasks.request import RequestWait, complete, signal, wait_any
from kernel.tasks.thread import DThread

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.park import Park


def request_wait_any(core: Core, thread: DThread) -> Park | None:
    """Take one signal."""
    return wait_any(thread)


def request_wait(core: Core, thread: DThread, *statuses: ClientStatus) -> Park | None:
    """Take one signal, once one of *statuses* is complete."""
    return RequestWait(thread, statuses).take() if statuses else wait_any(thread)


def request_complete(
    core: Core,
    thread: DThread,
    target: int,
    status: ClientStatus | None,
    code: int,
) -> None:
    """Complete a request of a thread of the caller's process."""
    found = resolve(core, thread, target, DThread)
    demand_same_process(core, thread, found)
    if status is not None:
        complete(core, found, status, code)


def request_signal(core: Core, thread: DThread, target: int, count: int) -> None:
    """Add signals."""
    found = resolve(core, thread, target, DThread)
    demand_same_process(core, thread, found)
    if not found.dead:
        signal(core, found, count)


def request_count(core: Core, thread: DThread, target: int) -> int:
    """The semaphore's value."""
    return resolve(core, thread, target, DThread).request_count
