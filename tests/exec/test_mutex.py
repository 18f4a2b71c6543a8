"""Mutexes."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    EExitPanic,
    ExitInfo,
    KErrGeneral,
    KErrNone,
    KErrTimedOut,
    RMutex,
    RSemaphore,
    RThread,
    TRequestStatus,
    User,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]


def logged_on(thread: RThread) -> TRequestStatus:
    status = TRequestStatus()
    thread.logon(status)
    return status


@pytest.mark.case("SK-154")
def test_only_the_holder_signals_and_as_often_as_it_waited(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        mutex = RMutex().create_local()
        info = exit_of(mutex.signal)
        assert (info.type, info.category, info.reason) == (EExitPanic, "KERN-EXEC", 1)

        def thrice() -> None:
            mutex.wait()
            mutex.wait()
            assert mutex.is_held()
            for _ in range(3):
                mutex.signal()

        info = exit_of(thrice)
        assert (info.type, info.category, info.reason) == (EExitPanic, "KERN-EXEC", 1)
        assert not mutex.is_held()
        mutex.wait()
        assert mutex.is_held()
        assert exit_of(lambda: int(mutex.is_held())).reason == 0

    run(program)


@pytest.mark.case("SK-155")
def test_a_dead_holder_releases_the_mutex_plainly(run: Run) -> None:
    def program() -> None:
        mutex, held = RMutex().create_local(), RSemaphore().create_local(0)

        def hold() -> None:
            mutex.wait()
            mutex.wait()
            held.signal()
            User.wait_for_any_request()

        with (
            RThread().create("holder", hold) as holder,
            RThread().create("waiter", mutex.try_wait) as waiter,
        ):
            holder.resume()
            held.wait()
            status = logged_on(waiter)
            waiter.resume()
            User.after(100_000)
            assert status.is_pending
            holder.kill(KErrNone)
            User.wait_for_request(status)
            assert status == KErrNone

    run(program)


def test_a_mutex_excludes_others(run: Run) -> None:
    def program() -> None:
        mutex = RMutex().create_local()
        counter = [0]

        def count() -> None:
            for _ in range(200):
                mutex.wait()
                value = counter[0]
                RThread().request_count()
                counter[0] = value + 1
                mutex.signal()

        threads = [RThread().create("", count) for _ in range(3)]
        statuses = [logged_on(thread) for thread in threads]
        for thread in threads:
            thread.resume()
        for status in statuses:
            User.wait_for_request(status)
        assert counter == [600]

    run(program)


def test_waiters_of_a_destroyed_mutex_are_told(run: Run) -> None:
    def program() -> None:
        mutex = RMutex().create_local()
        mutex.wait()
        with RThread().create("waiter", mutex.try_wait) as waiter:
            status = logged_on(waiter)
            waiter.resume()
            User.after(100_000)
            mutex.close()
            User.wait_for_request(status)
            assert status == KErrGeneral

    run(program)


def test_a_global_mutex_is_opened_by_name(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with (
            RMutex().create_global("Shared") as mutex,
            RMutex().open_global("shared") as opened,
        ):
            mutex.wait()
            assert opened.is_held()
            assert exit_of(opened.try_poll).reason == KErrTimedOut
            opened.signal()

    run(program)
