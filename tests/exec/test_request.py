"""Request statuses and the request semaphore."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EExitPanic,
    ExitInfo,
    KErrCancel,
    KErrNone,
    KRequestPending,
    RProcess,
    RSemaphore,
    RThread,
    TRequestStatus,
    User,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]


def pending() -> TRequestStatus:
    return TRequestStatus(KRequestPending)


def signals() -> int:
    return RThread().request_count()


@pytest.mark.case("SU-01")
def test_pending_is_remembered_until_user_code_assigns_another_value(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus()
        assert (status.pending_seen, status.active) == (False, False)
        status.value = KRequestPending
        assert (status.pending_seen, status.active) == (True, False)
        status.value = 5
        assert (status.pending_seen, status.active) == (False, False)
        assert status == 5

    run(program)


@pytest.mark.case("SU-02")
def test_another_thread_completes_a_request_with_one_signal(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        status = pending()
        me = RThread().duplicate(RThread())
        exit_of(me.request_complete, status, -3)
        # The logon of exit_of has taken its own signal.
        assert int(status) == -3
        assert signals() == 1

    run(program)


@pytest.mark.case("SU-03")
def test_waiting_for_one_request_keeps_the_signals_of_others(run: Run) -> None:
    def program() -> None:
        first, second = pending(), pending()
        User.request_complete(second, KErrNone)
        User.request_complete(first, KErrNone)
        User.wait_for_request(first)
        assert signals() == 1
        User.wait_for_request(second)
        assert signals() == 0

    run(program)


@pytest.mark.case("SU-04")
def test_waiting_for_either_request_ends_with_the_first(run: Run) -> None:
    def program() -> None:
        first, second = pending(), pending()
        User.request_complete(second, KErrNone)
        User.wait_for_request(first, second)
        assert first.is_pending
        assert signals() == 0

    run(program)


@pytest.mark.case("SU-05")
def test_a_null_status_is_not_completed(run: Run) -> None:
    def program() -> None:
        RThread().request_complete(None, KErrNone)
        assert signals() == 0

    run(program)


@pytest.mark.case("SK-075")
def test_a_null_status_of_ones_own_is_a_bad_access(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        RThread().request_complete(None, KErrNone)
        assert signals() == 0
        info = exit_of(User.request_complete, None, KErrNone)
        assert (info.type, info.category, info.reason) == (EExitPanic, "KERN-EXEC", 3)

    run(program)


@pytest.mark.case("SU-06")
def test_a_request_of_another_process_is_out_of_reach(
    machine: Kernel, run: Run
) -> None:
    seen: dict[str, Any] = {}

    def other() -> None:
        with RThread().open(seen["id"]) as foreign:
            foreign.request_complete(TRequestStatus(), KErrNone)

    def program() -> None:
        seen["id"] = RThread().id()
        with RProcess().create("other") as process:
            status = TRequestStatus()
            process.logon(status)
            process.resume()
            User.wait_for_request(status)
            info = process.exit_info()
            assert (info.type, info.category, info.reason) == (
                EExitPanic,
                "KERN-EXEC",
                46,
            )
            assert signals() == 0

    machine.register("other", other)
    run(program)


@pytest.mark.case("SU-07")
def test_a_complete_status_without_its_signal_still_blocks(run: Run) -> None:
    def program() -> None:
        returned = []

        def waiter() -> None:
            status = pending()
            User.request_complete(status, KErrNone)
            User.wait_for_any_request()
            User.wait_for_request(status)
            returned.append(status.value)

        with RThread().create("waiter", waiter) as thread:
            over = TRequestStatus()
            thread.logon(over)
            thread.resume()
            User.after(100_000)
            assert returned == []
            thread.request_signal()
            User.wait_for_request(over)
            assert returned == [KErrNone]

    run(program)


@pytest.mark.case("SK-074")
def test_the_other_request_may_complete_first(run: Run) -> None:
    def program() -> None:
        first, second = pending(), pending()
        go_on = RSemaphore().create_local(0)
        me = RThread().duplicate(RThread())

        def completer() -> None:
            me.request_complete(second, KErrCancel)
            go_on.wait()
            me.request_complete(first, KErrNone)

        with RThread().create("completer", completer) as thread:
            thread.resume()
            go_on.signal()
            User.wait_for_request(first)
            assert (first.value, second.value) == (KErrNone, KErrCancel)
            User.wait_for_request(second)
            assert signals() == 0

    run(program)


def test_any_number_of_requests_is_waited_for(run: Run) -> None:
    def program() -> None:
        statuses = [pending() for _ in range(5)]
        User.request_complete(statuses[3], 3)
        User.wait_for_n_request([None, *statuses, None])
        assert [status.is_pending for status in statuses].count(True) == 4
        assert signals() == 0

    run(program)


def test_signals_are_counted_and_taken_one_by_one(run: Run) -> None:
    def program() -> None:
        RThread().request_signal(3)
        for left in (2, 1, 0):
            User.wait_for_any_request()
            assert signals() == left

    run(program)


def test_completing_marks_a_status_as_having_been_pending(run: Run) -> None:
    def program() -> None:
        mine, through_handle = TRequestStatus(), TRequestStatus()
        User.request_complete(mine, KErrNone)
        RThread().request_complete(through_handle, KErrNone)
        assert (mine.pending_seen, through_handle.pending_seen) == (True, True)
        User.wait_for_request(mine)
        User.wait_for_request(through_handle)

    run(program)


def test_a_code_beyond_32_bits_is_refused_before_anything_happens(run: Run) -> None:
    def program() -> None:
        status = pending()
        for complete in (RThread().request_complete, User.request_complete):
            with pytest.raises(OverflowError):
                complete(status, 1 << 32)
        assert status.is_pending
        assert signals() == 0

    run(program)


def test_nobody_to_wait_for_is_waited_for_for_ever(run: Run) -> None:
    def waiter() -> None:
        User.wait_for_n_request([None, None])

    def program() -> None:
        with RThread().create("waiter", waiter) as thread:
            thread.resume()
            thread.request_signal(2)
            User.after(100_000)
            assert thread.exit_info().is_pending
            thread.kill(0)

    run(program)


def test_assigning_a_value_clears_the_mark_and_a_completion_does_not(run: Run) -> None:
    def program() -> None:
        status = pending()
        User.request_complete(status, 5)
        assert (status.value, status.pending_seen) == (5, True)
        User.wait_for_request(status)
        status.value = 5
        assert not status.pending_seen

    run(program)


def test_a_refused_code_leaves_the_status_alone(run: Run) -> None:
    def program() -> None:
        status = TRequestStatus(7)
        for complete in (RThread().request_complete, User.request_complete):
            with pytest.raises(OverflowError):
                complete(status, 1 << 32)
        assert (status.value, status.pending_seen) == (7, False)

    run(program)
