"""Looking into the kernel from inside: open handles, and the latest events."""

import pytest

from eka import Executable, Image, Kernel
from userlib import (
    EOwnerThread,
    KErrArgument,
    KErrNone,
    KErrPermissionDenied,
    Leave,
    RProcess,
    RSemaphore,
    RThread,
    TCapability,
    TObjectType,
    UserSvr,
)

TRUSTED = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


def run_with(machine: Kernel, image: Image, program: object) -> None:
    machine.register("looker", Executable(program, image))  # type: ignore[arg-type] # a function
    assert str(machine.run("looker")) == "exited with KErrNone"


def refusal(function: object, *args: object) -> int:
    try:
        function(*args)  # type: ignore[operator] # a function
    except Leave as leave:
        return leave.code
    return KErrNone


def test_a_process_sees_its_own_handles_and_whose_they_are(machine: Kernel) -> None:
    def program() -> None:
        with (
            RSemaphore().create_global("counted", 0) as shared,
            RSemaphore().create_local(0, EOwnerThread) as own,
        ):
            seen = {one.handle: one for one in RProcess().open_handles()}
            assert seen[shared.handle].name == "counted"
            assert seen[shared.handle].kind == TObjectType.ESemaphore
            assert seen[shared.handle].access_count == 1
            assert seen[shared.handle].thread_id == 0
            assert seen[own.handle].thread_id == RThread().id()
        assert len(RProcess().open_handles()) == len(seen) - 2

    run_with(machine, Image(), program)


@pytest.mark.parametrize("trusted", [True, False])
def test_handles_of_another_process_need_power_management(
    machine: Kernel, trusted: bool
) -> None:
    def other() -> None:
        """Never runs: it is only looked at."""

    def program() -> None:
        with RProcess().create("other") as process:
            if trusted:
                assert process.open_handles() == []
            else:
                assert refusal(process.open_handles) == KErrPermissionDenied
            process.kill(0)

    machine.register("other", Executable(other))
    run_with(machine, TRUSTED if trusted else Image(), program)


def test_latest_events_end_with_what_happened_last(machine: Kernel) -> None:
    def program() -> None:
        RSemaphore().create_local(0).signal()
        *_, last = UserSvr.latest_events(5)
        number, _, name, who, _ = last.split(" ", 4)
        assert int(number) > 1
        assert name == "semaphore/signal"
        assert who == f"{RProcess().id()}:{RThread().id()}"
        assert len(UserSvr.latest_events(2)) == 2
        assert UserSvr.latest_events(0) == []
        assert refusal(UserSvr.latest_events, -1) == KErrArgument

    run_with(machine, TRUSTED, program)


def test_latest_events_need_power_management(machine: Kernel) -> None:
    def program() -> None:
        assert refusal(UserSvr.latest_events, 5) == KErrPermissionDenied

    run_with(machine, Image(), program)
