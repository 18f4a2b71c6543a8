"""Finding kernel objects by name, and opening what was found."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    EOwnerThread,
    ExitInfo,
    KernelError,
    KErrNotFound,
    KErrPermissionDenied,
    Leave,
    RHandleBase,
    RMutex,
    RSemaphore,
    RServer2,
    TBuf,
    TFindMutex,
    TFindSemaphore,
    TFindServer,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]


def mutex_name(number: int) -> str:
    """As the original test names its twenty mutexes."""
    double = "_double" if number % 2 == 0 else ""
    tripple = "_tripple" if number % 3 == 0 else ""
    return f"Mutex_{number:02}{double}{tripple}"


def twenty_mutexes() -> list[RMutex]:
    return [RMutex().create_global(mutex_name(number)) for number in range(20)]


@pytest.mark.case("SK-022")
def test_each_object_is_found_by_its_exact_name(run: Run) -> None:
    def program() -> None:
        mutexes = twenty_mutexes()
        for mutex in mutexes:
            search = TFindMutex(mutex.name())
            assert search.next() == mutex.name()
            with RMutex().open(search) as opened:
                assert opened.name() == mutex.name()
            assert trap(search.next) == KErrNotFound

    run(program)


@pytest.mark.case("SK-023")
def test_wildcards_find_in_order_of_creation(run: Run) -> None:
    def program() -> None:
        twenty_mutexes()
        search = TFindMutex("*double*")
        evens = [mutex_name(number) for number in range(0, 20, 2)]
        assert [search.next() for _ in evens] == evens
        assert trap(search.next) == KErrNotFound
        assert list(TFindMutex("*tripple*")) == [
            mutex_name(number) for number in range(0, 20, 3)
        ]

    run(program)


@pytest.mark.case("SK-024")
def test_find_begins_again_with_the_new_pattern(run: Run) -> None:
    def program() -> None:
        twenty_mutexes()
        search = TFindMutex("*double*")
        assert [search.next() for _ in range(5)] == [
            mutex_name(number) for number in range(0, 10, 2)
        ]
        search.find("*tripple*")
        assert list(search) == [mutex_name(number) for number in range(0, 20, 3)]

    run(program)


@pytest.mark.case("SK-025")
def test_what_was_found_and_is_gone_cannot_be_opened(run: Run) -> None:
    def program() -> None:
        before, victim, after = (RMutex().create_global(n) for n in ("M1", "M2", "M3"))
        search = TFindMutex("M?")
        assert [search.next(), search.next()] == ["M1", "M2"]
        victim.close()
        with pytest.raises(KernelError) as refused:
            RMutex().open(search)
        assert refused.value.code == KErrNotFound
        assert search.next() == "M3"
        assert list(TFindMutex("M?")) == [before.name(), after.name()]

    run(program)


def test_a_newcomer_is_not_taken_for_what_was_found_before_it(run: Run) -> None:
    def program() -> None:
        victim = RMutex().create_global("Same")
        search = TFindMutex("Same")
        search.next()
        victim.close()
        RMutex().create_global("Same")
        assert trap(RMutex().open, search) == KErrNotFound

    run(program)


@pytest.mark.case("SK-026")
def test_a_closed_object_is_not_found_any_more(run: Run) -> None:
    def program() -> None:
        for _ in range(20):
            with RMutex().create_global("X"):
                assert TFindMutex("X").next() == "X"
            assert trap(TFindMutex("X").next) == KErrNotFound

    run(program)


def test_a_local_object_is_neither_found_nor_opened_by_name(run: Run) -> None:
    def program() -> None:
        semaphore = RSemaphore().create_local(0)
        mutex = RMutex().create_local()
        assert trap(TFindSemaphore(semaphore.full_name()).next) == KErrNotFound
        assert trap(TFindMutex(mutex.full_name()).next) == KErrNotFound
        assert trap(RSemaphore().open_global, semaphore.full_name()) == KErrNotFound
        assert trap(RMutex().open_global, mutex.full_name()) == KErrNotFound
        assert trap(RSemaphore().open_global, "") == KErrNotFound
        assert trap(RMutex().open_global, "") == KErrNotFound

    run(program)


@pytest.mark.case("SK-028")
def test_each_open_of_a_global_object_is_closed_separately(run: Run) -> None:
    def program() -> None:
        created = RSemaphore().create_global("Global", 0)
        search = TFindSemaphore(created.full_name())
        assert search.next() == created.full_name()
        found = RSemaphore().open(search)
        opened = RSemaphore().open_global("Global")
        created.close()
        found.close()
        assert TFindSemaphore("Global").next() == "Global"
        opened.signal()
        opened.close()
        assert trap(TFindSemaphore("Global").next) == KErrNotFound

    run(program)


def test_an_exhausted_search_stays_exhausted_and_empties_the_name(run: Run) -> None:
    def program() -> None:
        RMutex().create_global("One")
        search, name = TFindMutex("One*"), TBuf(80)
        assert (search.try_next(name), str(name)) == (0, "One")
        assert (search.try_next(name), str(name)) == (KErrNotFound, "")
        RMutex().create_global("One more")
        assert trap(search.next) == KErrNotFound

    run(program)


def test_opening_by_a_search_that_found_nothing_panics(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        info = exit_of(lambda: RMutex().open(TFindMutex("none")) and None)
        assert (info.category, info.reason) == ("KERN-EXEC", 0)

    run(program)


def test_open_by_an_illegal_name_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        info = exit_of(lambda: RMutex().open_global("a*b") and None)
        assert (info.category, info.reason) == ("KERN-EXEC", 2)

    run(program)


def test_a_server_is_found_but_not_opened(run: Run) -> None:
    def program() -> None:
        with RServer2().create_global("TheServer"):
            search = TFindServer("theserver")
            assert search.next() == "TheServer"
            with pytest.raises(Leave) as refused:
                RHandleBase().open(search, owner=EOwnerThread)
            assert refused.value.code == KErrPermissionDenied

    run(program)
