"""Parameters: what a process finds when it starts, left there by its creator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from collections.abc import Iterator

KParameterSlots: Final = 16


class Parameters:
    """The slots of one process. Each object in them is held by a reference.

    Original: DProcess's environment data (symbian-kernel 5.4).
    """

    __slots__ = ("_slots",)

    def __init__(self) -> None:
        # The first slot is the command line's, and reads as empty data.
        self._slots: list[DObject | bytes | None] = [b""]
        self._slots += [None] * (KParameterSlots - 1)

    def __getitem__(self, slot: int) -> DObject | bytes | None:
        return self._slots[slot]

    def put(self, slot: int, value: DObject | bytes) -> None:
        """Fill a free slot."""
        assert self._slots[slot] is None
        if isinstance(value, DObject):
            value.open()
        self._slots[slot] = value

    def clear(self, slot: int) -> None:
        """Empty a slot."""
        value, self._slots[slot] = self._slots[slot], None
        if isinstance(value, DObject):
            value.close()

    def clear_all(self) -> None:
        """The process is dead: nobody will claim what is left."""
        for slot in range(KParameterSlots):
            self.clear(slot)

    def objects(self) -> Iterator[DObject]:
        """Those not yet claimed."""
        return (value for value in self._slots if isinstance(value, DObject))
