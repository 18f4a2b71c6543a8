"""DFpage: part of a chunk, as it was mapped to a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from kernel.abi.handles import TObjectType
from kernel.tasks.objects import DObject

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.ipc.chunk import DChunk


@final
class DFpage(DObject):
    """A range of a chunk, of two to the power of *order* bytes, for one receiver.

    What may be done with it stands in the slot of the handle, as rights.
    Original: a memory flexpage (l4re-idl 1.3, 7.1).
    """

    kind = TObjectType.EFpage

    def __init__(self, core: Core, chunk: DChunk, offset: int, order: int) -> None:
        super().__init__(core, None, owner=None)
        self.chunk: Final = chunk
        self.offset: Final = offset
        self.order: Final = order
        chunk.open()

    def on_destroy(self) -> None:
        """The chunk may go."""
        self.chunk.close()
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        return f"{1 << self.order:#x} bytes at {self.offset:#x} of {self.chunk!r}"
