"""Heaps as tests see them: allocations that fail, and cells that are left over.

The kernel has a heap, and every thread one of its own, unless it shares another's. A
user heap is a stand-in (kernel/abi/user_heap.py): what the original allocates passes
its `alloc`, which counts cells and fails when it is told to.

    KHeap.fail_next(2)               the second allocation of this thread's kernel calls
    trap(operation)                  is refused: KErrNoMemory
    KHeap.reset()

Original: the macros __UHEAP_…, __RHEAP_… and __KHEAP_… (e32def.h).
"""

from abc import ABC, abstractmethod
from contextvars import ContextVar
from typing import Final

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrArgument, Leave
from kernel.abi.heap import (
    BURST_KINDS,
    SETTABLE_KINDS,
    KMaxAllocFailRate,
    TAllocFail,
)
from kernel.abi.panics import KERN_EXEC, USER, TKernExec, TUserPanic
from kernel.abi.user_heap import HeapCell, RHeap, switch_heap, user_heap
from userlib.symbian.word import signed_word

__all__ = [
    "HeapCell",
    "HeapTest",
    "KHeap",
    "KernelHeap",
    "RHeap",
    "UHeap",
    "UserHeap",
    "switch_heap",
    "user_heap",
]

_KActualBits: Final = 16  # of the reason of ALLOC COUNT
_KCountMask: Final = 0xFFFF
_KAddressMask: Final = 0xFFFFFFFF


class HeapTest(ABC):
    """What can be asked of either kind of heap."""

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
        self._marks().clear()

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
        self._marks().append(self._here())

    def check(self, expected: int) -> None:
        """Panics unless so many cells are left since the mark. Original: …CHECK."""
        marks = self._marks()
        self._compare(expected, self._since(marks[-1]) if marks else self.cells())

    def check_all(self, expected: int) -> None:
        """Panics unless there are so many cells in all. Original: …CHECKALL."""
        self._compare(expected, self.cells())

    def mark_end(self, expected: int = 0) -> None:
        """End the mark; as many cells as *expected* may be left since.

        Panics as for a leak otherwise, and USER 51 if there is no mark.

        Original: …MARKEND, …MARKENDC.
        """
        marks = self._marks()
        if not marks:
            panic(USER, TUserPanic.EMarkEndWithoutMark)
        mark = marks.pop()
        if self._since(mark) != expected:
            self._report_leak(mark)

    @abstractmethod
    def _marks(self) -> list[int]:
        """Those that are open, outermost first."""

    @abstractmethod
    def _here(self) -> int:
        """What to remember as a mark."""

    @abstractmethod
    def _since(self, mark: int) -> int:
        """How many cells there are that came after a mark."""

    @abstractmethod
    def _compare(self, expected: int, actual: int) -> None: ...

    @abstractmethod
    def _report_leak(self, mark: int) -> None: ...


_kernel_marks: Final[ContextVar[list[int] | None]] = ContextVar(
    "_kernel_marks", default=None
)


class KernelHeap(HeapTest):
    """The kernel's. Failures concern the calling thread's kernel calls alone.

    Cells are those of all programs: nothing else may be going on while they count. The
    marks are the calling thread's.
    """

    def _set_failures(self, kind: int, rate: int, burst: int) -> None:
        current_exec.get().debug_fail_alloc(kind, rate, burst)

    def check_failure(self) -> int:
        """How many have failed since the kind was set."""
        return current_exec.get().debug_alloc_failures()

    def cells(self) -> int:
        """Objects, handles, messages in use, outstanding requests."""
        return current_exec.get().debug_heap_cells()

    def _marks(self) -> list[int]:
        marks = _kernel_marks.get()
        if marks is None:
            marks = []
            _kernel_marks.set(marks)
        return marks

    def _here(self) -> int:
        return self.cells()

    def _since(self, mark: int) -> int:
        return self.cells() - mark

    def _compare(self, expected: int, actual: int) -> None:
        if expected != actual:
            panic(KERN_EXEC, TKernExec.EFailedKernelHeapCheck)

    def _report_leak(self, mark: int) -> None:
        panic(KERN_EXEC, TKernExec.EFailedKernelHeapCheck)


class UserHeap(HeapTest):
    """The heap that the calling thread allocates from, or an explicit one.

    Original: the macros __UHEAP_… and, with *heap*, __RHEAP_….
    """

    def __init__(self, heap: RHeap | None = None) -> None:
        # Fixed for life:
        self._explicit: Final = heap

    def _heap(self) -> RHeap:
        return user_heap() if self._explicit is None else self._explicit

    def _set_failures(self, kind: int, rate: int, burst: int) -> None:
        if kind not in SETTABLE_KINDS:
            raise Leave(KErrArgument)
        seed = current_exec.get().time_uptime()
        self._heap().failures.set(kind, rate, burst, seed)

    def check_failure(self) -> int:
        """How many have failed since the kind was set.

        Original: none; the macro __UHEAP_CHECKFAILURE.
        """
        return self._heap().failures.failed

    def cells(self) -> int:
        """What `alloc` gave and `free` has not taken back.

        Original: User::CountAllocCells.
        """
        return self._heap().count()

    def leaked(self) -> list[str]:
        """Tags of the cells that came after the innermost mark.

        Original: none; for reports.
        """
        marks = self._marks()
        return [tag for _, tag in self._heap().since(marks[-1] if marks else 0)]

    def _marks(self) -> list[int]:
        return self._heap().marks

    def _here(self) -> int:
        return self._heap().last

    def _since(self, mark: int) -> int:
        return len(self._heap().since(mark))

    def _compare(self, expected: int, actual: int) -> None:
        if expected != actual:
            reason = (expected & _KCountMask) << _KActualBits | actual & _KCountMask
            panic("ALLOC COUNT", signed_word(reason))

    def _report_leak(self, mark: int) -> None:
        address = next((where for where, _ in self._heap().since(mark)), 0)
        panic(f"ALLOC: {address & _KAddressMask:08x}", 0)


KHeap: Final = KernelHeap()
UHeap: Final = UserHeap()
