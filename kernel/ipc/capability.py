"""DCapability: an object that knows who holds it, and goes with the last who counts.

A capability is a handle with rights. Most kernel objects live as long as anybody has a
handle; these end sooner: when the last *counted* capability is released, or when
somebody who may deletes them. Either way every slot that still holds one is emptied.

Original: Fiasco's Kobject and its mapping data base (l4re-idl 1.1, 1.5, 5.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from kernel.abi.l4 import L4_FPAGE_FULL, Rights
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.objects import DObjectIx

KRightN: Final = int(Rights.N)


class DCapability(DObject):
    """What can be deleted while others still have capabilities to it."""

    is_capability: ClassVar = True

    def __init__(self, core: Core) -> None:
        super().__init__(core, None, owner=None)
        self.slots: dict[tuple[DObjectIx, int], int] = {}  # with their rights
        self.counted = 0  # those without N, less what was decremented
        self.decrements = 0
        self.deleted = False

    def on_slot_added(self, table: DObjectIx, handle: int, rights: int) -> None:
        """Another holder."""
        full = int(L4_FPAGE_FULL)
        self.slots[table, handle] = full if rights < 0 else rights
        if rights < 0 or not rights & KRightN:
            self.counted += 1

    def on_slot_freed(self, table: DObjectIx, handle: int) -> None:
        """One holder less; the last that counts takes the object along."""
        if self.slots.pop((table, handle)) & KRightN:
            return
        self.counted -= 1
        if self.counted <= 0 and not self.deleted:
            self.delete()

    def decrement(self, count: int) -> None:
        """Let so many capabilities not keep it alive. Nothing is deleted by that."""
        self.counted -= count
        self.decrements += count

    def delete(self) -> None:
        """End the object, and empty every slot that holds it."""
        self._end()
        for table, handle in list(self.slots):
            if (table, handle) in self.slots:
                table.remove(handle)

    def _end(self) -> None:
        if not self.deleted:
            self.deleted = True
            self.on_delete()

    def on_delete(self) -> None:
        """What the kind of object does when it ends."""

    def on_destroy(self) -> None:
        """The last reference is gone."""
        self._end()
        super().on_destroy()

    def check_slots(self) -> None:
        """Assert that the tables agree, and that what nobody keeps alive is gone."""
        for (table, handle), rights in self.slots.items():
            assert table.try_at(handle) is self, self
            held = table.rights_at(handle)
            assert rights == (int(L4_FPAGE_FULL) if held < 0 else held), self
        held = sum(1 for rights in self.slots.values() if not rights & KRightN)
        assert self.counted == held - self.decrements, self
        assert self.slots, self
        assert not self.deleted, self
