"""RArray and RPointerArray: symbian-userlib 16."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    CTrapCleanup,
    KErrAlreadyExists,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    RArray,
    RPointerArray,
    UHeap,
    User,
    cleanup_close_push,
    trap,
)

EndOf: TypeAlias = Callable[[Callable[[], object]], str]


class Owned:
    """Notes that it was destroyed."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self.log = log

    def destroy(self) -> None:
        self.log.append(self.name)


def by_tens(one: int, other: int) -> int:
    return one // 10 - other // 10


def test_entries_are_appended_inserted_and_removed(run: Run) -> None:
    def program() -> None:
        with RArray[str]() as array:
            assert [array.try_append(item) for item in "ac"] == [KErrNone] * 2
            assert array.try_insert("b", 1) == KErrNone
            array.insert("d", 3)
            assert (list(array), array.count, array[3]) == (list("abcd"), 4, "d")
            array[0] = "A"
            array.remove(1)
            assert list(array) == ["A", "c", "d"]
            array.reset()
            assert len(array) == 0

    run(program)


def test_find_gives_an_index_or_not_found(run: Run) -> None:
    def program() -> None:
        with RArray[int]() as array:
            for number in (4, 8, 15, 8):
                array.append(number)
            assert (array.find(8), array.find_reverse(8)) == (1, 3)
            assert array.find(16) == KErrNotFound
            assert array.find(5, lambda one, other: one == -other) == KErrNotFound
            assert array.find(7, lambda one, other: one == other // 2) == 2

    run(program)


def test_pointers_are_found_by_identity(run: Run) -> None:
    def program() -> None:
        one, equal = [1], [1]
        with RPointerArray[list[int]]() as array:
            array.append(one)
            assert (array.find(one), array.find(equal)) == (0, KErrNotFound)
            assert array.find(equal, lambda a, b: a == b) == 0

    run(program)


def test_order_is_kept_and_duplicates_are_refused(run: Run) -> None:
    def program() -> None:
        with RArray[int]() as array:
            for number in (42, 7, 23):
                array.insert_in_order(number)
            assert list(array) == [7, 23, 42]
            assert array.try_insert_in_order(23) == KErrAlreadyExists
            assert trap(array.insert_in_order, 7) == KErrAlreadyExists
            assert array.try_insert_in_order(29, by_tens) == KErrAlreadyExists
            assert (array.find_in_order(23), array.find_in_order(24)) == (1, -1)
            assert array.find_in_order(25, by_tens) == 1
            assert list(array) == [7, 23, 42]

    run(program)


def test_repeats_go_behind_their_equals(run: Run) -> None:
    def program() -> None:
        with RArray[int]() as array:
            for number in (21, 11, 22, 35, 12):
                array.insert_in_order_allow_repeats(number, by_tens)
            assert array.try_insert_in_order_allow_repeats(20, by_tens) == KErrNone
            assert list(array) == [11, 12, 21, 22, 20, 35]
            first = array.specific_find_in_order(29, by_tens)
            last = array.specific_find_in_order(29, by_tens, last=True)
            assert (first, last) == (2, 4)
            assert array.specific_find_in_order(49, by_tens) == KErrNotFound
            array.sort()
            assert list(array) == [11, 12, 20, 21, 22, 35]

    run(program)


def indexed(index: int) -> Callable[[], object]:
    def program() -> None:
        array = RArray[str]()
        array.append("only")
        array[index]

    return program


@pytest.mark.parametrize(
    ("misuse", "reason"),
    [
        (indexed(1), 130),
        (indexed(-1), 130),
        (lambda: RArray[int]().remove(0), 130),
        (lambda: RArray[int]().insert(5, 1), 130),
        (lambda: RArray[int]().try_insert(5, -1), 130),
        (lambda: RPointerArray[int]().__setitem__(0, 5), 130),
        (lambda: RArray[int]().reserve(-1), 130),
        (lambda: RArray[int](0), 127),
        (lambda: RPointerArray[int](0x10000001), 127),
    ],
)
def test_each_misuse_has_its_panic(
    end_of: EndOf, misuse: Callable[[], object], reason: int
) -> None:
    assert end_of(misuse) == f"panicked USER {reason}"


def test_room_is_asked_of_the_heap_in_steps_of_the_granularity(run: Run) -> None:
    """What has no room is not added, and the array is as it was."""
    refused: list[int] = []

    def program() -> None:
        cells = UHeap.cells()
        array = RArray[int](4)
        for number in range(10):
            UHeap.fail_next(1)
            code = array.try_append(number)
            failed = UHeap.check_failure()
            UHeap.reset()
            assert code == (KErrNoMemory if failed else KErrNone)
            if failed:
                refused.append(number)
                array.append(number)
        assert list(array) == list(range(10))
        assert UHeap.cells() == cells + 1
        array.close()
        assert UHeap.cells() == cells

    run(program)
    assert refused == [0, 4, 8]


def test_reserved_room_cannot_fail_and_compressed_room_can(run: Run) -> None:
    def program() -> None:
        with RArray[int](4) as array:
            UHeap.fail_next(1)
            assert array.try_reserve(6) == KErrNoMemory
            array.reserve(6)
            array.reserve(3)  # there is more
            UHeap.fail_next(1)
            assert [array.try_append(number) for number in range(6)] == [KErrNone] * 6
            UHeap.reset()
            array.reserve(40)
            array.granular_compress()  # to 8
            UHeap.fail_next(1)
            codes = [array.try_append(number) for number in range(3)]
            assert codes == [KErrNone, KErrNone, KErrNoMemory]
            array.compress()
            UHeap.fail_next(1)
            assert array.try_append(1) == KErrNoMemory
            UHeap.reset()

    run(program)


def test_array_of_owned_objects_destroys_them(run: Run) -> None:
    log: list[str] = []

    def program() -> None:
        cells = UHeap.cells()
        array = RPointerArray[Owned]()
        for name in "AB":
            array.append(Owned(name, log))
        array.reset_and_destroy()
        assert (array.count, UHeap.cells()) == (0, cells)

    run(program)
    assert log == ["A", "B"]


def test_array_on_the_cleanup_stack_gives_its_room_back(run: Run) -> None:
    def body() -> None:
        array = RArray[int]()
        cleanup_close_push(array)
        array.append(1)
        User.leave_no_memory()

    def program() -> None:
        with CTrapCleanup():
            cells = UHeap.cells()
            assert trap(body) == KErrNoMemory
            assert UHeap.cells() == cells

    run(program)
