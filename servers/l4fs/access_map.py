"""AccessMap: where in memory the pages of one file are.

A file's memory comes in chunks of KPieceSize, one for each such piece of the file that
has pages in memory, so that a place in a chunk belongs to one place of one file for
ever: whatever a client keeps of a mapping, no other file shows up there.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from kernel.abi.chunk import KPageSize
from kernel.abi.errors import Leave
from servers.l4fs.protocol import KPieceSize
from userlib.l4re.fpage import Fpage
from userlib.symbian.buffers import TDes8
from userlib.symbian.chunk import RChunk, TChunkCreateInfo

KPagesInPiece: Final = KPieceSize // KPageSize
KPageOrder: Final = KPageSize.bit_length() - 1
KDigestBytes: Final = 16
CHANGED: Final = b""  # a digest that no page has


@dataclass(slots=True)
class Piece:
    """A chunk, and how many of its pages are in use."""

    chunk: RChunk
    used: int = 0


@dataclass(slots=True)
class Page:
    """A page in memory."""

    number: int  # its position in the file, in pages
    digest: bytes | None = None  # of what is stored; None: nobody could write to it


class AccessMap:
    """The pages of one file that are in memory.

    Requires: the provider's lock.
    Original: Departure's access maps (l4re-idl 6.3).
    """

    def __init__(self) -> None:
        self._pages: Final[dict[int, Page]] = {}
        self._pieces: Final[dict[int, Piece]] = {}

    # Finding.

    def page(self, number: int) -> Page | None:
        """The page if it is in memory."""
        return self._pages.get(number)

    def pages(self, first: int = 0) -> list[Page]:
        """All there are from *first* on, in order."""
        return [self._pages[n] for n in sorted(self._pages) if n >= first]

    def missing(self, numbers: range) -> list[range]:
        """The runs of pages that are not in memory, each inside one piece."""
        runs: list[range] = []
        for number in numbers:
            if number in self._pages:
                continue
            if runs and runs[-1].stop == number and number % KPagesInPiece:
                runs[-1] = range(runs[-1].start, number + 1)
            else:
                runs.append(range(number, number + 1))
        return runs

    # The memory.

    def add(self, numbers: range) -> TDes8:
        """Memory for a run of pages inside one piece, all zeros: a descriptor of it.

        Raises: KErrNoMemory.
        """
        piece, offset = self._piece_for(numbers.start)
        size = len(numbers) * KPageSize
        try:
            piece.chunk.commit(offset, size)
        except Leave:
            self._drop_unused(numbers.start)
            raise
        piece.used += len(numbers)
        self._pages.update((number, Page(number)) for number in numbers)
        return piece.chunk.ptr8(offset, size)

    def remove(self, numbers: range) -> None:
        """Give the memory up; whoever has it mapped has nothing there any more."""
        piece, offset = self._piece_for(numbers.start)
        for number in numbers:
            del self._pages[number]
        piece.chunk.decommit(offset, len(numbers) * KPageSize)
        piece.used -= len(numbers)
        self._drop_unused(numbers.start)

    def view(self, number: int) -> memoryview:
        """The memory of a page."""
        chunk, offset = self._place(number)
        return chunk.view(offset, KPageSize)

    def fpage(self, number: int, order: int, rights: int) -> Fpage:
        """Pages from *number* on, inside a piece, to be sent to somebody.

        What is recycled on the way does not arrive. Raises: KErrNoMemory.
        """
        chunk, offset = self._place(number)
        return Fpage.mapped(chunk, offset, order, rights)

    def unmap(self, number: int) -> None:
        """Take a page from everybody who has it mapped."""
        chunk, offset = self._place(number)
        Fpage.of_chunk(chunk, offset, KPageOrder).unmap()

    def _place(self, number: int) -> tuple[RChunk, int]:
        piece, place = divmod(number, KPagesInPiece)
        return self._pieces[piece].chunk, place * KPageSize

    def _piece_for(self, number: int) -> tuple[Piece, int]:
        """The piece, made if need be, and where in it. Raises: KErrNoMemory."""
        index, place = divmod(number, KPagesInPiece)
        if index not in self._pieces:
            info = TChunkCreateInfo().set_disconnected(0, 0, KPieceSize)
            self._pieces[index] = Piece(RChunk().create(info.set_clear_byte(0)))
        return self._pieces[index], place * KPageSize

    def _drop_unused(self, number: int) -> None:
        index = number // KPagesInPiece
        if not self._pieces[index].used:
            self._pieces.pop(index).chunk.close()

    # What was changed.

    def watch(self, number: int) -> None:
        """Somebody may write to it from now on."""
        page = self._pages[number]
        if page.digest is None:
            page.digest = digest_of(self.view(number))

    def is_changed(self, page: Page) -> bool:
        """Whether it is other than what is stored."""
        if page.digest is None:
            return False
        return page.digest != digest_of(self.view(page.number))


def digest_of(data: bytes | memoryview) -> bytes:
    """By which a changed page is told: two pages never share it."""
    return blake2b(data, digest_size=KDigestBytes).digest()
