"""Timers and sleeping."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    EExitPanic,
    ExitInfo,
    KErrCancel,
    KErrNone,
    KErrUnderflow,
    RThread,
    RTimer,
    TRequestStatus,
    User,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]
TICK_US = 15_625


def elapsed(action: Callable[[], object]) -> int:
    begun = User.uptime_us()
    action()
    return User.uptime_us() - begun


def own_timer(use: Callable[[RTimer, TRequestStatus], None]) -> None:
    """A timer belongs to the thread that creates it."""
    with RTimer().create_local() as timer:
        use(timer, TRequestStatus())


@pytest.mark.case("SU-50")
def test_negative_times_panic(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        for use, reason in (
            (lambda: own_timer(lambda timer, status: timer.after(status, -1)), 87),
            (lambda: own_timer(lambda timer, status: timer.high_res(status, -1)), 87),
            (lambda: User.after(-1), 86),
            (lambda: User.after_high_res(-1), 86),
        ):
            info = exit_of(use)
            assert (info.type, info.category, info.reason) == (
                EExitPanic,
                "USER",
                reason,
            )

    run(program)


@pytest.mark.case("SU-51")
def test_cancel_completes_with_one_signal_or_does_nothing(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.after(status, 1_000_000)
            assert status.is_pending
            timer.cancel()
            assert status == KErrCancel
            assert RThread().request_count() == 1
            timer.cancel()
            assert RThread().request_count() == 1
            User.wait_for_request(status)

    run(program)


@pytest.mark.case("SU-52")
def test_a_second_request_panics(run: Run, exit_of: ExitOf) -> None:
    def twice(timer: RTimer, status: TRequestStatus) -> None:
        timer.after(status, 1_000_000)
        timer.after(TRequestStatus(), 1_000_000)

    def program() -> None:
        info = exit_of(own_timer, twice)
        assert (info.type, info.category, info.reason) == (EExitPanic, "KERN-EXEC", 15)

    run(program)


@pytest.mark.case("SU-53")
def test_a_time_that_is_past_underflows(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.at(status, User.home_time_us() - 1_000_000)
            User.wait_for_request(status)
            assert status == KErrUnderflow
            timer.at_utc(status, User.universal_time_us() - 1_000_000)
            User.wait_for_request(status)
            assert status == KErrUnderflow
            timer.at_utc(status, User.universal_time_us() + 1_000_000)
            assert status.is_pending
            User.wait_for_request(status)
            assert status == KErrNone

    run(program)


@pytest.mark.case("SK-173")
def test_a_timer_runs_one_request_at_a_time(run: Run, exit_of: ExitOf) -> None:
    def twice(timer: RTimer, status: TRequestStatus) -> None:
        timer.after(status, 1_000_000)
        timer.after(TRequestStatus(), 0)

    def program() -> None:
        info = exit_of(own_timer, lambda timer, status: timer.after(status, -1))
        assert (info.type, info.category, info.reason) == (EExitPanic, "USER", 87)
        info = exit_of(own_timer, twice)
        assert (info.type, info.category, info.reason) == (EExitPanic, "KERN-EXEC", 15)
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.after(status, 1_000_000)
            timer.cancel()
            User.wait_for_request(status)
            assert status == KErrCancel
            timer.cancel()
            assert RThread().request_count() == 0
            timer.after(status, 0)
            User.wait_for_request(status)
            assert status == KErrNone

    run(program)


@pytest.mark.case("SU-56")
def test_sleeping_is_never_early_and_at_most_a_tick_late(run: Run) -> None:
    def program() -> None:
        for _ in range(20):
            slept = elapsed(lambda: User.after(40_000))
            assert 40_000 <= slept <= 40_000 + TICK_US + 2_000

    run(program)


def test_high_resolution_is_a_millisecond(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:

            def wait() -> None:
                timer.high_res(status, 1_500)
                User.wait_for_request(status)

            assert 1_500 <= elapsed(wait) <= 2_500
        assert 3_000 <= elapsed(lambda: User.after_high_res(3_000)) <= 4_000

    run(program)


def test_closing_a_timer_cancels_its_request(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RTimer().create_local() as timer:
            timer.after(status, 1_000_000)
        User.wait_for_request(status)
        assert status == KErrCancel

    run(program)


def test_ticks_and_milliseconds_count_the_same_time(run: Run) -> None:
    def program() -> None:
        ticks, milliseconds = User.tick_count(), User.n_tick_count()
        User.after_high_res(1_000_000)
        assert User.tick_count() - ticks in (64, 65)
        assert User.n_tick_count() - milliseconds in (1000, 1001)

    run(program)
