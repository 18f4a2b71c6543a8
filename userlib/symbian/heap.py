"""Heaps as tests see them: allocations that fail, and cells that are left over.

The kernel has a heap, and every thread one of its own. A user heap is a stand-in: what
the original allocates passes its `alloc`, which counts cells and fails when it is told
to. Python's own memory is another matter.

    KHeap.fail_next(2)               the second allocation of this thread's kernel calls
    trap(operation)                  is refused: KErrNoMemory
    KHeap.reset()

Original: the macros __UHEAP_…, __RHEAP_… and __KHEAP_… (e32def.h).
"""

from abc import ABC, abstractmethod
from contextvars import ContextVar
from itertools import count
from typing import Final

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrNoMemory, Leave
from kernel.abi.heap import (
    BURST_KINDS,
    AllocFailures,
    KMaxAllocFailRate,
    TAllocFail,
)
from kernel.abi.panics import KERN_EXEC, USER, TKernExec, TUserPanic

_KActualBits: Final = 16  # of the reason of ALLOC COUNT


class HeapTest(ABC):
    """What can be asked of either kind of heap. The marks are the calling thread's."""

    def __init__(self) -> None:
        self._marks: ContextVar[tuple[int, ...]] = ContextVar("marks", default=())

    # Failures

    def fail_next(self, nth: int) -> None:
        """Let the *nth* allocation from now fail. Original: …FAILNEXT."""
        self.set_fail(TAllocFail.EFailNext, nth)

    def burst_fail_next(self, nth: int, burst: int) -> None:
        """The same, and those after it, *burst* in all. Original: …BURSTFAILNEXT."""
        self.set_burst_fail(TAllocFail.EBurstFailNext, nth, burst)

    def set_fail(self, kind: TAllocFail, rate: int) -> None:
        """Let allocations fail as *kind* says. Original: …SETFAIL."""
        self.set_burst_fail(kind, rate, 1)

    def set_burst_fail(self, kind: TAllocFail, rate: int, burst: int) -> None:
        """The same with *burst* failures in a row; only burst kinds look at it.

        A rate or burst above 65,535 for those panics USER 213.

        Original: …SETBURSTFAIL.
        """
        if kind in BURST_KINDS and max(rate, burst) > KMaxAllocFailRate:
            panic(USER, TUserPanic.EBadBurst)
        self._set_failures(kind, rate, burst)

    def reset(self) -> None:
        """Let nothing fail any more. Original: …RESET."""
        self.set_fail(TAllocFail.ENone, 1)

    def total_reset(self) -> None:
        """The same, and forget all marks. Original: …TOTAL_RESET."""
        self.reset()
        self._marks.set(())

    @abstractmethod
    def _set_failures(self, kind: int, rate: int, burst: int) -> None: ...

    @abstractmethod
    def check_failure(self) -> int:
        """How many have failed since the kind was set. Original: …CHECKFAILURE."""

    # Cells

    @abstractmethod
    def cells(self) -> int:
        """How many are allocated."""

    def mark(self) -> None:
        """Count from here; marks nest. Original: …MARK."""
        self._marks.set((*self._marks.get(), self.cells()))

    def check(self, expected: int) -> None:
        """Panics unless so many cells are left since the mark. Original: …CHECK."""
        marks = self._marks.get()
        self._compare(expected, self.cells() - (marks[-1] if marks else 0))

    def check_all(self, expected: int) -> None:
        """Panics unless there are so many cells in all. Original: …CHECKALL."""
        self._compare(expected, self.cells())

    def mark_end(self, expected: int = 0) -> None:
        """End the mark; as many cells as *expected* may be left since.

        Panics as for a leak otherwise, and USER 51 if there is no mark.

        Original: …MARKEND, …MARKENDC.
        """
        marks = self._marks.get()
        if not marks:
            panic(USER, TUserPanic.EMarkEndWithoutMark)
        self._marks.set(marks[:-1])
        left = self.cells() - marks[-1]
        if left != expected:
            self._report_leak(left)

    @abstractmethod
    def _compare(self, expected: int, actual: int) -> None: ...

    @abstractmethod
    def _report_leak(self, left: int) -> None: ...


class KernelHeap(HeapTest):
    """The kernel's. Failures concern the calling thread's kernel calls alone.

    Cells are those of all programs: nothing else may be going on while they count.
    """

    def _set_failures(self, kind: int, rate: int, burst: int) -> None:
        current_exec.get().debug_fail_alloc(kind, rate, burst)

    def check_failure(self) -> int:
        """How many have failed since the kind was set."""
        return current_exec.get().debug_alloc_failures()

    def cells(self) -> int:
        """Objects, handles, messages in use, outstanding requests."""
        return current_exec.get().debug_heap_cells()

    def _compare(self, expected: int, actual: int) -> None:
        if expected != actual:
            panic(KERN_EXEC, TKernExec.EFailedKernelHeapCheck)

    def _report_leak(self, left: int) -> None:
        panic(KERN_EXEC, TKernExec.EFailedKernelHeapCheck)


class RHeap:
    """A stand-in for a user heap: it counts cells and holds nothing.

    Original: RHeap (e32cmn.h).
    """

    def __init__(self) -> None:
        self.failures: Final = AllocFailures()
        self._cells: Final[dict[int, str]] = {}  # what for, by address
        self._next: Final = count(8, 8)

    def alloc(self, tag: str = "") -> int:
        """A new cell; its address stands for it. Raises: KErrNoMemory.

        Original: AllocL.
        """
        self.grow()
        address = next(self._next)
        self._cells[address] = tag
        return address

    def grow(self) -> None:
        """A cell is made larger, which can fail too. Raises: KErrNoMemory.

        Original: ReAllocL.
        """
        if self.failures.fails():
            raise Leave(KErrNoMemory)

    def free(self, cell: int) -> None:
        """Give a cell back; 0 is none. Original: Free."""
        if cell:
            del self._cells[cell]

    def count(self) -> int:
        """How many cells there are. Original: Count."""
        return len(self._cells)

    def newest(self) -> int:
        """The address of the cell that came last; 0 if there is none."""
        return next(reversed(self._cells), 0)


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


class UserHeap(HeapTest):
    """The calling thread's own."""

    def _set_failures(self, kind: int, rate: int, burst: int) -> None:
        seed = current_exec.get().time_uptime()
        user_heap().failures.set(kind, rate, burst, seed)

    def check_failure(self) -> int:
        """How many have failed since the kind was set."""
        return user_heap().failures.failed

    def cells(self) -> int:
        """What `alloc` gave and `free` has not taken back."""
        return user_heap().count()

    def _compare(self, expected: int, actual: int) -> None:
        if expected != actual:
            panic("ALLOC COUNT", expected << _KActualBits | actual)

    def _report_leak(self, left: int) -> None:
        panic(f"ALLOC: {user_heap().newest():08x}", 0)


KHeap: Final = KernelHeap()
UHeap: Final = UserHeap()
