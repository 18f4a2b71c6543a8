"""CObject: the count of references, names and owners."""

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest

from kernel.abi.errors import KErrBadName, KErrNone, Leave
from kernel.abi.names import is_valid_name, validate_name
from kernel.objects import CObject, CObjectConIx
from tools.pytest_plugin import Run

PanicOf: TypeAlias = Callable[[Callable[[], object]], tuple[str, int]]


class Witness(CObject):
    """Notes its end."""

    def __init__(self, ended: list[str] | None = None, name: str | None = None) -> None:
        super().__init__()
        self.ended = [] if ended is None else ended
        self.set_name(name)

    def on_destroy(self) -> None:
        self.ended.append(self.name)


@pytest.mark.case("SK-001")
def test_an_object_lives_until_its_last_reference_is_closed(
    run: Run,
) -> None:
    def program() -> None:
        obj = Witness(name="obj")
        assert obj.access_count == 1
        assert obj.open() == KErrNone
        assert obj.access_count == 2
        obj.close()
        assert obj.access_count == 1
        assert obj.ended == []
        obj.close()
        assert obj.ended == ["obj"]

    run(program)


@pytest.mark.case("SK-002")
def test_the_full_name_begins_with_the_owners_and_the_owner_is_not_counted(
    run: Run,
) -> None:
    def program() -> None:
        obj, owner = CObject(), CObject()
        obj.set_name("aName")
        assert (obj.name, obj.full_name) == ("aName", "aName")
        owner.set_name("Owner")
        obj.set_owner(owner)
        assert (obj.name, obj.full_name) == ("aName", "Owner::aName")
        assert obj.owner is owner
        assert owner.access_count == 1

    run(program)


@pytest.mark.case("SK-003")
def test_an_unnamed_object_is_called_local_and_eight_hexadecimal_digits(
    run: Run,
) -> None:
    def program() -> None:
        obj = CObject()
        local = obj.name
        assert re.fullmatch(r"Local-[0-9A-Fa-f]{8}", local)
        obj.set_name("x")
        assert obj.name == "x"
        obj.set_name(None)
        assert re.fullmatch(r"Local-[0-9A-Fa-f]{8}", obj.name)
        assert obj.name == local

    run(program)


@pytest.mark.case("SK-004")
def test_destroying_a_referenced_object_directly_panics(
    panic_of: PanicOf,
) -> None:
    assert panic_of(lambda: CObject().destroy()) == ("E32USER-CBase", 33)


@pytest.mark.case("SK-005")
def test_wildcards_separators_and_unprintable_characters_are_bad_names(
    run: Run,
) -> None:
    bad = ["xxx*xxx", "xxx?xxx", "xxx:xxx", "x\x1fx", "x\x7fx"]
    good = ["xxxxxxx", ""]

    def program() -> None:
        for name in bad:
            with pytest.raises(Leave) as refusal:
                validate_name(name)
            assert refusal.value.code == KErrBadName, name
        for name in good:
            validate_name(name)
            assert is_valid_name(name), name

    run(program)


def test_closing_once_too_often_panics(
    panic_of: PanicOf,
) -> None:
    def program() -> None:
        obj = CObject()
        obj.close()
        obj.close()

    assert panic_of(program) == ("E32USER-CBase", 34)


def test_the_owners_of_owners_are_in_the_full_name() -> None:
    first, second, third = (Witness(name=name) for name in ("a", "b", "c"))
    second.set_owner(first)
    third.set_owner(second)
    assert third.full_name == "a::b::c"
    second.set_owner(None)
    assert third.full_name == "b::c"


def test_unnamed_objects_of_one_thread_have_different_names() -> None:
    one, other = CObject(), CObject()
    assert one.name != other.name


def test_names_are_not_validated_until_a_container_asks() -> None:
    obj = CObject()
    obj.set_name("a*:é")
    assert obj.name == "a*:é"


def test_an_ended_object_has_left_its_container_and_its_owner() -> None:
    con = CObjectConIx().create()
    owner, obj = Witness(name="owner"), Witness(name="obj")
    obj.set_owner(owner)
    con.add(obj)
    seen: list[tuple[bool, CObject | None]] = []

    def note() -> None:
        seen.append((obj in con, obj.owner))

    obj.on_destroy = note  # type: ignore[method-assign]  # a spy
    obj.close()
    assert seen == [(False, None)]
    assert owner.access_count == 1
    obj.check()


def test_a_kind_of_object_may_count_its_owner() -> None:
    """What the kernel's objects do by the two hooks."""

    class Counting(CObject):
        def on_owner_taken(self, owner: CObject) -> None:
            owner.open()

        def on_owner_released(self, owner: CObject) -> None:
            owner.close()

    ended: list[str] = []
    first, second, obj = Witness(ended, "first"), Witness(ended, "second"), Counting()
    obj.set_owner(first)
    first.close()
    assert ended == []
    obj.set_owner(first)
    assert first.access_count == 1
    obj.set_owner(second)
    assert (ended, second.access_count) == (["first"], 2)
    obj.close()
    assert second.access_count == 1


def test_check_finds_a_circle_of_owners() -> None:
    one, other = Witness(name="one"), Witness(name="other")
    one.set_owner(other)
    other.set_owner(one)
    with pytest.raises(AssertionError, match="its own owner"):
        one.check()


def test_the_repr_names_kind_name_and_count() -> None:
    assert repr(Witness(name="x")) == "<Witness x count=1>"
