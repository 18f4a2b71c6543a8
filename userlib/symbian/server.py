"""The server framework: one active object that receives, one object for each session.

    client                       CServer2                        CSession2
    ------                       --------                        ---------
    create_session ───────────►  new_session(version, message) → create()
    send_receive(function) ───►                                  service(message)
                                 a leave from there:             service_error(…)
    close ────────────────────►                                  disconnect(message)

A session's cookie, which the kernel keeps for the server, is a number that the server
looks its session up by; nothing of the kernel's ever names a Python object.

Original: CServer2, CSession2 (us_ksvr.cpp); symbian-kernel 7.2, symbian-userlib 10.
"""

from abc import ABC, abstractmethod
from contextlib import ExitStack
from enum import IntEnum
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias, cast, overload

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrNoMemory, KErrNone, Leave
from kernel.abi.exit import TCritical
from kernel.abi.handles import KNullHandle
from kernel.abi.ipc import (
    KMessageConnect,
    KMessageDisconnect,
    MessageData,
    TIpcSessionType,
    TServerRole,
)
from kernel.abi.memory import ClientCell
from kernel.abi.panics import CSERVER, CSESSION, E32USER_CBASE, TCBasePanic
from userlib.symbian.active import CActive, EPriorityStandard
from userlib.symbian.heap import HeapCell
from userlib.symbian.leave import trap
from userlib.symbian.message import RMessage2
from userlib.symbian.scheduler import CActiveScheduler
from userlib.symbian.server_handle import RServer2
from userlib.symbian.version import TVersion

if TYPE_CHECKING:
    from collections.abc import Iterator


class TServerType(IntEnum):
    """How far a server lets its sessions be shared. Original: CServer2::TServerType."""

    EUnsharableSessions = TIpcSessionType.EIpcSession_Unsharable
    ESharableSessions = TIpcSessionType.EIpcSession_Sharable
    EGlobalSharableSessions = TIpcSessionType.EIpcSession_GlobalSharable


EUnsharableSessions: Final = TServerType.EUnsharableSessions
ESharableSessions: Final = TServerType.ESharableSessions
EGlobalSharableSessions: Final = TServerType.EGlobalSharableSessions


class TServerPanic(IntEnum):
    """What the framework panics a client for, category CServer."""

    EBadMessageNumber = 0
    ESessionNotConnected = 1
    ESessionAlreadyConnected = 2
    EClientDoesntHaveRequiredCapabilities = 3


class TSessionPanic(IntEnum):
    """Reasons of category CSession."""

    ESesCountResourcesNotImplemented = 1  # panics the server
    ESesFoundResCountHeaven = 2  # panics the client


class CServer2(CActive):
    """Receives messages and gives each to the session it was sent on.

    A subclass makes the sessions in `new_session`. Between two messages the receive is
    outstanding like any active object's request, so that objects of higher priority on
    the same scheduler go first.

    Threads: the one that starts it.
    Original: CServer2 (e32base.h).
    """

    TServerType: TypeAlias = TServerType
    EUnsharableSessions: ClassVar = TServerType.EUnsharableSessions
    ESharableSessions: ClassVar = TServerType.ESharableSessions
    EGlobalSharableSessions: ClassVar = TServerType.EGlobalSharableSessions

    def __init__(
        self,
        priority: int = EPriorityStandard,
        session_type: TServerType = TServerType.EUnsharableSessions,
    ) -> None:
        super().__init__(priority)

        # Fixed for life:
        self._session_type: Final = TIpcSessionType(session_type)
        self._cell: Final = ClientCell()  # where the kernel puts a message
        self._server: Final = RServer2()

        # Fixed once it is started:
        self._role = TServerRole.EServerRole_Standalone
        self._cookies = count(1)  # a slave's are its master's: sessions move

        # Owned by the thread itself, but that a master may add to a slave's sessions:
        self._sessions: dict[int, CSession2] = {}  # by cookie, oldest first
        self._message: RMessage2 | None = None

    # Life.

    def start(self, name: str) -> None:
        """Create the server, join the thread's scheduler and begin to receive.

        An empty name makes an anonymous server. Without a scheduler panics
        E32USER-CBase 44.

        Raises: KErrBadName, KErrArgument, KErrAlreadyExists, KErrNoMemory; then nothing
            has happened. Original: CServer2::StartL.
        """
        self.demand_built()
        self._server.create_global(name, self._session_type, self._role)
        CActiveScheduler.add(self)
        self._receive()

    def try_start(self, name: str) -> int:
        """As start; the code instead of a leave. Original: CServer2::Start."""
        return trap(self.start, name)

    def set_master(self, master: "CServer2 | None") -> None:
        """Share the work with other servers of the process; before `start`.

        With itself it is a master: its `new_session` may give a session to a slave by
        `CSession2.set_server`. With that master it is a slave, which must be anonymous
        and runs in a thread of its own; the session's requests then go there. With
        None it is neither.

        Original: CServer2::SetMaster.
        """
        if self._server.handle:
            raise RuntimeError("set_master comes before start")
        if master is None:
            self._role = TServerRole.EServerRole_Standalone
        elif master is self:
            self._role = TServerRole.EServerRole_Master
        else:
            self._role = TServerRole.EServerRole_Slave
            self._cookies = master._cookies  # noqa: SLF001 - one of our own

    def restart(self) -> None:
        """Receive the next message already; `message` must have been copied.

        Original: CServer2::ReStart.
        """
        if not self.status.active:
            self._receive()

    def destroy(self) -> None:
        """Stop receiving, destroy every session, close the server.

        What clients have outstanding completes with KErrServerTerminated, unless a
        session's destructor has another code for it.

        Original: CServer2::~CServer2.
        """
        self.cancel()
        for session in list(self._sessions.values()):
            self.end_session(session)
        self._server.close()
        super().destroy()

    def set_pin_client_descriptors(self, pin: bool) -> None:
        """Has no effect; after `start` it panics E32USER-CBase 106.

        Original: CServer2::SetPinClientDescriptors.
        """
        if self._server.handle:
            panic(E32USER_CBASE, TCBasePanic.EPinModeAfterStart)

    # For subclasses.

    @abstractmethod
    def new_session(self, version: TVersion, message: RMessage2) -> "CSession2":
        """A session for a client that asks for *version*; a leave refuses it.

        Original: CServer2::NewSessionL.
        """

    @property
    def message(self) -> RMessage2:
        """The message being handled; the next one is another object.

        Original: CServer2::Message.
        """
        assert self._message is not None, "no message was received yet"
        return self._message

    @property
    def server(self) -> RServer2:
        """The kernel's server, for sessions by handle with an anonymous one.

        Original: CServer2::Server.
        """
        return self._server

    @property
    def session_iter(self) -> "Iterator[CSession2]":
        """The sessions as they are now, oldest first.

        Original: CServer2::iSessionIter.
        """
        return iter(list(self._sessions.values()))

    # Receiving.

    @overload
    def run(self) -> None: ...

    @overload
    def run(self, name: str) -> int: ...

    def run(self, name: str | None = None) -> int | None:
        """Handle one message, as the scheduler asks; or, with *name*, serve.

        The second form is a convenience of ours, a whole server thread: install a
        scheduler, start under *name*, tell who waits for the rendezvous, and serve
        until the scheduler is stopped.

        Returns: the exit reason for the thread; what `start` left with, if it did.
        Original: CServer2::RunL.
        """
        if name is not None:
            return self._serve(name)
        data = cast(MessageData, self._cell.value)  # the kernel filled it
        message = self._message = RMessage2(data)
        try:
            self.handle_message(message)
        except (Leave, MemoryError):
            self._message = message  # a loop inside the service may have taken others
            raise
        status = self.status
        if not status.active:  # as _receive, whose checks have nothing to find here
            current_exec.get().server_request_receive(
                self._server.handle, self._cell, status.start()
            )
            status.active = True
        return None

    def handle_message(self, message: RMessage2) -> None:
        """Give *message* to its session, or see to it that it gets one.

        Original: none; part of CServer2::RunL.
        """
        session = self._sessions.get(message.session_ptr)
        if session is not None and message.function >= 0:
            session.service(message)
        else:
            self._handle_special(message, session)

    def run_error(self, code: int) -> int:
        """A session left: let it answer, and go on receiving.

        Original: CServer2::RunError.
        """
        session = self.session_of(self.message)
        if session is not None:
            session.service_error(self.message, code)
        self.restart()
        return KErrNone

    def session_of(self, message: RMessage2) -> "CSession2 | None":
        """The session that *message* was sent on, if there is one yet.

        Original: none; RMessage2::Session.
        """
        return self._sessions.get(message.session_ptr)

    def do_cancel(self) -> None:
        """End the outstanding receive. Original: CServer2::DoCancel."""
        self._server.cancel()

    def end_session(self, session: "CSession2") -> None:
        """Forget *session*, then destroy it.

        Original: none; part of CServer2::Disconnect.
        """
        self.forget(session)
        session.destroy()

    def add_session(self, session: "CSession2") -> None:
        """*session* is ours. Original: none; part of CServer2::Connect."""
        self._sessions[session.cookie] = session

    def forget(self, session: "CSession2") -> None:
        """*session* is no longer ours, and its memory is given back.

        Original: none; part of CSession2::~CSession2.
        """
        self._sessions.pop(session.cookie, None)
        session.free_cell()

    def _receive(self) -> None:
        current_exec.get().server_request_receive(
            self._server.handle, self._cell, self.status.start()
        )
        self.set_active()

    def _handle_special(self, message: RMessage2, session: "CSession2 | None") -> None:
        """A message that is no request on a session of ours."""
        match message.function:
            case code if code >= 0:
                message.panic(CSERVER, TServerPanic.ESessionNotConnected)
            case code if code == KMessageConnect and session is not None:
                message.panic(CSERVER, TServerPanic.ESessionAlreadyConnected)
            case code if code == KMessageConnect:
                self._connect(message)
            case code if code == KMessageDisconnect and session is not None:
                session.disconnect(message)
            case code if code == KMessageDisconnect:
                message.complete(KErrNone)
            case _:
                message.panic(CSERVER, TServerPanic.EBadMessageNumber)

    def _connect(self, message: RMessage2) -> None:
        try:
            session = self._made_session(message)
        except (Leave, MemoryError) as error:
            code = error.code if isinstance(error, Leave) else KErrNoMemory
            if not message.is_null:
                message.complete(code)
            return
        # In the list before the client can know of it: its next message may be here
        # as soon as the connect is complete.
        home = session.server
        home.add_session(session)
        message.set_session_ptr(session.cookie)
        if home is self:
            message.complete(KErrNone)
        else:
            handle, message.handle = message.handle, KNullHandle
            exec_ = current_exec.get()
            exec_.server_transfer_session(home.server.handle, handle)

    def _made_session(self, message: RMessage2) -> "CSession2":
        """A complete session of ours; if anything leaves, nothing is left of it."""
        with ExitStack() as undo:
            cell = HeapCell("session")
            undo.callback(cell.free)
            session = self.new_session(TVersion.unpack(message.int0), message)
            if not isinstance(session, CSession2):
                raise TypeError(_no_session(self, session))
            undo.callback(session.destroy)
            session.adopt(self, next(self._cookies), cell)
            session.create()
            undo.pop_all()
            return session

    def _serve(self, name: str) -> int:
        scheduler = CActiveScheduler()
        CActiveScheduler.install(scheduler)
        code = trap(self._serve_until_stopped, name)
        self.destroy()
        scheduler.destroy()
        return code

    def _serve_until_stopped(self, name: str) -> None:
        self.start(name)
        _rendezvous()
        CActiveScheduler.start()


def _no_session(server: CServer2, made: object) -> str:
    return f"{type(server).__name__}.new_session returned no session, but {made!r}"


def _rendezvous() -> None:
    """Tell those who wait for the thread and, in Main, for its process."""
    kernel = current_exec.get()
    kernel.thread_rendezvous(KErrNone)
    # Main is the thread that takes its process with it. Another one can't say that all
    # of the process is ready.
    if kernel.thread_critical() == TCritical.EProcessPermanent:
        kernel.process_rendezvous(KErrNone)


class CSession2(ABC):
    """A client's session, as the server sees it.

    Threads: the server's own. Needs no `__init__` of a subclass to be called.
    Original: CSession2 (e32base.h).
    """

    # Set by the server in `adopt`:
    _server: CServer2 | None = None
    _session_cell: HeapCell | None = None  # the memory the original's object takes
    cookie: int = 0
    _resource_mark: int = 0

    @property
    def server(self) -> CServer2:
        """The server it belongs to, from `create` on. Original: CSession2::Server."""
        assert self._server is not None, "the session has no server yet"
        return self._server

    # For subclasses.

    def create(self) -> None:  # noqa: B027 - most have nothing to add
        """Finish the construction, now that there is a server.

        Original: CSession2::CreateL.
        """

    @abstractmethod
    def service(self, message: RMessage2) -> None:
        """Handle a request, and complete it now or later.

        Original: CSession2::ServiceL.
        """

    def service_error(self, message: RMessage2, code: int) -> None:
        """`service` left with *code*: complete with it, unless it was completed.

        Original: CSession2::ServiceError.
        """
        if not message.is_null:
            message.complete(code)

    def disconnect(self, message: RMessage2) -> None:
        """The client is gone: destroy the session, then complete the disconnect.

        An override may finish work first; the kernel's session stays until *message* is
        completed. Original: CSession2::Disconnect.
        """
        self.server.end_session(self)
        message.complete(KErrNone)

    def destroy(self) -> None:
        """Complete what is still held, release what is owned.

        Original: CSession2::~CSession2.
        """
        if self._server is not None:
            self._server.forget(self)

    def count_resources(self) -> int:
        """How much it owns. Not overridden, it panics the server CSession 1.

        Original: CSession2::CountResources.
        """
        panic(CSESSION, TSessionPanic.ESesCountResourcesNotImplemented)

    def set_server(self, server: CServer2) -> None:
        """Be served by a slave of the server whose `new_session` makes this session.

        Original: CSession2::SetServer.
        """
        self._server = server

    # For the framework, and for debugging.

    def adopt(self, server: CServer2, cookie: int, cell: HeapCell) -> None:
        """Belong to *server*, unless `new_session` gave it another one.

        Original: none; part of CServer2::Connect.
        """
        if self._server is None:
            self._server = server
        self.cookie = cookie
        self._session_cell = cell

    def free_cell(self) -> None:
        """Give the session's memory back; a second time nothing happens.

        Original: none; part of CServer2::Disconnect.
        """
        if self._session_cell is not None:
            self._session_cell.free()

    def resource_count_mark_start(self) -> None:
        """Remember how much the session owns.

        Original: CSession2::ResourceCountMarkStart.
        """
        self._resource_mark = self.count_resources()

    def resource_count_mark_end(self, message: RMessage2) -> None:
        """Panics the client CSession 2 unless the session owns as much as before.

        Original: CSession2::ResourceCountMarkEnd.
        """
        if self.count_resources() != self._resource_mark:
            message.panic(CSESSION, TSessionPanic.ESesFoundResCountHeaven)
