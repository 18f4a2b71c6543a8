"""Provider: a file that is open, and what its users share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kernel.abi.chunk import KPageSize
from servers.fileserver.client import RFs
from servers.l4fs.accessor import Accessor
from servers.l4fs.codes import l4_errors
from servers.l4fs.lock import Lock
from servers.l4fs.page_collection import PageCollection
from servers.l4fs.page_mapper import PageMapper
from servers.l4fs.protocol import O_EXCL, O_TRUNC, round_up
from servers.l4fs.subscriptions import Subscriptions
from userlib.l4re.consts import L4_EEXIST, L4_ENOMEM
from userlib.l4re.errors import L4Error

KStepPages: Final = 16  # the server reads and writes so many at a time


class Provider:
    """What all users of one file have in common: pages, size, subscriptions.

    Threads: any of the server's; each method takes the lock, for as long as the file
    server takes at most. Nobody holds another provider's meanwhile.
    Original: Departure's providers (l4re-idl 6.3).
    """

    def __init__(
        self, fs: RFs, name: str, collection: PageCollection, lock: Lock
    ) -> None:
        # Fixed for life:
        self.name: Final = name
        self.collection: Final = collection

        self.lock: Final = lock
        # Guarded by the lock:
        self._accessor: Final = Accessor(fs, name)
        self._mapper: Final = PageMapper(self._accessor, collection, self.lock)
        self._subscriptions: Final = Subscriptions()
        self._is_open = False
        self.users = 0  # guarded by the registry's lock

    # Its life.

    def open(self, flags: int, *, writing: bool) -> None:
        """For one user more. Raises: L4Error."""
        with self.lock, l4_errors():
            if self._is_open and flags & O_EXCL:
                raise L4Error(L4_EEXIST)
            if not self._is_open:
                self._accessor.open(flags, writing=writing)
                self._is_open = True
                self._mapper.size = self._accessor.size()
            if writing and not self._accessor.is_writable:
                self._accessor.allow_writing()
                self._mapper.watch_all()
            if flags & O_TRUNC and self._mapper.size:
                self._mapper.resize(0)

    def end(self) -> None:
        """The last user has gone: nothing stays mapped, changes are stored.

        Requires: the lock. Raises: L4Error if they cannot be.
        """
        pages = self._mapper.map.pages()
        for page in pages:
            self._mapper.map.unmap(page.number)
        try:
            self._mapper.write_back(pages)
        finally:
            self._mapper.remove_all()
            self._accessor.close()
            self._is_open = False

    # The memory.

    @contextmanager
    def pages(self, numbers: range) -> Iterator[PageMapper]:
        """Hold the lock, with these pages in memory. Raises: L4Error.

        Requires: no provider's lock, for room may have to be made in other files.
        """
        with self.lock:
            missing = sum(map(len, self._mapper.map.missing(numbers)))
        self.collection.make_room(missing)
        try:
            with self._filled(numbers) as mapper:
                yield mapper
        finally:
            self.collection.keep_promise(missing)

    @contextmanager
    def _filled(self, numbers: range) -> Iterator[PageMapper]:
        for is_last in (False, True):
            with self.lock:
                if self._try_fill(numbers, is_last=is_last):
                    yield self._mapper
                    return
            self.collection.recycle_all()  # whole chunks go with their last page

    def _try_fill(self, numbers: range, *, is_last: bool) -> bool:
        """Whether they are there; not, if there is no memory for a chunk."""
        try:
            self._mapper.fill(numbers)
        except L4Error as error:
            if is_last or error.code != L4_ENOMEM:
                raise
            return False
        return True

    def read(self, position: int, length: int) -> bytes:
        """Bytes as they are in memory, zeros behind the end. Raises: L4Error."""
        pieces = []
        for start, size in steps(position, length):
            with self.pages(pages_of(start, size)) as mapper:
                pieces.append(mapper.read(start, size))
        return b"".join(pieces)

    def write(self, position: int, data: bytes) -> None:
        """Change bytes in memory. Raises: L4Error."""
        for start, size in steps(position, len(data)):
            done = start - position
            with self.pages(pages_of(start, size)) as mapper:
                mapper.write(start, data[done : done + size])

    # The file.

    @property
    def size(self) -> int:
        """Of the file."""
        with self.lock:
            return self._mapper.size

    def resize(self, size: int) -> None:
        """Set it. Raises: L4Error."""
        with self.lock:
            self._mapper.resize(size)

    def flush(self, end: int) -> int:
        """Store what was changed; data reach up to *end*. The size. Raises: L4Error."""
        with self.lock:
            if end > self._mapper.size:
                self._mapper.resize(end)
            self._mapper.write_back(self._mapper.map.pages())
            with l4_errors():
                self._accessor.flush()
            return self._mapper.size

    # Events.

    def tell(self, event: int, origin: object) -> None:
        """Something happened by the doing of a user."""
        with self.lock:
            self._subscriptions.tell(event, origin)

    @contextmanager
    def subscriptions(self) -> Iterator[Subscriptions]:
        """To change them."""
        with self.lock:
            yield self._subscriptions


def pages_of(position: int, length: int) -> range:
    """The pages that a range of bytes touches."""
    return range(position // KPageSize, round_up(position + length) // KPageSize)


def steps(position: int, length: int) -> Iterator[tuple[int, int]]:
    """A long range in parts of few pages."""
    end = position + length
    while position < end:
        limit = (position // KPageSize + KStepPages) * KPageSize
        size = min(end, limit) - position
        yield position, size
        position += size
