"""Semaphores, fast locks and critical sections."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    EExitPanic,
    ExitInfo,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrGeneral,
    KErrNone,
    KErrTimedOut,
    RCriticalSection,
    RFastLock,
    RMutex,
    RSemaphore,
    RThread,
    TRequestStatus,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]
Lock: TypeAlias = RSemaphore | RMutex | RFastLock


def logged_on(thread: RThread) -> TRequestStatus:
    status = TRequestStatus()
    thread.logon(status)
    return status


@pytest.mark.case("SK-150")
def test_negative_counts_panic(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        info = exit_of(lambda: RSemaphore().create_local(-1).handle)
        assert (info.type, info.category, info.reason) == (EExitPanic, "USER", 105)
        with RSemaphore().create_local(0) as semaphore:
            info = exit_of(semaphore.signal, -1)
            assert (info.type, info.category, info.reason) == (EExitPanic, "USER", 106)

    run(program)


@pytest.mark.case("SK-151")
def test_producer_and_consumer_lose_nothing(run: Run) -> None:
    def program() -> None:
        free, full = RSemaphore().create_local(4), RSemaphore().create_local(0)
        buffer: list[int] = []
        taken: list[int] = []

        def produce() -> None:
            for number in range(256):
                free.wait()
                buffer.append(number)
                full.signal()

        def consume() -> None:
            for _ in range(256):
                full.wait()
                taken.append(buffer.pop(0))
                assert len(buffer) <= 4
                free.signal()

        threads = [
            RThread().create(function.__name__, function)
            for function in (produce, consume)
        ]
        statuses = [logged_on(thread) for thread in threads]
        for thread in threads:
            thread.resume()
        for status in statuses:
            User.wait_for_request(status)
        assert taken == list(range(256))
        assert (full.try_poll(), buffer) == (KErrTimedOut, [])
        assert [free.try_poll() for _ in range(5)] == [KErrNone] * 4 + [KErrTimedOut]

    run(program)


@pytest.mark.case("SK-152")
@pytest.mark.parametrize("kind", [RSemaphore, RMutex, RFastLock])
def test_polls_and_timed_waits(run: Run, exit_of: ExitOf, kind: type[Lock]) -> None:
    def created() -> Lock:
        return (
            RSemaphore().create_local(1)
            if kind is RSemaphore
            else kind().create_local()
        )  # type: ignore[call-arg]

    def program() -> None:
        lock = created()
        assert lock.try_poll() == KErrNone
        assert exit_of(lock.try_poll).reason == KErrTimedOut

        def timed_wait() -> int:
            begun = User.uptime_us()
            code = lock.try_wait(200_000)
            assert User.uptime_us() - begun >= 200_000
            return code

        assert exit_of(timed_wait).reason == KErrTimedOut
        lock.signal()
        assert exit_of(lock.try_wait, 200_000).reason == KErrNone

    run(program)


@pytest.mark.case("SK-153")
def test_bad_time_outs_are_refused(run: Run) -> None:
    def program() -> None:
        with (
            RSemaphore().create_local(1) as semaphore,
            RMutex().create_local() as mutex,
        ):
            assert semaphore.try_wait(-1) == KErrArgument
            assert mutex.try_wait(-1) == KErrArgument
        with RFastLock().create_local() as fast_lock:
            assert fast_lock.try_wait(0) == KErrArgument
            fast_lock.wait()
            assert fast_lock.try_wait(1) == KErrTimedOut

    run(program)


@pytest.mark.case("SK-156")
def test_a_stray_signal_of_a_critical_section_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RCriticalSection().create_local() as section:
            assert not section.is_blocked
            section.wait()
            assert section.is_blocked
            section.signal()
            assert not section.is_blocked
            info = exit_of(section.signal)
            assert (info.type, info.category, info.reason) == (EExitPanic, "USER", 107)

    run(program)


def test_a_signal_for_many_releases_as_many(run: Run) -> None:
    def program() -> None:
        gate, passed = RSemaphore().create_local(0), RSemaphore().create_local(0)

        def wait() -> None:
            gate.wait()
            passed.signal()

        for _ in range(3):
            with RThread().create("", wait) as thread:
                thread.resume()
        gate.signal(5)
        for _ in range(3):
            passed.wait()
        assert [gate.try_poll() for _ in range(3)] == [KErrNone, KErrNone, KErrTimedOut]
        gate.signal(0)
        assert gate.try_poll() == KErrTimedOut

    run(program)


def test_waiters_of_a_destroyed_semaphore_are_told(run: Run) -> None:
    def program() -> None:
        semaphore = RSemaphore().create_local(0)
        with RThread().create("waiter", semaphore.try_wait) as thread:
            status = logged_on(thread)
            thread.resume()
            User.after(100_000)
            semaphore.close()
            User.wait_for_request(status)
            assert status == KErrGeneral

    run(program)


def test_names_of_semaphores_are_checked(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RSemaphore().create_global("Taken", 0) as first:
            assert first.name() == "Taken"
            second = RSemaphore()
            assert trap(second.create_global, "TAKEN", 0) == KErrAlreadyExists
            assert trap(second.create_global, "a:b", 0) == KErrBadName
            assert second.handle == 0
        info = exit_of(lambda: RSemaphore().create_global("x" * 81, 0).handle)
        assert (info.type, info.category, info.reason) == (EExitPanic, "USER", 23)
        with RSemaphore().create_global("", 0) as unnamed:
            assert unnamed.name().startswith("Local-")

    run(program)
