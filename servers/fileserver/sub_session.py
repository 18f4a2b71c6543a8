"""What stands behind a sub-session's handle.

These objects belong to Main: their table, their containers, their reference counts. A
drive's thread only fills in, before it answers, what the handle is good for; a handle
that isn't filled in yet is as bad as none.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from kernel.objects import CObject
from servers.fileserver.drive import Drive
from servers.fileserver.entry import TEntry, pack_batch
from userlib.symbian.heap import HeapCell

if TYPE_CHECKING:
    from servers.fileserver.open_file import Share


class CFileObject(CObject):
    """An RFile."""

    __slots__ = ("drive", "share")

    def __init__(self, drive: Drive) -> None:
        super().__init__()
        self.drive = drive
        self.share: Share | None = None  # None: not open yet, or no longer

    @property
    def is_open(self) -> bool:
        return self.share is not None


class CFormatObject(CObject):
    """An RFormat: how much of the format is left to do."""

    __slots__ = ("drive", "left")

    def __init__(self, drive: Drive) -> None:
        super().__init__()
        self.drive = drive
        self.left: int | None = None  # None: not open yet, or no longer

    @property
    def is_open(self) -> bool:
        return self.left is not None

    def step(self, count: int) -> None:
        """Do *count* steps more; with the last one the volume can be used again."""
        assert self.left is not None
        if self.left > 0:
            self.left = max(0, self.left - count)
            if self.left == 0:
                self.drive.end_format(is_whole=True)

    def end(self) -> None:
        """The handle is closed; a format that is not done is abandoned."""
        left, self.left = self.left, None
        if left:
            self.drive.end_format(is_whole=False)


class CDirObject(CObject):
    """An RDir: what was in the directory when it was opened, and what of it is left.

    Taken at once, so that nothing is seen twice and whatever stays is seen.
    """

    __slots__ = ("_entries", "_memory", "_next", "drive")

    def __init__(self, drive: Drive) -> None:
        with ExitStack() as undo:
            self._memory = undo.enter_context(HeapCell("directory entries"))
            super().__init__()
            undo.pop_all()
        self.drive = drive
        self._entries: Sequence[TEntry] | None = None  # None: not open yet
        self._next = 0

    def on_destroy(self) -> None:
        self._memory.free()

    @property
    def is_open(self) -> bool:
        return self._entries is not None

    def fill(self, entries: Sequence[TEntry]) -> None:
        """The directory's entries; from now on it is open."""
        self._entries = entries

    @property
    def is_at_end(self) -> bool:
        assert self._entries is not None
        return self._next == len(self._entries)

    def batch(self, room: int, count: int) -> bytes:
        """Up to *count* entries, packed into *room* bytes; the next call goes on."""
        assert self._entries is not None
        rest = self._entries[self._next : self._next + count]
        packed, taken = pack_batch(rest, room)
        self._next += taken
        return packed
