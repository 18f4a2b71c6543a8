"""Handles: closing, duplicating, names, and what one can know about them."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EExitPanic,
    EOwnerProcess,
    EOwnerThread,
    ExitInfo,
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    KErrAlreadyExists,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    KErrPermissionDenied,
    KHandleFlagLocal,
    KHandleNoClose,
    KMaxHandles,
    Leave,
    RHandleBase,
    RLibrary,
    RMutex,
    RProcess,
    RSemaphore,
    RServer2,
    RThread,
    TBuf,
    TFindServer,
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


def test_a_refusal_says_what_was_not_found(run: Run) -> None:
    def refusal(call: Callable[..., object], *args: object) -> str:
        with pytest.raises(Leave) as refused:
            call(*args)
        return str(refused.value)

    def program() -> None:
        for call, what in (
            (RSemaphore().open_global, "Semaphore"),
            (RMutex().open_global, "Mutex"),
            (RThread().open, "Thread"),
            (RProcess().open, "Process"),
        ):
            assert refusal(call, "nope") == f"KErrNotFound (-1): no {what} 'nope'"
        assert refusal(RProcess().open, 9999).endswith(": no process with id 9999")
        assert refusal(RThread().open, 9999).endswith(": no thread with id 9999")
        for unknown in (RProcess().create, RLibrary().load):
            assert refusal(unknown, "nope").startswith("KErrNotFound (-1): no program ")

    run(program)


@pytest.mark.case("SK-029")
def test_only_a_global_object_is_duplicated_into_another_process(
    machine: Kernel, run: Run
) -> None:
    seen: dict[str, Any] = {}

    def other_process() -> None:
        with RThread().open(seen["thread"]) as source:
            taken = RHandleBase(seen["global"]).duplicate(source)
            seen["name"] = taken.name()
            local = RHandleBase(seen["local"])
            seen["code"] = trap(local.duplicate, source)
            seen["variable"] = local.handle

    def other_thread() -> None:
        with RThread().open(seen["thread"]) as source:
            for name in ("global", "local"):
                RSemaphore(seen[name]).duplicate(source).signal()

    def program() -> None:
        public = RSemaphore().create_global("Global", 0)
        local = RSemaphore().create_local(0)
        seen.update(
            {"thread": RThread().id(), "global": public.handle, "local": local.handle}
        )
        with RProcess().create("other") as child:
            status = logged_on(child)
            child.resume()
            User.wait_for_request(status)
        with RThread().create("another", other_thread) as thread:
            status = logged_on(thread)
            thread.resume()
            User.wait_for_request(status)
        assert (public.try_poll(), local.try_poll()) == (KErrNone, KErrNone)

    machine.register("other", other_process)
    run(program)
    assert (seen["name"], seen["code"], seen["variable"]) == (
        "Global",
        KErrPermissionDenied,
        0,
    )


@pytest.mark.case("SK-031")
def test_a_server_stays_in_its_process(machine: Kernel, run: Run) -> None:
    seen: dict[str, Any] = {}

    def other_process() -> None:
        with RThread().open(seen["thread"]) as source:
            for name in ("named", "anonymous"):
                server = RServer2(seen[name])
                seen[f"{name} abroad"] = trap(server.duplicate, source)
                assert server.handle == 0

    def other_thread() -> None:
        with RThread().open(seen["thread"]) as source:
            for name in ("named", "anonymous"):
                RServer2(seen[name]).duplicate(source).close()
                seen[f"{name} at home"] = KErrNone

    def program() -> None:
        named = RServer2().create_global("Named")
        anonymous = RServer2().create_global("")
        seen.update(
            {
                "thread": RThread().id(),
                "named": named.handle,
                "anonymous": anonymous.handle,
            }
        )
        search = TFindServer("Named")
        assert search.next() == "Named"
        assert trap(RHandleBase().open, search) == KErrPermissionDenied
        for target in (
            RProcess().create("other"),
            RThread().create("another", other_thread),
        ):
            with target:
                status = logged_on(target)
                target.resume()
                User.wait_for_request(status)
                assert status == KErrNone

    machine.register("other", other_process)
    run(program)
    assert [seen[f"{name} abroad"] for name in ("named", "anonymous")] == [
        KErrPermissionDenied,
        KErrPermissionDenied,
    ]
    assert [seen[f"{name} at home"] for name in ("named", "anonymous")] == [0, 0]


@pytest.mark.case("SK-032")
def test_local_and_global_objects_are_created_side_by_side(run: Run) -> None:
    def program() -> None:
        mutexes = [
            RMutex().create_global(f"TestObject-{i}")
            if i % 2
            else RMutex().create_local()
            for i in range(10)
        ]
        assert all(mutex.handle for mutex in mutexes)
        for i in range(1, 10, 2):
            again = RMutex()
            code = trap(again.create_global, f"TestObject-{i}")
            assert (code, again.handle) == (KErrAlreadyExists, 0)

    run(program)


@pytest.mark.case("SK-038")
def test_using_a_handle_that_was_never_opened_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        info = exit_of(RSemaphore().signal)
        assert (info.type, info.category, info.reason) == (EExitPanic, "KERN-EXEC", 0)

    run(program)


@pytest.mark.case("SK-039")
def test_closing_what_is_closed_does_nothing(run: Run) -> None:
    def program() -> None:
        never = RThread()
        never.set_handle(0)
        never.close()
        thread = RThread().create("T", lambda: None)
        thread.kill(KErrNone)
        for _ in range(5):
            thread.close()
            assert thread.handle == 0

    run(program)


def test_special_and_no_close_handles_are_not_closed(run: Run) -> None:
    def program() -> None:
        thread = RThread()
        thread.close()
        assert thread.handle == 0
        semaphore = RSemaphore().create_local(0)
        borrowed = RSemaphore().set_handle_nc(semaphore.handle)
        assert borrowed.handle == semaphore.handle | KHandleNoClose
        borrowed.close()
        semaphore.signal()

    run(program)


@pytest.mark.case("SK-040")
def test_a_stale_copy_of_a_handle_is_detected(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        first = RSemaphore().create_local(0)
        copy = RSemaphore(first.handle)
        first.close()
        info = exit_of(copy.signal)
        assert (info.category, info.reason) == ("KERN-EXEC", 0)
        newcomer = RSemaphore().create_local(0)
        info = exit_of(copy.signal)
        assert (info.category, info.reason) == ("KERN-EXEC", 0)
        newcomer.signal()

    run(program)


def test_closing_a_copy_of_a_closed_handle_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        first = RSemaphore().create_local(0)
        copy = RSemaphore(first.handle)
        first.close()
        info = exit_of(copy.close)
        assert (info.category, info.reason) == ("KERN-EXEC", 0)

    run(program)


@pytest.mark.case("SK-041")
def test_a_full_name_needs_its_room(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RThread().create("thread name", lambda: None) as thread:
            info = exit_of(lambda: thread.full_name(TBuf(5)) and None)
            assert (info.category, info.reason) == ("KERN-EXEC", 35)
            name = TBuf(256)
            thread.full_name(name)
            assert str(name) == f"{RProcess().name()}::thread name"
            thread.kill(KErrNone)

    run(program)


@pytest.mark.case("SK-042")
def test_a_process_table_holds_32768_handles(run: Run) -> None:
    def program() -> None:
        in_process, _ = RThread().handle_count()
        semaphores = [
            RSemaphore().create_local(0) for _ in range(KMaxHandles - in_process)
        ]
        assert RThread().handle_count()[0] == 32_768
        with pytest.raises(Leave) as refused:
            RSemaphore().create_local(0)
        assert refused.value.code == KErrNoMemory
        semaphores.pop().close()
        RSemaphore().create_local(0)
        assert RThread().handle_count()[0] == 32_768

    run(program)


@pytest.mark.case("SK-043")
def test_a_thread_owned_handle_is_of_no_use_to_another_thread(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        semaphore = RSemaphore().create_local(0, EOwnerThread)
        assert semaphore.handle & KHandleFlagLocal == 1 << 30
        info = exit_of(RSemaphore(semaphore.handle).signal)
        assert (info.category, info.reason) == ("KERN-EXEC", 0)

    run(program)


@pytest.mark.case("SK-044")
def test_handle_info_counts_tables(run: Run) -> None:
    def program() -> None:
        shared = RSemaphore().create_local(0)
        done = RSemaphore().create_local(0)
        ready = RSemaphore().create_local(0)

        def second() -> None:
            RSemaphore(shared.handle).duplicate(RThread(), EOwnerThread)
            ready.signal()
            done.wait()

        RSemaphore(shared.handle).duplicate(RThread(), EOwnerThread)
        with RThread().create("second", second) as thread:
            status = logged_on(thread)
            thread.resume()
            ready.wait()
            info = shared.handle_info()
            assert (
                info.num_open_in_thread,
                info.num_open_in_process,
                info.num_threads,
                info.num_processes,
            ) == (1, 3, 2, 1)
            done.signal()
            User.wait_for_request(status)

    run(program)


def test_handle_info_of_a_bad_handle_is_all_zero(run: Run) -> None:
    def program() -> None:
        assert RHandleBase(0x12340001).handle_info() == (0, 0, 0, 0)

    run(program)


def test_special_handles_duplicate_to_real_ones(run: Run) -> None:
    def program() -> None:
        thread = RThread(KCurrentThreadHandle).duplicate(RThread(), EOwnerThread)
        process = RProcess(KCurrentProcessHandle).duplicate(RThread(), EOwnerProcess)
        assert thread.handle & KHandleFlagLocal
        assert not process.handle & KHandleFlagLocal
        assert (thread.id(), process.id()) == (RThread().id(), RProcess().id())
        thread.close()
        process.close()

    run(program)


def test_destruction_is_notified_once_the_last_handle_closes(run: Run) -> None:
    def program() -> None:
        semaphore = RSemaphore().create_global("Watched", 0)
        second = RSemaphore().open_global("Watched")
        status = TRequestStatus()
        semaphore.notify_destruction(status)
        semaphore.close()
        assert status.is_pending
        second.close()
        User.wait_for_request(status)
        assert status == KErrNone
        assert trap(RSemaphore().open_global, "Watched") == KErrNotFound

    run(program)


def test_a_notification_of_destruction_is_cancelled(run: Run) -> None:
    def program() -> None:
        with RSemaphore().create_local(0) as semaphore:
            status = TRequestStatus()
            semaphore.notify_destruction(status)
            RHandleBase.notify_destruction_cancel(status)
            User.wait_for_request(status)
            assert status == -3
            RHandleBase.notify_destruction_cancel(status)
            assert RThread().request_count() == 0

    run(program)
