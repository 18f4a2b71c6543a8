"""DSession: the channel between client threads and one server.

The server knows a session by the cookie it sets from the connect message. Every session
whose server lives ends in exactly one disconnect message, after all messages delivered
before it; the table of symbian-kernel 6.8 says what becomes of a half-made connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrOverflow,
    KErrPermissionDenied,
    KErrServerBusy,
    KErrServerTerminated,
)
from kernel.abi.handles import TObjectType
from kernel.abi.ipc import (
    KMessageConnect,
    KMessageDisconnect,
    TIpcSessionType,
)
from kernel.abi.limits import (
    KGlobalMessagePool,
    KMaxSessionMessages,
    KMaxSessionThreads,
)
from kernel.abi.panics import TKernExec
from kernel.events import TEvent
from kernel.ipc.client_memory import snapshot
from kernel.ipc.message import (
    DMessage,
    EAccepted,
    EDelivered,
    EDisconnect,
    EFree,
    EGlobal,
    ESession,
    EThread,
    answer,
)
from kernel.tasks.objects import DObject, TProtection
from kernel.tasks.park import wake
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.abi.ipc import IpcArgs
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.ipc.server import DServer
    from kernel.tasks.thread import DThread

EMessageSend: Final = TEvent.EMessageSend


class DSession(DObject):
    """One session. Original: DSession (symbian-kernel 6.4-6.8)."""

    kind = TObjectType.ESession

    def __init__(
        self, core: Core, server: DServer, thread: DThread, slots: int, mode: int
    ) -> None:
        owners = {
            TIpcSessionType.EIpcSession_Unsharable: thread,
            TIpcSessionType.EIpcSession_Sharable: thread.process,
        }
        super().__init__(core, None, owner=owners.get(TIpcSessionType(server.mode)))
        # Fixed for life:
        self.slots: Final = slots  # of its own; -1: the system-wide pool
        self.server_mode: Final = server.mode
        self.creator: Final = thread
        self.creator_process: Final = thread.process
        limited = core.config.session_thread_limit and server.mode

        # Guarded by the kernel lock:
        self.server: DServer | None = server  # None: gone
        self.server_name = server.label  # also when it is gone
        self.mode = mode  # as far as it is shared now
        self.is_closed = False  # its last handle is
        self.cookie = 0
        self.messages: dict[DMessage, None] = {}  # not yet freed
        self.slots_used = 0
        self.connect: DMessage | None = None  # outstanding
        self.disconnect: DMessage | None = None  # on its way
        self.attached: set[DThread] | None = set() if limited else None
        if mode == TIpcSessionType.EIpcSession_GlobalSharable:
            self.protection = TProtection.EProtected
        server.sessions[self] = None

    def check_open_by(self, thread: DThread, *, is_local_table: bool) -> None:
        """What matters is how far the server's sessions can be shared."""
        match self.server_mode:
            case TIpcSessionType.EIpcSession_Unsharable:
                permitted = thread is self.creator and is_local_table
            case TIpcSessionType.EIpcSession_Sharable:
                permitted = thread.process is self.creator_process
            case _:
                permitted = True
        if not permitted:
            raise KernelError(KErrPermissionDenied)

    # Sending

    def send(
        self,
        thread: DThread,
        message: DMessage,
        function: int,
        args: IpcArgs,
        types: int,
        status: ClientStatus | None,
    ) -> None:
        """Deliver *message*, which is free. The checks are made."""
        core = self.core
        server = self.server
        assert server is not None
        message.session = self
        message.function = function
        message.args = args
        message.types = types
        message.status = status
        if types:
            message.descriptors = snapshot(args, types)
        self.messages[message] = None
        thread.access_count += 1  # it is alive: this open cannot fail
        if function == KMessageConnect:
            self.connect = message
        if core.trace3 is not None:
            core.trace3(EMessageSend, thread, self.number, function, message.pool_name)
        receive = server.receive
        if receive is None:
            message.state = EDelivered
            server.queue[message] = None
        else:
            server.receive = None
            receive.finish(server.accept(message))

    def attach(self, thread: DThread) -> None:
        """Count a thread's first send; the 256th thread panics KERN-EXEC 31."""
        assert self.attached is not None
        if len(self.attached) >= KMaxSessionThreads:
            panic_current(self.core, thread, TKernExec.EAutoAttachFailed)
        self.attached.add(thread)
        thread.at_end[self] = None

    def on_thread_end(self, thread: DThread) -> None:
        """A dead thread is attached no more."""
        if self.attached is not None:
            self.attached.discard(thread)

    def check_send(self, thread: DThread, function: int) -> None:
        """Raises: KErrOverflow, KErrServerTerminated. Panics as in 6.5 and 6.6."""
        if self.attached is not None and thread not in self.attached:
            self.attach(thread)
        if len(self.messages) >= KMaxSessionMessages:
            raise KernelError(KErrOverflow)
        if self.server is None:
            raise KernelError(KErrServerTerminated)
        if function < 0:
            self.check_connect(thread, function)

    def check_connect(self, thread: DThread, function: int) -> None:
        """Panics: KERN-EXEC 9 and 57 for a connect that comes too much."""
        if function != KMessageConnect:
            return
        if self.connect is not None:
            panic_current(self.core, thread, TKernExec.ERequestAlreadyPending)
        if self.cookie:
            panic_current(self.core, thread, TKernExec.ESessionAlreadyConnected)

    def own_message(self, thread: DThread) -> DMessage:
        """Make the thread's synchronous message; in use, it panics KERN-EXEC 30."""
        if thread.message is not None:
            panic_current(self.core, thread, TKernExec.ESyncMsgSentTwice)
        thread.message = DMessage(thread, EThread)
        return thread.message

    def check_slot(self) -> None:
        """Raises: KErrServerBusy if no message is free for an asynchronous request."""
        if self.slots >= 0:
            is_busy = self.slots_used >= self.slots
        else:
            is_busy = self.core.global_messages >= KGlobalMessagePool
        if is_busy:
            raise KernelError(KErrServerBusy)
        if self.core.faults is not None:
            self.core.faults.allocate("message")

    def new_message(self, thread: DThread) -> DMessage:
        """One of the session's slots, or of the pool; check_slot has been called."""
        if self.slots >= 0:
            self.slots_used += 1
            message = DMessage(thread, ESession)
        else:
            self.core.global_messages += 1
            message = DMessage(thread, EGlobal)
        thread.outstanding[message] = None
        return message

    # Completing

    def complete(self, message: DMessage, code: int) -> None:
        """The server has answered an accepted message."""
        if message is self.disconnect:
            self.detach(None)
            return
        if not self.is_closed:
            client = message.client
            if client.wait is message:  # parked on it, as most are
                if message.descriptors is not None:
                    message.give_lengths()
                client.reply = code
                wake(self.core, client)
            else:
                answer(self.core, message, code)
        self.free(message)
        if message is self.connect:
            self.connect = None
            if self.is_closed and not self.cookie:
                self.queue_disconnect()

    def free(self, message: DMessage) -> None:
        """The message's use is over."""
        if message.state is EAccepted:
            del self.core.messages[message.handle]
        message.state = EFree
        if message.types:
            message.descriptors = None
        message.args = ()
        client = message.client
        pool = message.pool
        if pool is not EThread:
            if pool is EDisconnect:
                return
            if pool is ESession:
                self.slots_used -= 1
            else:
                self.core.global_messages -= 1
            del client.outstanding[message]
        del self.messages[message]
        if client.access_count > 1:
            client.access_count -= 1
        else:
            client.close()

    # Ending

    def set_cookie(self, cookie: int) -> None:
        """From the connect message; a held-back disconnect follows now."""
        self.cookie = cookie
        if self.is_closed:
            self.queue_disconnect()

    def on_destroy(self) -> None:
        """The last handle is gone. Outstanding requests stay pending for ever."""
        self.is_closed = True
        self.core.event(TEvent.ESessionClose, None, self.number)
        for thread in self.attached or ():
            thread.at_end.pop(self, None)
        self.attached = None
        if self.server is not None:
            self._begin_disconnect()
        super().on_destroy()

    def _begin_disconnect(self) -> None:
        connect = self.connect
        if self.cookie == 0 and connect is not None:
            if connect.state is EAccepted:
                return  # held back until the cookie is set, or the connect completed
            assert self.server is not None
            self.server.queue.pop(connect, None)  # its client learns nothing
            self.connect = None
            self.free(connect)
        self.queue_disconnect()

    def queue_disconnect(self) -> None:
        """The disconnect message takes its turn like any other."""
        server = self.server
        if server is None:
            return
        self.disconnect = message = DMessage(self.creator, EDisconnect)
        message.session = self
        message.function = KMessageDisconnect
        server.deliver(message)

    def detach(self, code: int | None) -> None:
        """Part from the server; what is outstanding ends with *code*, if with any."""
        server = self.server
        if server is None:
            return
        self.server = None
        del server.sessions[self]
        for message in list(self.messages):
            server.queue.pop(message, None)
            if code is not None and not self.is_closed:
                self.core.event(
                    TEvent.EMessageComplete,
                    None,
                    self.number,
                    message.report_handle(),
                    code,
                )
                answer(self.core, message, code)
            self.free(message)
        self.connect = None
        disconnect, self.disconnect = self.disconnect, None
        if disconnect is not None:
            server.queue.pop(disconnect, None)
            self.free(disconnect)

    def state_text(self) -> str:
        """For `repr`."""
        if self.server is None:
            return "server gone"
        return f"with {self.server_name}, {len(self.messages)} messages"
