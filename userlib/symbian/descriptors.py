"""Descriptors that are read: TDesC8, TDesC16 and the views TPtrC8, TPtrC.

A descriptor is counted data of 8-bit items (bytes) or 16-bit ones (one character of a
str each). Those that are written, with a maximum length, are in buffers.py. Names
without a width mean 16 bits, as in the originals.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, NoReturn, TypeVar, Union

from kernel.abi.current import panic
from kernel.abi.errors import KErrNotFound
from kernel.abi.ipc import IpcValue, TArgType
from kernel.abi.names import find_folded, find_matching, fold
from kernel.abi.panics import USER, TUserPanic

TData = TypeVar("TData", str, bytes)

_KWideItem: Final = 2  # bytes


@dataclass(frozen=True, slots=True)
class DesPanics:
    """The USER panics of one width."""

    index: TUserPanic
    position: TUserPanic
    overflow: TUserPanic
    re_alloc: TUserPanic
    length: TUserPanic
    bad_format: TUserPanic
    bad_format_params: TUserPanic
    remote_length: TUserPanic
    length_negative: TUserPanic
    max_length_negative: TUserPanic


_KPanics8: Final = DesPanics(
    TUserPanic.ETDes8IndexOutOfRange,
    TUserPanic.ETDes8PosOutOfRange,
    TUserPanic.ETDes8Overflow,
    TUserPanic.ETDes8ReAllocTooSmall,
    TUserPanic.ETDes8LengthOutOfRange,
    TUserPanic.ETDes8BadFormatDescriptor,
    TUserPanic.ETDes8BadFormatParams,
    TUserPanic.ETDes8RemoteLengthOutOfRange,
    TUserPanic.ETDes8LengthNegative,
    TUserPanic.ETDes8MaxLengthNegative,
)
_KPanics16: Final = DesPanics(
    TUserPanic.ETDes16IndexOutOfRange,
    TUserPanic.ETDes16PosOutOfRange,
    TUserPanic.ETDes16Overflow,
    TUserPanic.ETDes16ReAllocTooSmall,
    TUserPanic.ETDes16LengthOutOfRange,
    TUserPanic.ETDes16BadFormatDescriptor,
    TUserPanic.ETDes16BadFormatParams,
    TUserPanic.ETDes16RemoteLengthOutOfRange,
    TUserPanic.ETDes16LengthNegative,
    TUserPanic.ETDes16MaxLengthNegative,
)


def as_text(data: str | bytes) -> str:
    """*data* as a text in which each item is one character."""
    return data if isinstance(data, str) else data.decode("latin-1")


class TDesCBase(Generic[TData]):
    """Counted data of either width. Compares with its like, and with str or bytes.

    Original: TDesC8 and TDesC16 (e32des8.h, e32des16.h), which share nothing there.
    """

    panics: ClassVar[DesPanics]
    is_wide: ClassVar[bool]
    ipc_type: TArgType  # as a message argument

    __slots__ = ()

    def contents(self) -> TData:
        """The counted items, copied. Original: none; TDesC::Ptr and Length."""
        raise AssertionError

    def ipc_value(self) -> IpcValue:
        """What a message carries for it: constant ones, their contents."""
        return self.contents()

    @property
    def length(self) -> int:
        """Items that count. Original: TDesC::Length."""
        return len(self.contents())

    @property
    def size(self) -> int:
        """The bytes that takes. Original: TDesC::Size."""
        return self.length * (_KWideItem if self.is_wide else 1)

    def left(self, length: int) -> TData:
        """The first *length* items, or all; < 0 panics USER 10, or 22 for 8 bits.

        Original: TDesC::Left.
        """
        if length < 0:
            self._panic(self.panics.position)
        return self.contents()[:length]

    def right(self, length: int) -> TData:
        """The last *length* items, or all; else as left. Original: TDesC::Right."""
        if length < 0:
            self._panic(self.panics.position)
        return self.contents()[max(self.length - length, 0) :]

    def mid(self, position: int, length: int | None = None) -> TData:
        """*length* items, or the rest, from *position*; outside panics as left.

        Original: TDesC::Mid.
        """
        rest = self.length - position
        taken = rest if length is None else length
        if position < 0 or not 0 <= taken <= rest:
            self._panic(self.panics.position)
        return self.contents()[position : position + taken]

    # Searching

    def find(self, items: "TData | TDesCBase[TData]") -> int:
        """Where *items* first occur, or KErrNotFound. Original: TDesC::Find."""
        position = self.contents().find(data_of(items))
        return KErrNotFound if position < 0 else position

    def find_f(self, items: "TData | TDesCBase[TData]") -> int:
        """As find, without regard to case. Original: TDesC::FindF."""
        position = self._folded().find(fold(as_text(data_of(items))))
        return KErrNotFound if position < 0 else position

    def locate(self, item: TData) -> int:
        """Where *item* first occurs, or KErrNotFound. Original: TDesC::Locate."""
        return self.find(item)

    def locate_reverse(self, item: TData) -> int:
        """Where *item* last occurs; else as locate. Original: TDesC::LocateReverse."""
        position = self.contents().rfind(item)
        return KErrNotFound if position < 0 else position

    def match(self, pattern: "TData | TDesCBase[TData]") -> int:
        """Whether the whole is of the form *pattern*, and where it begins to be.

        `?` stands for any one item and `*` for any run of them, also none.

        Returns: where the first item matched that is no `*`; KErrNotFound.
        Original: TDesC::Match.
        """
        return find_matching(as_text(data_of(pattern)), as_text(self.contents()))

    def match_f(self, pattern: "TData | TDesCBase[TData]") -> int:
        """As match, without regard to case. Original: TDesC::MatchF."""
        return find_folded(as_text(data_of(pattern)), as_text(self.contents()))

    # Comparing

    def compare(self, other: "TData | TDesCBase[TData]") -> int:
        """Negative, 0 or positive, as this comes before, beside or behind *other*.

        Original: TDesC::Compare.
        """
        return _order(self.contents(), data_of(other))

    def compare_f(self, other: "TData | TDesCBase[TData]") -> int:
        """As compare, without regard to case. Original: TDesC::CompareF."""
        return _order(self._folded(), fold(as_text(data_of(other))))

    def __lt__(self, other: "TData | TDesCBase[TData]") -> bool:
        return self.compare(other) < 0

    def __le__(self, other: "TData | TDesCBase[TData]") -> bool:
        return self.compare(other) <= 0

    def __gt__(self, other: "TData | TDesCBase[TData]") -> bool:
        return self.compare(other) > 0

    def __ge__(self, other: "TData | TDesCBase[TData]") -> bool:
        return self.compare(other) >= 0

    def _folded(self) -> str:
        return fold(as_text(self.contents()))

    def _panic(self, reason: TUserPanic) -> NoReturn:
        panic(USER, reason)

    def __len__(self) -> int:
        return self.length

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TDesCBase):
            return bool(self.contents() == other.contents())
        if isinstance(other, str | bytes | bytearray):
            return bool(self.contents() == other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment] # contents may change

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.contents()!r})"


def data_of(items: TData | TDesCBase[TData]) -> TData:
    """The items, of a descriptor or not."""
    return items.contents() if isinstance(items, TDesCBase) else items


def _order(one: TData, other: TData) -> int:
    return int(one > other) - int(one < other)


class TDesC16(TDesCBase[str]):
    """16-bit data, read only. `str(des)` gives the text.

    Original: TDesC16, usually written TDesC.
    """

    panics = _KPanics16
    is_wide = True
    ipc_type = TArgType.EDesC16

    __slots__ = ()

    def __str__(self) -> str:
        return self.contents()

    def __getitem__(self, index: int) -> str:
        """One character; outside 0 to length - 1 panics USER 9."""
        if not 0 <= index < self.length:
            self._panic(self.panics.index)
        return self.contents()[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self.contents())


class TDesC8(TDesCBase[bytes]):
    """8-bit data, read only. `bytes(des)` gives the bytes. Original: TDesC8."""

    panics = _KPanics8
    is_wide = False
    ipc_type = TArgType.EDesC8

    __slots__ = ()

    def __bytes__(self) -> bytes:
        return self.contents()

    def __getitem__(self, index: int) -> int:
        """One byte; outside 0 to length - 1 panics USER 21."""
        if not 0 <= index < self.length:
            self._panic(self.panics.index)
        return self.contents()[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self.contents())


TDesC = TDesC16


class TPtrC16(TDesC16):
    """A view of a text, or of another descriptor as it is when looked at.

    Original: TPtrC16.
    """

    __slots__ = ("_source",)

    def __init__(self, source: str | TDesC16 = "") -> None:
        self._source = source

    def set(self, source: str | TDesC16) -> None:
        """Look at something else. Original: TPtrC16::Set."""
        self._source = source

    def contents(self) -> str:
        """The text. Original: none; TDesC::Ptr and Length."""
        return str(self._source)


class TPtrC8(TDesC8):
    """A view of bytes, or of another descriptor as it is when looked at.

    Original: TPtrC8.
    """

    __slots__ = ("_source",)

    def __init__(self, source: bytes | bytearray | TDesC8 = b"") -> None:
        self._source = source

    def set(self, source: bytes | bytearray | TDesC8) -> None:
        """Look at something else. Original: TPtrC8::Set."""
        self._source = source

    def contents(self) -> bytes:
        """The bytes. Original: none; TDesC::Ptr and Length."""
        return bytes(self._source)


TPtrC = TPtrC16


class TLitC16(TDesC16):
    """A text that is fixed in the program. Original: TLitC16, which _LIT16 makes."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text: Final = text

    def contents(self) -> str:
        """The text. Original: none; TDesC::Ptr and Length."""
        return self._text

    def __hash__(self) -> int:  # type: ignore[override] # it cannot change
        return hash(self._text)


class TLitC8(TDesC8):
    """Bytes that are fixed in the program. Original: TLitC8, which _LIT8 makes."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data: Final = data

    def contents(self) -> bytes:
        """The bytes. Original: none; TDesC::Ptr and Length."""
        return self._data

    def __hash__(self) -> int:  # type: ignore[override] # it cannot change
        return hash(self._data)


TLitC = TLitC16
AnyDesC = Union[TDesC8, TDesC16]  # noqa: UP007 - an alias of classes, not of types
