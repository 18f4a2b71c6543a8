"""How many words and items the messages of an operation take."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tools.idl.model import Operation, Parameter

WORD: Final = 8
OPCODE: Final = 4
MAX_WORDS: Final = 63


class Layout(NamedTuple):
    """The least size of a message, its buffers empty, and its offsets in bytes."""

    words: int
    items: int
    offsets: tuple[int | None, ...]  # None: an item, or behind a buffer

    @property
    def fits(self) -> bool:
        return self.words + 2 * self.items <= MAX_WORDS


def request_layout(operation: Operation) -> Layout:
    """What the client sends."""
    return _layout(operation.inputs, OPCODE)


def reply_layout(operation: Operation) -> Layout:
    """What the server answers."""
    return _layout(operation.outputs, 0)


def _layout(parameters: Iterable[Parameter], start: int) -> Layout:
    end, items = start, 0
    offsets: list[int | None] = []
    is_known = True
    for parameter in parameters:
        if parameter.type.is_item:
            items += 1
            offsets.append(None)
            continue
        place, size, is_fixed = _extent(parameter.type.wire, end)
        offsets.append(place if is_known else None)
        is_known = is_known and is_fixed
        end = place + size
    return Layout(-(-end // WORD), items, tuple(offsets))


def _extent(wire: str, end: int) -> tuple[int, int, bool]:
    """Where a value begins behind byte *end*, its least size, and if that is all."""
    if wire == "string":
        return _aligned(end, 8), 8 + 1, False  # its length, and a terminating zero
    if wire == "bytes":
        return _aligned(end, 2), 2, False
    if wire[0] == "[":
        place = _aligned(end, 2)
        return place, _aligned(place + 2, int(wire[2])) - place, False
    size = int(wire[1])
    return _aligned(end, size), size, True


def _aligned(offset: int, size: int) -> int:
    return -(-offset // size) * size
