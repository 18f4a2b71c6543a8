"""A stand-in for a user heap: it counts cells and holds nothing.

Python's own memory is another matter. What the original allocates passes through here,
so that a test can let it fail and see what is left over. It stands in `abi` because the
objects that servers are made of, `kernel.objects`, allocate too.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Final, Self

from kernel.abi.current import panic
from kernel.abi.errors import KErrNoMemory, Leave
from kernel.abi.heap import AllocFailures
from kernel.abi.panics import USER, TUserPanic

_KCellStep: Final = 8  # between addresses


@dataclass(frozen=True, slots=True)
class _Cell:
    tag: str  # what for
    size: int


class RHeap:
    """Cells by address, which failures can be set for and marks be put into.

    A thread has one of its own unless it was switched to another. Threads that share
    one may allocate and free at any time; to find the same allocation fail every time,
    let only one of them work while failures are set.

    Original: RHeap (e32cmn.h).
    """

    def __init__(self) -> None:
        self.failures: Final = AllocFailures()
        self.marks: Final[list[int]] = []  # where each began, outermost first
        self._cells: Final[dict[int, _Cell]] = {}  # by address; addresses only grow
        self._addresses: Final = count(_KCellStep, _KCellStep)
        self._last = 0  # of these, the one that was given last

    def __repr__(self) -> str:
        return f"<RHeap cells={self.count()}>"

    def alloc(self, tag: str = "", size: int = 0) -> int:
        """A new cell; its address stands for it. Raises: KErrNoMemory.

        *tag* says in reports what it is for. Original: RHeap::AllocL.
        """
        self._may_fail()
        address = self._last = next(self._addresses)
        self._cells[address] = _Cell(tag, size)
        return address

    def re_alloc(self, cell: int, size: int) -> None:
        """Change a cell's size; only growing counts as an allocation, and can fail.

        An address that is no cell's panics USER 42. Raises: KErrNoMemory, the cell is
        then as it was. Original: RHeap::ReAllocL.
        """
        found = self._cells.get(cell)
        if found is None:
            panic(USER, TUserPanic.ETHeapBadCellAddress)
        if size > found.size:
            self._may_fail()
        self._cells[cell] = _Cell(found.tag, size)

    def free(self, cell: int) -> None:
        """Give a cell back; 0 is none, and another address panics USER 42.

        Original: RHeap::Free.
        """
        if cell and self._cells.pop(cell, None) is None:
            panic(USER, TUserPanic.ETHeapBadCellAddress)

    def _may_fail(self) -> None:
        if self.failures.is_on and self.failures.fails():
            raise Leave(KErrNoMemory)

    # What there is

    def count(self) -> int:
        """How many cells there are. Original: RHeap::Count."""
        return len(self._cells)

    @property
    def last(self) -> int:
        """The address of the cell that came last; all that are still to come are above.

        Original: none; for marks.
        """
        return self._last

    def since(self, address: int) -> list[tuple[int, str]]:
        """Address and tag of the cells above *address*. Original: none; for marks."""
        cells = list(self._cells.items())  # at once: another thread may allocate
        return [(where, cell.tag) for where, cell in cells if where > address]


_current_heap: Final[ContextVar[RHeap | None]] = ContextVar(
    "_current_heap", default=None
)


def user_heap() -> RHeap:
    """The calling thread's. Original: User::Allocator."""
    heap = _current_heap.get()
    if heap is None:
        heap = RHeap()
        _current_heap.set(heap)
    return heap


def switch_heap(heap: RHeap) -> RHeap:
    """Let the calling thread allocate from *heap* from now on.

    A thread shares another's heap by this; cells of the old one stay there.

    Returns: the one it had. Original: User::SwitchHeap.
    """
    old = user_heap()
    _current_heap.set(heap)
    return old


class HeapCell:
    """A cell of the calling thread's heap, which may be given back by any thread.

    For the length of a `with` block, or until `free`. Raises: KErrNoMemory, when made.

    Original: none; memory that a class owns.
    """

    __slots__ = ("_address", "_heap")

    def __init__(self, tag: str, size: int = 0) -> None:
        self._heap: Final = user_heap()
        self._address = self._heap.alloc(tag, size)

    def resize(self, size: int) -> None:
        """As `RHeap.re_alloc`. Original: none; RHeap::ReAllocL of what a class owns."""
        self._heap.re_alloc(self._address, size)

    def free(self) -> None:
        """Give it back; a second time nothing happens.

        Original: none; RHeap::Free of what a class owns.
        """
        address, self._address = self._address, 0
        self._heap.free(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.free()
