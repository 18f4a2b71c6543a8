"""Raw events: what a user does, on its way to whoever has the event hook.

Original: KERN-EXEC 12, 13 and 20; symbian-kernel 10.3.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KErrCancel, KErrOverflow
from kernel.abi.raw_event import USER_EVENTS, KMaxRawEvents
from kernel.tasks.notice import Notice
from kernel.tasks.request import has_room
from kernel.waits.timer import note_activity

if TYPE_CHECKING:
    from kernel.abi.memory import ClientCell, ClientStatus
    from kernel.abi.raw_event import RawEvent
    from kernel.core import Core
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread


class EventHook:
    """The events that wait, who has the hook, and its request."""

    def __init__(self, core: Core) -> None:
        self._core: Final = core
        self._events: Final[deque[RawEvent]] = deque()
        self._process: DProcess | None = None
        self._cell: ClientCell | None = None
        self.notice: Final = Notice(core, "an event of", self)

    def __repr__(self) -> str:
        return f"<event hook: {len(self._events)} waiting>"

    @property
    def process(self) -> DProcess | None:
        """Who has the hook, if it lives."""
        process = self._process
        return None if process is None or process.dead else process

    def capture(self, process: DProcess) -> None:
        """Give the hook to *process*."""
        self._process = process

    def release(self) -> None:
        """Nobody has it."""
        self.notice.finish(KErrCancel)
        self._process = None

    def request(self, thread: DThread, cell: ClientCell, status: ClientStatus) -> None:
        """Complete when there is an event, which may be now."""
        if has_room(self._core, thread, status, "event request"):
            self._cell = cell
            self.notice.request(thread, status)
            self._tell()

    def add(self, event: RawEvent) -> None:
        """An event has happened. Raises: KErrOverflow."""
        if len(self._events) >= KMaxRawEvents:
            raise KernelError(KErrOverflow)
        self._events.append(event)
        if event[0] in USER_EVENTS:
            note_activity(self._core)
        self._tell()

    def _tell(self) -> None:
        if self._events and self.notice.thread is not None:
            assert self._cell is not None
            self._cell.value = self._events.popleft()
            self.notice.finish()
