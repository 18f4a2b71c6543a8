"""CObjectCon: order, uniqueness, and finding by position, name and wildcard."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from kernel.abi.errors import (
    KErrAlreadyExists,
    KErrArgument,
    KErrBadHandle,
    KErrBadName,
    KErrNone,
    KErrNotFound,
    Leave,
)
from kernel.abi.limits import KMaxTInt
from kernel.objects import CObject, CObjectCon, CObjectConIx, CObjectIx, TFound
from tools.pytest_plugin import Run

PanicOf: TypeAlias = Callable[[Callable[[], object]], tuple[str, int]]


def named(name: str | None, owner: CObject | None = None) -> CObject:
    obj = CObject()
    obj.set_name(name)
    obj.set_owner(owner)
    return obj


def code_of(call: Callable[[], object]) -> int:
    """The code *call* leaves with, KErrNone if it does not."""
    try:
        call()
    except Leave as leave:
        return leave.code
    return KErrNone


@pytest.mark.case("SK-006")
def test_a_stand_alone_container_counts_indexes_and_finds_by_name(
    run: Run,
) -> None:
    def program() -> None:
        con: CObjectCon[CObject] = CObjectCon()
        one, two = named("Obj1"), named("Obj2")
        con.add(one)
        con.add(two)
        assert con.count == 2
        assert con[0] is one
        assert con[1] is two
        assert con.find_by_name("xxx", TFound(find_handle=0)).code == KErrNotFound
        found = con.find_by_name("Obj1")
        assert found == TFound(KErrNone, 0, "Obj1")
        found = con.find_by_name("Obj2", TFound(find_handle=0))
        assert found == TFound(KErrNone, 1, "Obj2")
        con.check()

    run(program)


@pytest.mark.case("SK-007")
def test_a_search_begins_after_the_index_in_its_find_handle(
    run: Run,
) -> None:
    def program() -> None:
        con: CObjectCon[CObject] = CObjectCon()
        con.add(named("Obj1"))
        con.add(named("Obj2"))
        assert con.find_by_name("Obj1", TFound(find_handle=2)).code == KErrNotFound

    run(program)


@pytest.mark.case("SK-008")
def test_full_names_are_found_and_unique_while_their_object_is_there(
    run: Run,
) -> None:
    def program() -> None:
        con: CObjectCon[CObject] = CObjectCon()
        owner = named("Owner")
        one, two = named("Obj1", owner), named("Obj2", owner)
        con.add(one)
        con.add(two)
        assert con.find_by_full_name("xxx").code == KErrNotFound
        assert con.find_by_full_name("Owner::Obj1") == TFound(
            KErrNone, 0, "Owner::Obj1"
        )
        assert code_of(lambda: con.check_unique_full_name(owner, "aname")) == KErrNone
        again = code_of(lambda: con.check_unique_full_name(owner, "Obj1"))
        assert again == KErrAlreadyExists
        con.remove(one)
        assert code_of(lambda: con.check_unique_full_name(owner, "Obj1")) == KErrNone
        assert one.access_count == 1

    run(program)


@pytest.mark.case("SK-009")
def test_owners_may_be_in_the_container_of_what_they_own(
    run: Run,
) -> None:
    def program() -> None:
        con: CObjectCon[CObject] = CObjectCon()
        owner = named("Owner")
        two = named("Obj2", owner)
        con.add(two)
        con.add(owner)
        assert con.find_by_name("Obj1").code == KErrNotFound
        assert con.find_by_name("Obj2") == TFound(KErrNone, 0, "Obj2")
        assert con.find_by_name("Owner") == TFound(KErrNone, 1, "Owner")
        assert con.at(0) is con.at_or_panic(0) is two
        assert con.at(1) is con.at_or_panic(1) is owner
        con.remove(two)
        con.remove(owner)
        assert con.count == 0
        con.destroy()

    run(program)


@pytest.mark.case("SK-010")
def test_wildcards_find_short_and_full_names_in_order(
    run: Run,
) -> None:
    def program() -> None:
        con = CObjectConIx().create()
        one = named("Obj1")
        two = named("Obj2", one)
        three = named("Obj3", two)
        for obj in (one, two, three):
            con.add(obj)
        found = con.find_by_name("*1")
        assert (found.code, con.at(found.find_handle)) == (KErrNone, one)
        found = con.find_by_full_name("*::*")
        assert (found.name, con.at(found.find_handle)) == ("Obj1::Obj2", two)
        visited, found = [], con.find_by_name("????")
        while found.code == KErrNone:
            visited.append(con.at(found.find_handle))
            found = con.find_by_name("????", found)
        assert visited == [one, two, three]
        assert found == TFound(KErrNotFound, con.unique_id << 16 | 0x7FFF, "")

    run(program)


@pytest.mark.case("SK-011")
def test_closed_objects_vanish_from_the_container_that_owns_them(
    run: Run,
) -> None:
    def program() -> None:
        con = CObjectConIx().create()
        one = named("Obj1")
        two = named("Obj2", one)
        three = named("Obj3", two)
        for obj in (one, two, three):
            con.add(obj)
        one.close()
        three.close()
        assert con.find_by_name("Obj1").code == KErrNotFound
        assert con.find_by_name("Obj3").code == KErrNotFound
        found = con.find_by_name("Obj2")
        assert con.at(found.find_handle) is two
        assert list(con) == [two]
        con.check()

    run(program)


@pytest.mark.case("SK-012")
def test_nothing_is_at_any_position_of_an_empty_container_or_table(
    panic_of: PanicOf,
) -> None:
    def empty() -> CObjectCon[CObject]:
        return CObjectCon()

    panics = [
        panic_of(lambda: empty()[1]),
        panic_of(lambda: empty().at_or_panic(1)),
        panic_of(lambda: empty().at_or_panic(KMaxTInt)),
        panic_of(lambda: CObjectIx[CObject]()[1]),
    ]
    assert panics == [("E32USER-CBase", reason) for reason in (21, 39, 38, 21)]


@pytest.mark.case("SK-013")
def test_what_is_elsewhere_cannot_be_removed(run: Run, panic_of: PanicOf) -> None:
    def remove_an_object() -> None:
        con: CObjectCon[CObject] = CObjectCon()
        con.add(named("Obj1"))
        con.remove(named("Obj1"))

    def remove_a_container() -> None:
        containers = CObjectConIx()
        containers.create()
        containers.remove(CObjectConIx().create())

    def remove_no_container() -> None:
        containers = CObjectConIx()
        containers.create()
        containers.remove(None)
        assert containers.count == 1

    assert panic_of(remove_an_object) == ("E32USER-CBase", 35)
    assert panic_of(remove_a_container) == ("E32USER-CBase", 36)
    run(remove_no_container)


@pytest.mark.case("SK-014")
def test_a_search_of_an_empty_container_keeps_find_handle_and_name(
    run: Run,
) -> None:
    def program() -> None:
        con: CObjectCon[CObject] = CObjectCon()
        before = TFound(KErrNone, 12345, "as it was")
        after = TFound(KErrNotFound, 12345, "as it was")
        assert con.find_by_name("*", before) == after
        assert con.find_by_full_name("*", before) == after

    run(program)


@pytest.mark.case("SK-015")
def test_a_name_clashes_with_the_same_case_and_owners_and_no_name_with_itself(
    run: Run,
) -> None:
    run(lambda: check_clashes_in(CObjectCon()))
    run(lambda: check_clashes_in(CObjectConIx().create()))


def check_clashes_in(con: CObjectCon[CObject]) -> None:
    owner, twin = named("Owner"), named("Owner")
    con.add(named("Obj1", owner))
    same = named("Obj1", twin)
    assert code_of(lambda: con.add(same)) == KErrAlreadyExists
    assert same.container is None
    folded = code_of(lambda: con.check_unique_full_name(owner, "oBJ1"))
    assert folded == KErrAlreadyExists
    unnamed = CObject()
    accepted = [
        named("oBJ1", owner),
        named("Obj1"),
        named("Obj1", named("Other")),
        unnamed,
        CObject(),
    ]
    for obj in accepted:
        con.add(obj)
    assert code_of(lambda: con.add(unnamed)) == KErrAlreadyExists
    assert list(con)[1:] == accepted
    con.check()


@pytest.mark.parametrize("name", ["a*", "a?", "a:b", "a\x1f", "a\x7f", "ä"])
def test_bad_names_are_refused(name: str) -> None:
    con = CObjectConIx().create()
    assert code_of(lambda: con.add(named(name))) == KErrBadName
    assert code_of(lambda: con.check_unique_full_name(None, name)) == KErrBadName
    assert con.count == 0


def test_adding_does_not_touch_the_count() -> None:
    con, obj = CObjectConIx().create(), CObject()
    con.add(obj)
    assert obj.access_count == 1


def test_an_object_has_one_owning_container_and_any_number_of_others() -> None:
    containers, obj = CObjectConIx(), named("x")
    first, second = containers.create(), containers.create()
    first.add(obj)
    assert code_of(lambda: second.add(obj)) == KErrAlreadyExists
    lists: list[CObjectCon[CObject]] = [CObjectCon(), CObjectCon()]
    for con in lists:
        con.add(obj)
    assert obj.unique_id == first.unique_id
    assert [obj in con for con in (first, second, *lists)] == [True, False, True, True]


def test_removal_keeps_the_order_of_the_others() -> None:
    con: CObjectCon[CObject] = CObjectCon()
    objects = [named(name) for name in "abcde"]
    for obj in objects:
        con.add(obj)
    for name in "cea":
        con.remove(next(obj for obj in con if obj.name == name))
        con.check()
    newcomer = named("c")
    con.add(newcomer)
    assert [obj.name for obj in con] == ["b", "d", "c"]
    assert con[2] is newcomer


def test_an_owning_container_destroys_what_is_removed(
    panic_of: PanicOf,
) -> None:
    """Which panics while somebody holds a reference: normal code only closes."""

    def program() -> None:
        con, obj = CObjectConIx().create(), CObject()
        con.add(obj)
        con.remove(obj)

    assert panic_of(program) == ("E32USER-CBase", 33)


def test_an_owning_container_takes_its_objects_with_it(
    panic_of: PanicOf,
) -> None:
    def program() -> None:
        con = CObjectConIx().create()
        con.add(CObject())
        con.destroy()

    assert panic_of(program) == ("E32USER-CBase", 33)


def test_an_object_may_close_others_when_its_container_takes_it_along() -> None:
    con, ended = CObjectConIx().create(), list[str]()

    class Noting(CObject):
        def on_destroy(self) -> None:
            ended.append(self.name)

    class Parent(Noting):
        def on_destroy(self) -> None:
            super().on_destroy()
            child.close()

    parent, child = Parent(), Noting()
    for obj, name in ((parent, "parent"), (child, "child")):
        obj.set_name(name)
        con.add(obj)
    parent.access_count = 0  # closed, and its end left to somebody
    con.destroy()
    assert ended == ["parent", "child"]


def test_a_stand_alone_container_leaves_its_objects_alone() -> None:
    con: CObjectCon[CObject] = CObjectCon()
    obj = named("x")
    con.add(obj)
    con.destroy()
    assert (con.count, obj.access_count, obj.container) == (0, 1, None)


@pytest.mark.parametrize(
    "make", [CObjectCon, lambda: CObjectConIx().create()], ids=["alone", "owning"]
)
def test_a_new_name_or_owner_counts_at_once(
    make: Callable[[], CObjectCon[CObject]],
) -> None:
    con = make()
    owner = named("Owner")
    moved, same = named("a"), named("b", owner)
    con.add(moved)
    moved.set_name("b")
    con.check()
    assert code_of(lambda: con.check_unique(named("a"))) == KErrNone
    assert code_of(lambda: con.check_unique(same)) == KErrNone
    moved.set_owner(owner)
    con.check()
    assert code_of(lambda: con.check_unique(same)) == KErrAlreadyExists
    moved.set_name(None)
    con.check()
    assert code_of(lambda: con.check_unique(same)) == KErrNone


def test_unnamed_objects_are_found_by_their_local_name() -> None:
    con: CObjectCon[CObject] = CObjectCon()
    obj = CObject()
    con.add(obj)
    assert con.find_by_name("local-*").name == obj.name


def test_the_leaving_form_tells_a_foreign_handle_from_a_large_index() -> None:
    con = CObjectConIx().create()
    con.add(CObject())
    base = con.unique_id << 16
    assert con.at(base) is con[0]
    assert code_of(lambda: con.at(base | 1)) == KErrArgument
    assert code_of(lambda: con.at(base | 0x10000 << 1)) == KErrBadHandle
    assert code_of(lambda: con.at(0)) == KErrBadHandle


def test_a_search_from_anothers_find_handle_panics(
    panic_of: PanicOf,
) -> None:
    def program() -> None:
        containers = CObjectConIx()
        one, other = containers.create(), containers.create()
        one.add(CObject())
        other.add(CObject())
        other.find_by_name("*", one.find_by_name("*"))

    assert panic_of(program) == ("E32USER-CBase", 38)


def test_a_search_that_has_ended_stays_so() -> None:
    con: CObjectCon[CObject] = CObjectCon()
    con.add(named("x"))
    ended = con.find_by_name("y")
    assert con.find_by_name("x", ended) == ended


def test_another_rule_of_uniqueness_needs_a_key_and_a_test() -> None:
    """As the kernel has it: the same name of the same owner, case folded."""

    class OnePerOwner(CObjectCon[CObject]):
        def index_key(self, obj: CObject) -> tuple[CObject | None, str] | None:
            return (obj.owner, obj.name.lower()) if obj.is_named else None

        def clashes(self, obj: CObject) -> bool:
            return obj.is_named and any(self.same_key(obj))

    con, owner = OnePerOwner(unique_id=1), named("Owner")
    con.add(named("Main", owner))
    assert code_of(lambda: con.add(named("mAIN", owner))) == KErrAlreadyExists
    con.add(named("mAIN", named("Owner")))
    mover = named("Main")
    con.add(mover)
    mover.set_owner(named("Owner"))
    con.check()
    assert [obj.name for obj in con.with_key((owner, "main"))] == ["Main"]


def test_the_repr_names_id_and_count() -> None:
    assert repr(CObjectCon[CObject]()) == "<CObjectCon id=0 count=0>"
