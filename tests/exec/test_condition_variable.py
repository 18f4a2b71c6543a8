"""Condition variables."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EExitPanic,
    EPriorityForeground,
    EPriorityHigh,
    EPriorityLess,
    EPriorityMore,
    ExitInfo,
    KErrAlreadyExists,
    KErrArgument,
    KErrGeneral,
    KErrInUse,
    KErrNone,
    KErrTimedOut,
    RCondVar,
    RMutex,
    RProcess,
    RSemaphore,
    RThread,
    TRequestStatus,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]


class Waiter:
    """A thread that holds a mutex, waits, and tells how that ended."""

    def __init__(self, condition: RCondVar, mutex: RMutex, timeout_us: int = 0) -> None:
        self.condition, self.mutex, self.timeout_us = condition, mutex, timeout_us
        self.held_after = False
        self.held_twice = False
        self.status = TRequestStatus()
        self.thread = RThread().create("", self.run)
        self.thread.logon(self.status)
        self.thread.resume()
        User.after(100_000)  # until it waits

    def run(self) -> int:
        self.mutex.wait()
        code = self.condition.try_timed_wait(self.mutex, self.timeout_us)
        self.held_after = self.mutex.is_held()
        if self.held_after:
            self.mutex.signal()
            self.held_twice = self.mutex.is_held()
        return code

    def end(self) -> int:
        User.wait_for_request(self.status)
        self.thread.close()
        return self.status.value


@pytest.mark.case("SK-157")
def test_signals_without_a_waiter_are_lost(run: Run) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            condition.signal()
            condition.broadcast()
            waiter = Waiter(condition, mutex)
            assert waiter.status.is_pending
            condition.signal()
            assert waiter.end() == KErrNone

    run(program)


@pytest.mark.case("SK-158")
def test_waiting_without_the_mutex_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            info = exit_of(condition.wait, mutex)
            assert (info.type, info.category) == (EExitPanic, "KERN-EXEC")
            assert info.reason == 54
            mutex.wait()
            assert exit_of(condition.wait, mutex).reason == 54
            mutex.signal()

    run(program)


@pytest.mark.case("SK-159")
def test_a_second_mutex_is_refused_while_somebody_waits(run: Run) -> None:
    def program() -> None:
        with (
            RCondVar().create_local() as condition,
            RMutex().create_local() as first,
            RMutex().create_local() as second,
        ):
            waiter = Waiter(condition, first)
            second.wait()
            assert condition.try_wait(second) == KErrInUse
            assert second.is_held()
            condition.signal()
            assert waiter.end() == KErrNone
            assert condition.try_timed_wait(second, 1000) == KErrTimedOut
            second.signal()

    run(program)


@pytest.mark.case("SK-160")
def test_a_wait_that_times_out_ends_with_the_mutex_held(run: Run) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            mutex.wait()
            before_us = User.uptime_us()
            assert condition.try_timed_wait(mutex, 1_000_000) == KErrTimedOut
            assert User.uptime_us() - before_us >= 1_000_000
            assert mutex.is_held()
            assert condition.try_timed_wait(mutex, -1) == KErrArgument
            assert mutex.is_held()
            mutex.signal()

    run(program)


def test_a_time_out_may_have_to_wait_for_the_mutex(run: Run) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            waiter = Waiter(condition, mutex, 500_000)
            mutex.wait()
            User.after(1_000_000)
            assert waiter.status.is_pending
            mutex.signal()
            assert waiter.end() == KErrTimedOut
            assert waiter.held_after
            assert not waiter.held_twice

    run(program)


@pytest.mark.case("SK-161")
def test_waiters_of_a_destroyed_condition_variable_are_told_without_the_mutex(
    run: Run,
) -> None:
    def program() -> None:
        condition = RCondVar().create_local()
        with RMutex().create_local() as mutex:
            waiters = [Waiter(condition, mutex) for _ in range(2)]
            condition.close()
            assert [waiter.end() for waiter in waiters] == [KErrGeneral] * 2
            assert [waiter.held_after for waiter in waiters] == [False] * 2

    run(program)


def test_a_waiter_whose_mutex_is_destroyed_holds_nothing(run: Run) -> None:
    def program() -> None:
        mutex = RMutex().create_local()
        with RCondVar().create_local() as condition:
            waiter = Waiter(condition, mutex)
            handle, mutex.handle = mutex.handle, 0
            RMutex(handle).close()
            condition.signal()
            User.wait_for_request(waiter.status)
            info = waiter.thread.exit_info()
            assert (info.type, info.reason) == (EExitPanic, 0)  # is_held on handle 0
            waiter.thread.close()

    run(program)


@pytest.mark.case("SK-162")
def test_a_wait_lets_go_of_a_mutex_held_three_times_and_holds_it_once(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            left = []

            def hold_thrice() -> int:
                for _ in range(3):
                    mutex.wait()
                condition.wait(mutex)
                left.append(mutex.is_held())
                mutex.signal()
                left.append(mutex.is_held())
                return KErrNone

            with RThread().create("", hold_thrice) as thread:
                status = TRequestStatus()
                thread.logon(status)
                thread.resume()
                User.after(100_000)
                assert exit_of(mutex.try_poll).reason == KErrNone
                mutex.wait()
                condition.signal()
                assert left == []
                mutex.signal()
                User.wait_for_request(status)
            assert left == [True, False]

    run(program)


def test_a_signal_wakes_one_and_a_broadcast_all(run: Run) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            waiters = [Waiter(condition, mutex) for _ in range(3)]
            condition.signal()
            User.after(100_000)
            assert [waiter.status.is_pending for waiter in waiters] == [
                False,
                True,
                True,
            ]
            condition.broadcast()
            assert [waiter.end() for waiter in waiters] == [KErrNone] * 3
            assert all(waiter.held_after for waiter in waiters)

    run(program)


def test_a_signal_wakes_the_waiter_of_highest_priority(run: Run) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            low, high = Waiter(condition, mutex), Waiter(condition, mutex)
            low.thread.set_priority(EPriorityLess)
            condition.signal()
            assert high.end() == KErrNone
            assert low.status.is_pending
            condition.signal()
            assert low.end() == KErrNone

    run(program)


def test_a_suspended_waiter_returns_when_it_is_resumed(run: Run) -> None:
    """Nobody signals it; a signal goes to a waiter that can run."""

    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            first, second = Waiter(condition, mutex), Waiter(condition, mutex)
            first.thread.suspend()
            condition.signal()
            assert second.end() == KErrNone
            assert first.status.is_pending
            first.thread.resume()
            assert first.end() == KErrNone
            assert first.held_after

    run(program)


def test_a_suspended_waiter_of_something_destroyed_is_told_when_resumed(
    run: Run,
) -> None:
    def program() -> None:
        condition, items = RCondVar().create_local(), RSemaphore().create_local(0)
        with RMutex().create_local() as mutex:
            waiter = Waiter(condition, mutex)
            taker = RThread().create("", items.try_wait)
            taken = TRequestStatus()
            taker.logon(taken)
            taker.resume()
            User.after(100_000)
            waiter.thread.suspend()
            taker.suspend()
            condition.close()
            items.close()
            waiter.thread.resume()
            taker.resume()
            assert waiter.end() == KErrGeneral
            User.wait_for_request(taken)
            assert taken == KErrGeneral
            taker.close()

    run(program)


def test_a_raised_priority_wakes_a_waiter(run: Run) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            waiter = Waiter(condition, mutex)
            waiter.thread.set_priority(EPriorityLess)
            assert waiter.status.is_pending
            waiter.thread.set_priority(EPriorityMore)
            assert waiter.end() == KErrNone
            assert waiter.held_after

            waiter = Waiter(condition, mutex)
            RProcess().set_priority(EPriorityHigh)
            assert waiter.end() == KErrNone
            RProcess().set_priority(EPriorityForeground)

    run(program)


def test_a_killed_waiter_leaves_no_trace(machine: Kernel, run: Run) -> None:
    def program() -> None:
        with RCondVar().create_local() as condition, RMutex().create_local() as mutex:
            killed, other = Waiter(condition, mutex), Waiter(condition, mutex)
            killed.thread.kill(7)
            condition.signal()
            assert other.end() == KErrNone
            assert killed.end() == 7

    run(program)
    machine.debug.check()


def test_a_global_one_is_opened_by_name(run: Run) -> None:
    def program() -> None:
        with (
            RCondVar().create_global("Changed") as condition,
            RCondVar().open_global("changed") as opened,
            RMutex().create_local() as mutex,
        ):
            assert trap(RCondVar().create_global, "CHANGED") == KErrAlreadyExists
            waiter = Waiter(condition, mutex)
            opened.broadcast()
            assert waiter.end() == KErrNone

    run(program)
