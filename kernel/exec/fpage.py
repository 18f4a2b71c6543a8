"""Calls on memory that was received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.l4 import L4MemoryRight
from kernel.ipc.fpage import DFpage
from kernel.tasks.handles import resolve, rights_of

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def fpage_view(
    core: Core, thread: DThread, handle: int, offset: int, size: int
) -> memoryview | None:
    """The memory itself."""
    page = resolve(core, thread, handle, DFpage)
    if not 0 <= offset <= offset + size <= 1 << page.order:
        return None
    return page.chunk.view(
        thread.process,
        page.offset + offset,
        size,
        is_writable=bool(rights_of(thread, handle) & L4MemoryRight.W),
    )
