"""Change notifiers."""

from collections.abc import Callable

import pytest

from tools.pytest_plugin import Run
from userlib import (
    EChangesThreadDeath,
    KErrCancel,
    KErrGeneral,
    KErrInUse,
    RChangeNotifier,
    RThread,
    TRequestStatus,
    User,
    trap,
)


def quiet_notifier() -> RChangeNotifier:
    """One that has told what a new one tells."""
    notifier, status = RChangeNotifier().create(), TRequestStatus()
    notifier.logon(status)
    User.wait_for_request(status)
    return notifier


@pytest.mark.case("SK-072")
def test_the_first_logon_completes_at_once_and_later_ones_are_cancelled(
    run: Run,
) -> None:
    def program() -> None:
        with RChangeNotifier().create() as notifier:
            status = TRequestStatus()
            notifier.logon(status)
            assert status == 0x17F
            User.wait_for_request(status)
            assert trap(notifier.logon_cancel) == KErrGeneral
            assert status == 0x17F
            notifier.logon(status)
            assert status.is_pending
            assert trap(notifier.logon, TRequestStatus()) == KErrInUse
            notifier.logon_cancel()
            assert status == KErrCancel
            assert trap(notifier.logon_cancel) == KErrGeneral
            assert status == KErrCancel
            User.wait_for_request(status)
            assert RThread().request_count() == 0

    run(program)


@pytest.mark.case("SK-073")
@pytest.mark.parametrize(
    "end",
    [
        RThread.resume,
        lambda thread: thread.kill(1),
        lambda thread: thread.terminate(2),
        lambda thread: thread.panic("end", 3),
    ],
    ids=["exits", "killed", "terminated", "panicked"],
)
def test_every_kind_of_thread_death_is_a_change(
    run: Run, end: Callable[[RThread], None]
) -> None:
    def program() -> None:
        with quiet_notifier() as notifier, RThread().create("", lambda: 0) as thread:
            status = TRequestStatus()
            notifier.logon(status)
            assert status.is_pending
            end(thread)
            User.wait_for_request(status)
            assert status == EChangesThreadDeath == 4

    run(program)


def test_changes_are_kept_for_the_next_logon(run: Run) -> None:
    def program() -> None:
        with quiet_notifier() as notifier:
            for _ in range(2):
                with RThread().create("", lambda: 0) as thread:
                    thread.kill(0)
            status = TRequestStatus()
            notifier.logon(status)
            assert status == EChangesThreadDeath
            User.wait_for_request(status)
            notifier.logon(status)
            assert status.is_pending
            notifier.logon_cancel()
            User.wait_for_request(status)

    run(program)


def test_closing_a_notifier_ends_its_request(run: Run) -> None:
    def program() -> None:
        notifier, status = quiet_notifier(), TRequestStatus()
        notifier.logon(status)
        notifier.close()
        User.wait_for_request(status)
        assert status == KErrGeneral

    run(program)


def test_the_request_of_a_dead_thread_is_in_nobodys_way(run: Run) -> None:
    def program() -> None:
        with (
            quiet_notifier() as notifier,
            RThread().create("", notifier.logon, args=(TRequestStatus(),)) as thread,
        ):
            ended, status = TRequestStatus(), TRequestStatus()
            thread.logon(ended)
            thread.resume()
            User.wait_for_request(ended)
            notifier.logon(status)
            assert status == EChangesThreadDeath
            User.wait_for_request(status)

    run(program)
