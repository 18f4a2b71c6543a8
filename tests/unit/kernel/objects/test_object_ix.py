"""CObjectIx: handles that are given, looked up, closed and never mistaken."""

from collections.abc import Callable
from random import Random
from typing import TypeAlias

import pytest

from kernel.abi.errors import (
    KErrBadHandle,
    KErrNoMemory,
    KErrNotFound,
    Leave,
)
from kernel.objects import CObject, CObjectCon, CObjectConIx, CObjectIx
from tools.pytest_plugin import Run

PanicOf: TypeAlias = Callable[[Callable[[], object]], tuple[str, int]]


class Witness(CObject):
    """Notes its end."""

    def __init__(self, ended: list[CObject]) -> None:
        super().__init__()
        self.ended = ended

    def on_destroy(self) -> None:
        self.ended.append(self)


def code_of(call: Callable[[], object]) -> int:
    with pytest.raises(Leave) as refusal:
        call()
    return refusal.value.code


def contained(con: CObjectCon[CObject]) -> CObject:
    obj = CObject()
    con.add(obj)
    return obj


@pytest.mark.case("SK-016")
def test_handles_are_never_null_however_often_a_slot_is_used(
    run: Run,
) -> None:
    def program() -> None:
        con, table = CObjectConIx().create(), CObjectIx[CObject]()
        ended: list[CObject] = []
        handles = []
        for round_number in range(1, 0x4007):
            obj = Witness(ended)
            con.add(obj)
            handles.append(table.add(obj))
            table.remove(handles[-1])
            assert len(ended) == round_number
        assert all(0 < handle <= 0x3FFF7FFF for handle in handles)
        assert len(set(handles[:0x3FFF])) == 0x3FFF
        assert con.count == 0
        assert table.active_count == 0
        table.check()

    run(program)


@pytest.mark.case("SK-017")
def test_a_handle_resolves_in_its_own_container_until_it_is_removed(
    run: Run, panic_of: PanicOf
) -> None:
    def program() -> None:
        containers, table = CObjectConIx(), CObjectIx[CObject]()
        first, second = containers.create(), containers.create()
        assert (first.unique_id, second.unique_id) == (1, 2)
        one, two, three = contained(first), contained(first), contained(second)
        h1, h2, h3 = (table.add(obj) for obj in (one, two, three))
        assert table.try_at(h1, 1) is one
        assert table.try_at(h3, 2) is three
        assert table.try_at(h1, 2) is None
        assert table.try_at(h3, 1) is None
        table.remove(h2)
        assert table.at(h1) is one
        assert table.at(h3) is three
        assert table.try_at(h2) is None
        assert code_of(lambda: table.at(h2)) == KErrBadHandle
        table.check()

    def remove_twice() -> None:
        con, table = CObjectConIx().create(), CObjectIx[CObject]()
        table.add(contained(con))
        handle = table.add(contained(con))
        table.remove(handle)
        table.remove(handle)

    run(program)
    assert panic_of(remove_twice) == ("E32USER-CBase", 37)


@pytest.mark.case("SK-018")
def test_the_table_takes_over_the_callers_reference(
    run: Run,
) -> None:
    def program() -> None:
        con, table = CObjectConIx().create(), CObjectIx[CObject]()
        ended: list[CObject] = []
        obj = Witness(ended)
        con.add(obj)
        handle = table.add(obj)
        assert obj.access_count == 1
        table.remove(handle | 0x8000)
        assert (obj.access_count, ended) == (1, [])
        table.remove(handle)
        assert ended == [obj]

    run(program)


@pytest.mark.case("SK-019")
def test_random_adds_and_removes_agree_with_a_list(
    run: Run,
) -> None:
    def program() -> None:
        random = Random(19)
        con, table = CObjectConIx().create(), CObjectIx[CObject]()
        alive: dict[int, CObject] = {}
        for size in (2**power - 1 for power in range(1, 11)):
            while len(alive) < size:
                obj = contained(con)
                alive[table.add(obj)] = obj
            for handle in random.sample(sorted(alive), random.randint(0, size)):
                table.remove(handle)
                del alive[handle]
            check_against(table, alive)
        assert con.count == len(alive)

    run(program)


def check_against(table: CObjectIx[CObject], alive: dict[int, CObject]) -> None:
    """Every promise about the live entries. Asserts only: it looks at all of them."""
    table.check()
    assert table.active_count == len(alive)
    for handle, obj in alive.items():
        assert table.try_at(handle) is obj
        assert table.handle_of(obj) == handle
        assert table.count_of(obj) == 1
        assert table[handle & 0x7FFF] is obj


@pytest.mark.case("SK-020")
def test_the_end_of_the_table_closes_what_is_in_it(
    run: Run,
) -> None:
    def program() -> None:
        con, table = CObjectConIx().create(), CObjectIx[CObject]()
        obj = contained(con)
        assert table.count_of(obj) == 0
        assert table.handle_of(obj) == KErrNotFound
        table.add(obj)
        assert table.count_of(obj) == 1
        table.destroy()
        assert con.count == 0
        assert obj.access_count == 0

    run(program)


@pytest.mark.case("SU-82")
def test_a_stale_handle_is_detected_though_its_slot_is_used_again(
    run: Run, panic_of: PanicOf
) -> None:
    def reuse_a_slot() -> tuple[CObjectIx[CObject], int]:
        con, table = CObjectConIx().create(), CObjectIx[CObject]()
        stale = table.add(contained(con))
        table.remove(stale)
        fresh = table.add(contained(con))
        assert fresh & 0x7FFF == stale & 0x7FFF
        return table, stale

    def look_up() -> None:
        table, stale = reuse_a_slot()
        assert code_of(lambda: table.at(stale)) == KErrBadHandle

    def remove() -> None:
        table, stale = reuse_a_slot()
        table.remove(stale)

    run(look_up)
    assert panic_of(remove) == ("E32USER-CBase", 37)


def test_an_object_may_be_added_once_for_each_reference() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    obj = contained(con)
    low = table.add(obj)
    obj.open()
    high = table.add(obj)
    assert (table.count_of(obj), table.handle_of(obj)) == (2, low)
    table.remove(low)
    assert (table.count_of(obj), table.handle_of(obj)) == (1, high)
    table.remove(high)
    assert con.count == 0


def test_the_last_freed_slot_is_the_first_used_again() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    handles = [table.add(contained(con)) for _ in range(4)]
    for handle in handles[:3]:
        table.remove(handle)
    again = [table.add(contained(con)) & 0x7FFF for _ in range(4)]
    assert again == [2, 1, 0, 4]


def test_an_emptied_table_releases_everything_but_the_instance_count() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    handles = [table.add(contained(con)) for _ in range(3)]
    table.remove(handles[2])
    assert (table.count, table.active_count, table[2]) == (3, 2, None)
    table.remove(handles[0])
    table.remove(handles[1])
    assert (table.count, table.active_count) == (0, 0)
    assert table.add(contained(con)) == 4 << 16


def test_a_full_table_says_so_and_takes_another_after_a_removal() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject](capacity=3)
    handles = [table.add(contained(con)) for _ in range(3)]
    late = contained(con)
    assert code_of(lambda: table.add(late)) == KErrNoMemory
    assert (table.active_count, late.access_count) == (3, 1)
    table.remove(handles[1])
    assert table.add(late) & 0x7FFF == 1
    table.check()


def test_a_table_holds_32768_objects_by_default() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    handles = [table.add(contained(con)) for _ in range(32_768)]
    assert len(set(handles)) == 32_768
    assert code_of(lambda: table.add(contained(con))) == KErrNoMemory
    table.check()


def test_only_an_object_in_an_owning_container_can_be_added() -> None:
    with pytest.raises(ValueError, match="in no container that owns it"):
        CObjectIx[CObject]().add(CObject())


def test_the_no_close_bit_does_not_matter_to_a_look_up() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    obj = contained(con)
    handle = table.add(obj)
    assert table.try_at(handle | 0x8000) is table.at(handle | 0x8000) is obj


@pytest.mark.parametrize("bad", [0, -1, 1, 0x8000, 0x7FFF, 0x10001, 0xFFFF8001, 2**40])
def test_a_handle_never_given_finds_nothing(bad: int) -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    assert table.try_at(bad) is None
    table.remove(table.add(contained(con)))
    table.add(contained(con))
    assert table.try_at(bad) is None
    assert code_of(lambda: table.at(bad)) == KErrBadHandle


def test_taking_hands_the_reference_to_the_caller() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    obj = contained(con)
    handle = table.add(obj)
    assert table.take(handle) is obj
    assert (obj.access_count, table.active_count) == (1, 0)
    assert code_of(lambda: table.take(handle)) == KErrBadHandle


def test_a_slot_carries_rights_that_are_full_unless_told() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    full = table.add(contained(con))
    some = table.add(contained(con), rights=5)
    assert (table.rights_at(full), table.rights_at(some)) == (-1, 5)
    assert [slot[2] for slot in table] == [-1, 5]
    assert code_of(lambda: table.rights_at(0)) == KErrBadHandle


def test_an_object_that_ends_may_close_other_handles_of_the_table() -> None:
    """Also while the whole table goes, in slot order."""
    con, table = CObjectConIx().create(), CObjectIx[CObject]()
    ended: list[CObject] = []

    class Pair(Witness):
        other = 0

        def on_destroy(self) -> None:
            super().on_destroy()
            if table.try_at(self.other):
                table.remove(self.other)

    first, second, third = Pair(ended), Pair(ended), Pair(ended)
    for obj in (first, second, third):
        con.add(obj)
    table.add(first)
    table.add(second)
    first.other = table.add(third)
    table.destroy()
    assert ended == [first, third, second]
    assert (table.count, con.count) == (0, 0)
    table.check()


def test_a_slot_is_free_though_the_objects_end_left() -> None:
    con, table = CObjectConIx().create(), CObjectIx[CObject]()

    class Leaver(CObject):
        def on_destroy(self) -> None:
            raise Leave(KErrNotFound)

    obj = Leaver()
    con.add(obj)
    handle = table.add(obj)
    assert code_of(lambda: table.remove(handle)) == KErrNotFound
    assert (table.active_count, con.count) == (0, 0)


def test_a_kind_of_table_may_lay_out_its_handles() -> None:
    """As the kernel's of a thread: bit 30, and instances that do not count up."""

    class Local(CObjectIx[CObject]):
        def next_instance(self, index: int) -> int:
            return 7 + index

        def make_handle(self, instance: int, index: int) -> int:
            return super().make_handle(instance, index) | 0x40000000

    con, table = CObjectConIx().create(), Local()
    one, two = contained(con), contained(con)
    assert [table.add(one), table.add(two)] == [0x40070000, 0x40080001]
    assert table.try_at(0x40080001) is two
    assert table.try_at(0x00080001) is None
    table.check()
