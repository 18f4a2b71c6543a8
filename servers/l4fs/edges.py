"""Edges: pages of which a client sees a part.

They cannot be shared, since others see all of them. The client has memory of its own,
with zeros where nothing shows. What it changed there is carried over to the file's
page, and what others changed is fetched from there, byte by byte, when the client
flushes, moves its window, resizes or closes the file, and when it maps the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kernel.abi.chunk import KPageSize
from servers.l4fs.codes import l4_errors
from servers.l4fs.provider import Provider
from userlib.l4re.fpage import Fpage
from userlib.symbian.chunk import RChunk, TChunkCreateInfo

KMaxEdges: Final = 2
KPageOrder: Final = KPageSize.bit_length() - 1


@dataclass(slots=True)
class Edge:
    """One such page."""

    number: int
    low: int  # what shows of it
    high: int
    place: int  # in the memory
    agreed: bytes  # what shows, as it was last the same in both


class Edges:
    """Those of one client's window.

    Requires: the resource's lock.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider: Final = provider
        self._memory = RChunk(0)
        self._edges: dict[int, Edge] = {}

    def fpage(self, number: int, visible: tuple[int, int], rights: int) -> Fpage:
        """The memory to be sent to the client, as new as the file. Raises: L4Error."""
        edge = self._edges.get(number)
        if edge is None:
            edge = self._new_edge(number, visible)
        self._exchange(edge)
        return Fpage.of_chunk(self._memory, edge.place, KPageOrder, rights)

    def _new_edge(self, number: int, visible: tuple[int, int]) -> Edge:
        place = len(self._edges) * KPageSize
        with l4_errors():
            if not self._memory.handle:
                size = KMaxEdges * KPageSize
                info = TChunkCreateInfo().set_disconnected(0, 0, size)
                self._memory = RChunk().create(info.set_clear_byte(0))
            self._memory.commit(place, KPageSize)
        low, high = visible
        edge = Edge(number, low, high, place, bytes(high - low))
        self._edges[number] = edge
        return edge

    def clear(self) -> None:
        """The window moves. What was changed has been carried over."""
        if self._edges:
            self._memory.decommit(0, KMaxEdges * KPageSize)
            self._edges.clear()

    def exchange(self) -> None:
        """Carry over what either side changed. Raises: L4Error."""
        for edge in self._edges.values():
            self._exchange(edge)

    def _exchange(self, edge: Edge) -> None:
        self._carry_over(edge)
        self._fetch(edge)

    def _view(self, edge: Edge) -> memoryview:
        return self._memory.view(edge.place + edge.low, edge.high - edge.low)

    def _carry_over(self, edge: Edge) -> None:
        seen = bytes(self._view(edge))
        if seen == edge.agreed:
            return
        start = edge.number * KPageSize + edge.low
        page = range(edge.number, edge.number + 1)
        with self._provider.pages(page) as mapper:
            for first, last in differences(edge.agreed, seen):
                mapper.write(start + first, seen[first:last])
        edge.agreed = seen

    def _fetch(self, edge: Edge) -> None:
        start = edge.number * KPageSize + edge.low
        shared = self._provider.read(start, edge.high - edge.low)
        view = self._view(edge)
        for first, last in differences(edge.agreed, shared):
            view[first:last] = shared[first:last]
        edge.agreed = shared

    def close(self) -> None:
        """The client is gone."""
        self._edges.clear()
        self._memory.close()


def differences(old: bytes, new: bytes) -> Iterator[tuple[int, int]]:
    """Where two texts of one length differ, as runs."""
    start: int | None = None
    for place, (one, other) in enumerate(zip(old, new, strict=True)):
        if one == other:
            if start is not None:
                yield start, place
                start = None
        elif start is None:
            start = place
    if start is not None:
        yield start, len(new)
