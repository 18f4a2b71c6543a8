"""A request to be told of something, of which one thread at a time may have one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KErrNone, KRequestPending
from kernel.tasks.request import complete

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.thread import DThread


class Notice:
    """The place for such a request. That of a dead thread counts for nothing.

    *what* says in a word or two what is awaited, of *source*.
    """

    __slots__ = ("_core", "_source", "_status", "_thread", "_what")

    def __init__(self, core: Core, what: str, source: object) -> None:
        self._core: Final = core
        self._what: Final = what
        self._source: Final = source
        self._thread: DThread | None = None  # who asked
        self._status: ClientStatus | None = None

    @property
    def thread(self) -> DThread | None:
        """Who has a request here, and lives to be told."""
        thread = self._thread
        return None if thread is None or thread.dead else thread

    def request(self, thread: DThread, status: ClientStatus) -> None:
        """Complete *status* at the next `finish`."""
        status.value = KRequestPending
        self._thread, self._status = thread, status
        thread.awaits[self] = None

    def finish(self, code: int = KErrNone) -> None:
        """Tell who asked, if anybody did."""
        thread, self._thread = self._thread, None
        status, self._status = self._status, None
        if thread is not None and status is not None:
            thread.awaits.pop(self, None)
            complete(self._core, thread, status, code)

    def describe_request(self) -> str:
        """For reports."""
        return f"{self._what} {self._source!r}"
