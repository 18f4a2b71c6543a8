"""Calls on chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.chunk import KChunkGranularity, KPageSize, TChunkKind, round_to_page
from kernel.abi.errors import (
    KernelError,
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrNoMemory,
)
from kernel.abi.limits import KMaxTInt
from kernel.events import TEvent
from kernel.exec.semaphore import owner_of, publish
from kernel.ipc.chunk import DChunk
from kernel.tasks.handles import new_handle, resolve

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def chunk_create(
    core: Core,
    thread: DThread,
    name: str | None,
    kind: int,
    extent: tuple[int, int, int],
    clear_byte: int,
    read_only: bool,
    owner: int,
) -> int:
    """Local, protected or global."""
    bottom, top, max_size = extent
    if kind not in tuple(TChunkKind) or not 0 <= bottom <= top <= max_size <= KMaxTInt:
        raise KernelError(KErrArgument)
    if max_size == 0 or (bottom and kind == TChunkKind.ENormal):
        raise KernelError(KErrArgument)
    chunk = DChunk(
        core,
        name,
        owner_of(thread, name, owner),
        TChunkKind(kind),
        -(-max_size // KChunkGranularity) * KChunkGranularity,
        clear_byte=clear_byte,
        read_only=read_only,
        creator=thread.process,
    )
    publish(chunk, name)
    first, last = chunk.page_range(bottom, top)
    if chunk.chunk_kind is TChunkKind.EDisconnected:
        chunk.fill(first, last)
    else:
        chunk.resize(first, last)
    core.event(TEvent.EChunkCreate, thread, chunk.number, chunk.max_size)
    return new_handle(thread, chunk, owner)


def _adjustable(core: Core, thread: DThread, handle: int, kind: TChunkKind) -> DChunk:
    chunk = resolve(core, thread, handle, DChunk)
    chunk.demand_adjustable(thread.process, kind)
    return chunk


def _report(core: Core, thread: DThread, chunk: DChunk) -> None:
    if core.trace is not None:
        core.trace(TEvent.EChunkAdjust, thread, chunk.number, chunk.size)


def chunk_adjust(core: Core, thread: DThread, handle: int, size: int) -> None:
    """From 0 to *size*."""
    _resize(core, thread, handle, TChunkKind.ENormal, 0, size)


def chunk_adjust_double_ended(
    core: Core, thread: DThread, handle: int, bottom: int, top: int
) -> None:
    """From *bottom* to *top*."""
    _resize(core, thread, handle, TChunkKind.EDoubleEnded, bottom, top)


def _resize(
    core: Core, thread: DThread, handle: int, kind: TChunkKind, bottom: int, top: int
) -> None:
    chunk = _adjustable(core, thread, handle, kind)
    first, last = chunk.page_range(bottom, top)
    if not chunk.is_committed(first, last):
        chunk.charge()
    chunk.resize(first, last)
    _report(core, thread, chunk)


def chunk_commit(
    core: Core, thread: DThread, handle: int, offset: int, size: int
) -> None:
    """All of the pages, or none."""
    chunk = _adjustable(core, thread, handle, TChunkKind.EDisconnected)
    first, last = chunk.page_range(offset, offset + size)
    if size == 0:
        return
    if chunk.has_committed(first, last):
        raise KernelError(KErrAlreadyExists)
    chunk.charge()
    chunk.fill(first, last)
    _report(core, thread, chunk)


def chunk_decommit(
    core: Core, thread: DThread, handle: int, offset: int, size: int
) -> None:
    """Those of the pages that are committed."""
    chunk = _adjustable(core, thread, handle, TChunkKind.EDisconnected)
    first, last = chunk.page_range(offset, offset + size)
    if size:
        chunk.release(first, last)
        _report(core, thread, chunk)


def chunk_allocate(core: Core, thread: DThread, handle: int, size: int) -> int:
    """A run of free pages."""
    chunk = _adjustable(core, thread, handle, TChunkKind.EDisconnected)
    if not 0 < size <= chunk.max_size:
        raise KernelError(KErrArgument)
    count = round_to_page(size) // KPageSize
    first = chunk.find_free(count)
    if first is None:
        raise KernelError(KErrNoMemory)
    chunk.charge()
    chunk.fill(first, first + count)
    _report(core, thread, chunk)
    return first * KPageSize


def chunk_extent(core: Core, thread: DThread, handle: int) -> tuple[int, int, int, int]:
    """Bottom, top, committed, maximum."""
    chunk = resolve(core, thread, handle, DChunk)
    return (
        chunk.bottom * KPageSize,
        chunk.top * KPageSize,
        chunk.size,
        chunk.max_size,
    )


def chunk_set_restrictions(
    core: Core, thread: DThread, handle: int, flags: int
) -> None:
    """By the creator's process alone."""
    chunk = resolve(core, thread, handle, DChunk)
    if thread.process is not chunk.creator:
        raise KernelError(KErrAccessDenied)
    chunk.restrictions = flags


def chunk_view(
    core: Core, thread: DThread, handle: int, offset: int, size: int
) -> memoryview | None:
    """The memory itself."""
    chunk = resolve(core, thread, handle, DChunk)
    return chunk.view(thread.process, offset, size)
