"""CObjectCon: the objects of one kind, in order, found by name and wildcard."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from kernel.abi.errors import (
    KErrAlreadyExists,
    KErrArgument,
    KErrBadHandle,
    KErrBadName,
    KErrNone,
    KErrNotFound,
    TErr,
)
from kernel.abi.names import equal_folded, is_valid_name, match_folded
from kernel.abi.panics import TCBasePanic
from kernel.objects.base import CBase
from kernel.objects.object import CObject

KFindIdShift: Final = 16
KFindIndexMask: Final = 0xFFFF
KFindIndexEnd: Final = 0x7FFF  # the index in a find handle after the last match

TObj = TypeVar("TObj", bound=CObject)


@dataclass(frozen=True, slots=True)
class TFound:
    """What a search found, and from where the next one goes on.

    Original: the result and the two in/out arguments of FindByName.
    """

    code: TErr = KErrNone
    find_handle: int = 0  # container id << 16 | index; 0: begin at the first object
    name: str = ""


class CObjectCon(CBase, Generic[TObj]):
    """Objects in the order in which they came.

    Made by a CObjectConIx it has a unique id from 1 up and *owns* its objects: they
    know it, and leave it when they are destroyed. Made alone its id is 0, and it only
    lists objects. It holds no reference in either case.

    Adding and removing take the same time however many objects there are; so does the
    search for a name that clashes, in an owning container. A position costs a walk over
    all objects when some were removed since the last.

    Threads: one; in the kernel, any that holds the kernel lock. Blocks: never.
    Original: CObjectCon (symbian-kernel 3.2).
    """

    __slots__ = ("_by_key", "_cell", "_objects", "_order", "_room", "unique_id")

    def __init__(self, unique_id: int = 0) -> None:
        # Fixed for life:
        self.unique_id: Final = unique_id

        self._objects: dict[TObj, None] = {}  # a set that keeps the order
        self._order: list[TObj] | None = []  # the same by position; None: out of date
        # The objects with a key, by it; an owning container only, for only its objects
        # tell it of a new name.
        self._by_key: dict[Hashable, dict[TObj, None]] = {}
        self._cell: Final = self.allocate()
        self._room = 0  # for so many objects there is memory

    def __repr__(self) -> str:
        return f"<{type(self).__name__} id={self.unique_id} count={self.count}>"

    def __contains__(self, obj: object) -> bool:
        return obj in self._objects

    def __iter__(self) -> Iterator[TObj]:
        return iter(self.in_order())

    @property
    def is_owning(self) -> bool:
        """Whether the objects know the container and leave it when they end.

        Original: none; an id that is not 0.
        """
        return self.unique_id != 0

    @property
    def count(self) -> int:
        """How many objects there are. Original: CObjectCon::Count."""
        return len(self._objects)

    def in_order(self) -> Sequence[TObj]:
        """The objects, first come first; good until the next add or remove.

        Original: none; CObjectCon::operator[] from 0 up.
        """
        if self._order is None:
            self._order = list(self._objects)
        return self._order

    # Adding and removing

    def add(self, obj: TObj) -> None:
        """Append *obj*; its access count stays as it is.

        Raises: Leave(KErrBadName) for a name with `*`, `?`, `:` or other than printing
        ASCII characters; Leave(KErrAlreadyExists) if it clashes with an object here,
        or belongs to another container that owns it; Leave(KErrNoMemory).
        Original: CObjectCon::AddL.
        """
        self.check_unique(obj)
        if self.is_owning and obj.container is not None:
            self.leave(KErrAlreadyExists)
        self._make_room()
        if self.is_owning:
            obj.container = self
        self._objects[obj] = None
        if self._order is not None:
            self._order.append(obj)
        self.note_key(obj)

    def _make_room(self) -> None:
        if self.count == self._room and self._cell is not None:
            self._cell.resize(self._room + 1)
            self._room += 1

    def remove(self, obj: TObj) -> None:
        """Take *obj* out; an owning container then destroys it.

        Panics: E32USER-CBase 35 if it is not here; 33 if it would be destroyed but is
        referenced: the way out of an owning container is the object's last `close`.
        Original: CObjectCon::Remove.
        """
        if obj not in self._objects:
            self.misuse(TCBasePanic.ERemoveNotInContainer)
        self.unlink(obj)
        if self.is_owning:
            obj.destroy()

    def unlink(self, obj: TObj) -> None:
        """Take *obj*, which is here, out of the list, and do no more.

        Original: none; part of CObjectCon::Remove.
        """
        self.forget_key(obj)
        del self._objects[obj]
        if self._order is not None:
            if self._order[-1] is obj:
                self._order.pop()
            else:
                self._order = None
        if self.is_owning:
            obj.container = None

    def destroy(self) -> None:
        """End the container, and with an owning one all objects left in it.

        Panics: E32USER-CBase 33 if one of these is referenced.
        Original: CObjectCon::~CObjectCon, reached by C++ delete.
        """
        if self.is_owning:
            for obj in tuple(self._objects):
                if obj in self._objects:  # else its owner's end was also its own
                    obj.destroy()
        self._objects.clear()
        self._order = []
        if self._cell is not None:
            self._cell.free()

    # Names

    def index_key(self, obj: TObj) -> Hashable | None:
        """By what *obj* is found among those it may clash with; None if with none.

        Original: none; makes the search quick.
        """
        return obj.given_name

    def clashes(self, obj: TObj) -> bool:
        """Whether *obj* cannot be added because of an object that is here.

        A named one does if a name and its owners' names are the same, case and all.

        Original: none; part of CObjectCon::CheckUniqueFullName.
        """
        if not obj.is_named:
            return obj in self._objects
        return any(_same_full_name(obj, other) for other in self.same_key(obj))

    def same_key(self, obj: TObj) -> Iterable[TObj]:
        """The objects here whose key is that of *obj*, which has one.

        Original: none; makes the search quick.
        """
        key = self.index_key(obj)
        if self.is_owning:
            return self.with_key(key)
        return (other for other in self._objects if self.index_key(other) == key)

    def with_key(self, key: Hashable) -> Iterable[TObj]:
        """The objects here that have *key*, first come first. Requires: owning.

        Original: none; makes the search quick.
        """
        return self._by_key.get(key, ())

    def note_key(self, obj: TObj) -> None:
        """Make *obj*, which is here, findable by its key.

        Original: none; makes the search quick.
        """
        key = self.index_key(obj) if self.is_owning else None
        if key is not None:
            self._by_key.setdefault(key, {})[obj] = None

    def forget_key(self, obj: TObj) -> None:
        """Undo note_key; the key is still the same.

        Original: none; makes the search quick.
        """
        key = self.index_key(obj) if self.is_owning else None
        if key is not None:
            same = self._by_key[key]
            del same[obj]
            if not same:
                del self._by_key[key]

    def check_unique(self, obj: TObj) -> None:
        """The test that `add` makes of *obj*, and its codes.

        Original: CObjectCon::CheckUniqueFullName(obj), which returns the code.
        """
        if obj.given_name is not None and not is_valid_name(obj.given_name):
            self.leave(KErrBadName)
        if self.clashes(obj):
            self.leave(KErrAlreadyExists)

    def check_unique_full_name(self, owner: CObject | None, name: str) -> None:
        """Refuse *name* for an object of *owner*; unlike `add`, case is folded.

        Raises: Leave(KErrBadName); Leave(KErrAlreadyExists) if an object here, named or
        not, has that full name.
        Original: CObjectCon::CheckUniqueFullName(owner, name), which returns the code.
        """
        if not is_valid_name(name):
            self.leave(KErrBadName)
        full_name = name if owner is None else f"{owner.full_name}::{name}"
        if any(equal_folded(full_name, obj.full_name) for obj in self._objects):
            self.leave(KErrAlreadyExists)

    # Positions and find handles

    def __getitem__(self, index: int) -> TObj:
        """The object at *index*. Panics: E32USER-CBase 21 if there is none."""
        if not 0 <= index < self.count:
            self.misuse(TCBasePanic.EIndexOutOfRange)
        return self.in_order()[index]

    def at(self, find_handle: int) -> TObj:
        """The object that a search found, if nothing was removed since.

        Raises: Leave(KErrBadHandle) for the find handle of another container,
        Leave(KErrArgument) if its index is too large.
        Original: CObjectCon::AtL.
        """
        if find_handle >> KFindIdShift != self.unique_id:
            self.leave(KErrBadHandle)
        index = find_handle & KFindIndexMask
        if index >= self.count:
            self.leave(KErrArgument)
        return self.in_order()[index]

    def at_or_panic(self, find_handle: int) -> TObj:
        """As `at`. Panics: E32USER-CBase 38 and 39 instead.

        Original: CObjectCon::At.
        """
        index = self._index_in(find_handle)
        if index >= self.count:
            self.misuse(TCBasePanic.EFindHandleIndex)
        return self.in_order()[index]

    def find_by_name(self, pattern: str, previous: TFound = TFound()) -> TFound:
        """The next object whose name matches *pattern*, after the *previous* one.

        `*` and `?` are wildcards, case is folded; an unnamed object has its `Local-`
        name. A find handle is a position: after a removal the next search may skip or
        repeat. It is 0, which is also "begin", for the first object of container 0.

        Returns: code KErrNotFound, an empty name and an end mark if there is none;
        in an empty container code KErrNotFound and else what *previous* says.
        Panics: E32USER-CBase 38 if *previous* is from another container.
        Original: CObjectCon::FindByName.
        """
        return self._find(pattern, previous, full=False)

    def find_by_full_name(self, pattern: str, previous: TFound = TFound()) -> TFound:
        """As find_by_name, by full names. Original: CObjectCon::FindByFullName."""
        return self._find(pattern, previous, full=True)

    def _find(self, pattern: str, previous: TFound, *, full: bool) -> TFound:
        if not self._objects:
            return TFound(KErrNotFound, previous.find_handle, previous.name)
        begin = 0
        if previous.find_handle != 0:
            begin = self._index_in(previous.find_handle) + 1
        base = self.unique_id << KFindIdShift
        order = self.in_order()
        # A find handle has no room for later positions.
        for index in range(begin, min(len(order), KFindIndexEnd)):
            name = order[index].full_name if full else order[index].name
            if match_folded(pattern, name):
                return TFound(KErrNone, base | index, name)
        return TFound(KErrNotFound, base | KFindIndexEnd, "")

    def _index_in(self, find_handle: int) -> int:
        if find_handle >> KFindIdShift != self.unique_id:
            self.misuse(TCBasePanic.EFindHandleForeign)
        return find_handle & KFindIndexMask

    def check(self) -> None:
        """Assert that order, keys and the objects' own view agree.

        Original: none; for tests.
        """
        assert self._order is None or self._order == list(self._objects), self
        keyed = [obj for same in self._by_key.values() for obj in same]
        assert len(keyed) == len(set(keyed)), self
        for obj in self._objects:
            assert (obj.container is self) or not self.is_owning, obj
            key = self.index_key(obj) if self.is_owning else None
            assert key is None or obj in self._by_key[key], obj
        unkeyed = sum(1 for obj in self._objects if self.index_key(obj) is None)
        assert not self.is_owning or len(keyed) + unkeyed == self.count, self


def _same_full_name(one: CObject | None, other: CObject | None) -> bool:
    """Whether two chains of owners bear the same names and end together."""
    while one is not None and other is not None:
        if one.name != other.name:
            return False
        one, other = one.owner, other.owner
    return one is other
