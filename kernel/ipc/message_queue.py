"""DMsgQueue: messages of one size, passed without a server."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, final

from kernel.abi.errors import KErrCancel, KErrNone, KRequestPending
from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject
from kernel.tasks.request import complete

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.thread import DThread


@final
class DMsgQueue(DObject):
    """A message queue: *slots* messages of up to *size* bytes.

    Nobody is parked here. A thread that finds it empty, or full, asks to be notified
    and tries again; only one may ask for data and one for space.
    Original: DMsgQueue (symbian-kernel 9.6).
    """

    kind = TObjectType.EMsgQueue

    def __init__(
        self, core: Core, name: str | None, owner: DObject | None, slots: int, size: int
    ) -> None:
        if core.faults is not None:
            core.faults.allocate("MsgQueueSlots")
        super().__init__(core, name, owner)
        # Fixed for life:
        self.slots: Final = slots
        self.size: Final = size  # bytes of a message

        # Guarded by the kernel lock:
        self.messages: deque[bytes] = deque()
        self.data = Notice(core)  # who waits for a message
        self.space = Notice(core)  # who waits for a free slot

    @property
    def is_full(self) -> bool:
        """Whether every slot is taken."""
        return len(self.messages) == self.slots

    def put(self, message: bytes) -> None:
        """Append; there is a slot."""
        self.messages.append(message.ljust(self.size, b"\0"))
        self.data.finish(KErrNone)

    def take(self) -> bytes:
        """The oldest; there is one."""
        message = self.messages.popleft()
        self.space.finish(KErrNone)
        return message

    def on_destroy(self) -> None:
        """Who waits waits for nothing."""
        self.data.finish(KErrCancel)
        self.space.finish(KErrCancel)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"{len(self.messages)} of {self.slots} slots"


class Notice:
    """A request to be told of something that one thread at a time may make."""

    __slots__ = ("_core", "status", "thread")

    def __init__(self, core: Core) -> None:
        self._core: Final = core
        self.thread: DThread | None = None
        self.status: ClientStatus | None = None  # None: nobody asked

    @property
    def is_pending(self) -> bool:
        """Whether a thread asked that can still be told."""
        return self.status is not None and not (self.thread and self.thread.dead)

    def request(self, thread: DThread, status: ClientStatus, *, now: bool) -> None:
        """Complete *status* with KErrNone at the next `finish`, or *now*."""
        status.value = KRequestPending
        self.thread, self.status = thread, status
        if now:
            self.finish(KErrNone)

    def finish(self, code: int) -> None:
        """Tell who asked, if anybody did."""
        thread, self.thread = self.thread, None
        status, self.status = self.status, None
        if thread is not None and status is not None:
            complete(self._core, thread, status, code)
