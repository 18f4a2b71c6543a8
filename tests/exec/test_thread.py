"""Threads: their life from creation to exit, and who is told of it."""

import random
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EExitKill,
    EExitPanic,
    EExitPending,
    EExitTerminate,
    EPriorityForeground,
    EPriorityHigh,
    EPriorityNormal,
    EPriorityNull,
    ExitInfo,
    KernelError,
    KErrAlreadyExists,
    KErrBadName,
    KErrCancel,
    KErrDied,
    KErrGeneral,
    KErrNone,
    KErrNotFound,
    KErrPermissionDenied,
    Leave,
    RMutex,
    RProcess,
    RSemaphore,
    RThread,
    TFindThread,
    TRequestStatus,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]
Watched: TypeAlias = RThread | RProcess


def logged_on(target: Watched) -> TRequestStatus:
    status = TRequestStatus()
    target.logon(status)
    return status


def ended(target: Watched) -> ExitInfo:
    """Wait for the end of what runs already, and tell how it ended."""
    User.wait_for_request(logged_on(target))
    return target.exit_info()


def end(info: ExitInfo) -> tuple[int, str, int]:
    return (info.type, info.category, info.reason)


@pytest.mark.case("SK-030")
def test_only_a_named_thread_of_another_process_is_opened_by_its_id(
    machine: Kernel, run: Run
) -> None:
    seen: dict[str, Any] = {}

    def other_process() -> None:
        with RThread().open(seen["named"]) as named:
            seen["name"] = named.name()
        seen["code"] = trap(RThread().open, seen["unnamed"])

    def program() -> None:
        with (
            RThread().create("named", lambda: None) as named,
            RThread().create("", lambda: None) as unnamed,
            RProcess().create("other") as other,
        ):
            seen.update(named=named.id(), unnamed=unnamed.id())
            other.resume()
            assert ended(other).reason == KErrNone
            with RThread().open(unnamed.id()) as opened:
                assert opened.id() == unnamed.id()
            assert trap(RThread().open, unnamed.id() + 1000) == KErrNotFound
            named.kill(KErrNone)
            unnamed.kill(KErrNone)

    machine.register("other", other_process)
    run(program)
    assert (seen["name"], seen["code"]) == ("named", KErrPermissionDenied)


@pytest.mark.case("SK-045")
def test_a_new_thread_is_alive_and_waits_to_be_resumed(run: Run) -> None:
    def program() -> None:
        ran = []
        with RThread().create("new", lambda: ran.append(1)) as thread:
            assert end(thread.exit_info()) == (EExitPending, "", 0)
            assert int(thread.exit_type()) == 3
            assert (thread.exit_reason(), thread.exit_category()) == (0, "")
            assert thread.priority() == EPriorityNormal
            User.after(1_000_000)
            assert ran == []
            thread.resume()
            assert ended(thread).type == EExitKill
            assert ran == [1]

    run(program)


@pytest.mark.case("SK-046")
def test_a_cancelled_logon_completes_with_none(run: Run) -> None:
    def program() -> None:
        with RThread().create("T", lambda: None) as thread:
            status = logged_on(thread)
            assert status.is_pending
            assert RThread().request_count() == 0
            thread.logon_cancel(status)
            assert status == KErrNone
            assert RThread().request_count() == 1
            User.wait_for_request(status)
            thread.resume()
            ended(thread)
            assert trap(thread.logon_cancel, status) == KErrGeneral

    run(program)


@pytest.mark.case("SK-047")
def test_a_returned_value_is_the_exit_reason(run: Run) -> None:
    def program() -> None:
        with RThread().create("T", lambda: 9999) as thread:
            status = logged_on(thread)
            thread.resume()
            User.wait_for_request(status)
            assert end(thread.exit_info()) == (EExitKill, "Kill", 9999)
            assert status == 9999

    run(program)


@pytest.mark.case("SK-048")
def test_a_thread_panics_itself(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        assert end(exit_of(User.panic, "Hello", 999)) == (EExitPanic, "Hello", 999)

    run(program)


@pytest.mark.case("SK-049")
def test_a_thread_is_panicked_at_any_moment(run: Run) -> None:
    def busy(mutex: RMutex) -> None:
        while True:
            mutex.wait()
            mutex.signal()

    def program() -> None:
        moments = random.Random(49)
        with RMutex().create_local() as mutex:
            for _ in range(2000):
                with RThread().create("", busy, args=(mutex,)) as thread:
                    status = logged_on(thread)
                    thread.resume()
                    for _ in range(moments.randrange(4)):
                        RThread().request_count()
                    thread.panic("panic", 123)
                    User.wait_for_request(status)
                    assert end(thread.exit_info()) == (EExitPanic, "panic", 123)
                    assert status == 123

    run(program)


@pytest.mark.case("SK-050")
def test_the_first_to_end_a_thread_decides(run: Run) -> None:
    def program() -> None:
        with RThread().create("T", lambda: None) as terminated:
            terminated.terminate(1234)
            assert end(terminated.exit_info()) == (EExitTerminate, "Terminate", 1234)
        with RThread().create("K", lambda: None) as killed:
            killed.kill(4321)
            for _ in range(3):
                killed.kill(KErrNone)
            assert end(killed.exit_info()) == (EExitKill, "Kill", 4321)

    run(program)


@pytest.mark.case("SK-051")
def test_the_null_priority_cannot_be_set(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RThread().create("T", lambda: None) as thread:
            info = exit_of(thread.set_priority, EPriorityNull)
            assert end(info) == (EExitPanic, "KERN-EXEC", 14)
            assert thread.priority() == EPriorityNormal
            thread.kill(KErrNone)

    run(program)


@pytest.mark.case("SK-052")
def test_the_process_priority_is_set_through_a_thread(run: Run) -> None:
    def program() -> None:
        thread = RThread()
        thread.set_process_priority(EPriorityHigh)
        assert thread.process_priority() == EPriorityHigh
        assert RProcess().priority() == EPriorityHigh
        thread.set_process_priority(EPriorityForeground)
        assert thread.process_priority() == EPriorityForeground
        assert RProcess().priority() == EPriorityForeground

    run(program)


@pytest.mark.case("SK-053")
def test_a_thread_renames_itself(run: Run) -> None:
    def program() -> None:
        User.rename_thread("renamed")
        assert RThread().name() == "renamed"
        assert RThread().full_name().endswith("::renamed")
        assert trap(User.rename_thread, "a*b") == KErrBadName
        User.rename_thread("RENAMED")
        assert RThread().name() == "renamed"

    run(program)


@pytest.mark.case("SK-054")
def test_threads_run_on_without_a_handle(run: Run) -> None:
    def program() -> None:
        go = RSemaphore().create_local(0)
        done = RSemaphore().create_local(0)

        def work() -> None:
            go.wait()
            done.signal()

        for name in ("A", "B", "C"):
            thread = RThread().create(name, work)
            thread.resume()
            thread.close()
        go.signal(3)
        for _ in range(3):
            done.wait()

    run(program)


@pytest.mark.case("SK-057")
def test_a_rendezvous_is_told_before_the_end(run: Run) -> None:
    def program() -> None:
        go_on = RSemaphore().create_local(0)

        def target() -> int:
            RThread.rendezvous(1)
            go_on.wait()
            return 0

        with RThread().create("T", target) as thread:
            met = TRequestStatus()
            thread.request_rendezvous(met)
            thread.rendezvous_cancel(met)
            User.wait_for_request(met)
            assert met == KErrNone
            thread.request_rendezvous(met)
            over = logged_on(thread)
            thread.resume()
            User.wait_for_request(met)
            assert met == 1
            assert over.is_pending
            go_on.signal()
            User.wait_for_request(over)
            assert over == 0
            assert RThread().request_count() == 0

    run(program)


@pytest.mark.case("SK-058")
def test_a_death_before_the_rendezvous_completes_it(run: Run) -> None:
    def program() -> None:
        for function, expected in (
            (lambda: User.panic("Before", KErrDied), (EExitPanic, KErrDied)),
            (lambda: None, (EExitKill, KErrNone)),
        ):
            with RThread().create("T", function) as thread:
                met = TRequestStatus()
                thread.request_rendezvous(met)
                thread.resume()
                User.wait_for_request(met)
                assert (thread.exit_type(), met.value) == expected

    run(program)


@pytest.mark.case("SK-065")
def test_a_thread_name_is_unique_in_its_process_while_it_lives(
    machine: Kernel, run: Run
) -> None:
    seen = []

    def other_process() -> None:
        with RThread().create("Twin", lambda: None) as thread:
            seen.append(thread.name())
            thread.kill(KErrNone)

    def program() -> None:
        first = RThread().create("Twin", lambda: None)
        second = RThread().set_handle(77)
        code = trap(second.create, "tWIN", lambda: None)
        assert (code, second.handle) == (KErrAlreadyExists, 77)
        with RProcess().create("other") as other:
            other.resume()
            assert ended(other).reason == KErrNone
        first.kill(KErrNone)
        assert trap(second.create, "Twin", lambda: None) == KErrAlreadyExists
        first.close()
        with second.create("Twin", lambda: None):
            assert second.name() == "Twin"
            second.kill(KErrNone)

    machine.register("other", other_process)
    run(program)
    assert seen == ["Twin"]


@pytest.mark.case("SK-066")
def test_bad_arguments_of_create(run: Run, exit_of: ExitOf) -> None:
    def create(**sizes: int) -> int:
        return RThread().create("T", lambda: None, **sizes).handle

    def program() -> None:
        for sizes, reason in (
            ({"stack_size": -1}, 109),
            ({"heap_min": 100}, 110),
            ({"heap_min": 1000, "heap_max": 999}, 111),
        ):
            info = exit_of(lambda sizes=sizes: create(**sizes))
            assert end(info) == (EExitPanic, "USER", reason)
        with pytest.raises(KernelError) as refused:
            RThread().create("a:b", lambda: None)
        assert refused.value.code == KErrBadName

    run(program)


def test_a_name_of_more_than_80_characters_panics_its_creator(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        info = exit_of(lambda: RThread().create("x" * 81, lambda: None).handle)
        assert end(info) == (EExitPanic, "USER", 23)

    run(program)


@pytest.mark.case("SK-067")
def test_suspensions_are_counted(run: Run) -> None:
    def program() -> None:
        ran = []
        with RThread().create("T", lambda: ran.append(1)) as thread:
            status = logged_on(thread)
            thread.suspend()
            thread.suspend()
            for _ in range(2):
                thread.resume()
                User.after(1_000_000)
                assert ran == []
            thread.resume()
            User.wait_for_request(status)
            assert ran == [1]

    run(program)


@pytest.mark.case("SK-068")
def test_a_panic_category_is_cut_to_16_characters(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        info = exit_of(User.panic, "FEDCBA9876543210fedcba", 1)
        assert info.category == "FEDCBA9876543210"

    run(program)


@pytest.mark.case("SK-069")
def test_a_thread_of_another_process_can_only_be_looked_at(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    seen: dict[str, Any] = {}

    def other_process() -> None:
        with RThread().open(seen["id"]) as foreign:
            for name, call in (
                ("suspend", foreign.suspend),
                ("resume", foreign.resume),
                ("kill", lambda: foreign.kill(0)),
                ("terminate", lambda: foreign.terminate(0)),
                ("panic", lambda: foreign.panic("X", 0)),
                ("set_priority", lambda: foreign.set_priority(EPriorityNormal)),
                (
                    "request_complete",
                    lambda: foreign.request_complete(TRequestStatus(), 0),
                ),
            ):
                seen[name] = end(exit_of(call))
            assert foreign.exit_type() == EExitPending
            assert foreign.name() == "Main"
            assert foreign.id() == seen["id"]

    def program() -> None:
        seen["id"] = RThread().id()
        with RProcess().create("other") as other:
            other.resume()
            assert ended(other).reason == KErrNone

    machine.register("other", other_process)
    run(program)
    del seen["id"]
    assert len(seen) == 7
    assert set(seen.values()) == {(EExitPanic, "KERN-EXEC", 46)}


def test_launch_returns_at_the_rendezvous(run: Run) -> None:
    def program() -> None:
        order = []
        go_on = RSemaphore().create_local(0)

        def serve(what: str) -> None:
            order.append(what)
            RThread.rendezvous(KErrNone)
            go_on.wait()
            order.append("end")

        with RThread().launch("T", serve, "begin") as thread:
            assert order == ["begin"]
            status = logged_on(thread)
            go_on.signal()
            User.wait_for_request(status)
        assert order == ["begin", "end"]
        assert RThread().request_count() == 0

    run(program)


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (lambda: User.panic("Early", 5), KErrGeneral),
        (lambda: -11, -11),
        (lambda: 7, 7),
        (lambda: RThread.rendezvous(KErrCancel), KErrCancel),
    ],
    ids=["panic", "error", "positive", "refusal"],
)
def test_launch_leaves_when_the_thread_did_not_start_well(
    run: Run, function: Callable[[], int | None], code: int
) -> None:
    def program() -> None:
        thread = RThread()
        with pytest.raises(Leave) as failed:
            thread.launch("T", function)
        assert (failed.value.code, thread.handle) == (code, 0)

    run(program)


def test_a_thread_is_opened_by_its_full_name_or_found(run: Run) -> None:
    def program() -> None:
        with RThread().create("Found", lambda: None) as thread:
            with RThread().open(thread.full_name()) as opened:
                assert opened.id() == thread.id()
            search = TFindThread("*::found")
            assert search.next() == thread.full_name()
            with RThread().open(search) as opened:
                assert opened.id() == thread.id()
            thread.kill(KErrNone)

    run(program)
