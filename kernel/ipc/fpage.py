"""DFpage: part of a chunk, as it was mapped to a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from kernel.abi.chunk import KPageSize
from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.ipc.chunk import DChunk


@final
class DFpage(DObject):
    """A range of a chunk, of two to the power of *order* bytes, for one receiver.

    What may be done with it stands in the slot of the handle, as rights.
    Original: a memory flexpage (l4re-idl 1.3, 7.1).
    """

    kind = TObjectType.EFpage

    def __init__(
        self,
        core: Core,
        chunk: DChunk,
        offset: int,
        order: int,
        lost: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(core, None, owner=None)
        self.chunk: Final = chunk
        self.offset: Final = offset
        self.order: Final = order
        # Guarded by the kernel lock:
        self.lost = lost  # pages of the chunk that were unmapped; never again here
        chunk.open()
        chunk.add_mapped(self)

    @property
    def pages(self) -> range:
        """Those of the chunk that it was made of."""
        first = self.offset // KPageSize
        return range(first, first + (1 << self.order) // KPageSize)

    def lose(self, first: int, last: int) -> None:
        """Pages of the chunk are unmapped."""
        pages = self.pages
        self.lost |= frozenset(range(max(first, pages.start), min(last, pages.stop)))

    def shows(self, offset: int, size: int) -> bool:
        """Whether it has all of that range of its own, as far as it knows."""
        if not 0 <= offset <= offset + size <= 1 << self.order:
            return False
        start = self.offset + offset
        pages = range(start // KPageSize, -(-(start + size) // KPageSize))
        return self.lost.isdisjoint(pages)

    def on_destroy(self) -> None:
        """The chunk may go."""
        self.chunk.remove_mapped(self)
        self.chunk.close()
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"{1 << self.order:#x} bytes at {self.offset:#x} of {self.chunk!r}"
