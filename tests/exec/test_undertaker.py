"""Undertakers."""

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EExitKill,
    ExitInfo,
    KErrCancel,
    KErrDied,
    KErrGeneral,
    KErrInUse,
    KHandleFlagLocal,
    RProcess,
    RThread,
    RUndertaker,
    TRequestStatus,
    User,
    trap,
)


def buried(undertaker: RUndertaker, status: TRequestStatus) -> ExitInfo:
    """What the dead thread's handle tells, after its close."""
    User.wait_for_request(status)
    assert status == KErrDied
    with undertaker.died() as dead:
        assert dead.handle & KHandleFlagLocal
        return dead.exit_info()


def killed_with(reason: int) -> None:
    with RThread().create("", lambda: 0) as thread:
        thread.kill(reason)


@pytest.mark.case("SK-055")
def test_two_undertakers_get_the_same_death(run: Run) -> None:
    def program() -> None:
        with RUndertaker().create() as one, RUndertaker().create() as other:
            status = TRequestStatus()
            one.logon(status)
            assert status.is_pending
            assert trap(one.logon, TRequestStatus()) == KErrInUse
            one.logon_cancel()
            assert status == KErrCancel
            User.wait_for_request(status)
            assert trap(one.logon_cancel) == KErrGeneral

            statuses = [TRequestStatus(), TRequestStatus()]
            one.logon(statuses[0])
            other.logon(statuses[1])
            with RThread().create("", lambda: User.after(10_000_000)) as thread:
                thread.resume()
                thread.kill(0x489)
            before = RThread().handle_count()
            for undertaker, status in zip((one, other), statuses, strict=True):
                info = buried(undertaker, status)
                assert (info.type, info.reason) == (EExitKill, 0x489)
            after = RThread().handle_count()
            assert (before[0] - after[0], before[1] - after[1]) == (0, 2)

    run(program)


@pytest.mark.case("SK-056")
def test_each_logon_gets_one_death(run: Run) -> None:
    def program() -> None:
        with RUndertaker().create() as undertaker:
            status = TRequestStatus()
            for reason in (0x999, 0x707):
                undertaker.logon(status)
                killed_with(reason)
                assert buried(undertaker, status).reason == reason
            killed_with(1)
            assert undertaker.died().handle == 0
            undertaker.logon(status)
            assert status.is_pending
            undertaker.logon_cancel()
            User.wait_for_request(status)
            assert RThread().request_count() == 0

    run(program)


def test_a_death_anywhere_in_the_system_counts(machine: Kernel, run: Run) -> None:
    def program() -> None:
        with RUndertaker().create() as undertaker, RProcess().create("other") as other:
            status = TRequestStatus()
            undertaker.logon(status)
            other.resume()
            assert buried(undertaker, status).reason == 3

    machine.register("other", lambda: 3)
    run(program)


def test_a_cancelled_or_closed_undertaker_gives_its_handle_back(run: Run) -> None:
    def program() -> None:
        undertaker, status = RUndertaker().create(), TRequestStatus()
        before = RThread().handle_count()
        undertaker.logon(status)
        assert RThread().handle_count()[1] == before[1] + 1
        undertaker.logon_cancel()
        assert RThread().handle_count() == before
        User.wait_for_request(status)
        undertaker.logon(status)
        undertaker.close()
        User.wait_for_request(status)
        assert status == KErrGeneral
        assert RThread().handle_count()[1] == before[1]

    run(program)


def test_the_logon_of_a_thread_that_died_is_in_nobodys_way(run: Run) -> None:
    def program() -> None:
        with (
            RUndertaker().create() as undertaker,
            RThread().create("", undertaker.logon, args=(TRequestStatus(),)) as thread,
        ):
            ended, status = TRequestStatus(), TRequestStatus()
            thread.logon(ended)
            thread.resume()
            User.wait_for_request(ended)
            undertaker.logon(status)
            killed_with(5)
            assert buried(undertaker, status).reason == 5

    run(program)
