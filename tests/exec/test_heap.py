"""Heaps: failing allocations and leaks, of a thread's own heap and the kernel's."""

from collections.abc import Callable

import pytest

from eka import ExitInfo, Kernel
from tools.pytest_plugin import Run
from userlib import (
    CleanupStack,
    CTrapCleanup,
    EExitPanic,
    KErrArgument,
    KErrNoMemory,
    KErrNone,
    KHeap,
    RSemaphore,
    RThread,
    TAllocFail,
    TRequestStatus,
    UHeap,
    User,
    trap,
    user_heap,
)


def pattern(count: int) -> str:
    """What becomes of so many allocations: `.` for a cell, `F` for a failure."""
    codes = [trap(user_heap().alloc) for _ in range(count)]
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
    machine: Kernel, heap: type[UHeap], rate: int, burst: int
) -> None:
    info = machine.run(
        lambda: heap.set_burst_fail(TAllocFail.EBurstFailNext, rate, burst)
    )
    assert info == ExitInfo(EExitPanic, 213, "USER")


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
        assert trap(KHeap.set_fail, TAllocFail.ECheckFailure, 1) == KErrArgument

    run(program)
