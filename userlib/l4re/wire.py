"""How a value of each type stands in the words of a message.

Words are little-endian; a value is aligned to its own size, counted from byte 0.

Original: the C++ library's L4::Ipc::Msg, whose layout ours is.
"""

import operator
from collections.abc import Sequence
from struct import Struct
from typing import Final

from userlib.l4re.consts import (
    L4_E2BIG,
    L4_EINVAL,
    L4_EMSGTOOLONG,
    L4_EMSGTOOSHORT,
)
from userlib.l4re.errors import L4Error
from userlib.l4re.interface import ParameterInfo

CODES: Final = (
    ("i1", "b"),
    ("u1", "B"),
    ("i2", "h"),
    ("u2", "H"),
    ("i4", "i"),
    ("u4", "I"),
    ("i8", "q"),
    ("u8", "Q"),
)
COUNT: Final = Struct("<H")
LENGTH: Final = Struct("<Q")
MAX_COUNT: Final = 0xFFFF


def aligned(offset: int, size: int) -> int:
    """The next multiple of *size*, a power of two."""
    return -(-offset // size) * size


class Integer:
    """A number of 1, 2, 4 or 8 bytes."""

    def __init__(self, wire: str, type_name: str) -> None:
        self.type_name: Final = type_name
        self.size: Final = int(wire[1])
        self.code: Final = dict(CODES)[wire]
        self.struct: Final = Struct(f"<{self.code}")
        bits = 8 * self.size - (wire[0] == "i")
        self.highest: Final = (1 << bits) - 1
        self.lowest: Final = -1 - self.highest if wire[0] == "i" else 0

    def check(self, value: object, name: str) -> int:
        """The value as an int that fits.

        Raises: TypeError, OverflowError.
        """
        try:
            number = operator.index(value)  # type: ignore[arg-type] # says TypeError
        except TypeError:
            raise TypeError(
                f"{name} must be an int, not {type(value).__name__}"
            ) from None
        if not self.lowest <= number <= self.highest:
            raise OverflowError(
                f"{name}: {number} does not fit {self.type_name} "
                f"({self.lowest} to {self.highest})"
            )
        return number

    def put(self, words: bytearray, value: object, name: str) -> None:
        """Append a value, after its padding."""
        words.extend(bytes(-len(words) % self.size))
        words += self.struct.pack(self.check(value, name))

    def get(self, words: bytes, offset: int) -> tuple[int, int]:
        """The value at the next place after *offset*, and where it ends."""
        start = aligned(offset, self.size)
        if start + self.size > len(words):
            raise L4Error(L4_EMSGTOOSHORT)
        return self.struct.unpack_from(words, start)[0], start + self.size


class Text:
    """A str, as UTF-8 with a terminating zero, behind its length in 8 bytes."""

    def put(self, words: bytearray, value: object, name: str) -> None:
        """Append a value, after its padding.

        Raises: TypeError; ValueError for a str that UTF-8 cannot say.
        """
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a str, not {type(value).__name__}")
        text = value.encode() + b"\0"
        words.extend(bytes(-len(words) % LENGTH.size))
        words += LENGTH.pack(len(text)) + text

    def get(self, words: bytes, offset: int) -> tuple[str, int]:
        """The value at the next place after *offset*, and where it ends.

        The last byte is the terminator, whatever it is.
        """
        start = aligned(offset, LENGTH.size) + LENGTH.size
        if start > len(words):
            raise L4Error(L4_EMSGTOOSHORT)
        (length,) = LENGTH.unpack_from(words, start - LENGTH.size)
        if not 0 < length <= len(words) - start:
            raise L4Error(L4_EMSGTOOSHORT)
        try:
            text = words[start : start + length - 1].decode()
        except UnicodeDecodeError:
            raise L4Error(L4_EINVAL) from None
        return text, start + length


class Octets:
    """Bytes, behind their count in 2 bytes."""

    def put(self, words: bytearray, value: object, name: str) -> None:
        """Append a value, after its padding."""
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError(f"{name} must be bytes, not {type(value).__name__}")
        octets = bytes(value)
        put_count(words, len(octets))
        words += octets

    def get(self, words: bytes, offset: int) -> tuple[bytes, int]:
        """The value at the next place after *offset*, and where it ends."""
        count, start = get_count(words, offset)
        if count > len(words) - start:
            raise L4Error(L4_EMSGTOOSHORT)
        return bytes(words[start : start + count]), start + count


class Numbers:
    """Integers of one type, behind their count in 2 bytes."""

    def __init__(self, wire: str, type_name: str) -> None:
        element, _, limit = wire[1:-1].partition(":")
        self.element: Final = Integer(element, f"an element of {type_name}")
        self.limit: Final = int(limit) if limit else None

    def put(self, words: bytearray, value: object, name: str) -> None:
        """Append a value, after its padding."""
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise TypeError(
                f"{name} must be a sequence of int, not {type(value).__name__}"
            )
        numbers = [
            self.element.check(number, f"{name}[{index}]")
            for index, number in enumerate(value)
        ]
        self._check_limit(len(numbers))
        put_count(words, len(numbers))
        words.extend(bytes(-len(words) % self.element.size))
        words += Struct(f"<{len(numbers)}{self.element.code}").pack(*numbers)

    def get(self, words: bytes, offset: int) -> tuple[list[int], int]:
        """The value at the next place after *offset*, and where it ends."""
        count, start = get_count(words, offset)
        self._check_limit(count)
        start = aligned(start, self.element.size)
        end = start + count * self.element.size
        if end > len(words):
            raise L4Error(L4_EMSGTOOSHORT)
        numbers = Struct(f"<{count}{self.element.code}").unpack_from(words, start)
        return list(numbers), end

    def _check_limit(self, count: int) -> None:
        if self.limit is not None and count > self.limit:
            raise L4Error(L4_E2BIG)


def put_count(words: bytearray, count: int) -> None:
    """Append the number of elements that follow.

    Raises: L4Error(L4_EMSGTOOLONG).
    """
    if count > MAX_COUNT:
        raise L4Error(L4_EMSGTOOLONG)
    words.extend(bytes(-len(words) % COUNT.size))
    words += COUNT.pack(count)


def get_count(words: bytes, offset: int) -> tuple[int, int]:
    """The number of elements that follow, and where they begin."""
    start = aligned(offset, COUNT.size) + COUNT.size
    if start > len(words):
        raise L4Error(L4_EMSGTOOSHORT)
    return COUNT.unpack_from(words, start - COUNT.size)[0], start


Wire = Integer | Text | Octets | Numbers


def wire_of(parameter: ParameterInfo) -> Wire:
    """What puts values of a parameter into words, and gets them out."""
    match parameter.wire:
        case "string":
            return Text()
        case "bytes":
            return Octets()
        case wire if wire.startswith("["):
            return Numbers(wire, parameter.type)
        case wire:
            return Integer(wire, parameter.type)


def fixed_format(wires: Sequence[Wire], start: int) -> tuple[str, int] | None:
    """The struct format and length of integers from byte *start* on; None if others."""
    codes, offset = "", start
    for wire in wires:
        if not isinstance(wire, Integer):
            return None
        place = aligned(offset, wire.size)
        codes += f"{place - offset}x{wire.code}" if place > offset else wire.code
        offset = place + wire.size
    return codes, offset
