"""Rendezvous, logon and entry points, of threads and processes: userlib 13.1, 13.3."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    CActiveScheduler,
    CleanupStack,
    EExitKill,
    EExitPanic,
    KErrGeneral,
    KErrNoMemory,
    KErrNone,
    KHeap,
    KRequestPending,
    RProcess,
    RSemaphore,
    RThread,
    TRequestStatus,
    User,
    trap,
)

Target: TypeAlias = RThread | RProcess
# Makes one that rendezvouses with a code, waits for "go", and returns another.
Make: TypeAlias = Callable[[], Target]

MET, ENDED = 3, -7


def behave() -> int:
    with RSemaphore().open_global("go") as go:
        if RThread().name() == "Main":
            RProcess.rendezvous(MET)
        else:
            RThread.rendezvous(MET)
        go.wait()
    return ENDED


@pytest.fixture(params=["thread", "process"])
def make(request: pytest.FixtureRequest, machine: Kernel) -> Make:
    machine.register("target", behave)
    if request.param == "thread":
        return lambda: RThread().create("target", behave)
    return lambda: RProcess().create("target")


def finished(status: TRequestStatus) -> int:
    User.wait_for_request(status)
    return status.value


def statuses(count: int) -> list[TRequestStatus]:
    return [TRequestStatus() for _ in range(count)]


def test_all_who_wait_are_told_and_the_target_runs_on(run: Run, make: Make) -> None:
    def program() -> None:
        with RSemaphore().create_global("go", 0) as go, make() as target:
            meetings, ends = statuses(3), statuses(2)
            for status in meetings:
                target.request_rendezvous(status)
            for status in ends:
                target.logon(status)
            target.resume()
            assert [finished(status) for status in meetings] == [MET] * 3
            assert ends == [KRequestPending] * 2
            assert target.exit_info().is_pending
            late = TRequestStatus()
            target.request_rendezvous(late)  # for a meeting that does not come
            go.signal()
            assert [finished(status) for status in ends] == [ENDED] * 2
            assert finished(late) == ENDED
            assert target.exit_type() == EExitKill

    run(program)


def test_cancelling_completes_with_none_and_only_what_is_there(
    run: Run, make: Make
) -> None:
    def program() -> None:
        with RSemaphore().create_global("go", 1), make() as target:
            met, over, other = statuses(3)
            target.request_rendezvous(met)
            target.logon(over)
            other.value = 5
            for cancel in (target.rendezvous_cancel, target.logon_cancel):
                assert trap(cancel, other) == KErrGeneral
            # Each kind for itself.
            assert trap(target.rendezvous_cancel, over) == KErrGeneral
            assert trap(target.logon_cancel, met) == KErrGeneral
            assert (other, met, over) == (5, KRequestPending, KRequestPending)
            target.rendezvous_cancel(met)
            assert finished(met) == KErrNone
            assert trap(target.rendezvous_cancel, met) == KErrGeneral
            target.logon_cancel(over)
            assert finished(over) == KErrNone
            assert RThread().request_count() == 0
            target.logon(over)
            target.resume()
            assert finished(over) == ENDED

    run(program)


def test_the_dead_complete_either_at_once(run: Run, make: Make) -> None:
    def program() -> None:
        with RSemaphore().create_global("go", 1), make() as target:
            over = TRequestStatus()
            target.logon(over)
            target.resume()
            assert finished(over) == ENDED
            met, again = statuses(2)
            target.request_rendezvous(met)
            target.logon(again)
            assert (met, again) == (ENDED, ENDED)
            assert RThread().request_count() == 2
            assert (finished(met), finished(again)) == (ENDED, ENDED)

    run(program)


def test_launching_without_memory_leaves_nothing_behind(
    run: Run, make: Make, machine: Kernel
) -> None:
    """Each allocation of the kernel's fails once, that of the rendezvous too."""

    def is_thread() -> bool:
        with make() as target:
            thread = isinstance(target, RThread)
            target.kill(0)
            return thread

    def launch(by_thread: bool) -> Target:
        if by_thread:
            return RThread().launch("launched", lambda: RThread.rendezvous(KErrNone))
        return RProcess().launch("launched")

    def program() -> None:
        by_thread, codes = is_thread(), []
        while not codes or codes[-1] != KErrNone:
            KHeap.mark()
            KHeap.fail_next(len(codes) + 1)
            codes.append(trap(lambda: launch(by_thread).close()))
            KHeap.reset()
            if codes[-1] == KErrNone:
                KHeap.total_reset()
            else:
                KHeap.mark_end()
        assert set(codes[:-1]) == {KErrNoMemory}
        assert len(codes) > 3

    machine.register("launched", lambda: RProcess.rendezvous(KErrNone))
    run(program)


# Entry points.


@pytest.mark.parametrize(
    ("first", "end"),
    [
        (lambda: CleanupStack.push(None), (EExitPanic, "E32USER-CBase", 69)),
        (CActiveScheduler.start, (EExitPanic, "E32USER-CBase", 44)),
        (lambda: None, (EExitKill, "Kill", 0)),
        (lambda: 12, (EExitKill, "Kill", 12)),
        (lambda: -12, (EExitKill, "Kill", -12)),
    ],
    ids=["cleanup stack", "scheduler", "nothing", "positive", "negative"],
)
def test_a_program_begins_with_nothing_and_ends_with_what_it_returns(
    machine: Kernel,
    first: Callable[[], int | None],
    end: tuple[int, str, int],
) -> None:
    info = machine.run(first)
    assert (info.type, info.category, info.reason) == end


def test_a_thread_gets_its_arguments_and_returns_a_reason(run: Run) -> None:
    def add(one: int, other: int) -> int:
        return one + other

    def program() -> None:
        with RThread().create("add", add, args=(3, 4)) as thread:
            over = TRequestStatus()
            thread.logon(over)
            thread.resume()
            assert finished(over) == 7

    run(program)
