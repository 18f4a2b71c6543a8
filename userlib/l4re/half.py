"""The two halves of an operation: its request, and its reply."""

import struct
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from userlib.l4re.consts import (
    L4_EINVAL,
    L4_EMSGMISSARG,
    L4_EMSGTOOLONG,
    L4_EMSGTOOSHORT,
    L4_UTCB_WORDS,
    L4_WORD_BYTES,
)
from userlib.l4re.errors import L4Error
from userlib.l4re.interface import OperationInfo, ParameterInfo
from userlib.l4re.items import Cap, Fpage
from userlib.l4re.messages import ExpectedItems, quick
from userlib.l4re.wire import Wire, aligned, fixed_format, wire_of

__all__ = ["OPCODE", "Half", "Parcel", "reply_half", "request_half"]

OPCODE: Final = struct.Struct("<i")


class Parcel(NamedTuple):
    """What a message carries."""

    words: bytes
    items: Sequence[Cap | Fpage]


new_parcel: Final = quick(Parcel)


class Half:
    """Packs and unpacks the values of one direction, in the order of declaration.

    A request begins with its opcode. Integers alone, which is the usual case, are
    packed at one stroke; if that refuses, the long way finds the words for why.
    """

    def __init__(
        self, parameters: Sequence[ParameterInfo], opcode: int | None = None
    ) -> None:
        self.parameters: Final = tuple(parameters)
        self.is_request: Final = opcode is not None
        self._head: Final = b"" if opcode is None else OPCODE.pack(opcode)
        wires: list[Wire | None] = [
            None if parameter.is_item else wire_of(parameter)
            for parameter in self.parameters
        ]
        self._wires: Final = tuple(wires)
        caps = sum(parameter.wire == "cap" for parameter in self.parameters)
        fpages = sum(parameter.wire == "fpage" for parameter in self.parameters)
        self.expected: Final = ExpectedItems(caps, fpages)
        self.buffers: Final = self.expected.buffers
        self._fast: struct.Struct | None = None  # packs all, if all are integers
        self._values: struct.Struct | None = None  # unpacks them
        self._size = 0  # of the words then
        self._constant: Parcel | None = None  # of a message without any
        self._pack_one: Callable[[int], bytes] | None = None  # if it is one integer
        self._choose_structs(wires)

    def _choose_structs(self, wires: list[Wire | None]) -> None:
        start = len(self._head)
        fixed = fixed_format([wire for wire in wires if wire is not None], start)
        if fixed is None or None in wires:
            return
        codes, end = fixed
        rest = f"{codes}{-end % L4_WORD_BYTES}x"
        self._fast = struct.Struct(f"<{start}s{rest}")
        self._values = struct.Struct(f"<{start}x{rest}")
        self._size = self._values.size
        if not wires:
            self._constant = Parcel(self._fast.pack(self._head), ())
        if len(wires) == 1:
            self._pack_one = partial(self._fast.pack, self._head)

    def pack(self, values: Sequence[Any]) -> Parcel:
        """Put *values* into a message.

        Raises: TypeError, OverflowError or ValueError for what the types do not
            allow; L4Error(L4_EMSGMISSARG) for an invalid capability in a request,
            L4_EMSGTOOLONG for what does not fit, L4_E2BIG for a sequence too long.
        """
        if not values and self._constant is not None:
            return self._constant
        if self._fast is not None:
            try:
                return new_parcel((self._fast.pack(self._head, *values), ()))
            except struct.error:
                pass
        if len(values) != len(self.parameters):
            raise TypeError(f"{len(self.parameters)} values wanted, not {len(values)}")
        return self._pack_each(values)

    def pack_one(self, value: object) -> bytes | None:
        """The same of an integer that is all there is; else None, and no error."""
        if self._pack_one is None or value.__class__ is not int:
            return None
        try:
            return self._pack_one(value)
        except struct.error:
            return None

    def _pack_each(self, values: Sequence[Any]) -> Parcel:
        words, items = bytearray(self._head), []
        for parameter, wire, value in zip(
            self.parameters, self._wires, values, strict=True
        ):
            if wire is None:
                items.append(self._item(parameter, value))
            else:
                wire.put(words, value, parameter.name)
        words.extend(bytes(-len(words) % L4_WORD_BYTES))
        if len(words) // L4_WORD_BYTES + 2 * len(items) > L4_UTCB_WORDS:
            raise L4Error(L4_EMSGTOOLONG)
        return Parcel(bytes(words), tuple(items))

    def _item(self, parameter: ParameterInfo, value: object) -> Cap | Fpage:
        kind = Cap if parameter.wire == "cap" else Fpage
        if not isinstance(value, kind):
            raise TypeError(
                f"{parameter.name} must be a {kind.__name__}, "
                f"not {type(value).__name__}"
            )
        if self.is_request and kind is Cap and not value:
            raise L4Error(L4_EMSGMISSARG)
        return value

    def unpack(self, words: bytes, items: Sequence[Cap | Fpage]) -> list[Any]:
        """Take the values out of a message; more words or items are ignored.

        Raises: L4Error with L4_EMSGTOOSHORT if something is missing, L4_E2BIG,
            L4_EMSGMISSARG or L4_EINVAL.
        """
        if not self.parameters:
            return []
        if self._values is not None and len(words) == self._size:
            return list(self._values.unpack(words))
        values: list[Any] = []
        offset = len(self._head)
        for wire in self._wires:
            if wire is None:
                values.append(None)
            else:
                value, offset = wire.get(words, offset)
                values.append(value)
        self._take_items(values, items)
        return values

    def _take_items(self, values: list[Any], items: Sequence[Cap | Fpage]) -> None:
        places = [place for place, wire in enumerate(self._wires) if wire is None]
        if len(items) < len(places):
            raise L4Error(L4_EMSGTOOSHORT)
        for place, item in zip(places, items, strict=False):
            values[place] = self._received(self.parameters[place], item)

    def _received(self, parameter: ParameterInfo, item: Cap | Fpage) -> Cap | Fpage:
        """The item if it is of the right kind; a client may get an empty capability."""
        is_empty = isinstance(item, Cap) and not item
        if parameter.wire == "fpage":
            if is_empty and not self.is_request:
                raise L4Error(L4_EMSGMISSARG)
            if not isinstance(item, Fpage):
                raise L4Error(L4_EINVAL)
        elif not isinstance(item, Cap):
            raise L4Error(L4_EINVAL)
        elif is_empty and self.is_request:
            raise L4Error(L4_EMSGMISSARG)
        return item

    def words_when_empty(self) -> int:
        """Words of the message with every buffer empty."""
        empty = {"string": "", "bytes": b""}
        words = bytearray(self._head)
        for parameter, wire in zip(self.parameters, self._wires, strict=True):
            if wire is not None:
                is_list = parameter.wire.startswith("[")
                value = () if is_list else empty.get(parameter.wire, 0)
                wire.put(words, value, parameter.name)
        return aligned(len(words), L4_WORD_BYTES) // L4_WORD_BYTES


def request_half(operation: OperationInfo) -> Half:
    """What the client sends."""
    return Half(operation.inputs, operation.opcode)


def reply_half(operation: OperationInfo) -> Half:
    """What the server sends."""
    return Half(operation.outputs)
