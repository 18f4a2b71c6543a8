"""Window: the part of a file that one client sees as memory, and how much of it."""

from enum import Enum
from typing import NamedTuple, Self

from kernel.abi.chunk import KPageSize
from servers.l4fs.protocol import KMaxPosition, round_down, round_up
from userlib.l4re.consts import L4_EINVAL, L4_ERANGE
from userlib.l4re.errors import L4Error


class TPageKind(Enum):
    """What a client sees of a page of its window."""

    SHARED = 1  # the page of the file, as all its users see it
    EDGE = 2  # part of it; the rest reads as zero
    HIDDEN = 3  # zeros


class Window(NamedTuple):
    """Whole pages from *start* to *end*, of which the bytes in *visible* show."""

    start: int
    end: int
    visible_start: int
    visible_end: int

    @classmethod
    def of(cls, position: int, length: int, visible: tuple[int, int]) -> Self:
        """As `mmap` asks for it; a visible range that is empty hides nothing.

        Raises: L4Error with L4_EINVAL for no length, L4_ERANGE beyond all files.
        """
        if not length:
            raise L4Error(L4_EINVAL)
        if position + length > KMaxPosition:
            raise L4Error(L4_ERANGE)
        start, end = round_down(position), round_up(position + length)
        low, high = visible
        if low >= high:
            return cls(start, end, start, end)
        low = min(max(low, start), end)
        return cls(start, end, low, min(max(high, low), end))

    @property
    def length(self) -> int:
        """In bytes."""
        return self.end - self.start

    def kind(self, number: int) -> TPageKind:
        """What shows of a page of the file that is inside."""
        low, high = self.visible_part(number)
        if low >= high:
            return TPageKind.HIDDEN
        return TPageKind.SHARED if high - low == KPageSize else TPageKind.EDGE

    def visible_part(self, number: int) -> tuple[int, int]:
        """From where to where in a page something shows."""
        first = number * KPageSize
        low = max(self.visible_start - first, 0)
        return low, min(self.visible_end - first, KPageSize)

    def shared_part(self) -> tuple[int, int]:
        """From where to where pages show as they are."""
        return round_up(self.visible_start), round_down(self.visible_end)


def mapped_range(
    position: int, spot: int, limits: tuple[int, int], max_order: int
) -> tuple[int, int]:
    """The largest range that a flexpage can be: where it begins, and its order.

    It contains *position*, is inside the limits, a power of two of at least a page, and
    lies at the same distance from a multiple of its size in the file and at *spot*.
    """
    low, high = limits
    first, order = round_down(position), KPageSize.bit_length() - 1
    apart = round_down(position) ^ round_down(spot)
    while order < max_order:
        size = 2 << order
        begin = position & -size
        if begin < low or begin + size > high or apart & (size - 1):
            break
        first, order = begin, order + 1
    return first, order
