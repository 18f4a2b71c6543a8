"""DUndertaker: hands out a handle to the next thread that dies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from kernel.abi.errors import KErrDied, KErrGeneral
from kernel.abi.handles import TObjectType
from kernel.tasks.notice import Notice
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.abi.memory import ClientCell, ClientStatus
    from kernel.core import Core
    from kernel.tasks.thread import DThread


@final
class DUndertaker(DObject):
    """An undertaker.

    A death must not fail for want of a handle: the slot is taken when a thread logs on,
    by a handle to that thread itself, and exchanged when another has died.
    Original: DUndertaker (symbian-kernel 4.9).
    """

    kind = TObjectType.EUndertaker

    def __init__(self, core: Core, owner: DObject) -> None:
        super().__init__(core, None, owner)
        self.notice: Final = Notice(core, "a death told by", self)
        self.cell: ClientCell | None = None  # where the handle goes
        self.reserved = 0  # that handle, until then one to the thread itself

    def log_on(self, thread: DThread, status: ClientStatus, cell: ClientCell) -> None:
        """Wait for the next death. Raises: KErrNoMemory."""
        self.reserved = thread.handles.add_opened(thread)
        self.cell = cell
        self.notice.request(thread, status)

    def bury(self, dead: DThread) -> None:
        """A thread has died: tell who waits."""
        thread = self.notice.thread
        if thread is not None and self.cell is not None:
            self.cell.value = thread.handles.exchange(self.reserved, dead)
            self.notice.finish(KErrDied)

    def end_request(self, code: int) -> None:
        """Give the slot back, and complete the request, if there is one."""
        thread = self.notice.thread
        if thread is not None and thread.handles.try_at(self.reserved) is thread:
            thread.handles.remove(self.reserved)
        self.notice.finish(code)

    def on_destroy(self) -> None:
        """Closed while somebody waits."""
        self.end_request(KErrGeneral)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return "idle" if self.notice.thread is None else "waiting for a death"


def announce_death(core: Core, dead: DThread) -> None:
    """Tell every undertaker."""
    for obj in core.containers[TObjectType.EUndertaker].live():
        assert isinstance(obj, DUndertaker)
        obj.bury(dead)
