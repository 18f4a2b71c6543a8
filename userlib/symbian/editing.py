"""What every writable descriptor can do: edit its data, and panic beyond its room."""

from collections.abc import Callable

from kernel.abi.current import panic
from kernel.abi.ipc import IpcValue
from kernel.abi.memory import ClientBuffer
from kernel.abi.names import fold
from kernel.abi.panics import KERN_EXEC, TKernExec
from userlib.symbian.descriptors import TData, TDesCBase, as_text, data_of
from userlib.symbian.formatting import (
    BadFormat,
    BadFormatArgument,
    format_text,
    number_text,
)


class TDesBase(TDesCBase[TData]):
    """What writable descriptors of both widths share.

    More than the maximum panics USER 11, or 23 for 8 bits.

    Original: TDes8 and TDes16.
    """

    __slots__ = ("client",)

    def __init__(self, client: ClientBuffer) -> None:
        self.client = client

    def ipc_value(self) -> IpcValue:
        """A message carries the memory itself."""
        return self.client

    @property
    def length(self) -> int:
        """Items that count. Original: TDes::Length."""
        return self.client.length

    @property
    def max_length(self) -> int:
        """Items there is room for. Original: TDes::MaxLength."""
        return self.client.max_length

    def contents(self) -> TData:
        """The counted items, copied. Original: none; TDesC::Ptr and Length."""
        return self.client.contents()  # type: ignore[return-value] # of our width

    def set_length(self, length: int) -> None:
        """Count so many items; those never written are zeros.

        A negative one panics USER 17, or 29 for 8 bits. Original: TDes::SetLength.
        """
        self._check_count(length)
        self._check_room(length)
        missing = length - len(self.client.data)
        if missing > 0:
            self._store(len(self.client.data), self._zeros(missing))
        self.client.length = length

    def set_max(self) -> None:
        """Count as many as there is room for. Original: TDes::SetMax."""
        self.set_length(self.client.max_length)

    def zero(self) -> None:
        """Count none. Original: TDes::Zero."""
        self.client.length = 0

    def copy(self, items: "TData | TDesCBase[TData]") -> None:
        """Replace the contents. Original: TDes::Copy."""
        self._put(0, items)

    def append(self, items: "TData | TDesCBase[TData]") -> None:
        """Add at the end. Original: TDes::Append."""
        self._put(self.client.length, items)

    def fill(self, item: TData, length: int | None = None) -> None:
        """*length* times *item*, or over the present length. Original: TDes::Fill."""
        count = self.client.length if length is None else length
        self._check_count(count)
        self._put(0, item * count)

    def fill_z(self, length: int | None = None) -> None:
        """As fill, with zeros. Original: TDes::FillZ."""
        self.fill(self._zeros(1), length)

    def append_fill(self, item: TData, length: int) -> None:
        """Add *length* times *item*. Original: TDes::AppendFill."""
        self._check_count(length)
        self._put(self.client.length, item * length)

    # Editing: a position outside panics USER 10, or 22 for 8 bits.

    def insert(self, position: int, items: "TData | TDesCBase[TData]") -> None:
        """Put *items* before the one at *position*. Original: TDes::Insert."""
        self._check_position(position)
        data = self.contents()
        self._put(0, data[:position] + data_of(items) + data[position:])

    def delete(self, position: int, length: int) -> None:
        """Take out *length* items, or the rest, from *position*.

        A negative length panics USER 17, or 29 for 8 bits. Original: TDes::Delete.
        """
        self._check_position(position)
        self._check_count(length)
        data = self.contents()
        self._put(0, data[:position] + data[position + length :])

    def replace(
        self, position: int, length: int, items: "TData | TDesCBase[TData]"
    ) -> None:
        """Put *items* in the place of *length* others from *position*.

        A length outside panics USER 8, or 20 for 8 bits; more items than there is room
        for at all USER 16, or 28. Original: TDes::Replace.
        """
        self._check_position(position)
        if not 0 <= length <= self.client.length - position:
            self._panic(self.panics.length)
        new = data_of(items)
        if len(new) > self.client.max_length:
            self._panic(self.panics.remote_length)
        data = self.contents()
        self._put(0, data[:position] + new + data[position + length :])

    def swap(self, other: "TDesBase[TData]") -> None:
        """Exchange contents; what does not fit panics as copy. Original: TDes::Swap."""
        mine, theirs = self.contents(), other.contents()
        self._check_room(len(theirs))
        other.copy(mine)
        self.copy(theirs)

    def trim_left(self) -> None:
        """Take the space in front away. Original: TDes::TrimLeft."""
        self._put(0, self.contents().lstrip())

    def trim_right(self) -> None:
        """Take the space at the end away. Original: TDes::TrimRight."""
        self._put(0, self.contents().rstrip())

    def trim(self) -> None:
        """Take the space at both ends away. Original: TDes::Trim."""
        self._put(0, self.contents().strip())

    def trim_all(self) -> None:
        """Trim, and leave one of the spaces inside that stand together.

        Original: TDes::TrimAll.
        """
        words = self.contents().split()
        self._put(0, self._text(" ").join(words))

    def upper_case(self) -> None:
        """Make capital letters. Original: TDes::UpperCase."""
        self._each(str.upper)

    def lower_case(self) -> None:
        """Make small letters. Original: TDes::LowerCase."""
        self._each(str.lower)

    def fold(self) -> None:
        """Take the difference of case away. Original: TDes::Fold."""
        self._put(0, self._text(fold(as_text(self.contents()))))

    def zero_terminate(self) -> None:
        """Put a zero behind the last item, which does not count.

        Without room for one panics USER 11, or 23 for 8 bits.
        Original: TDes::ZeroTerminate.
        """
        length = self.client.length
        self._check_room(length + 1)
        self._store(length, self._zeros(1))

    # Numbers and formats

    def num(self, number: int, radix: int = 10) -> None:
        """Replace the contents by *number*; in another *radix* it is unsigned.

        A negative one is then the 64 bits it is stored in. Original: TDes::Num.
        """
        self._put(0, self._text(number_text(number, radix)))

    def append_num(self, number: int, radix: int = 10) -> None:
        """Add what num makes. Original: TDes::AppendNum."""
        self._put(self.client.length, self._text(number_text(number, radix)))

    def format(self, pattern: "TData | TDesCBase[TData]", *args: object) -> None:
        """Replace the contents by *pattern* with *args*, as formatting.py says.

        A wrong pattern panics USER 12, or 24 for 8 bits, wrong arguments 13, or 25.
        Original: TDes::Format.
        """
        self._put(0, self._formatted(pattern, args))

    def append_format(self, pattern: "TData | TDesCBase[TData]", *args: object) -> None:
        """Add what format makes. Original: TDes::AppendFormat."""
        self._put(self.client.length, self._formatted(pattern, args))

    def _formatted(
        self, pattern: "TData | TDesCBase[TData]", args: tuple[object, ...]
    ) -> TData:
        try:
            return self._text(format_text(as_text(data_of(pattern)), args))
        except BadFormat:
            self._panic(self.panics.bad_format)
        except BadFormatArgument:
            self._panic(self.panics.bad_format_params)

    def _each(self, change: Callable[[str], str]) -> None:
        # Some characters become several (sharp s to "SS"): these stay.
        changed = ((c, change(c)) for c in as_text(self.contents()))
        text = "".join(new if len(new) == 1 else old for old, new in changed)
        self._put(0, self._text(text))

    def _check_position(self, position: int) -> None:
        if not 0 <= position <= self.client.length:
            self._panic(self.panics.position)

    def _check_count(self, count: int) -> None:
        if count < 0:
            self._panic(self.panics.length_negative)

    def _check_index(self, index: int) -> None:
        if not 0 <= index < self.client.length:
            self._panic(self.panics.index)

    def _put(self, position: int, items: "TData | TDesCBase[TData]") -> None:
        data = data_of(items)
        if isinstance(data, str) is not self.is_wide:
            raise TypeError(f"{type(self).__name__} does not take {items!r}")
        if self.client.bad:
            panic(KERN_EXEC, TKernExec.ECausedException)
        self._check_room(position + len(data))
        self._store(position, data)
        self.client.length = position + len(data)

    def _check_room(self, length: int) -> None:
        if length > self.client.max_length:
            self._panic(self.panics.overflow)

    def _store(self, position: int, data: TData) -> None:
        raise AssertionError

    def _zeros(self, count: int) -> TData:
        raise AssertionError

    def _text(self, text: str) -> TData:
        """*text* in items of our width."""
        raise AssertionError
