"""Mappings: the memory of a file that a client has mapped, page by page as it is used.

The component takes pages back when memory is short, and when the file is cut. A view
of them is released then: whoever meets that maps the page again, as a page fault would.
"""

from collections.abc import Callable
from struct import unpack_from
from typing import Final, NamedTuple

from kernel.abi.chunk import KPageSize
from servers.l4fs.mapped_file_object_client import client_MappedFileObject
from servers.l4fs.protocol import round_down
from userlib.l4re.consts import (
    L4_EAGAIN,
    L4_EINVAL,
    L4_EMSGMISSARG,
    L4MemoryRight,
)
from userlib.l4re.errors import L4Error
from userlib.l4re.fpage import Fpage

# Copies from or to a part of a view, which begins so far in the data. Both copies are
# one step of the interpreter each, so that memory is there for all of it or not at all;
# a slice of the view would keep the component from taking the memory back.
Use = Callable[[memoryview, int, int, int], None]

KAttempts: Final = 100  # to map a page that is taken back again and again
READ: Final = int(L4MemoryRight.R)
WRITE: Final = int(L4MemoryRight.W)


class Mapping(NamedTuple):
    """Memory, and which part of the file it is.

    Original: none; L4Re has it in the region mapper.
    """

    page: Fpage
    start: int
    end: int
    view: memoryview  # from start to end


class Mappings:
    """What is mapped of one window.

    Threads: the client's. Original: none; L4Re's region mapper has this part.
    """

    def __init__(self, file: client_MappedFileObject, *, is_writable: bool) -> None:
        self._file: Final = file
        self._rights: Final = READ | (WRITE if is_writable else 0)
        self._by_page: Final[dict[int, Mapping]] = {}
        self.window = range(0)  # bytes of the file

    def move(self, window: range, *, is_same: bool) -> None:
        """Another window; what is mapped stays good if it *is_same* memory there."""
        if not is_same:
            self.close()
        self.window = window

    def read(self, position: int, length: int) -> bytes:
        """Bytes inside the window. Raises: L4Error."""
        parts: list[bytes] = []

        def take(view: memoryview, first: int, last: int, done: int) -> None:
            del done
            parts.extend(unpack_from(f"{last - first}s", view, first))

        self._each(position, length, take)
        return b"".join(parts)

    def write(self, position: int, data: bytes) -> None:
        """Bytes inside the window. Raises: L4Error."""

        def put(view: memoryview, first: int, last: int, done: int) -> None:
            view[first:last] = data[done : done + last - first]

        self._each(position, len(data), put)

    def _each(self, position: int, length: int, use: Use) -> None:
        done = attempts = 0
        while done < length:
            mapping = self._mapping_of(position + done)
            first = position + done - mapping.start
            last = min(first + length - done, mapping.end - mapping.start)
            try:
                use(mapping.view, first, last, done)
            except ValueError:  # released: it was taken back
                self._forget(mapping)
                attempts += 1
                if attempts == KAttempts:
                    raise L4Error(L4_EAGAIN) from None
            else:
                done, attempts = done + last - first, 0

    def _mapping_of(self, position: int) -> Mapping:
        page = round_down(position)
        for _ in range(KAttempts):
            found = self._by_page.get(page)
            if found is None:
                found = self._map(page)
            if found is not None:
                return found
        raise L4Error(L4_EAGAIN)

    def _map(self, place: int) -> Mapping | None:
        """As much as is given; None if it was taken back on its way here."""
        try:
            page = self._file.map(place - self.window.start, place, self._rights)
        except L4Error as error:
            if error.code != L4_EMSGMISSARG:
                raise
            return None
        start = place & -page.size
        mapping = self._seen(page, start, place)
        if mapping is None:
            page.close()
            return None
        for number in range(mapping.start, mapping.end, KPageSize):
            self._replace(number, mapping)
        return mapping

    def _seen(self, page: Fpage, start: int, place: int) -> Mapping | None:
        """All of it, or the one page that is needed now."""
        for first, size in ((start, page.size), (place, KPageSize)):
            try:
                view = page.view(first - start, size)
            except L4Error as error:
                if error.code != L4_EINVAL:
                    raise
            else:
                return Mapping(page, first, first + size, view)
        return None

    def _replace(self, number: int, mapping: Mapping) -> None:
        old = self._by_page.get(number)
        if old is not None:
            self._forget(old)
        self._by_page[number] = mapping

    def _forget(self, mapping: Mapping) -> None:
        for number in range(mapping.start, mapping.end, KPageSize):
            if self._by_page.get(number) is mapping:
                del self._by_page[number]
        mapping.page.close()

    def close(self) -> None:
        """Unmap everything."""
        while self._by_page:
            self._forget(next(iter(self._by_page.values())))
