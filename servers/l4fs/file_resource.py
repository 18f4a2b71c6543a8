"""Resource: a file as one client has it open, behind one gate, on a thread of its own.

Another resource's `copy_in` reads it from that one's thread, so what it consists of is
guarded by a lock.
"""

from typing import Final, Protocol

from kernel.abi.chunk import KPageSize
from servers.l4fs.codes import l4_errors
from servers.l4fs.edges import Edges
from servers.l4fs.lock import Lock
from servers.l4fs.mapped_file_interface import MappedFile_mmap_result
from servers.l4fs.mapped_file_object_interface import MappedFileObject
from servers.l4fs.memory_object import MemoryObject, MObjects
from servers.l4fs.protocol import (
    NOTIFY_CLOSED,
    NOTIFY_CONTENT,
    NOTIFY_OPENED,
    KMaxPosition,
    KPieceSize,
    round_down,
    round_up,
)
from servers.l4fs.provider import Provider, pages_of, steps
from servers.l4fs.void import Void
from servers.l4fs.window import TPageKind, Window, mapped_range
from userlib.l4re.cap import Cap
from userlib.l4re.consts import (
    L4_EINVAL,
    L4_ENOMEM,
    L4_EPERM,
    L4_ERANGE,
    L4MemoryRight,
)
from userlib.l4re.errors import L4Error
from userlib.l4re.fpage import Fpage

KPageOrder: Final = KPageSize.bit_length() - 1
KPieceOrder: Final = KPieceSize.bit_length() - 1
WRITE: Final = int(L4MemoryRight.W)


class MOwner(MObjects, Protocol):
    """Who made the resource."""

    @property
    def void(self) -> Void:
        """The page of zeros."""

    def on_closed(self, resource: "Resource") -> None:
        """Its client let it go."""


class Resource(MemoryObject, MappedFileObject):
    """One client's open file: a window onto the pages that all users share.

    Original: Departure's resources (l4re-idl 6.2, 6.3).
    """

    def __init__(
        self, owner: MOwner, provider: Provider, lock: Lock, *, writing: bool
    ) -> None:
        super().__init__(owner, lock)
        # Fixed for life:
        self._owner: Final = owner
        self.provider: Final = provider
        self._writing: Final = writing

        # Guarded by the lock:
        self._window: Window | None = None  # None: the whole file, whatever its size
        self._edges: Final = Edges(provider)
        self._is_closed = False

    def start(self, *, is_truncated: bool) -> None:
        """It is served: tell the other users."""
        self.provider.tell(NOTIFY_OPENED, self)
        if is_truncated:
            self.provider.tell(NOTIFY_CONTENT, self)

    # Dataspace.

    def length(self) -> int:
        """Of the window."""
        return self._seen().length

    def may_write(self) -> bool:
        """Whether it was opened for that."""
        return self._writing

    def _seen(self) -> Window:
        window = self._window
        if window is None:
            end = round_up(self.provider.size)
            window = Window(0, end, 0, end)
        return window

    def map(self, offset: int, spot: int, flags: int) -> Fpage:
        """The largest range around *offset* that can be mapped at *spot*."""
        rights = self.rights_to_map(flags)
        with self.lock:
            window = self._seen()
            if offset >= window.length:
                raise L4Error(L4_ERANGE)
            position = window.start + round_down(offset)
            number = position // KPageSize
            match window.kind(number):
                case TPageKind.HIDDEN:
                    return self._owner.void.fpage()
                case TPageKind.EDGE:
                    part = window.visible_part(number)
                    return self._edges.fpage(number, part, rights)
                case TPageKind.SHARED:
                    return self._map_shared(window, position, spot, rights)

    def _map_shared(
        self, window: Window, position: int, spot: int, rights: int
    ) -> Fpage:
        """As much as there is room for; one page at least."""
        limits = window.shared_part()
        room = self.provider.collection.limit * KPageSize // 2
        order = min(KPieceOrder, room.bit_length() - 1)
        first, order = mapped_range(position, spot, limits, order)
        try:
            return self._issue(first, order, rights)
        except L4Error as error:
            if error.code != L4_ENOMEM or order == KPageOrder:
                raise
        return self._issue(position, KPageOrder, rights)

    def _issue(self, first: int, order: int, rights: int) -> Fpage:
        numbers = pages_of(first, 1 << order)
        with self.provider.pages(numbers) as mapper, l4_errors():
            return mapper.map.fpage(numbers.start, order, rights)

    def read_bytes(self, offset: int, length: int) -> bytes:
        """As the client sees them."""
        with self.lock:
            if self._is_closed:  # while another's copy_in was on its way
                raise L4Error(L4_EINVAL)
            window = self._seen()
            self._edges.exchange()
            start = window.start + offset
            low = min(max(window.visible_start, start), start + length)
            high = max(min(window.visible_end, start + length), low)
            seen = self.provider.read(low, high - low)
            return bytes(low - start) + seen + bytes(start + length - high)

    def write_bytes(self, offset: int, data: bytes) -> None:
        """What shows of them."""
        with self.lock:
            window = self._seen()
            self._edges.exchange()
            start = window.start + offset
            low = max(window.visible_start, start)
            high = min(window.visible_end, start + len(data))
            if low < high:
                self.provider.write(low, data[low - start : high - start])
            self._edges.exchange()

    def populate(self, offset: int, size: int) -> None:
        """Have the pages in memory; more than there may be at a time cannot."""
        if size > self.provider.collection.limit * KPageSize:
            raise L4Error(L4_ENOMEM)
        with self.lock:
            low, high = self._seen().shared_part()
            start = max(self._seen().start + offset, low)
            end = min(self._seen().start + offset + size, high)
            for position, step in steps(start, max(end - start, 0)):
                with self.provider.pages(pages_of(position, step)):
                    pass

    # File, Flush, MappedFile.

    def resize(self, size: int) -> int:
        """Set the file's size."""
        self._demand_write_or_perm()
        if size > KMaxPosition:
            raise L4Error(L4_ERANGE)
        with self.lock:
            self._edges.exchange()
            self.provider.resize(size)
            self._edges.exchange()
        self.provider.tell(NOTIFY_CONTENT, self)
        return self.provider.size

    def flush(self, populated_size: int) -> int:
        """Store what was changed, also behind the end as far as there are data."""
        if not self._is_writable_here():
            return self.provider.size
        with self.lock:
            window = self._seen()
            if populated_size > window.length:
                raise L4Error(L4_ERANGE)
            self._edges.exchange()
            end = min(window.start + populated_size, window.visible_end)
            size = self.provider.flush(end)
        self.provider.tell(NOTIFY_CONTENT, self)
        return size

    def mmap(
        self, position: int, length: int, start_visible: int, end_visible: int
    ) -> MappedFile_mmap_result:
        """Expose a part of the file."""
        window = Window.of(position, length, (start_visible, end_visible))
        with self.lock:
            self._edges.exchange()
            self._edges.clear()
            self._window = window
        return MappedFile_mmap_result(window.start, window.end, self.provider.size)

    def _demand_write_or_perm(self) -> None:
        if not self._is_writable_here():
            raise L4Error(L4_EPERM)

    # Notification.

    def subscribe(self, notifier: Cap, flags: int) -> None:
        """Tell the client's Irq of what others do."""
        with self.provider.subscriptions() as all_of_them:
            all_of_them.add(self, notifier, flags)

    def unsubscribe(self, notifier: Cap) -> None:
        """No more."""
        with self.provider.subscriptions() as all_of_them:
            all_of_them.remove(self, notifier)

    # The end.

    def gate_deleted(self) -> None:
        """The client let the file go, or died. Whoever finds that out first ends it."""
        with self.lock:
            if self._is_closed:
                return
            self._is_closed = True
            try:
                self._edges.exchange()
            finally:
                self._end()

    def _end(self) -> None:
        self._edges.close()
        with self.provider.subscriptions() as all_of_them:
            all_of_them.remove_all(self)
        self.provider.tell(NOTIFY_CLOSED, self)
        self._owner.on_closed(self)
