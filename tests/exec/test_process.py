"""Processes: creation, rights over them, and how they end."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Executable, Kernel
from tools.pytest_plugin import Run
from userlib import (
    ECapabilityPowerMgmt,
    ECapabilityProtServ,
    EExitKill,
    EExitPanic,
    EExitPending,
    EExitTerminate,
    ENotCritical,
    EPriorityBackground,
    EPriorityForeground,
    EPriorityHigh,
    EPriorityLow,
    EProcessCritical,
    EProcessPermanent,
    ESystemCritical,
    ExitInfo,
    Image,
    KErrDied,
    KErrGeneral,
    KErrNone,
    KErrNotFound,
    KErrPermissionDenied,
    Leave,
    RProcess,
    RSemaphore,
    RThread,
    TRequestStatus,
    User,
    capability_set,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]
Watched: TypeAlias = RThread | RProcess


def logged_on(target: Watched) -> TRequestStatus:
    status = TRequestStatus()
    target.logon(status)
    return status


def ended(target: Watched) -> ExitInfo:
    User.wait_for_request(logged_on(target))
    return target.exit_info()


def end(info: ExitInfo) -> tuple[int, str, int]:
    return (info.type, info.category, info.reason)


def exit_of_child(name: str) -> ExitInfo:
    """Run a registered program to its end, and tell how it ended."""
    with RProcess().create(name) as child:
        status = logged_on(child)
        child.resume()
        User.wait_for_request(status)
        return child.exit_info()


def trusted(function: Callable[[], int | None], *capabilities: int) -> Executable:
    return Executable(function, Image(capabilities=capability_set(*capabilities)))


@pytest.mark.case("SK-059")
def test_rendezvous_with_a_process(machine: Kernel, run: Run) -> None:
    def meets() -> int:
        RProcess.rendezvous(1)
        with RSemaphore().open_global("GoOn") as go_on:
            go_on.wait()
        return 0

    def program() -> None:
        go_on = RSemaphore().create_global("GoOn", 0)
        met = TRequestStatus()
        with RProcess().create("meets") as process:
            process.request_rendezvous(met)
            process.rendezvous_cancel(met)
            User.wait_for_request(met)
            assert met == KErrNone
            process.request_rendezvous(met)
            over = logged_on(process)
            process.resume()
            User.wait_for_request(met)
            assert met == 1
            assert over.is_pending
            go_on.signal()
            User.wait_for_request(over)
            assert over == 0
        for name, expected in (
            ("panics", (EExitPanic, KErrDied)),
            ("returns", (EExitKill, KErrNone)),
        ):
            with RProcess().create(name) as process:
                process.request_rendezvous(met)
                process.resume()
                User.wait_for_request(met)
                assert (process.exit_type(), met.value) == expected

    machine.register("meets", meets)
    machine.register("panics", lambda: User.panic("Before", KErrDied))
    machine.register("returns", lambda: None)
    run(program)


@pytest.mark.case("SK-060")
def test_a_critical_thread_takes_its_process_with_it_unless_it_ends_well(
    machine: Kernel, run: Run
) -> None:
    def with_critical_thread(
        fate: Callable[[RThread], None] | None,
    ) -> Callable[[], int | None]:
        def main() -> int:
            def critical() -> int | None:
                User.set_critical(EProcessCritical)
                RThread.rendezvous(KErrNone)
                if fate is None:
                    return 1
                User.wait_for_any_request()
                return None

            with RThread().launch("second", critical) as second:
                status = logged_on(second)
                if fate is not None:
                    fate(second)
                User.wait_for_request(status)
            return 0

        return main

    def program() -> None:
        assert end(exit_of_child("normal")) == (EExitKill, "Kill", 0)
        assert end(exit_of_child("killed")) == (EExitKill, "Kill", 0)
        assert end(exit_of_child("ended")) == (EExitTerminate, "Terminate", 999)
        assert end(exit_of_child("panicked")) == (EExitPanic, "TestPanic", 999)

    machine.register("normal", with_critical_thread(None))
    machine.register("killed", with_critical_thread(lambda t: t.kill(999)))
    machine.register("ended", with_critical_thread(lambda t: t.terminate(999)))
    machine.register(
        "panicked", with_critical_thread(lambda t: t.panic("TestPanic", 999))
    )
    run(program)


@pytest.mark.case("SK-061")
def test_system_critical_needs_a_trusted_process(machine: Kernel, run: Run) -> None:
    def critical() -> int:
        User.set_critical(ESystemCritical)
        assert User.critical() == ESystemCritical
        User.set_critical(ENotCritical)
        return 0

    def program() -> None:
        with RProcess().create("untrusted") as process:
            met = TRequestStatus()
            process.request_rendezvous(met)
            over = logged_on(process)
            process.resume()
            User.wait_for_request(met)
            User.wait_for_request(over)
            assert (met.value, over.value) == (46, 46)
            assert end(process.exit_info()) == (EExitPanic, "KERN-EXEC", 46)
        assert end(exit_of_child("trusted")) == (EExitKill, "Kill", 0)

    machine.register("untrusted", critical)
    machine.register("trusted", trusted(critical, ECapabilityProtServ))
    run(program)


@pytest.mark.case("SK-062")
def test_a_process_lives_as_long_as_its_last_thread(machine: Kernel, run: Run) -> None:
    def main() -> int:
        go_on = RSemaphore().open_global("GoOn")

        def child() -> int:
            go_on.wait()
            return 7

        RThread().create("child", child).resume()
        User.set_critical(ENotCritical)
        return 3

    def program() -> None:
        go_on = RSemaphore().create_global("GoOn", 0)
        with RProcess().create("outlived") as process:
            over = logged_on(process)
            process.resume()
            User.after(1_000_000)
            assert over.is_pending
            go_on.signal()
            User.wait_for_request(over)
            assert over == 7
            assert end(process.exit_info()) == (EExitKill, "Kill", 7)

    machine.register("outlived", main)
    run(program)


@pytest.mark.case("SK-063")
def test_other_threads_go_with_a_permanent_main_thread(
    machine: Kernel, run: Run
) -> None:
    def main() -> int:
        for fate in (
            lambda thread: thread.terminate(1),
            lambda thread: thread.panic("Child", 2),
        ):
            with RThread().create("child", User.wait_for_any_request) as child:
                status = logged_on(child)
                child.resume()
                fate(child)
                User.wait_for_request(status)
            assert RProcess().exit_type() == EExitPending
        RThread().create("other", User.wait_for_any_request).resume()
        return 55

    def program() -> None:
        assert end(exit_of_child("permanent")) == (EExitKill, "Kill", 55)

    machine.register("permanent", main)
    run(program)


@pytest.mark.case("SK-064")
def test_a_permanent_thread_ends_the_process_by_any_exit(
    machine: Kernel, run: Run
) -> None:
    after = []

    def main() -> None:
        def child() -> None:
            User.set_critical(EProcessPermanent)
            User.exit(5)

        RThread().create("child", child).resume()
        User.wait_for_any_request()
        after.append("main went on")

    def program() -> None:
        assert end(exit_of_child("ended")) == (EExitKill, "Kill", 5)

    machine.register("ended", main)
    run(program)
    assert after == []


@pytest.mark.case("SK-076")
def test_only_the_creator_resumes_a_process_and_once(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    seen: dict[str, Any] = {}

    def stranger() -> None:
        with RProcess().open(seen["id"]) as process:
            process.resume()

    def program() -> None:
        with RProcess().create("returns") as process:
            over = logged_on(process)
            process.resume()
            User.wait_for_request(over)
            assert over == KErrNone
            assert process.exit_type() == EExitKill
            assert end(exit_of(process.resume)) == (EExitPanic, "KERN-EXEC", 46)
        with RProcess().create("returns") as process:
            seen["id"] = process.id()
            assert end(exit_of_child("stranger")) == (EExitPanic, "KERN-EXEC", 46)
            process.kill(KErrNone)

    machine.register("returns", lambda: 0)
    machine.register("stranger", stranger)
    run(program)


@pytest.mark.case("SK-077")
def test_killing_a_process_takes_a_right_to_it(machine: Kernel, run: Run) -> None:
    seen: dict[str, Any] = {}

    def killer() -> None:
        with RProcess().open(seen["id"]) as process:
            process.kill(6)

    def program() -> None:
        with RProcess().create("waits") as process:
            over = logged_on(process)
            process.kill(5)
            User.wait_for_request(over)
            assert over == 5
            assert process.exit_type() == EExitKill
        with RProcess().create("waits") as process:
            seen["id"] = process.id()
            over = logged_on(process)
            process.resume()
            assert end(exit_of_child("killer")) == (EExitPanic, "KERN-EXEC", 46)
            assert over.is_pending
            assert end(exit_of_child("trusted")) == (EExitKill, "Kill", 0)
            User.wait_for_request(over)
            assert end(process.exit_info()) == (EExitKill, "Kill", 6)

    machine.register("waits", User.wait_for_any_request)
    machine.register("killer", killer)
    machine.register("trusted", trusted(killer, ECapabilityPowerMgmt))
    run(program)


@pytest.mark.case("SK-084")
def test_the_priority_of_a_foreign_process_is_under_its_own_control(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    def obedient() -> None:
        with RSemaphore().open_global("GoOn") as go_on:
            RProcess.rendezvous(KErrNone)
            go_on.wait()
            RProcess().set_priority_control(enable=True)
            RProcess.rendezvous(KErrNone)
            User.wait_for_any_request()

    def program() -> None:
        go_on = RSemaphore().create_global("GoOn", 0)
        process = RProcess().launch("obedient")
        assert trap(process.set_priority, EPriorityBackground) == KErrPermissionDenied
        met = TRequestStatus()
        process.request_rendezvous(met)
        go_on.signal()
        User.wait_for_request(met)
        for priority in (
            EPriorityBackground,
            EPriorityForeground,
            EPriorityHigh,
            EPriorityForeground,
        ):
            process.set_priority(priority)
            assert process.priority() == priority
        assert trap(process.set_priority, EPriorityLow) == KErrPermissionDenied
        info = exit_of(process.set_priority, 12345)
        assert end(info) == (EExitPanic, "KERN-EXEC", 14)

    machine.register("obedient", obedient)
    run(program)


@pytest.mark.case("SK-086")
def test_processes_of_one_program_are_numbered(machine: Kernel, run: Run) -> None:
    def program() -> None:
        first, second = RProcess().create("counted"), RProcess().create("counted")
        assert first.name() == "counted.exe[00000000]0001"
        assert second.name() == "counted.exe[00000000]0002"
        for process in (first, second):
            status = logged_on(process)
            process.resume()
            User.wait_for_request(status)
            process.close()
        with RProcess().create("counted") as third:
            assert third.name().endswith("]0001")
            third.kill(KErrNone)

    machine.register("counted", lambda: None)
    run(program)


@pytest.mark.case("SK-087")
def test_an_orphan_that_was_never_resumed_panics(machine: Kernel, run: Run) -> None:
    seen: dict[str, Any] = {}

    def parent() -> None:
        orphan = RProcess().create("orphan")
        seen["id"] = orphan.id()
        RProcess.rendezvous(KErrNone)
        with RSemaphore().open_global("GoOn") as go_on:
            go_on.wait()

    def program() -> None:
        go_on = RSemaphore().create_global("GoOn", 0)
        with (
            RProcess().launch("parent") as process,
            RProcess().open(seen["id"]) as orphan,
        ):
            over = logged_on(orphan)
            go_on.signal()
            assert end(ended(process)) == (EExitKill, "Kill", 0)
            User.wait_for_request(over)
            assert end(orphan.exit_info()) == (EExitPanic, "KERN-EXEC", 56)

    machine.register("parent", parent)
    machine.register("orphan", lambda: None)
    run(program)


@pytest.mark.case("SK-088")
def test_a_dead_process_leaves_no_global_name_behind(machine: Kernel, run: Run) -> None:
    def owner() -> None:
        RSemaphore().create_global("Orphaned", 0)
        assert RSemaphore().open_global("Orphaned").handle

    def program() -> None:
        assert end(exit_of_child("owner")) == (EExitKill, "Kill", 0)
        assert trap(RSemaphore().open_global, "Orphaned") == KErrNotFound

    machine.register("owner", owner)
    run(program)


def test_a_program_nobody_knows_is_not_found(run: Run) -> None:
    def program() -> None:
        with pytest.raises(Leave) as refused:
            RProcess().create("unknown")
        assert refused.value.code == KErrNotFound

    run(program)


def test_a_process_knows_its_command_line_and_others_do_not(
    machine: Kernel, run: Run, exit_of: ExitOf
) -> None:
    seen = []

    def child() -> None:
        seen.append((User.command_line(), User.command_line_length()))
        seen.append(RProcess().command_line())

    def program() -> None:
        with RProcess().create("child", "one two") as process:
            info = exit_of(lambda: len(process.command_line()))
            assert end(info) == (EExitPanic, "KERN-EXEC", 46)
            over = logged_on(process)
            process.resume()
            User.wait_for_request(over)
            assert process.file_name().lower().endswith("child.exe")

    machine.register("child", child)
    run(program)
    assert seen == [("one two", 7), "one two"]


def test_launch_of_a_process_waits_for_its_rendezvous(
    machine: Kernel, run: Run
) -> None:
    def program() -> None:
        process = RProcess().launch("good")
        assert process.exit_type() == EExitPending
        process.close()
        for name, code in (("bad", -11), ("worse", KErrGeneral)):
            with pytest.raises(Leave) as failed:
                RProcess().launch(name)
            assert failed.value.code == code

    def good() -> None:
        RProcess.rendezvous(KErrNone)
        User.wait_for_any_request()

    machine.register("good", good)
    machine.register("bad", lambda: -11)
    machine.register("worse", lambda: User.panic("Worse", 1))
    run(program)


def test_creator_is_who_created_the_process(machine: Kernel, run: Run) -> None:
    seen: list[tuple[int, int, bool, bool]] = []

    def child() -> None:
        seen.append(
            (
                User.creator_secure_id(),
                User.creator_vendor_id(),
                User.creator_has_capability(ECapabilityPowerMgmt),
                User.creator_has_capability(ECapabilityPowerMgmt, ECapabilityProtServ),
            )
        )

    def creator() -> None:
        with RProcess().create("child") as process:
            over = logged_on(process)
            process.resume()
            User.wait_for_request(over)
            assert over == KErrNone

    image = Image(
        uid3=0x1003, vendor_id=7, capabilities=capability_set(ECapabilityPowerMgmt)
    )
    machine.register("child", child)
    machine.register("creator", Executable(creator, image))
    assert str(machine.run("creator")) == "exited with KErrNone"
    run(creator)
    assert seen == [(0x1003, 7, True, False), (0, 0, False, False)]


def test_identity_is_what_the_image_says(machine: Kernel, run: Run) -> None:
    def child() -> None:
        creator = User.creator_identity()
        assert (creator.secure_id, creator.vendor_id) == (0, 0)
        assert not User.creator_has_capability(ECapabilityPowerMgmt)

    image = Image(
        uid2=2,
        uid3=3,
        vendor_id=9,
        capabilities=capability_set(ECapabilityPowerMgmt),
    )

    def program() -> None:
        with RProcess().create("child") as process:
            assert process.uids() == (0x1000007A, 2, 3)
            assert (process.secure_id(), process.vendor_id()) == (3, 9)
            assert process.has_capability(ECapabilityPowerMgmt)
            assert not process.has_capability(ECapabilityPowerMgmt, ECapabilityProtServ)
            over = logged_on(process)
            process.resume()
            User.wait_for_request(over)
            assert over == KErrNone

    machine.register("child", Executable(child, image))
    run(program)
