"""What becomes of a message's items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.handles import TObjectType
from kernel.abi.ipc import TIpcSessionType
from kernel.abi.l4 import KLabelRights, KRightS, L4IpcErr, L4MemoryRight, Rights
from kernel.abi.l4_ipc import KBufferLocalId, KIpcOk, TIpcItem
from tools.stress.l4_things import Chunk, Gate, KPageSize, Page

if TYPE_CHECKING:
    from kernel.abi.l4_ipc import SentItem
    from tools.stress.model import Model
    from tools.stress.things import Caller, Process, Thing

EVoid: Final = int(TIpcItem.EVoid)
EObject: Final = int(TIpcItem.EObject)
EMemory: Final = int(TIpcItem.EMemory)
KRightR: Final = int(Rights.R)
KMemoryW: Final = int(L4MemoryRight.W)
KMemoryRights: Final = int(L4MemoryRight.R | L4MemoryRight.W | L4MemoryRight.X)
KAddressBits: Final = 64
KPageShift: Final = 12

Arrived = tuple[int, object, int, int]  # kind, value, rights, order


class Failed(Exception):
    """Nothing further arrives."""

    def __init__(self, code: L4IpcErr) -> None:
        super().__init__(code)
        self.code: Final = int(code)


def pass_items(
    model: Model,
    sender: Caller,
    receiver: Thing,
    items: tuple[SentItem, ...],
    buffers: tuple[int, ...],
    rights: int,
) -> tuple[tuple[Arrived, ...], int]:
    """What arrives, and an error. *rights* are those of the capability used."""
    transfer = Transfer(model, sender, receiver.process, rights)
    objects = [b for b in buffers if b & ~KBufferLocalId == EObject]
    memory = [b for b in buffers if b == EMemory]
    arrived: list[Arrived] = []
    error = KIpcOk
    try:
        for item in items:
            free = {EObject: objects, EMemory: memory}.get(item.kind)
            if free is None:
                arrived.append((EVoid, 0, 0, 0))
                continue
            arrived.append(transfer.move(item, free))
    except Failed as failed:
        error = failed.code
    return tuple(arrived), error


class Transfer:
    """From a thread to a process."""

    def __init__(self, model: Model, sender: Caller, to: Process, rights: int) -> None:
        self._model: Final = model
        self._sender: Final = sender
        self._to: Final = to
        self._rights: Final = rights

    def move(self, item: SentItem, free: list[int]) -> Arrived:
        """One item, into the first free buffer. Raises: Failed."""
        if not free:
            raise Failed(L4IpcErr.L4_IPC_SEMSGCUT)
        buffer = free.pop(0)
        found = self._sender.look_up(item.handle)
        if found is None:
            return (item.kind, 0, 0, 0)
        if item.kind == EMemory:
            return self._memory(item, found)
        held = self._sender.rights_of(item.handle)
        if buffer & KBufferLocalId:
            if isinstance(found, Gate) and serves(self._to, found):
                label_rights = item.rights & held & KLabelRights
                label = found.label | label_rights
                return (int(TIpcItem.ELocalLabel), label, label_rights, 0)
            if self._sender.process is self._to:
                return (int(TIpcItem.ELocalHandle), item.handle, held, 0)
        return self._object(item, found, item.rights & held)

    def _object(self, item: SentItem, found: Thing, rights: int) -> Arrived:
        if not self._rights & KRightS:
            rights &= ~KRightS
        if not rights & KRightR:
            return (EObject, 0, 0, 0)
        if not may_receive(found, self._to):
            raise Failed(L4IpcErr.L4_IPC_SEMAPFAILED)
        token = self._model.give(self._to.table, found, rights)
        self._grant(item)
        return (EObject, token, rights, 0)

    def _memory(self, item: SentItem, found: Thing) -> Arrived:
        part = memory_part(found, item.offset, item.order)
        if part is None:
            raise Failed(L4IpcErr.L4_IPC_SEMAPFAILED)
        chunk, offset = part
        rights = item.rights & KMemoryRights
        if isinstance(found, Page):
            rights &= self._sender.rights_of(item.handle)
        if chunk.is_read_only and self._sender.process is not chunk.process:
            rights &= ~KMemoryW
        if not rights & KRightR:
            return (EMemory, 0, 0, 0)
        lost = found.lost if isinstance(found, Page) else set()
        page = new_page(chunk, self._to, offset, item.order, lost)
        token = self._model.give(self._to.table, page, rights)
        self._grant(item)
        return (EMemory, token, rights, item.order)

    def _grant(self, item: SentItem) -> None:
        table = self._sender.table_of(item.handle)
        if item.grant and item.handle in table:  # neither special nor not to be closed
            self._model.empty(table, item.handle)


def serves(process: Process, gate: Gate) -> bool:
    """Whether the gate is bound to a thread of that process."""
    return gate.partner is not None and gate.partner.process is process


def may_receive(thing: Thing, process: Process) -> bool:
    """Whether a handle to it may stand in the table of a process."""
    if thing.kind is TObjectType.ETimer:
        return False
    if thing.kind is TObjectType.EServer:
        return thing.process is process
    if thing.server is None or (
        thing.server.count == TIpcSessionType.EIpcSession_GlobalSharable
    ):
        return True
    is_sharable = thing.server.count == TIpcSessionType.EIpcSession_Sharable
    return is_sharable and thing.process is process


def memory_part(found: Thing, offset: int, order: int) -> tuple[Chunk, int] | None:
    """The chunk, and the offset in it, that are meant."""
    if not KPageShift <= order < KAddressBits or offset < 0 or offset % KPageSize:
        return None
    end = offset + (1 << order)
    if isinstance(found, Page) and end <= 1 << found.order:
        assert found.chunk is not None
        return found.chunk, found.offset + offset
    if isinstance(found, Chunk) and end <= found.size:
        return found, offset
    return None


def new_page(
    chunk: Chunk, process: Process, offset: int, order: int, lost: set[int]
) -> Page:
    """A part of a chunk, which lives as long as it."""
    chunk.refs += 1
    return Page(
        TObjectType.EFpage,
        process,
        chunk=chunk,
        offset=offset,
        order=order,
        lost=set(lost),
    )
