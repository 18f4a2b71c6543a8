"""The items of a message: capabilities and memory that change hands.

Original: l4re-idl 1.5, whose numbers stand below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from kernel.abi.errors import KernelError
from kernel.abi.l4 import (
    L4_PAGESHIFT,
    L4_PAGESIZE,
    L4_WORD_BYTES,
    KLabelRights,
    KRightS,
    L4MemoryRight,
    Rights,
)
from kernel.abi.l4_ipc import KBufferLocalId, ReceivedItem, SentItem, TIpcItem
from kernel.ipc.chunk import DChunk
from kernel.ipc.fpage import DFpage
from kernel.ipc.gate import DIpcGate
from kernel.tasks.handles import look_up, rights_of

if TYPE_CHECKING:
    from kernel.tasks.objects import DObject
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread

KRightR: Final = int(Rights.R)
KMemoryRights: Final = int(L4MemoryRight.R | L4MemoryRight.W | L4MemoryRight.X)
L4_WORD_BITS: Final = 8 * L4_WORD_BYTES
KMemoryW: Final = int(L4MemoryRight.W)
EVoid: Final = TIpcItem.EVoid
EObject: Final = TIpcItem.EObject
EMemory: Final = TIpcItem.EMemory
NOTHING: Final = ReceivedItem(EVoid)


class Cut(Exception):
    """There was no buffer left for an item."""


class MapFailed(Exception):
    """An item could not be put into the receiver's table."""


class Transfer:
    """The transfer of one message's items, in order; `arrived` is what came over."""

    def __init__(
        self,
        sender: DThread,
        receiver: DThread,
        buffers: tuple[int, ...],
        *,
        has_s: bool,
    ) -> None:
        self._sender: Final = sender
        self._receiver: Final = receiver
        self._has_s: Final = has_s
        self._objects: Final = [b for b in buffers if b & ~KBufferLocalId == EObject]
        self._memory: Final = [b for b in buffers if b == EMemory]
        self.arrived: list[ReceivedItem] = []

    def run(self, items: tuple[SentItem, ...]) -> None:
        """Raises: Cut, MapFailed; what came before stays arrived."""
        for item in items:
            self.arrived.append(self._pass(item))

    def _pass(self, item: SentItem) -> ReceivedItem:
        if item.kind == EVoid:  # (5) takes no buffer
            return NOTHING
        free = self._objects if item.kind == EObject else self._memory
        if not free:  # (6)
            raise Cut
        buffer = free.pop(0)
        found = look_up(self._sender, item.handle)
        if found is None:  # an empty slot maps nothing
            return ReceivedItem(TIpcItem(item.kind))
        try:
            if item.kind == EObject:
                return self._pass_object(item, found, buffer)
            return self._pass_memory(item, found)
        except KernelError as error:  # the table is full, or no memory
            raise MapFailed from error

    def _pass_object(self, item: SentItem, found: DObject, buffer: int) -> ReceivedItem:
        held = rights_of(self._sender, item.handle)
        if buffer & KBufferLocalId:  # (7)
            local = self._local(item, found, held)
            if local is not None:
                return local
        rights = item.rights & held  # (1)
        if not self._has_s:  # (2)
            rights &= ~KRightS
        if not rights & KRightR:  # (3)
            return ReceivedItem(EObject)
        return ReceivedItem(EObject, self._map(item, found, rights), rights)

    def _local(self, item: SentItem, found: DObject, held: int) -> ReceivedItem | None:
        process = self._receiver.process
        if is_own_gate(found, process):
            rights = item.rights & held & KLabelRights
            return ReceivedItem(TIpcItem.ELocalLabel, found.label | rights, rights)
        if self._sender.process is process:
            return ReceivedItem(TIpcItem.ELocalHandle, item.handle, held)
        return None

    def _pass_memory(self, item: SentItem, found: DObject) -> ReceivedItem:
        part = memory_range(found, item.offset, item.order)
        if part is None:
            raise MapFailed
        chunk, offset = part
        held = rights_of(self._sender, item.handle) if isinstance(found, DFpage) else -1
        rights = item.rights & held & KMemoryRights
        if chunk.read_only and self._sender.process is not chunk.creator:
            rights &= ~KMemoryW
        if not rights & KRightR:
            return ReceivedItem(EMemory)
        lost = found.lost if isinstance(found, DFpage) else frozenset()
        place = (offset, item.order)
        handle = map_page(self._receiver.process, chunk, place, rights, lost)
        if item.grant:
            self._give_up(item)
        return ReceivedItem(EMemory, handle, rights, item.order)

    def _map(self, item: SentItem, found: DObject, rights: int) -> int:
        found.check_open_by(self._receiver, is_local_table=False)
        handle = self._receiver.process.handles.add_opened(found, rights)
        if item.grant:  # (4)
            self._give_up(item)
        return handle

    def _give_up(self, item: SentItem) -> None:
        """The sender's handle goes away; special ones are not in any table."""
        sender = self._sender
        for table in (sender.process.handles, sender.handles):
            if table.try_at(item.handle) is not None:
                table.remove(item.handle)
                return


def map_page(
    process: DProcess,
    chunk: DChunk,
    place: tuple[int, int],
    rights: int,
    lost: frozenset[int] = frozenset(),
) -> int:
    """A handle of *process* to part of a chunk: its offset and order.

    Raises: KErrNoMemory.
    """
    page = DFpage(chunk.core, chunk, *place, lost)
    try:
        return process.handles.add(page, rights)
    except KernelError:
        page.close()
        raise


def is_own_gate(found: DObject, process: DProcess) -> TypeGuard[DIpcGate]:
    """Whether a thread of *process* serves it."""
    partner = found.partner if isinstance(found, DIpcGate) else None
    return partner is not None and partner.thread.process is process


def memory_range(found: DObject, offset: int, order: int) -> tuple[DChunk, int] | None:
    """The chunk and the offset in it that a flexpage names; None if there is none."""
    is_order = L4_PAGESHIFT <= order < L4_WORD_BITS  # of sizes that an address can have
    if not is_order or offset % L4_PAGESIZE or offset < 0:
        return None
    size = 1 << order
    if isinstance(found, DFpage):
        if offset + size > 1 << found.order:
            return None
        return found.chunk, found.offset + offset
    if isinstance(found, DChunk) and offset + size <= found.max_size:
        return found, offset
    return None
