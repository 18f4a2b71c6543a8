"""Void: the page that stands for all that is hidden."""

from typing import Final

from kernel.abi.chunk import KPageSize
from userlib.l4re.consts import L4MemoryRight
from userlib.l4re.fpage import Fpage
from userlib.symbian.chunk import RChunk, TChunkCreateInfo

KPageOrder: Final = KPageSize.bit_length() - 1
READ: Final = int(L4MemoryRight.R)


class Void:
    """One page of zeros for all clients; none of them may write to it."""

    def __init__(self) -> None:
        info = TChunkCreateInfo().set_normal(KPageSize, KPageSize).set_clear_byte(0)
        self._chunk: Final = RChunk().create(info)

    def fpage(self) -> Fpage:
        """The page, to be sent to somebody."""
        return Fpage.of_chunk(self._chunk, 0, KPageOrder, READ)
