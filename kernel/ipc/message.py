"""DMessage: one request on its way from a client thread to a server and back.

    free ──send──► delivered ──accept──► accepted ──complete──► free
                       └──── session or server closes ───────────►┘

Every thread has one message of its own for synchronous requests, every session one for
its disconnection; asynchronous ones come from the session's own slots or the
system-wide pool, which are counts here: the objects themselves are Python's to recycle.

Original: RMessageK (symbian-kernel 6.7).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KErrBadDescriptor
from kernel.abi.ipc import KMessageConnect, KMessageDisconnect
from kernel.abi.memory import ClientBuffer
from kernel.tasks.park import wake
from kernel.tasks.request import complete

if TYPE_CHECKING:
    from kernel.abi.ipc import IpcArgs
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.ipc.client_memory import Descriptor
    from kernel.ipc.session import DSession
    from kernel.tasks.thread import DThread


class TState(Enum):
    """Where a message is."""

    EFree = "free"
    EDelivered = "delivered"
    EAccepted = "accepted"


class TPool(Enum):
    """Where a message goes when it is freed."""

    EThread = "sync"  # the client thread's own
    ESession = "slot"
    EGlobal = "async"
    EDisconnect = "disconnect"


# Members as plain names: an attribute of an Enum class is slow to read on the hot path.
EFree: Final = TState.EFree
EDelivered: Final = TState.EDelivered
EAccepted: Final = TState.EAccepted
EThread: Final = TPool.EThread
ESession: Final = TPool.ESession
EGlobal: Final = TPool.EGlobal
EDisconnect: Final = TPool.EDisconnect

NO_ARGS: Final = (0, 0, 0, 0)


class DMessage:
    """A request, and what a client parked on its answer waits for."""

    __slots__ = (
        "args",
        "client",
        "descriptors",
        "function",
        "handle",
        "number",
        "pool",
        "pool_name",
        "session",
        "state",
        "status",
        "types",
    )

    def __init__(self, client: DThread, pool: TPool) -> None:
        self.client = client
        self.pool: Final = pool
        self.pool_name: Final[str] = pool.value  # for events
        self.state = EFree
        self.session: DSession  # set by every send
        self.function = 0
        self.args: IpcArgs = ()
        self.types = 0
        self.descriptors: list[Descriptor | None] | None = None  # made when needed
        self.status: ClientStatus | None = None  # None: parked, or never told
        self.handle = 0  # while accepted
        self.number = 0  # of this use, for reports

    def descriptor(self, index: int) -> Descriptor:
        """Raises: KErrBadDescriptor if the argument is none."""
        found = self.descriptors[index] if self.descriptors is not None else None
        if found is None:
            raise KernelError(KErrBadDescriptor)
        return found

    def note_length(self, value: object, length: int) -> None:
        """A write changed a client's descriptor, in whichever arguments it stands."""
        assert self.descriptors is not None
        for descriptor in self.descriptors:
            if descriptor is not None and descriptor.value is value:
                descriptor.length = length

    def give_lengths(self) -> None:
        """Completion: the client's descriptors show their new lengths."""
        for descriptor in self.descriptors or ():
            if descriptor is not None and isinstance(descriptor.value, ClientBuffer):
                descriptor.value.length = descriptor.length

    def report_handle(self) -> int:
        """The handle under which the server knows it; 0 if it never accepted it."""
        return self.handle if self.state is EAccepted else 0

    # As the reason a client thread is parked:

    def unwait(self, thread: DThread) -> None:
        """The client is dying: the server keeps the message, nobody is told."""

    def describe(self) -> str:
        """For reports."""
        return f"the answer to {self!r}"

    def blockers(self) -> list[DThread]:
        """The server's thread."""
        server = self.session.server
        return [server.thread] if server is not None else []

    def suspend(self, thread: DThread) -> None:
        """An answer is not lost on a suspended client."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """A client is none."""
        return False

    def __repr__(self) -> str:
        names = {KMessageConnect: "connect", KMessageDisconnect: "disconnect"}
        function = names.get(self.function, f"fn {self.function}")
        server = self.session.server_name
        return f"<message {function} to {server}: {self.state.value}>"


def answer(core: Core, message: DMessage, code: int) -> None:
    """Tell the client, which may be parked, waiting for a status, or dead."""
    client = message.client
    if client.dead:
        return
    if message.descriptors is not None:
        message.give_lengths()
    if client.wait is message:
        client.reply = code
        wake(core, client)
    elif message.status is not None:
        complete(core, client, message.status, code)
