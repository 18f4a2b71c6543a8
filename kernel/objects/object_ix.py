"""CObjectIx: a handle table."""

from collections.abc import Iterator
from typing import Final, Generic, TypeAlias, TypeVar

from kernel.abi.errors import KErrBadHandle, KErrNoMemory, KErrNotFound
from kernel.abi.handles import (
    KHandleIndexMask,
    KHandleInstanceMask,
    KHandleInstanceShift,
    KHandleNoClose,
)
from kernel.abi.limits import KMaxHandles
from kernel.abi.panics import TCBasePanic
from kernel.objects.base import CBase
from kernel.objects.object import CObject

KAllRights: Final = -1

TObj = TypeVar("TObj", bound=CObject)

# handle, object, rights. A plain tuple: a look-up is the hottest path there is.
TSlot: TypeAlias = tuple[int, TObj, int]

_FREE: Final = (0, None, 0)  # no handle is 0, so that nobody finds it


class CObjectIx(CBase, Generic[TObj]):
    """The open handles of one owner.

    Each slot holds one reference, so an object outlives every handle to it. A handle is
    the index of a slot and the instance of its use: the next object in a slot has
    another handle, and a stale one is detected.

    Threads: one; in the kernel, any that holds the kernel lock. Blocks: never.
    Original: CObjectIx (symbian-kernel 3.4). The rights in a slot are ours, for
    capabilities; `count` falls only when the table becomes empty.
    """

    __slots__ = ("_capacity", "_cell", "_free", "_instance", "_slots")

    def __init__(self, capacity: int = KMaxHandles) -> None:
        assert 0 < capacity <= KHandleIndexMask + 1
        # Fixed for life:
        self._capacity: Final = capacity

        self._slots: list[TSlot[TObj] | tuple[int, None, int]] = []
        self._free: list[int] = []  # indices; the last freed is the first used again
        self._instance = 0  # of the last handle; keeps counting when the table empties
        self._cell: Final = self.allocate()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} open={self.active_count}>"

    def __iter__(self) -> Iterator[TSlot[TObj]]:
        """The used slots, lowest first."""
        return (slot for slot in tuple(self._slots) if slot[1] is not None)

    # Opening and closing

    def add(self, obj: TObj, rights: int = KAllRights) -> int:
        """Put *obj* into a free slot, with the caller's reference to it.

        Returns: the handle. Never 0.
        Raises: Leave(KErrNoMemory) if the table is full, or cannot grow; ValueError if
        *obj* is in no owning container (where the original crashes).
        Original: CObjectIx::AddL.
        """
        if obj.container is None:
            raise ValueError(f"{obj!r} is in no container that owns it")
        if self._free:
            index = self._free.pop()
        else:
            index = len(self._slots)
            if index == self._capacity:
                self.leave(KErrNoMemory)
            if self._cell is not None:
                self._cell.resize(index + 1)
            self._slots.append(_FREE)
        handle = self.make_handle(self.next_instance(index), index)
        self._slots[index] = (handle, obj, rights)
        return handle

    def next_instance(self, index: int) -> int:
        """The instance of the next handle, which will be in slot *index*; not 0.

        Original: none; part of CObjectIx::AddL.
        """
        self._instance = self._instance % KHandleInstanceMask + 1
        return self._instance

    def make_handle(self, instance: int, index: int) -> int:
        """The handle for the *instance*-th use of slot *index*.

        Original: none; part of CObjectIx::AddL.
        """
        return instance << KHandleInstanceShift | index

    def remove(self, handle: int) -> None:
        """Close the object of *handle*, then free the slot.

        Nothing happens to a handle with the no-close bit.
        Panics: E32USER-CBase 37 if the handle is not open in this table.

        Original: CObjectIx::Remove.
        """
        if handle & KHandleNoClose:
            return
        obj = self.try_at(handle)
        if obj is None:
            self.misuse(TCBasePanic.ERemoveBadHandle)
        try:
            obj.close()
        finally:  # an object whose destructor leaves is gone all the same
            self._free_slot(handle & KHandleIndexMask)

    def take(self, handle: int) -> TObj:
        """Empty the slot of *handle* and hand its reference to the caller.

        Raises: Leave(KErrBadHandle) if the handle is not open in this table.
        Original: none; CObjectIx::Remove without the close.
        """
        obj = self.at(handle)
        self._free_slot(handle & KHandleIndexMask)
        return obj

    def destroy(self) -> None:
        """Close every object still here, the lowest slot first.

        Original: CObjectIx::~CObjectIx, reached by C++ delete.
        """
        for handle, obj, _ in self:
            if self.try_at(handle) is obj:  # else closed by one that ended before
                self.remove(handle)
        if self._cell is not None:
            self._cell.free()

    def _free_slot(self, index: int) -> None:
        self._slots[index] = _FREE
        self._free.append(index)
        if len(self._free) == len(self._slots):
            self._slots = []
            self._free = []
            if self._cell is not None:
                self._cell.resize(0)

    # Looking up

    def try_at(self, handle: int, unique_id: int = 0) -> TObj | None:
        """The object of *handle*, or None; with *unique_id* only from that container.

        The no-close bit does not matter. Original: CObjectIx::At.
        """
        try:
            slot = self._slots[handle & KHandleIndexMask]
        except IndexError:
            return None
        if slot[0] != handle and slot[0] != handle & ~KHandleNoClose:
            return None
        obj = slot[1]
        if unique_id and obj is not None and obj.unique_id != unique_id:
            return None
        return obj

    def at(self, handle: int, unique_id: int = 0) -> TObj:
        """The object of *handle*, as try_at. Original: CObjectIx::AtL.

        Raises: Leave(KErrBadHandle).
        """
        obj = self.try_at(handle, unique_id)
        if obj is None:
            self.leave(KErrBadHandle)
        return obj

    def rights_at(self, handle: int) -> int:
        """With which rights *handle* is open.

        Raises: Leave(KErrBadHandle).
        Original: none; for capabilities.
        """
        self.at(handle)
        return self._slots[handle & KHandleIndexMask][2]

    def handle_of(self, obj: TObj) -> int:
        """The handle in the lowest slot that holds *obj*, or KErrNotFound.

        Original: CObjectIx::At(obj).
        """
        return next((slot[0] for slot in self if slot[1] is obj), KErrNotFound)

    def count_of(self, obj: TObj) -> int:
        """How many slots hold *obj*. Original: CObjectIx::Count(obj)."""
        return sum(1 for slot in self._slots if slot[1] is obj)

    def __getitem__(self, index: int) -> TObj | None:
        """What slot *index* holds; None if free.

        Panics: E32USER-CBase 21 if *index* is not below `count`.
        """
        if not 0 <= index < self.count:
            self.misuse(TCBasePanic.EIndexOutOfRange)
        return self._slots[index][1]

    @property
    def count(self) -> int:
        """How many slots were in use at once since the table was empty.

        Original: CObjectIx::Count.
        """
        return len(self._slots)

    @property
    def active_count(self) -> int:
        """How many slots are in use. Original: CObjectIx::ActiveCount."""
        return len(self._slots) - len(self._free)

    def check(self) -> None:
        """Assert that free and used slots are told apart, and the used ones sound.

        Original: none; for tests.
        """
        assert len(self._slots) <= self._capacity, self
        assert not self._slots or self.active_count, self
        free = {index for index, slot in enumerate(self._slots) if slot[1] is None}
        assert sorted(free) == sorted(self._free), self
        held: dict[TObj, int] = {}
        for index, (handle, obj, _) in enumerate(self._slots):
            if obj is not None:
                assert handle, obj
                assert handle & KHandleIndexMask == index, obj
                held[obj] = held.get(obj, 0) + 1
        for obj, references in held.items():
            assert obj.access_count >= references, obj
