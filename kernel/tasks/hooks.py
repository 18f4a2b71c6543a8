"""The protocols through which tasks call what lies above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kernel.tasks.thread import DThread


class MWait(Protocol):
    """What a thread is parked on.

    Whoever parks a thread puts it into a queue of its own first. `unwait` takes it out
    again, without result: the thread is dying. A suspended thread loses its place:
    `suspend` takes it out, `unsuspend` lets it try again; by default both do nothing
    and the thread keeps its place, merely not running when its turn comes.
    """

    def unwait(self, thread: DThread) -> None:
        """Forget *thread*."""

    def describe(self) -> str:
        """What is waited for, in a few words, naming the object by repr."""

    def blockers(self) -> list[DThread]:
        """The threads that could end the wait, as far as that is known."""
        return []

    def suspend(self, thread: DThread) -> None:
        """*thread* was suspended while it waits."""

    def unsuspend(self, thread: DThread) -> None:
        """It may run again."""

    @property
    def is_service(self) -> bool:
        """Whether this is how an idle server waits for work."""
        return False


class MAwaited(Protocol):
    """What holds a request of a thread's, for reports of what the thread waits for."""

    def describe_request(self) -> str:
        """What is awaited, in a few words, naming the object by repr."""


class MThreadEnd(Protocol):
    """Registered on a thread; called under the lock when it dies.

    Stage 5 of symbian-kernel 4.5 (mutexes are released): before logons complete.
    """

    def on_thread_end(self, thread: DThread) -> None:
        """*thread* is dying."""


class MLender(Protocol):
    """Held by a thread, which runs at the level of the highest thread it keeps waiting.

    Original: priority inheritance of DMutex (symbian-kernel 9.2).
    """

    def lent_level(self) -> int:
        """The highest level among those that wait for it; 0 if nobody does."""


class MPending(Protocol):
    """What a thread was woken for that has not run since."""

    def on_suspend(self, thread: DThread) -> None:
        """*thread* was suspended before it ran: another may be woken instead."""


class MReceiver(Protocol):
    """A server, as a thread that has a receive outstanding knows it."""

    def cancel_receive(self) -> None:
        """End the receive; it completes with KErrCancel, unless the thread is dead."""
