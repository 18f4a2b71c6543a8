"""Logon and rendezvous: being told that a thread or process died, or is ready.

Requests belong to the thread that made them, and are discarded when it dies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from kernel.abi.errors import KernelError, KErrGeneral, KErrNone, KRequestPending
from kernel.tasks.idle import finish_wait
from kernel.tasks.request import complete, has_room

if TYPE_CHECKING:
    from kernel.abi.exit import ExitInfo
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.nkern.host import HostWait
    from kernel.tasks.thread import DThread


class HasLogons(Protocol):
    """A thread or a process."""

    logons: list[Logon | HostLogon]
    dead: bool
    exit_info: ExitInfo

    def life_blockers(self) -> list[DThread]:
        """The threads that would have to end or to rendezvous."""


class Logon:
    """One request to be told."""

    __slots__ = ("is_rendezvous", "status", "target", "thread")

    def __init__(
        self,
        thread: DThread,
        target: HasLogons,
        status: ClientStatus,
        *,
        is_rendezvous: bool,
    ) -> None:
        self.thread: Final = thread
        self.target: Final = target
        self.status: Final = status
        self.is_rendezvous: Final = is_rendezvous

    def describe(self) -> str:
        """For reports."""
        what = "rendezvous" if self.is_rendezvous else "end"
        return f"the {what} of {self.target!r}"

    def blockers(self) -> list[DThread]:
        """Who could complete it."""
        return self.target.life_blockers()

    def tell(self, core: Core, code: int) -> None:
        """Complete the request; it is off its target's list already."""
        del self.thread.own_logons[self]
        complete(core, self.thread, self.status, code)


class HostLogon:
    """The same for a host thread, which has no status but a wait."""

    __slots__ = ("is_rendezvous", "status", "thread", "wait")

    def __init__(self, wait: HostWait, *, is_rendezvous: bool) -> None:
        self.thread: Final = None
        self.status: Final = None
        self.wait: Final = wait
        self.is_rendezvous: Final = is_rendezvous

    def tell(self, core: Core, code: int) -> None:
        """End the wait."""
        finish_wait(core, self.wait)


def log_on(
    core: Core,
    thread: DThread,
    target: HasLogons,
    status: ClientStatus,
    *,
    is_rendezvous: bool,
) -> None:
    """Complete *status* at the target's end or rendezvous; at once if it is dead.

    With KErrNoMemory if there is none.
    """
    status.value = KRequestPending
    if target.dead:
        complete(core, thread, status, target.exit_info.reason)
        return
    if not has_room(core, thread, status, "logon"):
        return
    logon = Logon(thread, target, status, is_rendezvous=is_rendezvous)
    target.logons.append(logon)
    thread.own_logons[logon] = None


def cancel_logon(
    core: Core,
    thread: DThread,
    target: HasLogons,
    status: ClientStatus,
    *,
    is_rendezvous: bool,
) -> None:
    """Complete a logon with KErrNone. Raises: KErrGeneral if there is none."""
    for logon in target.logons:
        if (
            logon.status is status
            and logon.thread is thread
            and logon.is_rendezvous == is_rendezvous
        ):
            target.logons.remove(logon)
            logon.tell(core, KErrNone)
            return
    raise KernelError(KErrGeneral)


def rendezvous(core: Core, target: HasLogons, reason: int) -> None:
    """Complete all rendezvous requests outstanding now; pure logons stay."""
    due = [logon for logon in target.logons if logon.is_rendezvous]
    target.logons[:] = [logon for logon in target.logons if not logon.is_rendezvous]
    for logon in due:
        logon.tell(core, reason)


def complete_all(core: Core, target: HasLogons) -> None:
    """The target has died."""
    due, target.logons[:] = list(target.logons), []
    for logon in due:
        logon.tell(core, target.exit_info.reason)


def discard_own(thread: DThread) -> None:
    """The thread that asked is dying: nobody is to be told."""
    for logon in thread.own_logons:
        logon.target.logons.remove(logon)
    thread.own_logons.clear()
