"""DServer: a queue of messages, and the thread that takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrCancel,
    KErrNone,
    KErrPermissionDenied,
    KErrServerTerminated,
)
from kernel.abi.executable_name import KLoaderName
from kernel.abi.handles import TObjectType
from kernel.abi.names import fold
from kernel.events import TEvent
from kernel.ipc.client_memory import raw_values
from kernel.ipc.message import NO_ARGS, DMessage, EAccepted, EDelivered
from kernel.tasks.objects import DObject
from kernel.tasks.park import wake
from kernel.tasks.request import complete

if TYPE_CHECKING:
    from kernel.abi.ipc import MessageData
    from kernel.abi.memory import ClientCell, ClientStatus
    from kernel.core import Core
    from kernel.ipc.session import DSession
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread

EMessageAccept: Final = TEvent.EMessageAccept

_KLoaderName: Final = fold(KLoaderName)


class DServer(DObject):
    """One server object.

    Messages wait in `queue` in the order they arrived, over all sessions,
    disconnections among them. Original: DServer (symbian-kernel 6.1-6.3).
    """

    kind = TObjectType.EServer

    def __init__(
        self, core: Core, thread: DThread, name: str, mode: int, role: int
    ) -> None:
        super().__init__(core, name, owner=None)
        # Fixed for life:
        self.thread: Final = thread
        self.process: Final = thread.process
        self.mode: Final = mode  # TIpcSessionType
        self.role: Final = role  # TServerRole
        self.label: Final = self.full_name  # also when it is gone

        # Guarded by the kernel lock:
        self.queue: dict[DMessage, None] = {}  # a queue from whose middle one can take
        self.sessions: dict[DSession, None] = {}
        self.receive: Receive | None = None  # outstanding
        self.asked: Receive | None = None  # the last asynchronous one, to be reused
        self.parked: Final = Receive(self, thread)  # of the owning thread, to be reused
        self.is_closing = False

    def check_open_by(self, thread: DThread, *, is_local_table: bool) -> None:
        """Only threads of the server's process hold handles to it."""
        if thread.process is not self.process:
            raise KernelError(KErrPermissionDenied)

    def deliver(self, message: DMessage) -> None:
        """Queue *message*, or hand it to the receive that waits for one."""
        receive = self.receive
        if receive is None:
            message.state = EDelivered
            self.queue[message] = None
        else:
            self.receive = None
            receive.finish(self.accept(message))

    def take_over(self, session: DSession) -> None:
        """Make a master's session this server's, with what is queued on it, in order.

        What the master has accepted stays with the process: either's thread may
        complete it.
        """
        master = session.server
        assert master is not None
        del master.sessions[session]
        session.server = self
        session.server_name = self.label
        self.sessions[session] = None
        for message in [m for m in master.queue if m.session is session]:
            del master.queue[message]
            self.deliver(message)

    def accept_next(self) -> MessageData | None:
        """Accept the oldest message."""
        if not self.queue:
            return None
        message = next(iter(self.queue))
        del self.queue[message]
        return self.accept(message)

    def accept(self, message: DMessage) -> MessageData:
        """Give the server's process a handle to *message*."""
        core = self.core
        message.state = EAccepted
        message.handle = handle = core.next_message()
        core.messages[handle] = message
        if core.trace3 is not None:
            core.trace3(
                EMessageAccept,
                self.thread,
                self.number,
                handle,
                message.function,
            )
        args = message.args
        raw = raw_values(args) if args else NO_ARGS
        return (handle, message.function, raw, message.session.cookie)

    def cancel_receive(self) -> None:
        """Complete an outstanding receive with KErrCancel."""
        receive, self.receive = self.receive, None
        if receive is not None:
            receive.cancel()

    def on_destroy(self) -> None:
        """The last handle is gone: clients learn that their server is."""
        core = self.core
        self.is_closing = True
        core.event(TEvent.EServerClose, None, self.number)
        self.cancel_receive()
        for session in list(self.sessions):
            session.detach(KErrServerTerminated)
        assert not self.queue, self
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"{len(self.queue)} queued, {len(self.sessions)} sessions"


class Receive:
    """A receive that waits for a message: parked (no status) or asynchronous."""

    __slots__ = ("cell", "server", "status", "thread")

    def __init__(
        self,
        server: DServer,
        thread: DThread,
        cell: ClientCell | None = None,
        status: ClientStatus | None = None,
    ) -> None:
        self.server: Final = server
        self.thread: Final = thread
        self.cell: Final = cell
        self.status: Final = status

    def is_for(self, thread: DThread, cell: ClientCell, status: ClientStatus) -> bool:
        """Whether it can be used again for the same variables, as a loop does."""
        return self.thread is thread and self.cell is cell and self.status is status

    def finish(self, data: MessageData) -> None:
        """A message has come."""
        thread = self.thread
        if self.status is None:
            thread.reply = data
            wake(thread.core, thread)
        else:
            assert self.cell is not None
            self.cell.value = data
            thread.receivers.pop(self.server, None)
            complete(self.server.core, thread, self.status, KErrNone)

    def cancel(self) -> None:
        """None will."""
        thread = self.thread
        thread.receivers.pop(self.server, None)
        if self.status is not None:
            complete(self.server.core, thread, self.status, KErrCancel)
        elif thread.wait is self:
            thread.reply = None
            wake(thread.core, thread)

    def resume(self) -> object:
        """The continuation of a parked receive. Raises: KErrCancel."""
        if self.thread.reply is None:
            raise KernelError(KErrCancel)
        return self.thread.reply

    # As the reason a server thread is parked:

    def unwait(self, thread: DThread) -> None:
        """The server thread is dying."""
        if self.server.receive is self:
            self.server.receive = None

    def describe(self) -> str:
        """For reports."""
        return f"a message for {self.server!r}"

    def blockers(self) -> list[DThread]:
        """Any client: nobody in particular."""
        return []

    def suspend(self, thread: DThread) -> None:
        """A message is not lost on a suspended server."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """An idle server."""
        return True


def loader_process(core: Core) -> DProcess | None:
    """The process of the server `!Loader`, a trusted one as its name shows."""
    servers = core.containers[DServer.kind]
    for obj in servers.with_key((None, _KLoaderName)):
        if obj.access_count > 0 and isinstance(obj, DServer):
            return obj.process
    return None


def must_ask_loader(core: Core, process: DProcess) -> bool:
    """Whether programs are found by a loader, and *process* is not that itself."""
    return loader_process(core) not in (None, process)
