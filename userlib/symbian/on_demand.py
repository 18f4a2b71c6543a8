"""Servers that run only while somebody needs them: how they come, and how they go.

    client                                  server
    ------                                  ------
    create_session: KErrNotFound
    start it; await its rendezvous  ──────► start, rendezvous, serve
    create_session                  ──────► the first session: stay
    close                           ──────► the last one goes: linger, then stop

Two clients may find no server at the same time; then both start one, of which the
second fails with KErrAlreadyExists, and that is as good. A client that meets a server
which is about to leave is told KErrServerTerminated, and starts another.

Original: the idioms of symbian-userlib 10.3, which every server and client wrote anew.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from kernel.abi.errors import (
    KErrAlreadyExists,
    KErrNotFound,
    KErrServerTerminated,
    Leave,
)
from userlib.symbian.active import EPriorityStandard
from userlib.symbian.process import RProcess
from userlib.symbian.scheduler import CActiveScheduler
from userlib.symbian.server import CServer2, CSession2, TServerType
from userlib.symbian.session import RSessionBase
from userlib.symbian.timers import CTimer
from userlib.symbian.version import TVersion

KLingerUs: Final = 2_000_000  # how long a server without sessions stays, customarily
KStartTries: Final = 2

TSession = TypeVar("TSession", bound=RSessionBase)

_ABSENT: Final = (KErrNotFound, KErrServerTerminated)


def connect_on_demand(
    session: TSession,
    server: str,
    start: str | Callable[[], object],
    version: TVersion = TVersion(),  # noqa: B008 - frozen
    slots: int = -1,
) -> TSession:
    """Connect *session* to *server*, which is started if it is not there.

    *start* is its program's name, or a function that starts it and returns once it
    serves; that may leave with KErrAlreadyExists if somebody else was faster. For the
    `connect` of a client's class.

    Returns: *session*.
    Raises: what `create_session` and *start* leave with; KErrNotFound,
        KErrServerTerminated if the server is gone again each time it was started.
    Original: none; the customary loop.
    """
    for _ in range(KStartTries):
        try:
            return session.create_session(server, version, slots)
        except Leave as leave:
            if leave.code not in _ABSENT:
                raise
        _start(start)
    return session.create_session(server, version, slots)


def _start(start: str | Callable[[], object]) -> None:
    try:
        if isinstance(start, str):
            RProcess().launch(start).close()
        else:
            start()
    except Leave as leave:
        if leave.code != KErrAlreadyExists:
            raise


class _CLinger(CTimer):
    """Tells a server that nobody has come for a while."""

    def __init__(self, server: "CTransientServer") -> None:
        super().__init__(EPriorityStandard)
        self._server: Final = server

    def run(self) -> None:
        self._server.on_unused()


class CTransientServer(CServer2):
    """A server that stops when it has had no session for a while.

    It waits from its start on, too: whoever started it may have died. No message is
    handled between the timer's run and the end of the loop, so a client that comes then
    finds a server that is gone, not one that forgets it.

    Threads: the one that starts it. It is no master or slave of others.
    Original: none; the customary count of sessions and CTimer.
    """

    def __init__(
        self,
        priority: int = EPriorityStandard,
        session_type: TServerType = TServerType.EUnsharableSessions,
        linger_us: int = KLingerUs,
    ) -> None:
        super().__init__(priority, session_type)

        # Fixed for life:
        self._linger_us: Final = linger_us

        # Owned by the thread itself:
        self._linger: _CLinger | None = None  # while it is started

    def start(self, name: str) -> None:
        """As `CServer2.start`; the time without sessions begins.

        Original: CServer2::StartL.
        """
        linger = _CLinger(self).construct()
        try:
            super().start(name)
        except Leave:
            linger.destroy()
            raise
        CActiveScheduler.add(linger)
        self._linger = linger
        linger.after(self._linger_us)

    def on_unused(self) -> None:
        """There has been no session for long enough: stop the scheduler's loop.

        Original: none; the run of the customary CTimer.
        """
        CActiveScheduler.stop()

    def add_session(self, session: CSession2) -> None:
        """*session* is ours, and a reason to stay.

        Original: none; part of CSession2::CreateL.
        """
        super().add_session(session)
        if self._linger is not None:
            self._linger.cancel()

    def forget(self, session: CSession2) -> None:
        """*session* is no longer ours; without any other we linger, then stop.

        Original: none; part of CSession2::~CSession2.
        """
        super().forget(session)
        linger, is_last = self._linger, next(self.session_iter, None) is None
        if linger is not None and is_last and not linger.is_active:
            linger.after(self._linger_us)

    def destroy(self) -> None:
        """As `CServer2.destroy`. Original: CServer2::~CServer2."""
        linger, self._linger = self._linger, None
        if linger is not None:
            linger.destroy()  # first, or the last session would set it again
        super().destroy()
