"""Arrays that grow: RArray of values, RPointerArray of objects.

Room is made in steps of the granularity and is one cell of the thread's heap, so that a
test can let it fail. `try_…` give the code where the originals return one; the plain
names leave with it.

An order is a function of two entries: negative, 0 or positive, as the first belongs
before, beside or behind the second. An identity is a function of two that says whether
they are one.

Original: RArray, RPointerArray (e32cmn.h); symbian-userlib 16.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cmp_to_key
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeAlias, TypeVar

from kernel.abi.current import panic
from kernel.abi.errors import KErrAlreadyExists, KErrNotFound, Leave
from kernel.abi.panics import USER, TUserPanic
from userlib.symbian.cleanup import MDestroyable
from userlib.symbian.heap import HeapCell
from userlib.symbian.leave import trap

T = TypeVar("T")

# Any: what is compared is the program's business.
TLinearOrder: TypeAlias = Callable[[Any, Any], int]
TIdentityRelation: TypeAlias = Callable[[Any, Any], bool]

KDefaultGranularity: Final = 8
KMaxGranularity: Final = 0x10000000


def natural_order(one: Any, other: Any) -> int:  # noqa: ANN401 - see TLinearOrder
    """As `<` and `>` say. Original: TLinearOrder (e32cmn.h), of integers by default."""
    return int(one > other) - int(one < other)


class ArrayBase(Generic[T]):
    """What the two kinds share.

    An index outside the array panics USER 130, also the position of an insertion.

    Threads: one at a time. Original: RPointerArrayBase and RArrayBase (e32cmn.h).
    """

    __slots__ = ("_cell", "_entries", "_granularity", "_room")

    def __init__(self, granularity: int = KDefaultGranularity) -> None:
        """An empty array; a granularity outside 1 to 2^28 panics USER 127."""
        if not 0 < granularity <= KMaxGranularity:
            panic(USER, TUserPanic.EBadArrayGranularity)
        self._granularity: Final = granularity
        self._entries: list[T] = []
        self._room = 0
        self._cell: HeapCell | None = None  # while there is room

    @property
    def count(self) -> int:
        """How many entries there are. Original: RArray::Count."""
        return len(self._entries)

    # Putting in

    def append(self, entry: T) -> None:
        """Add *entry* at the end. Raises: KErrNoMemory. Original: RArray::AppendL."""
        self._make_room()
        self._entries.append(entry)

    def try_append(self, entry: T) -> int:
        """As append, giving the code. Original: RArray::Append."""
        return trap(self.append, entry)

    def insert(self, entry: T, position: int) -> None:
        """Put *entry* before the one at *position*, or at the end.

        Raises: KErrNoMemory. Original: RArray::InsertL.
        """
        if not 0 <= position <= len(self._entries):
            panic(USER, TUserPanic.EArrayIndex)
        self._make_room()
        self._entries.insert(position, entry)

    def try_insert(self, entry: T, position: int) -> int:
        """As insert, giving the code. Original: RArray::Insert."""
        return trap(self.insert, entry, position)

    def insert_in_order(self, entry: T, order: TLinearOrder = natural_order) -> None:
        """Put *entry* where it belongs in a sorted array.

        Raises: KErrAlreadyExists if *order* finds its equal there; KErrNoMemory.
        Original: RArray::InsertInOrderL.
        """
        position = self._lower_bound(entry, order)
        if self._is_equal_at(position, entry, order):
            raise Leave(KErrAlreadyExists)
        self.insert(entry, position)

    def try_insert_in_order(self, entry: T, order: TLinearOrder = natural_order) -> int:
        """As insert_in_order, giving the code. Original: RArray::InsertInOrder."""
        return trap(self.insert_in_order, entry, order)

    def insert_in_order_allow_repeats(
        self, entry: T, order: TLinearOrder = natural_order
    ) -> None:
        """Put *entry* where it belongs in a sorted array, behind its equals.

        Raises: KErrNoMemory. Original: RArray::InsertInOrderAllowRepeatsL.
        """
        self.insert(entry, self._upper_bound(entry, order))

    def try_insert_in_order_allow_repeats(
        self, entry: T, order: TLinearOrder = natural_order
    ) -> int:
        """As the same without try, giving the code.

        Original: RArray::InsertInOrderAllowRepeats.
        """
        return trap(self.insert_in_order_allow_repeats, entry, order)

    # Taking out

    def remove(self, index: int) -> None:
        """Take out the entry at *index*; room is kept. Original: RArray::Remove."""
        self._check_index(index)
        del self._entries[index]

    def compress(self) -> None:
        """Keep no more room than is used. Original: RArray::Compress."""
        self._shrink_to(len(self._entries))

    def granular_compress(self) -> None:
        """Keep no more room than whole steps. Original: RArray::GranularCompress."""
        steps = -(-len(self._entries) // self._granularity)
        self._shrink_to(steps * self._granularity)

    def reserve(self, count: int) -> None:
        """Make room for *count* entries now, so that adding them cannot fail.

        A negative count panics USER 130.

        Raises: KErrNoMemory. Original: RArray::ReserveL.
        """
        if count < 0:
            panic(USER, TUserPanic.EArrayIndex)
        if count > self._room:
            self._grow_to(count)

    def try_reserve(self, count: int) -> int:
        """As reserve, giving the code. Original: RArray::Reserve."""
        return trap(self.reserve, count)

    def reset(self) -> None:
        """Empty the array and give up its room. Original: RArray::Reset."""
        self._entries.clear()
        self._room = 0
        cell, self._cell = self._cell, None
        if cell is not None:
            cell.free()

    def close(self) -> None:
        """As reset: the array's end. Original: RArray::Close."""
        self.reset()

    # Looking

    def find(self, entry: T, identity: TIdentityRelation | None = None) -> int:
        """The index of the first that is *entry*, or KErrNotFound.

        Original: RArray::Find.
        """
        return self._first(entry, identity, range(len(self._entries)))

    def find_reverse(self, entry: T, identity: TIdentityRelation | None = None) -> int:
        """The index of the last one; else as find. Original: RArray::FindReverse."""
        return self._first(entry, identity, reversed(range(len(self._entries))))

    def find_in_order(self, entry: T, order: TLinearOrder = natural_order) -> int:
        """Some equal's index in a sorted array, or KErrNotFound.

        Original: RArray::FindInOrder.
        """
        position = self._lower_bound(entry, order)
        found = self._is_equal_at(position, entry, order)
        return position if found else KErrNotFound

    def specific_find_in_order(
        self, entry: T, order: TLinearOrder = natural_order, *, last: bool = False
    ) -> int:
        """The first of the equals in a sorted array, or the *last*; or KErrNotFound.

        Original: RArray::SpecificFindInOrder.
        """
        found = self.find_in_order(entry, order)
        if found < 0 or not last:
            return found
        return self._upper_bound(entry, order) - 1

    def sort(self, order: TLinearOrder = natural_order) -> None:
        """Put the entries in order, equals as they stood. Original: RArray::Sort."""
        self._entries.sort(key=cmp_to_key(order))

    def __getitem__(self, index: int) -> T:
        self._check_index(index)
        return self._entries[index]

    def __setitem__(self, index: int, entry: T) -> None:
        self._check_index(index)
        self._entries[index] = entry

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._entries!r})"

    # Inside

    def is_same(self, one: T, other: T) -> bool:
        """What `find` goes by, unless it is given an identity.

        Original: none; TIdentityRelation's default.
        """
        raise AssertionError

    def _first(
        self, entry: T, identity: TIdentityRelation | None, indices: Iterable[int]
    ) -> int:
        same = identity or self.is_same
        found = (i for i in indices if same(entry, self._entries[i]))
        return next(found, KErrNotFound)

    def _lower_bound(self, entry: T, order: TLinearOrder) -> int:
        key = cmp_to_key(order)
        return bisect_left(self._entries, key(entry), key=key)

    def _upper_bound(self, entry: T, order: TLinearOrder) -> int:
        key = cmp_to_key(order)
        return bisect_right(self._entries, key(entry), key=key)

    def _is_equal_at(self, position: int, entry: T, order: TLinearOrder) -> bool:
        if position == len(self._entries):
            return False
        return order(entry, self._entries[position]) == 0

    def _check_index(self, index: int) -> None:
        if not 0 <= index < len(self._entries):
            panic(USER, TUserPanic.EArrayIndex)

    def _make_room(self) -> None:
        if len(self._entries) == self._room:
            self._grow_to(self._room + self._granularity)

    def _grow_to(self, room: int) -> None:
        if self._cell is None:
            self._cell = HeapCell(type(self).__name__, room)
        else:
            self._cell.resize(room)
        self._room = room

    def _shrink_to(self, room: int) -> None:
        if not room:
            self.reset()
        elif self._cell is not None and room < self._room:
            self._cell.resize(room)
            self._room = room


class RArray(ArrayBase[T]):
    """An array of values, found by equality. Original: RArray (e32cmn.h)."""

    __slots__ = ()

    def is_same(self, one: T, other: T) -> bool:
        """Whether they are equal. Original: none; TIdentityRelation's default."""
        return bool(one == other)


class RPointerArray(ArrayBase[T]):
    """An array of objects of others, found by identity.

    Original: RPointerArray (e32cmn.h).
    """

    __slots__ = ()

    def is_same(self, one: T, other: T) -> bool:
        """Whether they are one object. Original: none; TIdentityRelation's default."""
        return one is other

    def reset_and_destroy(self: "RPointerArray[Destroyable]") -> None:
        """Destroy every object, and reset. Original: RPointerArray::ResetAndDestroy."""
        entries = list(self)
        self.reset()
        for entry in entries:
            entry.destroy()


Destroyable = TypeVar("Destroyable", bound=MDestroyable)
