"""Heaps: failing allocations and leaks, of a thread's own heap and the kernel's."""

from collections.abc import Callable
from contextlib import ExitStack
from itertools import count

import pytest

from eka import ExitInfo, Kernel
from kernel.abi.current import current_exec
from kernel.objects import CObject, CObjectConIx, CObjectIx
from tools.pytest_plugin import Run
from userlib import (
    CleanupStack,
    CTrapCleanup,
    EExitPanic,
    HeapCell,
    KErrArgument,
    KErrNoMemory,
    KErrNone,
    KHeap,
    Leave,
    RHeap,
    RSemaphore,
    RThread,
    TAllocFail,
    TRequestStatus,
    UHeap,
    User,
    UserHeap,
    switch_heap,
    trap,
    user_heap,
)
from userlib.symbian.heap import HeapTest


def pattern(count: int, allocate: Callable[[], object] | None = None) -> str:
    """What becomes of so many allocations: `.` for a cell, `F` for a failure."""
    codes = [trap(allocate or user_heap().alloc) for _ in range(count)]
    assert set(codes) <= {KErrNone, KErrNoMemory}
    return "".join("F" if code else "." for code in codes)


@pytest.mark.case("SU-83")
def test_fail_next_fails_the_nth_allocation_and_no_other(run: Run) -> None:
    def program() -> None:
        UHeap.fail_next(1)
        assert pattern(2) == "F."
        UHeap.fail_next(10)
        assert pattern(40) == "." * 9 + "F" + "." * 30

    run(program)


@pytest.mark.case("SU-84")
def test_burst_deterministic_fails_so_many_at_each_rateth(run: Run) -> None:
    def program() -> None:
        UHeap.set_burst_fail(TAllocFail.EBurstDeterministic, 3, 2)
        seen = ""
        for failed in (0, 0, 1, 2, 2, 2, 3, 4):
            seen += pattern(1)
            assert UHeap.check_failure() == failed
        assert seen == "..FF..FF"

    run(program)


@pytest.mark.case("SU-85")
def test_a_kind_that_is_no_burst_ignores_the_burst(run: Run) -> None:
    def program() -> None:
        UHeap.set_burst_fail(TAllocFail.EFailNext, 5, 5)
        assert pattern(6) == "....F."

    run(program)


@pytest.mark.case("SU-86")
@pytest.mark.parametrize(("rate", "burst"), [(65_536, 1), (1, 65_536)])
@pytest.mark.parametrize("heap", [UHeap, KHeap])
def test_a_burst_or_its_rate_beyond_16_bits_panics(
    machine: Kernel, heap: HeapTest, rate: int, burst: int
) -> None:
    info = machine.run(
        lambda: heap.set_burst_fail(TAllocFail.EBurstFailNext, rate, burst)
    )
    assert info == ExitInfo(EExitPanic, 213, "USER")


@pytest.mark.parametrize("heap", [UHeap, KHeap])
def test_other_kinds_have_any_rate_and_do_not_look_at_the_burst(
    run: Run, heap: HeapTest
) -> None:
    def program() -> None:
        allocate = one_of_the_kernels() if heap is KHeap else user_heap().alloc
        heap.set_burst_fail(TAllocFail.EDeterministic, 65_536, 65_536)
        assert pattern(3, allocate) == "..."
        heap.set_burst_fail(TAllocFail.EFailNext, 2, 65_536)
        assert pattern(4, allocate) == ".F.."
        heap.set_fail(TAllocFail.EBurstDeterministic, 2)  # then a burst is one failure
        assert pattern(4, allocate) == ".F.F"
        heap.reset()

    run(program)


@pytest.mark.case("SU-87")
def test_a_leaked_cell_panics_at_the_end_of_its_mark(machine: Kernel) -> None:
    def program() -> None:
        UHeap.mark()
        user_heap().alloc("leaked")
        UHeap.mark_end()

    info = machine.run(program)
    assert (info.type, info.category, info.reason) == (
        EExitPanic,
        "ALLOC: 00000008",
        0,
    )


@pytest.mark.case("SU-70")
def test_a_push_that_gets_no_memory_destroys_its_item_once(run: Run) -> None:
    destroyed: list[str] = []

    class Item:
        def __init__(self, name: str) -> None:
            self.name = name

        def destroy(self) -> None:
            destroyed.append(self.name)

    def fill_and_push() -> None:
        for number in range(6):  # with the level's own that is one slot less than 8
            CleanupStack.push(Item(str(number)))
        UHeap.fail_next(1)
        CleanupStack.push(Item("A"))

    def program() -> None:
        with CTrapCleanup():
            assert trap(fill_and_push) == KErrNoMemory

    run(program)
    assert destroyed == ["A", "5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("kind", "rate"), [(TAllocFail.ERandom, 5), (TAllocFail.ETrueRandom, 5)]
)
def test_random_kinds_fail_one_in_each_window(
    run: Run, kind: TAllocFail, rate: int
) -> None:
    def program() -> None:
        UHeap.set_fail(kind, rate)
        windows = [pattern(rate) for _ in range(20)]
        assert {window.count("F") for window in windows} == {1}
        assert len(set(windows)) > 1

    run(program)


def test_marks_nest_and_count_what_is_left(run: Run) -> None:
    def program() -> None:
        heap = user_heap()
        heap.alloc()
        UHeap.mark()
        cell = heap.alloc()
        UHeap.mark()
        heap.alloc()
        UHeap.check(1)
        UHeap.check_all(3)
        UHeap.mark_end(1)
        heap.free(cell)
        UHeap.mark_end(1)

    run(program)


@pytest.mark.parametrize(
    ("program", "category", "reason"),
    [
        (UHeap.mark_end, "USER", 51),
        (lambda: UHeap.check_all(2), "ALLOC COUNT", 2 << 16),
        (KHeap.mark_end, "USER", 51),
        (lambda: KHeap.check_all(0), "KERN-EXEC", 17),
    ],
)
def test_what_does_not_add_up_panics(
    machine: Kernel, program: Callable[[], None], category: str, reason: int
) -> None:
    assert machine.run(program) == ExitInfo(EExitPanic, reason, category)


def test_kernel_failures_are_counted_and_leak_nothing(run: Run) -> None:
    def program() -> None:
        KHeap.mark()
        KHeap.burst_fail_next(2, 2)
        assert trap(RSemaphore().create_local, 0) == KErrNoMemory
        assert trap(RSemaphore().create_local, 0) == KErrNoMemory
        assert KHeap.check_failure() == 2
        KHeap.check(0)
        semaphore = RSemaphore().create_local(0)
        KHeap.check(2)  # the object and its handle
        semaphore.close()
        KHeap.total_reset()
        assert KHeap.check_failure() == 0

    run(program)


def test_a_leaked_kernel_object_panics(machine: Kernel) -> None:
    def program() -> None:
        KHeap.mark()
        RSemaphore().create_local(0)
        KHeap.mark_end()

    assert machine.run(program) == ExitInfo(EExitPanic, 17, "KERN-EXEC")


def test_failures_concern_the_thread_that_asked_for_them(run: Run) -> None:
    def other() -> None:
        RSemaphore().create_local(0).close()

    def program() -> None:
        with RThread().create("other", other) as thread:
            status = TRequestStatus()
            thread.logon(status)
            KHeap.fail_next(1)
            thread.resume()
            User.wait_for_request(status)
            assert thread.exit_info().reason == KErrNone
            assert KHeap.check_failure() == 0
            assert trap(RSemaphore().create_local, 0) == KErrNoMemory

    run(program)


def test_the_host_can_let_allocations_of_programs_fail(machine: Kernel) -> None:
    codes: list[int] = []

    def program() -> None:
        codes.extend(trap(RSemaphore().create_local, 0) for _ in range(4))

    machine.debug.fail_alloc(TAllocFail.EDeterministic, 3)
    machine.run(program)
    assert codes == [KErrNone, KErrNoMemory, KErrNone, KErrNoMemory]
    assert machine.debug.failed_allocations == ["ESemaphore", "ESemaphore"]


def test_an_unknown_kind_is_refused(run: Run) -> None:
    def program() -> None:
        for heap in (KHeap, UHeap):
            for kind in (TAllocFail.ECheckFailure, 11, -1):
                assert trap(heap.set_fail, kind, 1) == KErrArgument
        assert pattern(3) == "..."

    run(program)


def new_semaphore() -> None:
    RSemaphore().create_local(0).close()


def one_of_the_kernels() -> Callable[[], None]:
    """A kernel call that allocates once, each time it is made."""
    keys = count()
    return lambda: current_exec.get().tls_set(1, next(keys), 1)


@pytest.mark.parametrize("heap", [UHeap, KHeap])
@pytest.mark.parametrize(
    ("kind", "rate", "burst", "seen"),
    [
        (TAllocFail.EDeterministic, 3, 9, "..F..F"),
        (TAllocFail.EDeterministic, 0, 1, "FFFFFF"),
        (TAllocFail.EFailNext, 2, 9, ".F...."),
        (TAllocFail.EFailNext, 0, 1, "F....."),
        (TAllocFail.EBurstFailNext, 2, 3, ".FFF.."),
        (TAllocFail.EBurstDeterministic, 2, 2, ".FF.FF"),
        (TAllocFail.ENone, 1, 1, "......"),
        (TAllocFail.EReset, 1, 1, "......"),
    ],
)
def test_each_kind_fails_what_it_says(
    run: Run, heap: HeapTest, kind: TAllocFail, rate: int, burst: int, seen: str
) -> None:
    def program() -> None:
        allocate = one_of_the_kernels() if heap is KHeap else user_heap().alloc
        heap.set_burst_fail(kind, rate, burst)
        assert pattern(6, allocate) == seen
        assert heap.check_failure() == seen.count("F")
        heap.reset()
        assert heap.check_failure() == 0
        assert pattern(2, allocate) == ".."

    run(program)


def test_the_kernels_heap_fails_at_random_too(run: Run) -> None:
    def program() -> None:
        allocate = one_of_the_kernels()
        for kind in (TAllocFail.ERandom, TAllocFail.ETrueRandom):
            KHeap.set_fail(kind, 5)
            windows = [pattern(5, allocate) for _ in range(10)]
            assert {window.count("F") for window in windows} == {1}

    run(program)


def test_the_kernels_marks_nest(run: Run) -> None:
    def program() -> None:
        KHeap.mark()
        outer = RSemaphore().create_local(0)
        KHeap.mark()
        inner = RSemaphore().create_local(0)
        KHeap.check(2)  # the object and its handle
        KHeap.check_all(KHeap.cells())
        KHeap.mark_end(2)
        KHeap.check(4)
        inner.close()
        outer.close()
        KHeap.mark_end()

    run(program)


@pytest.mark.parametrize("burst", [1, 3])
@pytest.mark.parametrize("kind", [TAllocFail.EBurstRandom, TAllocFail.EBurstTrueRandom])
def test_random_bursts_come_one_in_each_window(
    run: Run, kind: TAllocFail, burst: int
) -> None:
    """As with every other burst, the failures after its first do not count."""

    def program() -> None:
        UHeap.set_burst_fail(kind, 5, burst)
        windows = [pattern(5 + burst - 1) for _ in range(20)]
        assert all("F" * burst in window for window in windows)
        assert {window.count("F") for window in windows} == {burst}
        assert len(set(windows)) > 1
        UHeap.set_fail(kind, 5)  # without a burst it has one failure
        assert {pattern(5).count("F") for _ in range(20)} == {1}

    run(program)


@pytest.mark.parametrize("kind", [TAllocFail.ERandom, TAllocFail.EBurstRandom])
def test_the_fixed_seed_gives_the_same_failures_every_time(
    run: Run, kind: TAllocFail
) -> None:
    def program() -> None:
        seen = set()
        for _ in range(3):
            UHeap.set_fail(kind, 7)
            seen.add(pattern(70))
            User.after(1_000_000)
        assert len(seen) == 1

    run(program)


def test_what_was_freed_does_not_hide_what_leaks(machine: Kernel) -> None:
    """A mark asks for cells that came after it, not for a difference."""

    def program() -> None:
        heap = user_heap()
        old = heap.alloc("old")
        UHeap.mark()
        heap.alloc("leaked")
        heap.alloc("leaked too")
        heap.free(old)
        UHeap.check(2)
        assert UHeap.leaked() == ["leaked", "leaked too"]
        UHeap.mark_end(1)

    info = machine.run(program)
    # The address is that of the first.
    assert info == ExitInfo(EExitPanic, 0, "ALLOC: 00000010")


def test_a_count_that_differs_is_in_the_reason(machine: Kernel) -> None:
    def program() -> None:
        UHeap.mark()
        for _ in range(3):
            user_heap().alloc()
        UHeap.mark()
        UHeap.check(0)
        user_heap().alloc()
        UHeap.check(5)

    assert machine.run(program) == ExitInfo(EExitPanic, 5 << 16 | 1, "ALLOC COUNT")


@pytest.mark.parametrize("heap", [UHeap, KHeap])
def test_a_total_reset_forgets_marks_and_failures(
    machine: Kernel, heap: HeapTest
) -> None:
    def program() -> None:
        heap.mark()
        heap.mark()
        heap.fail_next(1)
        heap.total_reset()
        new_semaphore()
        user_heap().alloc()
        heap.mark_end()

    assert machine.run(program) == ExitInfo(EExitPanic, 51, "USER")


def test_an_explicit_heap_has_failures_and_marks_of_its_own(machine: Kernel) -> None:
    def program() -> None:
        heap = RHeap()
        test = UserHeap(heap)
        test.fail_next(2)
        assert pattern(2) == ".."
        assert pattern(2, heap.alloc) == ".F"
        assert (test.check_failure(), UHeap.check_failure()) == (1, 0)
        test.mark()
        user_heap().alloc()
        test.check(0)
        test.check_all(1)
        heap.alloc("leaked")
        test.mark_end(1)
        test.mark()
        heap.alloc("leaked")
        test.mark_end()

    assert machine.run(program).category == "ALLOC: 00000018"


def test_growing_counts_as_an_allocation_and_shrinking_does_not(run: Run) -> None:
    def program() -> None:
        heap = user_heap()
        cell = heap.alloc("array", 10)
        UHeap.fail_next(1)
        for size in (10, 4, 0, 4):
            code = trap(heap.re_alloc, cell, size)
            assert code == (KErrNoMemory if size == 4 and UHeap.check_failure() else 0)
        assert UHeap.check_failure() == 1
        heap.re_alloc(cell, 5)
        UHeap.fail_next(1)
        heap.re_alloc(cell, 1)  # what failed to grow had kept its size
        assert UHeap.check_failure() == 0
        heap.free(cell)
        heap.free(0)

    run(program)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda heap, cell: heap.free(cell),
        lambda heap, cell: heap.re_alloc(cell, 1),
        lambda heap, cell: heap.free(cell + 1),
    ],
)
def test_an_address_that_is_no_cells_panics(
    machine: Kernel, misuse: Callable[[RHeap, int], None]
) -> None:
    def program() -> None:
        cell = user_heap().alloc()
        user_heap().free(cell)
        misuse(user_heap(), cell)

    assert machine.run(program) == ExitInfo(EExitPanic, 42, "USER")


def test_threads_have_heaps_of_their_own_until_they_share_one(run: Run) -> None:
    def in_a_thread(body: Callable[[], None]) -> None:
        with RThread().create("other", body) as thread:
            status = TRequestStatus()
            thread.logon(status)
            thread.resume()
            User.wait_for_request(status)
            assert str(thread.exit_info()) == "exited with KErrNone"

    def program() -> None:
        mine, kept = user_heap(), []

        def apart() -> None:
            assert user_heap() is not mine
            user_heap().alloc()

        def together() -> None:
            old = switch_heap(mine)
            assert old.count() == 0
            kept.append(HeapCell("shared"))
            assert switch_heap(old) is mine
            assert user_heap() is old

        UHeap.mark()
        in_a_thread(apart)
        UHeap.check(0)
        in_a_thread(together)
        assert UHeap.leaked() == ["shared"]
        kept[0].free()
        kept[0].free()  # once is enough
        UHeap.mark_end()

    run(program)


class Counted(CObject):
    """An object of a server's."""


def test_what_servers_are_made_of_allocates_and_gives_back(run: Run) -> None:
    """Containers, tables and their objects: each allocation fails once."""

    def use_them() -> None:
        with ExitStack() as ends:
            containers = CObjectConIx()
            ends.callback(containers.destroy)
            table: CObjectIx[Counted] = CObjectIx()
            ends.callback(table.destroy)
            container = containers.create()
            for _ in range(3):
                obj = Counted()
                try:
                    container.add(obj)
                    table.add(obj)
                except Leave:
                    obj.close()
                    raise

    def program() -> None:
        codes = []
        while not codes or codes[-1] != KErrNone:
            UHeap.mark()
            UHeap.fail_next(len(codes) + 1)
            codes.append(trap(use_them))
            UHeap.reset()
            UHeap.mark_end()
        # Two owners, a container and its place, three objects, their places in each.
        assert codes == [KErrNoMemory] * (2 + 2 + 3 * 3) + [KErrNone]

    run(program)
