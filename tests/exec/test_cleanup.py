"""The cleanup stack: symbian-userlib 3."""

from collections.abc import Callable

import pytest

from eka import Kernel
from userlib import (
    AssertNoLeave,
    CActive,
    CActiveScheduler,
    CleanupStack,
    CTrapCleanup,
    KErrGeneral,
    KErrNoMemory,
    KErrNone,
    KRequestPending,
    Leave,
    RSemaphore,
    RThread,
    TCleanupItem,
    Trap,
    UHeap,
    User,
    cleanup_array_delete_push,
    cleanup_close_push,
    cleanup_delete_push,
    cleanup_release_push,
    trap,
    user_heap,
)


class Item:
    """Notes that it was destroyed."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self.log = log

    def destroy(self) -> None:
        self.log.append(self.name)


def end_of(machine: Kernel, body: Callable[[], object], *, stack: bool = True) -> str:
    """How a process ends that calls *body*, with or without a cleanup stack."""

    def program() -> None:
        if stack:
            CTrapCleanup()
        body()

    return str(machine.run(program))


def trapped(body: Callable[[], object]) -> Callable[[], int]:
    return lambda: trap(body)


def cbase(reason: int) -> str:
    return f"panicked E32USER-CBase {reason}"


FINE = "exited with KErrNone"


@pytest.mark.case("SU-61")
def test_leave_outside_any_trap_panics_user_175(machine: Kernel) -> None:
    assert end_of(machine, lambda: User.leave(-1), stack=False) == "panicked USER 175"


@pytest.mark.case("SU-62")
def test_inner_trap_does_not_disturb_the_outer_one(machine: Kernel) -> None:
    results: list[int] = []

    def outer() -> None:
        results.append(trap(User.leave, 1))
        User.leave(2)

    assert end_of(machine, lambda: results.append(trap(outer)), stack=False) == FINE
    assert results == [1, 2]


@pytest.mark.case("SU-63")
def test_leave_destroys_what_was_pushed_newest_first(machine: Kernel) -> None:
    log: list[str] = []

    def body() -> None:
        CleanupStack.push(Item("A", log))
        CleanupStack.push(Item("B", log))
        User.leave(KErrGeneral)

    assert end_of(machine, trapped(body)) == FINE
    assert log == ["B", "A"]


def test_leave_over_several_levels_destroys_newest_first(machine: Kernel) -> None:
    log: list[str] = []

    def inner() -> None:
        CleanupStack.push(Item("C", log))
        User.leave(KErrGeneral)

    def outer() -> None:
        CleanupStack.push(Item("A", log))
        CleanupStack.push(None)
        CleanupStack.push(TCleanupItem(lambda item: item.destroy(), Item("B", log)))
        User.leave_if_error(trap(inner))

    assert end_of(machine, trapped(outer)) == FINE
    assert log == ["C", "B", "A"]


@pytest.mark.case("SU-64")
def test_trap_that_ends_with_an_item_left_panics_71(machine: Kernel) -> None:
    body = trapped(lambda: CleanupStack.push(Item("A", [])))
    assert end_of(machine, body) == cbase(71)


@pytest.mark.case("SU-65")
def test_push_outside_any_trap_panics_66(machine: Kernel) -> None:
    assert end_of(machine, lambda: CleanupStack.push(Item("A", []))) == cbase(66)


@pytest.mark.case("SU-66")
def test_push_without_a_cleanup_stack_panics_69(machine: Kernel) -> None:
    body = trapped(lambda: CleanupStack.push(Item("A", [])))
    assert end_of(machine, body, stack=False) == cbase(69)


@pytest.mark.case("SU-67")
def test_pop_across_a_level_panics_63(machine: Kernel) -> None:
    def outer() -> None:
        CleanupStack.push(Item("A", []))
        trap(CleanupStack.pop)

    assert end_of(machine, trapped(outer)) == cbase(63)


@pytest.mark.case("SU-68")
def test_pop_of_nothing_panics_64_and_of_less_70(machine: Kernel) -> None:
    assert end_of(machine, CleanupStack.pop) == cbase(64)
    assert end_of(machine, lambda: CleanupStack.pop(-1)) == cbase(70)


@pytest.mark.case("SU-69")
def test_pop_of_another_item_panics_90(machine: Kernel) -> None:
    def body() -> None:
        CleanupStack.push(Item("A", []))
        CleanupStack.pop(Item("B", []))

    assert end_of(machine, trapped(body)) == cbase(90)


def test_pop_checks_the_item_that_is_removed_last(machine: Kernel) -> None:
    log: list[str] = []

    def body() -> None:
        items = [Item(name, log) for name in "ABCD"]
        for item in items:
            CleanupStack.push(item)
        CleanupStack.check(items[3])
        CleanupStack.pop(items[3])
        CleanupStack.pop(1, items[2])
        CleanupStack.pop_and_destroy(2, items[0])

    assert end_of(machine, trapped(body)) == FINE
    assert log == ["B", "A"]


def test_item_without_an_operation_panics_67(machine: Kernel) -> None:
    body = trapped(lambda: CleanupStack.push(TCleanupItem(None)))
    assert end_of(machine, body) == cbase(67)


@pytest.mark.case("SU-71")
def test_destroy_operation_must_leave_the_stack_as_it_was(machine: Kernel) -> None:
    def balanced(_: object) -> None:
        CleanupStack.push(None)
        CleanupStack.pop()

    def unbalanced(_: object) -> None:
        CleanupStack.push(None)

    def destroy_by(operation: Callable[[object], None]) -> Callable[[], int]:
        def body() -> None:
            CleanupStack.push(TCleanupItem(operation))
            CleanupStack.pop_and_destroy()

        return trapped(body)

    assert end_of(machine, destroy_by(balanced)) == FINE
    assert end_of(machine, destroy_by(unbalanced)) == cbase(105)


def test_second_cleanup_stack_takes_over_until_it_is_destroyed(
    machine: Kernel,
) -> None:
    log: list[str] = []

    def body() -> None:
        CleanupStack.push(Item("first", log))
        with CTrapCleanup(), Trap():
            CleanupStack.push(Item("second", log))
            User.leave(KErrGeneral)
        CleanupStack.pop_and_destroy()

    assert end_of(machine, trapped(body)) == FINE
    assert log == ["second", "first"]


def test_destroying_the_stack_destroys_what_is_on_it(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        stack = CTrapCleanup()
        with Trap() as result:
            CleanupStack.push(Item("A", log))
            stack.destroy()
        assert result.code == KErrNone

    assert str(machine.run(program)) == FINE
    assert log == ["A"]


def test_pushed_handle_is_closed_by_a_leave(machine: Kernel) -> None:
    semaphores: list[RSemaphore] = []

    def body() -> None:
        semaphore = RSemaphore().create_local(0)
        semaphores.append(semaphore)
        cleanup_close_push(semaphore)
        User.leave(KErrGeneral)

    def program() -> None:
        before = RThread().handle_count()
        trap(body)
        assert RThread().handle_count() == before

    assert end_of(machine, program) == FINE
    assert semaphores[0].handle == 0


def test_host_exception_destroys_too_on_its_way_through(machine: Kernel) -> None:
    log: list[str] = []

    def body() -> None:
        CleanupStack.push(Item("A", log))
        raise LookupError

    def program() -> None:
        try:
            trap(body)
        except LookupError:
            log.append("caught")
        assert trap(User.leave, 3) == 3

    assert end_of(machine, program) == FINE
    assert log == ["A", "caught"]


def test_each_thread_needs_a_stack_of_its_own(machine: Kernel) -> None:
    def thread() -> None:
        trap(CleanupStack.push, None)

    def program() -> None:
        with RThread().create("other", thread) as other:
            other.resume()
            while other.exit_info().is_pending:
                User.after(1)
            assert str(other.exit_info()) == cbase(69)

    assert end_of(machine, program) == FINE


def test_leave_keeps_its_code_through_a_trap_block(machine: Kernel) -> None:
    codes: list[int] = []

    def program() -> None:
        with Trap() as result:
            raise Leave(-7)
        codes.append(result.code)

    assert end_of(machine, program) == FINE
    assert codes == [-7]


class Leaver(Item):
    """Leaves when it is destroyed."""

    def destroy(self) -> None:
        super().destroy()
        User.leave(-20)


def test_destructor_that_leaves_takes_the_place_of_the_leave(machine: Kernel) -> None:
    """What is below it is destroyed all the same, and the next trap is as ever."""
    log: list[str] = []
    codes: list[int] = []

    def body() -> None:
        CleanupStack.push(Item("A", log))
        CleanupStack.push(Leaver("B", log))
        CleanupStack.push(Item("C", log))
        User.leave(KErrGeneral)

    def program() -> None:
        codes.append(trap(body))
        codes.append(trap(User.leave, 3))

    assert end_of(machine, program) == FINE
    assert (codes, log) == ([-20, 3], ["C", "B", "A"])


def test_destructor_that_leaves_a_run_gives_run_error_its_code(machine: Kernel) -> None:
    log: list[str] = []
    codes: list[int] = []

    class Pushing(CActive):
        def run(self) -> None:
            CActiveScheduler.stop()
            CleanupStack.push(Item("A", log))
            CleanupStack.push(Leaver("B", log))
            User.leave(KErrGeneral)

        def run_error(self, code: int) -> int:
            codes.append(code)
            return KErrNone

    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        active = Pushing()
        CActiveScheduler.add(active)
        active.status.value = KRequestPending
        active.set_active()
        User.request_complete(active.status, KErrNone)
        CActiveScheduler.start()

    assert end_of(machine, program) == FINE
    assert (codes, log) == ([-20], ["B", "A"])


def test_host_exception_through_a_loop_leaves_no_level_open(machine: Kernel) -> None:
    """Items of an outer trap could not be popped any more, or not be destroyed."""
    log: list[str] = []

    class Failing(CActive):
        def run(self) -> None:
            CleanupStack.push(Item("of the run", log))
            raise LookupError

    def loop() -> None:
        item = Item("of the trap", log)
        CleanupStack.push(item)
        active = Failing()
        CActiveScheduler.add(active)
        active.status.value = KRequestPending
        active.set_active()
        User.request_complete(active.status, KErrNone)
        try:
            CActiveScheduler.start()
        except LookupError:
            log.append("caught")
        CleanupStack.pop_and_destroy(item)

    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        assert trap(loop) == KErrNone

    assert end_of(machine, program) == FINE
    assert log == ["of the run", "caught", "of the trap"]


def test_each_helper_ends_its_own_kind_of_item(machine: Kernel) -> None:
    log: list[str] = []

    class Interface:
        def release(self) -> None:
            log.append("released")

    def body() -> None:
        cleanup_delete_push(Item("deleted", log))
        cleanup_release_push(Interface())
        cleanup_array_delete_push([Item(name, log) for name in "123"])
        CleanupStack.push(user_heap().alloc("raw"))
        User.leave(KErrGeneral)

    def program() -> None:
        cells = UHeap.cells()
        assert trap(body) == KErrGeneral
        assert UHeap.cells() == cells

    assert end_of(machine, program) == FINE
    assert log == ["3", "2", "1", "released", "deleted"]


def test_raw_cell_is_popped_by_its_address(machine: Kernel) -> None:
    def body() -> None:
        cell = user_heap().alloc()
        CleanupStack.push(cell)
        CleanupStack.check(cell)
        CleanupStack.pop(1, cell)
        user_heap().free(cell)
        CleanupStack.push(user_heap().alloc())
        CleanupStack.pop(1, cell)

    assert end_of(machine, trapped(body)) == cbase(90)


def test_pop_of_none_demands_a_null_pointer(machine: Kernel) -> None:
    def body() -> None:
        CleanupStack.push(None)
        CleanupStack.pop(None)
        CleanupStack.push(Item("A", []))
        CleanupStack.pop(None)

    assert end_of(machine, trapped(body)) == cbase(90)


def test_check_looks_at_the_top_item_only(machine: Kernel) -> None:
    below, above = Item("A", []), Item("B", [])

    def fine() -> None:
        CleanupStack.push(below)
        CleanupStack.push(above)
        CleanupStack.check(above)
        CleanupStack.pop(2, below)

    def wrong() -> None:
        CleanupStack.push(below)
        CleanupStack.push(above)
        CleanupStack.check(below)

    assert end_of(machine, trapped(fine)) == FINE
    assert end_of(machine, trapped(wrong)) == cbase(90)


def test_pop_all_empties_and_ends_the_innermost_level(machine: Kernel) -> None:
    log: list[str] = []

    def inner() -> None:
        CleanupStack.push(Item("B", log))
        CleanupStack.pop_and_destroy_all()
        CleanupStack.push(Item("C", log))  # on the outer level now
        CleanupStack.pop_all()
        CleanupStack.push(None)

    def body() -> None:
        CleanupStack.push(Item("A", log))
        trap(inner)

    assert end_of(machine, trapped(body)) == cbase(66)
    assert log == ["B"]


def test_pop_all_without_a_level_panics_65(machine: Kernel) -> None:
    assert end_of(machine, CleanupStack.pop_all) == cbase(65)
    assert end_of(machine, CleanupStack.pop_and_destroy_all) == cbase(65)


def test_growth_is_asked_for_in_steps_of_four_slots(machine: Kernel) -> None:
    """A level marker takes a slot; traps in a row share one."""
    grown: list[int] = []

    def push_until_full() -> None:
        for count in range(1, 20):
            UHeap.fail_next(1)
            pushed = trap_level_free_push()
            failed = UHeap.check_failure()
            UHeap.reset()
            if failed:
                grown.append(count)
                assert pushed == KErrNoMemory
                CleanupStack.pop()  # the item is on the stack all the same
                CleanupStack.push(None)  # and now the stack does grow
        CleanupStack.pop(19)

    def trap_level_free_push() -> int:
        try:
            CleanupStack.push(None)
        except Leave as error:
            return error.code
        return KErrNone

    def deep(levels: int) -> None:
        if levels:
            assert trap(deep, levels - 1) == KErrNone
        else:
            push_until_full()

    assert end_of(machine, lambda: deep(5)) == FINE
    assert grown == [7, 11, 15, 19]


def test_no_memory_makes_no_cleanup_stack(machine: Kernel) -> None:
    def program() -> None:
        cells = UHeap.cells()
        UHeap.fail_next(1)
        assert CTrapCleanup.new() is None
        assert trap(CTrapCleanup) == KErrNone
        made = CTrapCleanup.new()
        assert made is not None
        made.destroy()
        assert UHeap.cells() == cells + 1  # of the one that was not destroyed

    assert end_of(machine, program, stack=False) == FINE


def test_leave_of_what_must_not_leave_panics_user_194(machine: Kernel) -> None:
    def leaving() -> None:
        with AssertNoLeave():
            User.leave_no_memory()

    def inside_trap() -> None:
        with AssertNoLeave():
            assert trap(User.leave, -1) == -1

    assert end_of(machine, inside_trap) == FINE
    assert end_of(machine, trapped(leaving)) == "panicked USER 194"


def test_leaving_helpers_leave_only_for_failures(machine: Kernel) -> None:
    seen: list[object] = []

    def program() -> None:
        item = Item("A", [])
        seen.append(User.leave_if_null(item) is item)
        seen.append(trap(User.leave_if_null, None))
        seen.append(User.leave_if_error(7))
        seen.append(trap(User.leave_if_error, -7))
        seen.append(trap(User.leave_no_memory))
        seen.append(trap(User.leave, 0))

    assert end_of(machine, program) == FINE
    assert seen == [True, KErrNoMemory, 7, -7, KErrNoMemory, 0]
