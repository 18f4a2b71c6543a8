"""DSemaphore: a count that threads wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KErrGeneral
from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject
from kernel.waits.wait_queue import Waitable, WaitQueue

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


class DSemaphore(DObject, Waitable):
    """A counting semaphore. Any thread may signal; it has no owner to recover from.

    Original: DSemaphore (symbian-kernel 9.1).
    """

    kind = TObjectType.ESemaphore

    def __init__(
        self, core: Core, name: str | None, owner: DObject | None, count: int
    ) -> None:
        super().__init__(core, name, owner)
        self.count = count
        self.queue = WaitQueue(self)

    def try_take(self, thread: DThread) -> bool:
        """Take one if there is one."""
        if self.count == 0:
            return False
        self.count -= 1
        return True

    def signal(self, count: int) -> None:
        """Release up to *count* waiters; the rest adds to the count."""
        queue = self.queue
        while count and queue:
            thread = queue.take_first()
            assert thread is not None
            queue.end(thread)
            count -= 1
        self.count += count

    def on_destroy(self) -> None:
        """Waiters hold no reference: they may be left over."""
        self.queue.end_all(KErrGeneral)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"count {self.count}, {len(self.queue)} waiting"
