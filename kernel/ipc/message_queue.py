"""DMsgQueue: messages of one size, passed without a server."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, final

from kernel.abi.errors import KErrCancel
from kernel.abi.handles import TObjectType
from kernel.tasks.notice import Notice
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.core import Core


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
        self.data: Final = Notice(core, "a message in", self)
        self.space: Final = Notice(core, "a free slot of", self)

    @property
    def is_full(self) -> bool:
        """Whether every slot is taken."""
        return len(self.messages) == self.slots

    def put(self, message: bytes) -> None:
        """Append; there is a slot."""
        self.messages.append(message.ljust(self.size, b"\0"))
        self.data.finish()

    def take(self) -> bytes:
        """The oldest; there is one."""
        message = self.messages.popleft()
        self.space.finish()
        return message

    def on_destroy(self) -> None:
        """Who waits waits for nothing."""
        self.data.finish(KErrCancel)
        self.space.finish(KErrCancel)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"{len(self.messages)} of {self.slots} slots"
