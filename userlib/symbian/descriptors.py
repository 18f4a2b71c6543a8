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
from kernel.abi.panics import USER, TUserPanic

TData = TypeVar("TData", str, bytes)


@dataclass(frozen=True, slots=True)
class DesPanics:
    """The USER panics of one width."""

    index: TUserPanic
    position: TUserPanic
    overflow: TUserPanic
    re_alloc: TUserPanic
    length_negative: TUserPanic
    max_length_negative: TUserPanic


_KPanics8: Final = DesPanics(
    TUserPanic.ETDes8IndexOutOfRange,
    TUserPanic.ETDes8PosOutOfRange,
    TUserPanic.ETDes8Overflow,
    TUserPanic.ETDes8ReAllocTooSmall,
    TUserPanic.ETDes8LengthNegative,
    TUserPanic.ETDes8MaxLengthNegative,
)
_KPanics16: Final = DesPanics(
    TUserPanic.ETDes16IndexOutOfRange,
    TUserPanic.ETDes16PosOutOfRange,
    TUserPanic.ETDes16Overflow,
    TUserPanic.ETDes16ReAllocTooSmall,
    TUserPanic.ETDes16LengthNegative,
    TUserPanic.ETDes16MaxLengthNegative,
)


class TDesCBase(Generic[TData]):
    """Counted data of either width. Compares with its like, and with str or bytes.

    Original: TDesC8 and TDesC16 (e32des8.h, e32des16.h), which share nothing there.
    """

    panics: ClassVar[DesPanics]
    is_wide: ClassVar[bool]
    ipc_type: TArgType  # as a message argument

    __slots__ = ()

    def contents(self) -> TData:
        """The counted items, copied."""
        raise AssertionError

    def ipc_value(self) -> IpcValue:
        """What a message carries for it: constant ones, their contents."""
        return self.contents()

    @property
    def length(self) -> int:
        """Items that count. Original: TDesC::Length."""
        return len(self.contents())

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

    def find(self, items: TData) -> int:
        """Where *items* first occur, or KErrNotFound. Original: TDesC::Find."""
        position = self.contents().find(items)
        return KErrNotFound if position < 0 else position

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
        """The text."""
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
        """The bytes."""
        return bytes(self._source)


TPtrC = TPtrC16
AnyDesC = Union[TDesC8, TDesC16]  # noqa: UP007 - an alias of classes, not of types
