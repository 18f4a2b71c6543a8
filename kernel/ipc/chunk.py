"""DChunk: memory that several processes see.

The maximum size is reserved once, as anonymous shared memory of the host, which gives
pages when they are first touched. What is *committed* is our own record: a byte a page.
It is looked at when a view is made; the view is then the memory, without a copy and
without a kernel call for an access.

Taking pages back releases the views that show any of them, so that whoever still uses
one meets a ValueError. Part of a view (a slice) or a use at this very moment keeps the
host's memory in place: it then stays readable, as zeros, until the last user is gone.
The host's memory is given back by whoever is last, never while somebody holds a part.
"""

from __future__ import annotations

import mmap
from contextlib import suppress
from typing import TYPE_CHECKING, Final, final
from weakref import ref

from kernel.abi.chunk import (
    EPreventAdjust,
    KChunkSpace,
    KPageSize,
    TChunkKind,
)
from kernel.abi.errors import (
    KernelError,
    KErrAccessDenied,
    KErrArgument,
    KErrGeneral,
    KErrNoMemory,
)
from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.ipc.fpage import DFpage
    from kernel.tasks.process import DProcess

# A view, the first and last page but one that it shows, and how it was received.
_View = tuple["ref[memoryview]", int, int, "DFpage | None"]

KPiece: Final = 256  # pages cleared at a time
_RECEIVED: Final = 3  # in a _View
_MADV_REMOVE: Final[int | None] = getattr(mmap, "MADV_REMOVE", None)


@final
class DChunk(DObject):
    """A chunk. Original: DChunk (symbian-kernel 9.10)."""

    kind = TObjectType.EChunk

    def __init__(
        self,
        core: Core,
        name: str | None,
        owner: DObject | None,
        chunk_kind: TChunkKind,
        max_size: int,
        *,
        clear_byte: int,
        read_only: bool,
        creator: DProcess,
    ) -> None:
        memory = reserve(core, max_size)
        super().__init__(core, name, owner)
        # Fixed for life:
        self.chunk_kind: Final = chunk_kind
        self.max_size: Final = max_size
        self.read_only: Final = read_only  # for others than the creator
        self.creator: Final = creator
        self._clear: Final = bytes([clear_byte & 0xFF])
        self._memory: Final = memory

        # Guarded by the kernel lock:
        self.restrictions = 0
        self.bottom = 0  # in pages; of a disconnected chunk both stay 0
        self.top = 0
        self.pages = bytearray(max_size // KPageSize)  # 1: committed
        self._views: list[_View] = []
        self._mapped: dict[DFpage, None] = {}  # what was given to somebody of it

    @property
    def size(self) -> int:
        """Bytes committed."""
        return self.pages.count(1) * KPageSize

    def demand_adjustable(self, process: DProcess, kind: TChunkKind) -> None:
        """Raises: KErrAccessDenied, KErrGeneral."""
        restricted = self.read_only or self.restrictions & EPreventAdjust
        if restricted and process is not self.creator:
            raise KernelError(KErrAccessDenied)
        if self.chunk_kind is not kind:
            raise KernelError(KErrGeneral)

    def page_range(self, offset: int, end: int) -> tuple[int, int]:
        """The pages of a range of bytes. Raises: KErrArgument if it is not inside."""
        last = -(-end // KPageSize)
        if not 0 <= offset <= end or last > len(self.pages):
            raise KernelError(KErrArgument)
        return offset // KPageSize, last

    def resize(self, bottom: int, top: int) -> None:
        """Commit the pages from *bottom* to *top*, and no others."""
        old_bottom, old_top = self.bottom, self.top
        self.bottom, self.top = bottom, top
        self.release(old_bottom, min(bottom, old_top))
        self.release(max(top, old_bottom), old_top)
        self.fill(bottom, top)

    def charge(self) -> None:
        """The fault point of new memory. Raises: KErrNoMemory."""
        if self.core.faults is not None:
            self.core.faults.allocate("chunk memory")

    def has_committed(self, first: int, last: int) -> bool:
        """Whether any of these pages is committed."""
        return self.pages.find(1, first, last) >= 0

    def is_committed(self, first: int, last: int) -> bool:
        """Whether all of these pages are committed."""
        return self.pages.find(0, first, last) < 0

    def find_free(self, count: int) -> int | None:
        """The first run of so many pages that are not committed."""
        found = self.pages.find(bytes(count))
        return None if found < 0 else found

    def fill(self, first: int, last: int) -> None:
        """Commit those of the pages that are not yet, and clear them."""
        start = first
        while start < last and (start := self.pages.find(0, start, last)) >= 0:
            end = self.pages.find(1, start, last)
            end = last if end < 0 else end
            end = min(end, start + KPiece)
            length = (end - start) * KPageSize
            self._memory[start * KPageSize : end * KPageSize] = self._clear * length
            self.pages[start:end] = b"\1" * (end - start)
            start = end

    def release(self, first: int, last: int) -> None:
        """Take the committed ones of these pages back, and the views of any of them."""
        if first >= last or not self.has_committed(first, last):
            return
        self.pages[first:last] = bytes(last - first)
        self._views = [view for view in self._views if not _end(view, first, last)]
        if _MADV_REMOVE is not None:
            length = (last - first) * KPageSize
            self._memory.madvise(_MADV_REMOVE, first * KPageSize, length)

    def add_mapped(self, page: DFpage) -> None:
        """Somebody received a part."""
        self._mapped[page] = None

    def remove_mapped(self, page: DFpage) -> None:
        """He let it go."""
        del self._mapped[page]

    def unmap(self, first: int, last: int) -> None:
        """Take these pages from all who received them; the memory itself stays."""
        for page in self._mapped:
            page.lose(first, last)
        self._views = [
            view
            for view in self._views
            if view[_RECEIVED] is None or not _end(view, first, last)
        ]

    def view(
        self,
        process: DProcess,
        offset: int,
        size: int,
        received: DFpage | None = None,
        *,
        is_writable: bool = True,
    ) -> memoryview | None:
        """The memory, for *process*; None if it isn't all committed."""
        end = offset + size
        if not 0 <= offset <= end <= self.max_size:
            return None
        first, last = offset // KPageSize, -(-end // KPageSize)
        if not self.is_committed(first, last):
            return None
        view = memoryview(self._memory)[offset:end]
        if not is_writable or (self.read_only and process is not self.creator):
            view = view.toreadonly()
        self._views = [old for old in self._views if old[0]() is not None]
        self._views.append((ref(view), first, last, received))
        return view

    def on_destroy(self) -> None:
        """Nobody can reach it by a handle; those who hold a part of it still can."""
        for view in self._views:
            _end(view, 0, len(self.pages))
        self._views.clear()
        with suppress(BufferError):  # a slice is left: freed by the host with the last
            self._memory.close()
        super().on_destroy()

    def check_pages(self) -> None:
        """Assert that the record of pages is right."""
        assert set(self.pages) <= {0, 1}, self
        if self.chunk_kind is TChunkKind.EDisconnected:
            assert self.bottom == self.top == 0, self
        else:
            assert 0 <= self.bottom <= self.top <= len(self.pages), self
            assert self.pages.count(1) == self.top - self.bottom, self
            assert self.is_committed(self.bottom, self.top), self

    def state_text(self) -> str:
        """For `repr`."""
        return f"{self.size:#x} of {self.max_size:#x} bytes"


def _end(view: _View, first: int, last: int) -> bool:
    """Release a view of any of these pages; whether it shows nothing any more."""
    memory, view_first, view_last, _ = view
    shown = memory()
    if shown is None:
        return True
    if view_first >= last or view_last <= first:
        return False
    try:
        shown.release()
    except BufferError:  # it is being used just now
        return False
    return True


def reserve(core: Core, size: int) -> mmap.mmap:
    """Shared memory of the host. Raises: KErrNoMemory."""
    if core.faults is not None:
        core.faults.allocate("chunk reservation")
    reserved = sum(
        chunk.max_size
        for chunk in core.containers[DChunk.kind].in_order()
        if isinstance(chunk, DChunk)
    )
    if reserved + size > KChunkSpace:
        raise KernelError(KErrNoMemory)
    try:
        return mmap.mmap(-1, size)
    except (OSError, ValueError) as error:
        raise KernelError(KErrNoMemory) from error
