"""CObjectConIx: the ids of containers."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from kernel.abi.errors import KErrOverflow, Leave
from kernel.objects import CObject, CObjectCon, CObjectConIx
from tools.pytest_plugin import Run

PanicOf: TypeAlias = Callable[[Callable[[], object]], tuple[str, int]]


@pytest.mark.case("SK-021")
def test_there_are_65535_ids_and_a_free_one_is_used_again(
    run: Run,
) -> None:
    def program() -> None:
        containers = CObjectConIx()
        made = [containers.create() for _ in range(65_535)]
        assert [con.unique_id for con in made] == list(range(1, 65_536))
        with pytest.raises(Leave) as refusal:
            containers.create()
        assert refusal.value.code == KErrOverflow
        containers.remove(made[4])
        again = containers.create()
        assert again.unique_id == 5
        assert containers.lookup(5 << 16 | 3) is again

    run(program)


def test_ids_go_on_from_the_last_even_when_all_containers_are_gone() -> None:
    containers = CObjectConIx()
    containers.remove(containers.create())
    assert containers.count == 0
    assert containers.create().unique_id == 2
    containers.check()


def test_the_search_for_a_free_id_begins_again_at_one() -> None:
    containers = CObjectConIx()
    made = [containers.create() for _ in range(65_535)]
    containers.remove(made[65_533])
    assert containers.create().unique_id == 65_534
    containers.remove(made[2])
    assert containers.create().unique_id == 3
    containers.check()


def test_lookup_of_an_unknown_id_finds_nothing() -> None:
    containers = CObjectConIx()
    con = containers.create()
    assert containers.lookup(0) is None
    assert containers.lookup(-1) is None
    assert containers.lookup(2 << 16) is None
    containers.remove(con)
    assert containers.lookup(1 << 16) is None


def test_a_removed_container_may_not_be_removed_again(
    panic_of: PanicOf,
) -> None:
    def program() -> None:
        containers = CObjectConIx()
        con = containers.create()
        containers.remove(con)
        containers.remove(con)

    assert panic_of(program) == ("E32USER-CBase", 36)


def test_destruction_takes_all_containers() -> None:
    containers = CObjectConIx()
    for _ in range(3):
        containers.create()
    containers.destroy()
    assert containers.count == 0
    containers.check()


def test_a_kind_of_set_may_make_a_kind_of_container() -> None:
    class Files(CObjectCon[CObject]):
        pass

    class FileContainers(CObjectConIx):
        def make_container(self, unique_id: int) -> Files:
            return Files(unique_id)

    assert isinstance(FileContainers().create(), Files)
