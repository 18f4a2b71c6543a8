"""Calls on memory that was received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KernelError, KErrArgument
from kernel.abi.l4 import L4MemoryRight
from kernel.ipc.chunk import DChunk
from kernel.ipc.fpage import DFpage
from kernel.ipc.transfer import KMemoryRights, map_page, memory_range
from kernel.tasks.handles import resolve, rights_of

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def fpage_create(
    core: Core, thread: DThread, chunk: int, offset: int, order: int, rights: int
) -> int:
    """In the caller's process, as a transfer would."""
    source = resolve(core, thread, chunk, DChunk)
    if memory_range(source, offset, order) is None:
        raise KernelError(KErrArgument)
    return map_page(thread.process, source, (offset, order), rights & KMemoryRights)


def fpage_view(
    core: Core, thread: DThread, handle: int, offset: int, size: int
) -> memoryview | None:
    """The memory itself."""
    page = resolve(core, thread, handle, DFpage)
    if not page.shows(offset, size):
        return None
    return page.chunk.view(
        thread.process,
        page.offset + offset,
        size,
        page,
        is_writable=bool(rights_of(thread, handle) & L4MemoryRight.W),
    )


def fpage_unmap(
    core: Core, thread: DThread, handle: int, offset: int, size: int
) -> None:
    """Those who received it have it no more."""
    chunk = resolve(core, thread, handle, DChunk)
    chunk.demand_adjustable(thread.process, chunk.chunk_kind)
    chunk.unmap(*chunk.page_range(offset, offset + size))
