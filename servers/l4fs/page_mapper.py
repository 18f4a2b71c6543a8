"""PageMapper: has pages of one file in memory, and writes back those that were changed.

Nobody tells the server of a write to memory. A page that somebody could write to is
compared with the digest of what is stored.
"""

from typing import Final

from kernel.abi.chunk import KPageSize
from kernel.abi.errors import Leave
from servers.l4fs.access_map import CHANGED, AccessMap, Page, digest_of
from servers.l4fs.accessor import Accessor
from servers.l4fs.codes import l4_errors
from servers.l4fs.lock import Lock
from servers.l4fs.page_collection import PageCollection
from servers.l4fs.protocol import round_up
from userlib.l4re.errors import L4Error

KRunPages: Final = 64  # written at once


class PageMapper:
    """The pages of one file.

    Requires: the provider's lock, but for `recycle`, which takes it.
    Original: Departure's page mappers (l4re-idl 6.3).
    """

    def __init__(
        self, accessor: Accessor, collection: PageCollection, lock: Lock
    ) -> None:
        self._accessor: Final = accessor
        self._collection: Final = collection
        self._lock: Final = lock
        self.map: Final = AccessMap()
        self.size = 0  # of the file

    # Into memory.

    def fill(self, numbers: range) -> None:
        """Have all of these in memory, and issue them. Raises: L4Error."""
        for run in self.map.missing(numbers):
            self._fill_run(run)
        self._collection.issue(self, numbers)

    def watch_all(self) -> None:
        """The file may be written to from now on."""
        for page in self.map.pages():
            self.map.watch(page.number)

    def _fill_run(self, run: range) -> None:
        """Read a run of pages in.

        Of a file that may be written to all are watched, whoever they are issued to.
        """
        start = run.start * KPageSize
        length = min(run.stop * KPageSize, self.size) - start
        with l4_errors():
            memory = self.map.add(run)
            try:
                if length > 0:
                    self._accessor.read(start, memory, length)
            except Leave:
                self.map.remove(run)
                raise
        if self._accessor.is_writable:
            for number in run:
                self.map.watch(number)

    def read(self, position: int, length: int) -> bytes:
        """Bytes of pages that are in memory."""
        return b"".join(
            bytes(self.map.view(number)[start:end])
            for number, start, end in parts(position, length)
        )

    def write(self, position: int, data: bytes) -> None:
        """Change bytes of pages that are in memory, and watched."""
        done = 0
        for number, start, end in parts(position, len(data)):
            view = self.map.view(number)
            view[start:end] = data[done : done + end - start]
            done += end - start

    # Out of memory.

    def write_back(self, pages: list[Page]) -> None:
        """Store those that were changed, as far as the file goes. Raises: L4Error."""
        run: list[tuple[Page, bytes]] = []
        for page in pages:
            if page.number * KPageSize >= self.size or not self.map.is_changed(page):
                continue
            if run and (run[-1][0].number + 1 != page.number or len(run) >= KRunPages):
                self._store(run)
                run = []
            run.append((page, bytes(self.map.view(page.number))))
        if run:
            self._store(run)

    def _store(self, run: list[tuple[Page, bytes]]) -> None:
        """Pages in a row; what is written to them meanwhile counts as changed."""
        start = run[0][0].number * KPageSize
        data = b"".join(data for _, data in run)[: self.size - start]
        with l4_errors():
            self._accessor.write(start, data)
        for page, stored in run:
            page.digest = digest_of(stored)

    def recycle(self, number: int) -> bool:
        """Store a page and give its memory up; False if that cannot be now.

        First nobody can write to it any more, then it is looked at: nothing is lost.
        """
        with self._lock:
            page = self.map.page(number)
            if page is not None:
                self.map.unmap(number)
                if self._is_kept(page):
                    return False
                self.map.remove(range(number, number + 1))
            self._collection.forget(self, number)
            return True

    def _is_kept(self, page: Page) -> bool:
        """Whether it holds something that has no place in the file."""
        inside = min(max(self.size - page.number * KPageSize, 0), KPageSize)
        if page.digest is not None and any(self.map.view(page.number)[inside:]):
            return True
        try:
            self.write_back([page])
        except L4Error:
            return True
        return False

    def remove_all(self) -> None:
        """No page is in memory after that, changed or not."""
        self._remove(self.map.pages())

    def _remove(self, pages: list[Page]) -> None:
        for page in pages:
            self.map.remove(range(page.number, page.number + 1))
            self._collection.forget(self, page.number)

    # The size.

    def resize(self, size: int) -> None:
        """Set the file's size; what was cut off shows zeros. Raises: L4Error."""
        with l4_errors():
            self._accessor.set_size(size)
        old, self.size = self.size, size
        if size < old:
            self._cut(size)
        else:
            self._extend(old)

    def _cut(self, size: int) -> None:
        self._remove(self.map.pages(round_up(size) // KPageSize))
        number, inside = divmod(size, KPageSize)
        if inside and self.map.page(number) is not None:
            self.map.watch(number)
            self.map.view(number)[inside:] = bytes(KPageSize - inside)

    def _extend(self, old: int) -> None:
        """What was written behind the end is part of the file now, and not stored."""
        for page in self.map.pages(old // KPageSize):
            if page.digest is not None:
                page.digest = CHANGED


def parts(position: int, length: int) -> list[tuple[int, int, int]]:
    """The pages of a range of bytes, and from where to where of each."""
    found = []
    end = position + length
    while position < end:
        number, start = divmod(position, KPageSize)
        step = min(KPageSize - start, end - position)
        found.append((number, start, start + step))
        position += step
    return found
