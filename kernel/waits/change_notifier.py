"""DChangeNotifier: collects what has changed in the system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from kernel.abi.changes import KInitialChanges
from kernel.abi.errors import KErrGeneral
from kernel.abi.handles import TObjectType
from kernel.tasks.notice import Notice
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.thread import DThread


@final
class DChangeNotifier(DObject):
    """A change notifier. What changes while nobody asks is told to who asks next.

    Original: DChangeNotifier (symbian-kernel 4.9).
    """

    kind = TObjectType.EChangeNotifier

    def __init__(self, core: Core, owner: DObject) -> None:
        super().__init__(core, None, owner)
        self.changes: int = KInitialChanges  # TChanges, not yet told
        self.notice: Final = Notice(core, "a change told by", self)

    def log_on(self, thread: DThread, status: ClientStatus) -> None:
        """Complete *status* with what has changed, now or when something does."""
        self.notice.request(thread, status)
        self._tell()

    def change(self, changes: int) -> None:
        """Something has."""
        self.changes |= changes
        self._tell()

    def _tell(self) -> None:
        if self.changes and self.notice.thread is not None:
            changes, self.changes = self.changes, 0
            self.notice.finish(changes)

    def on_destroy(self) -> None:
        """Closed while somebody waits."""
        self.notice.finish(KErrGeneral)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"changes {self.changes:#x}"


def announce_change(core: Core, changes: int) -> None:
    """Tell every notifier."""
    for obj in core.containers[TObjectType.EChangeNotifier].live():
        assert isinstance(obj, DChangeNotifier)
        obj.change(changes)
