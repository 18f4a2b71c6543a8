"""Random calls on memory that is given to others, with what is expected of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.chunk import KChunkGranularity, TChunkKind
from kernel.abi.errors import KErrAccessDenied, KErrArgument
from kernel.abi.handles import EOwnerProcess, TObjectType
from kernel.abi.l4 import L4MemoryRight
from tools.stress.calls import BAD_HANDLE, Call, NothingToDo, any_handle
from tools.stress.cast import any_caller, comes_to
from tools.stress.l4_things import Chunk, KPageSize, Page
from tools.stress.l4_transfer import KMemoryRights, memory_part, new_page
from tools.stress.things import ANYTHING, NOTHING, Refused

if TYPE_CHECKING:
    from tools.stress.calls import Chooser, Operation
    from tools.stress.model import Model
    from tools.stress.things import Caller, Outcome, Puppet

EChunk: Final = TObjectType.EChunk
EFpage: Final = TObjectType.EFpage
KPages: Final = 4  # of each chunk that are committed
KMaxChunks: Final = 6
RIGHTS: Final = (7, 6, 4, 2, 0, -1)
OFFSETS: Final = (0, 0, KPageSize, 2 * KPageSize, 7)
ORDERS: Final = (12, 13, 14, 20, 11, 64)
RANGES: Final = ((0, 8), (0, KPageSize), (KPageSize, 2 * KPageSize), (8, 0), (-1, 8))


def create_chunk(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Some pages are committed, and stay so."""
    chunks = {t for p in model.tables() for t in p.values() if isinstance(t, Chunk)}
    if len(chunks) >= KMaxChunks:
        raise NothingToDo
    caller = any_caller(model, puppet, choose)
    is_read_only = choose.pick((False, False, True))
    chunk = Chunk(
        EChunk,
        caller.process,
        size=KChunkGranularity,
        is_read_only=is_read_only,
        memory=[0] * KPages,
    )
    token = model.give(caller.process.table, chunk)
    extent = (0, KPages * KPageSize, KChunkGranularity)
    args = (None, int(TChunkKind.ENormal), extent, 0, is_read_only, EOwnerProcess)
    return comes_to(caller, "chunk_create", args, token)


def create_page(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EChunk)
    offset, order = choose.pick(OFFSETS), choose.pick(ORDERS)
    rights = choose.pick(RIGHTS)
    args = (handle, offset, order, rights)
    chunk = caller.look_up(handle)
    if not isinstance(chunk, Chunk):
        return Call(caller, "fpage_create", args, (BAD_HANDLE,))
    if memory_part(chunk, offset, order) is None:
        return Call(caller, "fpage_create", args, (Refused(KErrArgument),))
    page = new_page(chunk, caller.process, offset, order, set())
    token = model.give(caller.process.table, page, rights & KMemoryRights)
    return comes_to(caller, "fpage_create", args, token)


def view_page(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Read what others have written, and write something else."""
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EFpage)
    offset, size = choose.pick(RANGES)
    args = (handle, offset, size)
    page = caller.look_up(handle)
    if not isinstance(page, Page):
        return Call(caller, "fpage_view", args, (BAD_HANDLE,))
    assert page.chunk is not None
    chunk, start = page.chunk, page.offset + offset
    is_inside = 0 <= offset <= offset + size <= 1 << page.order
    pages = range(start // KPageSize, -(-(start + size) // KPageSize))
    if not is_inside or page.lost.intersection(pages) or pages.stop > KPages:
        return comes_to(caller, "fpage_view", args, None)
    is_writable = bool(caller.rights_of(handle) & L4MemoryRight.W)
    if chunk.is_read_only and chunk.process is not caller.process:
        is_writable = False
    mark = choose.pick(range(256))

    def effect(view: object) -> None:
        assert isinstance(view, memoryview), args
        assert view.nbytes == size
        assert view.readonly != is_writable
        for number in pages:
            at = number * KPageSize - start
            if 0 <= at < size:
                assert view[at] == chunk.memory[number], (args, number)
        if is_writable and start in range(0, KPages * KPageSize, KPageSize) and size:
            view[0] = chunk.memory[pages.start] = mark
        view.release()

    return Call(caller, "fpage_view", args, (ANYTHING,), effect)


def unmap(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Take pages from all who received them."""
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EChunk)
    offset, size = choose.pick((*RANGES, (0, 2 * KChunkGranularity)))
    expected = _unmap(model, caller, handle, offset, offset + size)
    return Call(caller, "fpage_unmap", (handle, offset, size), (expected,))


def _unmap(model: Model, caller: Caller, handle: int, offset: int, end: int) -> Outcome:
    chunk = caller.look_up(handle)
    if not isinstance(chunk, Chunk):
        return BAD_HANDLE
    if chunk.is_read_only and chunk.process is not caller.process:
        return Refused(KErrAccessDenied)
    if not 0 <= offset <= end <= chunk.size:
        return Refused(KErrArgument)
    gone = range(offset // KPageSize, -(-end // KPageSize))
    for page in {t for p in model.tables() for t in p.values()}:
        if isinstance(page, Page) and page.chunk is chunk:
            page.lost.update(set(gone).intersection(page.pages))
    return NOTHING


PAGE_OPERATIONS: Final[tuple[Operation, ...]] = (
    create_chunk,
    create_page,
    view_page,
    view_page,
    unmap,
)
