"""What clients import: FileContext opens files, MappedFile reads and writes one.

The memory of a file is shared by all who have it open: what one writes the others see
at once. `flush` has it stored, and lets the file grow.
"""

from types import TracebackType
from typing import Final, Self

from servers.l4fs.client_mappings import Mappings
from servers.l4fs.mapped_file_object_client import client_MappedFileObject
from servers.l4fs.protocol import (
    O_RDONLY,
    OBJECT_WRITABLE,
    KMaxPosition,
    TStat,
    round_up,
)
from servers.l4fs.remote import RemoteContext
from userlib.l4re.cap import Cap
from userlib.l4re.consts import L4_EINVAL, L4_EPERM, L4_ERANGE
from userlib.l4re.errors import L4Error
from userlib.l4re.irq import Irq

__all__ = ["FileContext", "MappedFile", "TStat"]

KLeastWindow: Final = 1 << 16  # bytes
EVERYTHING: Final = (0, 0)  # is visible


class FileContext(RemoteContext):
    r"""A thread's own way to the files of a component; `with` lets go of it.

    Paths are separated by `/` or `\\`; letter case does not count.

    Threads: the one that made it.
    Original: none; libfsclient's functions on paths do the same in Departure.
    """

    def open(self, path: str, flags: int = O_RDONLY) -> "MappedFile":
        """Open a file.

        Raises: L4Error: L4_ENOENT, L4_EEXIST with O_EXCL, L4_EACCESS for a directory or
            what may not be written, L4_EBUSY, L4_EINVAL for a bad path or flags.
        """
        size, cap, can = self.open_object(path, flags)
        return MappedFile(cap, size, is_writable=bool(can & OBJECT_WRITABLE))


class MappedFile:
    """An open file, as memory that shows when it is touched.

    `file[3]` and `file[3:9]` are bytes of it, and can be assigned to. `read` and
    `write` go on where the last left off. The library moves the window over the file
    as it needs to, and knows how far the data reach that were written, so that `flush`
    lets the file grow by them. Closing flushes what was written.

    Threads: the one that made it.
    Original: none; libfsclient's file_t has the same part in Departure.
    """

    def __init__(self, cap: Cap, size: int = 0, *, is_writable: bool = True) -> None:
        self._cap: Final = cap
        self._object: Final = client_MappedFileObject(cap)
        self._mappings: Final = Mappings(self._object, is_writable=is_writable)
        self._size = size  # as it was heard of last
        self._data_end = 0  # of what was written since the last flush
        self._visible = EVERYTHING
        self._is_fixed = False  # the window was chosen by the program
        self.position = 0
        self.is_writable: Final = is_writable

    @classmethod
    def open(cls, fs: Cap, path: str, flags: int = O_RDONLY, user: int = 0) -> Self:
        """A file by the capability of its filesystem.

        Raises: as FileContext.open.
        """
        with FileContext(fs, user) as context:
            size, cap, can = context.open_object(path, flags)
        return cls(cap, size, is_writable=bool(can & OBJECT_WRITABLE))

    @property
    def cap(self) -> Cap:
        """The capability: of a MappedFileObject."""
        return self._cap

    # Size and position.

    def size(self) -> int:
        """Bytes, with those written behind the end that were not flushed yet."""
        window = self._mappings.window or range(KLeastWindow)
        self._expose(window.start, window.stop - window.start, self._visible)
        return max(self._size, self._data_end)

    def __len__(self) -> int:
        return self.size()

    def seek(self, position: int) -> int:
        """Go on there; it may be behind the end.

        Raises: ValueError if it is negative.
        """
        if position < 0:
            raise ValueError("a position is not negative")
        self.position = position
        return position

    def resize(self, size: int) -> int:
        """Cut the file, or add zeros. Returns: the size in force.

        Raises: L4Error: L4_EPERM if it was opened for reading, L4_ENOSPC.
        """
        self._size = self._object.resize(size)
        self._data_end = min(self._data_end, self._size)
        return self._size

    # The window.

    def expose(
        self, position: int, length: int, visible: tuple[int, int] = EVERYTHING
    ) -> range:
        """Choose the window oneself: nothing else of the file can be reached then.

        A *visible* range that is not empty hides all others: they read as zeros, and
        what is written there goes nowhere.

        Returns: the window, in whole pages.
        Raises: L4Error with L4_EINVAL for no length.
        """
        self._expose(position, length, visible)
        self._is_fixed = True
        return self._mappings.window

    def _expose(self, position: int, length: int, visible: tuple[int, int]) -> None:
        start, end, self._size = self._object.mmap(position, length, *visible)
        is_same = visible == self._visible == EVERYTHING
        self._mappings.move(range(start, end), is_same=is_same)
        self._visible = visible

    def _reach(self, position: int, length: int) -> None:
        """Have a range in the window. Raises: L4Error with L4_ERANGE if it can't be."""
        window, end = self._mappings.window, position + length
        if window.start <= position and end <= window.stop:
            return
        if self._is_fixed or end > KMaxPosition:
            raise L4Error(L4_ERANGE)
        ahead = max(2 * round_up(end), KLeastWindow)
        self._expose(0, min(ahead, KMaxPosition), EVERYTHING)

    # Bytes.

    def read_at(self, position: int, length: int) -> bytes:
        """As many bytes as there are. Raises: L4Error."""
        return self._read(position, min(length, self.size() - position))

    def _read(self, position: int, length: int) -> bytes:
        """Inside the file, as it was a moment ago."""
        if length <= 0:
            return b""
        self._reach(position, length)
        return self._mappings.read(position, length)

    def write_at(self, position: int, data: bytes) -> None:
        """Change memory, also behind the end.

        Raises: L4Error with L4_EPERM if the file was opened for reading; L4_ENOMEM.
        """
        if not self.is_writable:
            raise L4Error(L4_EPERM)
        if not data:
            return
        self._reach(position, len(data))
        self._mappings.write(position, data)
        self._data_end = max(self._data_end, position + len(data))

    def read(self, length: int = -1) -> bytes:
        """Bytes from the position on, by default to the end."""
        if length < 0:
            length = KMaxPosition
        found = self.read_at(self.position, length)
        self.position += len(found)
        return found

    def write(self, data: bytes) -> int:
        """Bytes at the position. Returns: how many. Raises: as write_at."""
        self.write_at(self.position, data)
        self.position += len(data)
        return len(data)

    def __getitem__(self, key: int | slice) -> int | bytes:
        if isinstance(key, slice):
            start, length = self._range(key)
            return self._read(start, length)
        return self._read(self._place(key), 1)[0]

    def __setitem__(self, key: int | slice, value: int | bytes) -> None:
        if isinstance(key, slice):
            start, length = self._range(key)
            if not isinstance(value, bytes | bytearray | memoryview):
                raise TypeError("bytes are wanted")
            if len(value) != length:
                raise ValueError("memory keeps its size: as many bytes are wanted")
            self.write_at(start, bytes(value))
        else:
            if not isinstance(value, int):
                raise TypeError("a number is wanted")
            self.write_at(self._place(key), bytes((value,)))

    def _range(self, key: slice) -> tuple[int, int]:
        start, stop, step = key.indices(self.size())
        if step != 1:
            raise ValueError("only bytes in a row")
        return start, max(stop - start, 0)

    def _place(self, index: int) -> int:
        size = self.size()
        place = index + size if index < 0 else index
        if not 0 <= place < size:
            raise IndexError("no such byte in the file")
        return place

    # Storing, events, the end.

    def flush(self) -> int:
        """Have all changes stored, and others told. Returns: the file's size.

        Raises: L4Error: L4_ENOSPC.
        """
        window = self._mappings.window
        reach = max(self._data_end - window.start, 0)
        self._size = self._object.flush(min(reach, window.stop - window.start))
        self._data_end = 0
        return self._size

    def subscribe(self, notifier: Irq, flags: int) -> None:
        """Trigger *notifier* when others flush, open or close the file.

        Raises: L4Error: L4_EINVAL for no flags or unknown ones, L4_EEXIST.
        """
        if not notifier:
            raise L4Error(L4_EINVAL)
        self._object.subscribe(notifier.mode("rw"), flags)

    def unsubscribe(self, notifier: Irq) -> None:
        """No more. Raises: L4Error with L4_ENOENT."""
        self._object.unsubscribe(notifier.mode("rw"))

    def close(self) -> None:
        """Flush what was written, and let go of the file.

        Raises: L4Error if it cannot be stored; it is let go all the same.
        """
        try:
            if self._cap and self._data_end:
                self.flush()
        finally:
            self._mappings.close()
            self._cap.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
