"""Parking and waking: the only places where a thread changes between the two.

A handler that must wait queues its thread somewhere, calls `block` with the reason and
a continuation, and returns the result, PARK. The entrance parks the carrier outside the
lock. `wake` is called under the lock by whoever ends the wait; the continuation then
runs in the woken thread, under the lock again, and may park once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.core import Core
    from kernel.tasks.hooks import MWait
    from kernel.tasks.thread import DThread


@final
class Park:
    """The type of PARK."""

    def __repr__(self) -> str:
        return "PARK"


PARK: Final = Park()  # a handler's result: not yet, the thread is queued


def block(
    core: Core, thread: DThread, wait: MWait, resume: Callable[[], object]
) -> Park:
    """Mark *thread*, which is running a handler, as parked on *wait*."""
    thread.wait = wait
    thread.resume = resume
    thread.parked = True
    core.runnable -= 1
    if core.runnable == 0:
        core.on_idle(core)
    return PARK


def wake(core: Core, thread: DThread) -> None:
    """End the wait of a parked thread; it runs, or will when it is resumed."""
    thread.wait = None
    thread.parked = False
    if thread.suspend_count and not thread.dead:
        thread.held_back = True
        return
    core.runnable += 1
    thread.unpark()


def release_held_back(core: Core, thread: DThread) -> None:
    """Let a thread go on that was woken while suspended."""
    thread.held_back = False
    core.runnable += 1
    thread.unpark()


def give_way(thread: DThread, resume: Callable[[], object]) -> Park:
    """Let others have the lock, and go on: the wake comes before the park."""
    thread.resume = resume
    thread.unpark()
    return PARK


class Suspended:
    """What a thread waits on that reached a kernel call while suspended."""

    def unwait(self, thread: DThread) -> None:
        """Nothing is queued."""

    def describe(self) -> str:
        """For reports."""
        return "to be resumed"

    def blockers(self) -> list[DThread]:
        """Anybody of the process may resume it."""
        return []

    def suspend(self, thread: DThread) -> None:
        """It is already."""

    def unsuspend(self, thread: DThread) -> None:
        """Woken by the last resume."""
        wake(thread.core, thread)

    @property
    def is_service(self) -> bool:
        """No work comes this way."""
        return False


SUSPENDED: Final = Suspended()
