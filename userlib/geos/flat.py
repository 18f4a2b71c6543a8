"""Plain values as bytes, for the descriptors of a message to a server.

    N none    T F bool    i f 8 bytes    I s b length, bytes    t length, items

Original: none; there, a message's parameters are registers and structures.
"""

import struct
from typing import Final, TypeAlias

from kernel.abi.errors import KErrArgument, Leave
from kernel.abi.event_queue import KMaxEventDepth

Plain: TypeAlias = object  # None, bool, int, float, str, bytes, tuples of these

_LENGTH: Final = struct.Struct("<I")
_WORD: Final = struct.Struct("<q")
_DOUBLE: Final = struct.Struct("<d")
_KWordBits: Final = 63
# Tuples in tuples: what the kernel takes, less what an event is wrapped in on its way.
_KMaxDepth: Final = KMaxEventDepth - 8


def flatten(value: Plain) -> bytes:
    """The bytes of *value*. Raises: TypeError if it is not plain.

    Original: none.
    """
    out = bytearray()
    _write(out, value)
    return bytes(out)


def unflatten(data: bytes) -> Plain:
    """The value of *data*. Raises: KErrArgument if `flatten` did not make it.

    Original: none.
    """
    try:
        value, end = _read(data, 0, 0)
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise Leave(KErrArgument) from error
    if end != len(data):
        raise Leave(KErrArgument)
    return value


def _write(out: bytearray, value: Plain) -> None:
    match value:
        case None:
            out += b"N"
        case bool():
            out += b"T" if value else b"F"
        case int() if value.bit_length() <= _KWordBits:
            out += b"i" + _WORD.pack(value)
        case int():
            length = value.bit_length() // 8 + 1
            _counted(out, b"I", value.to_bytes(length, "little", signed=True))
        case float():
            out += b"f" + _DOUBLE.pack(value)
        case str():
            _counted(out, b"s", value.encode("utf-8", "surrogatepass"))
        case bytes():
            _counted(out, b"b", value)
        case tuple():
            out += b"t" + _LENGTH.pack(len(value))
            for item in value:
                _write(out, item)
        case _:
            raise TypeError(f"{value!r} is no plain value")


def _counted(out: bytearray, tag: bytes, data: bytes) -> None:
    out += tag + _LENGTH.pack(len(data)) + data


def _read(data: bytes, at: int, depth: int) -> tuple[Plain, int]:
    """The value that begins at *at*, and where it ends."""
    tag = data[at : at + 1]
    at += 1
    match tag:
        case b"N":
            return None, at
        case b"T" | b"F":
            return tag == b"T", at
        case b"i":
            return _WORD.unpack_from(data, at)[0], at + _WORD.size
        case b"f":
            return _DOUBLE.unpack_from(data, at)[0], at + _DOUBLE.size
        case b"t" if depth < _KMaxDepth:
            return _read_tuple(data, at, depth)
        case b"I" | b"s" | b"b":
            return _read_counted(data, at, tag)
    raise Leave(KErrArgument)


def _read_tuple(data: bytes, at: int, depth: int) -> tuple[Plain, int]:
    (count,) = _LENGTH.unpack_from(data, at)
    at += _LENGTH.size
    items: list[Plain] = []
    for _ in range(count):
        item, at = _read(data, at, depth + 1)
        items.append(item)
    return tuple(items), at


def _read_counted(data: bytes, at: int, tag: bytes) -> tuple[Plain, int]:
    (length,) = _LENGTH.unpack_from(data, at)
    begin = at + _LENGTH.size
    end = begin + length
    if end > len(data):
        raise Leave(KErrArgument)
    found = data[begin:end]
    if tag == b"b":
        return found, end
    if tag == b"s":
        return found.decode("utf-8", "surrogatepass"), end
    return int.from_bytes(found, "little", signed=True), end
