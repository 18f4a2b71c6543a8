"""Active objects: symbian-userlib 4, symbian-kernel 7.1.

The loop that runs them is in test_scheduler.py, ready-made ones in test_callbacks.py.
"""

from collections.abc import Callable

import pytest

from eka import Kernel
from userlib import (
    CActive,
    CActiveScheduler,
    CTimer,
    KErrNone,
    KRequestPending,
    RThread,
    RTimer,
    User,
)


class Noted(CActive):
    """Notes in a list that it ran or was cancelled."""

    def __init__(self, name: str, log: list[str]) -> None:
        super().__init__()
        self.name = name
        self.log = log

    def run(self) -> None:
        self.log.append(self.name)

    def do_cancel(self) -> None:
        self.log.append(f"{self.name} cancelled")
        complete(self)


def request(active: CActive) -> None:
    active.status.value = KRequestPending
    active.set_active()


def complete(active: CActive, code: int = KErrNone) -> None:
    RThread().request_complete(active.status, code)


def ready(active: CActive) -> None:
    request(active)
    complete(active)


def installed(*objects: CActive) -> None:
    CActiveScheduler.install(CActiveScheduler())
    for active in objects:
        CActiveScheduler.add(active)


def cbase(reason: int) -> str:
    return f"panicked E32USER-CBase {reason}"


def exits(machine: Kernel, *programs: Callable[[], int | None]) -> list[str]:
    """How a process ends that does nothing but one of them, for each."""
    return [str(machine.run(program)) for program in programs]


@pytest.mark.case("SU-08")
def test_add_without_a_scheduler_panics_44(machine: Kernel) -> None:
    def program() -> None:
        CActiveScheduler.add(Noted("A", []))

    assert exits(machine, program) == [cbase(44)]


@pytest.mark.case("SU-09")
def test_add_of_nothing_panics_48(machine: Kernel) -> None:
    def program() -> None:
        installed()
        CActiveScheduler.add(None)

    assert exits(machine, program) == [cbase(48)]


@pytest.mark.case("SU-10")
def test_add_of_an_added_object_panics_41(machine: Kernel) -> None:
    def program() -> None:
        active = Noted("A", [])
        installed(active)
        CActiveScheduler.add(active)

    assert exits(machine, program) == [cbase(41)]


@pytest.mark.case("SU-12")
def test_set_active_of_an_object_not_added_panics_49(machine: Kernel) -> None:
    def program() -> None:
        installed()
        Noted("A", []).set_active()

    assert exits(machine, program) == [cbase(49)]


@pytest.mark.case("SU-13")
def test_set_active_of_an_active_object_panics_42(machine: Kernel) -> None:
    def program() -> None:
        active = Noted("A", [])
        installed(active)
        active.set_active()
        active.set_active()

    assert exits(machine, program) == [cbase(42)]


@pytest.mark.case("SU-14")
def test_destroying_an_active_object_panics_40(machine: Kernel) -> None:
    def program() -> None:
        active = Noted("A", [])
        installed(active)
        active.set_active()
        active.destroy()

    assert exits(machine, program) == [cbase(40)]


def test_destroying_an_idle_object_takes_it_off_the_scheduler(machine: Kernel) -> None:
    def program() -> None:
        active = Noted("A", [])
        installed(active)
        active.destroy()
        assert not active.is_added

    assert exits(machine, program) == ["exited with KErrNone"]


@pytest.mark.case("SU-15")
def test_set_priority_of_an_active_object_panics_50(machine: Kernel) -> None:
    def program() -> None:
        active = Noted("A", [])
        installed(active)
        active.set_active()
        active.set_priority(1)

    assert exits(machine, program) == [cbase(50)]


@pytest.mark.case("SU-16")
def test_deque_of_an_object_not_added_panics_49(machine: Kernel) -> None:
    assert exits(machine, lambda: Noted("A", []).deque()) == [cbase(49)]


def test_deque_cancels_the_request_and_unlinks(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        active = Noted("A", log)
        installed(active)
        request(active)
        active.deque()
        assert (active.is_added, active.is_active) == (False, False)
        assert RThread().request_count() == 0

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["A cancelled"]


@pytest.mark.case("SU-25", "SK-146")
def test_run_can_cancel_another_objects_timer(machine: Kernel) -> None:
    log: list[str] = []

    class Late(CTimer):
        def run(self) -> None:
            log.append("B ran")

        def do_cancel(self) -> None:
            log.append("B cancelled")
            super().do_cancel()

    class Canceller(CActive):
        def __init__(self, other: CActive) -> None:
            super().__init__(CActive.EPriorityHigh)
            self.other = other

        def run(self) -> None:
            self.other.cancel()
            assert not self.other.is_active
            assert RThread().request_count() == 0
            CActiveScheduler.stop()

    def program() -> None:
        b = Late(0).construct()
        a = Canceller(b)
        installed(a, b)
        b.after(1_000_000)
        ready(a)
        CActiveScheduler.start()
        User.after(2_000_000)
        assert RThread().request_count() == 0
        b.destroy()

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["B cancelled"]


@pytest.mark.case("SU-26")
def test_cancel_of_an_idle_object_does_nothing(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        active = Noted("A", log)
        installed(active)
        RThread().request_signal()
        active.cancel()
        assert RThread().request_count() == 1

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == []


@pytest.mark.case("SU-27")
def test_cancel_of_a_completed_request_takes_its_signal(machine: Kernel) -> None:
    log: list[str] = []

    class Completed(Noted):
        def do_cancel(self) -> None:
            log.append("cancelled")  # nothing to do: the request is complete

    def program() -> None:
        active = Completed("A", log)
        installed(active)
        RThread().request_signal()
        ready(active)
        assert RThread().request_count() == 2
        active.cancel()
        assert RThread().request_count() == 1
        assert not active.is_active
        assert CActiveScheduler.run_if_ready(active.priority) == (False, KErrNone)
        assert RThread().request_count() == 1

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["cancelled"]


@pytest.mark.case("SK-142")
def test_each_misuse_has_its_panic(machine: Kernel) -> None:
    def install_twice() -> None:
        installed()
        installed()

    def stop_without_start() -> None:
        installed()
        CActiveScheduler.stop()

    def set_active_twice() -> None:
        active = Noted("A", [])
        installed(active)
        active.set_active()
        active.set_active()

    def add_nothing() -> None:
        installed()
        CActiveScheduler.add(None)

    def add_twice() -> None:
        active = Noted("A", [])
        installed(active, active)

    def set_active_unadded() -> None:
        installed()
        Noted("A", []).set_active()

    assert exits(
        machine,
        CActiveScheduler.start,
        install_twice,
        stop_without_start,
        CActiveScheduler.stop,
        set_active_twice,
        lambda: CActiveScheduler.add(Noted("A", [])),
        add_nothing,
        add_twice,
        set_active_unadded,
    ) == [cbase(reason) for reason in (44, 43, 45, 44, 42, 44, 48, 41, 49)]


@pytest.mark.case("SK-143")
def test_timer_without_set_active_is_a_stray_signal(machine: Kernel) -> None:
    class Forgetful(CActive):
        def run(self) -> None:
            raise AssertionError

    def program() -> None:
        active, timer = Forgetful(), RTimer().create_local()
        installed(active)
        timer.after(active.status, 10_000)
        CActiveScheduler.start()

    assert exits(machine, program) == [cbase(46)]


def test_customary_priorities_have_their_numbers() -> None:
    names = ("Idle", "Low", "Standard", "UserInput", "High")
    numbers = [int(getattr(CActive, f"EPriority{name}")) for name in names]
    assert numbers == [-100, -20, 0, 10, 20]


def test_any_number_is_a_priority_and_can_be_set_before_adding(
    machine: Kernel,
) -> None:
    log: list[str] = []

    def program() -> None:
        objects = {name: Noted(name, log) for name in "ABC"}
        for name, priority in (("A", -(2**31)), ("B", 1000), ("C", 5)):
            objects[name].set_priority(priority)
            assert objects[name].priority == priority
        installed(*objects.values())
        for active in objects.values():
            ready(active)
        for _ in objects:
            CActiveScheduler.run_if_ready(-(2**31))

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["B", "C", "A"]


def test_object_that_was_taken_off_can_be_added_again(machine: Kernel) -> None:
    log: list[str] = []

    def program() -> None:
        first, second = Noted("A", log), Noted("B", log)
        installed(first, second)
        first.deque()
        assert (first.is_added, second.is_added) == (False, True)
        CActiveScheduler.add(first)
        for active in (first, second):
            ready(active)
            assert active.is_active
        for _ in range(2):
            CActiveScheduler.run_if_ready(0)

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["B", "A"]


def test_request_that_run_makes_again_is_active_afterwards(machine: Kernel) -> None:
    """The flags are cleared before the run, not after."""
    log: list[str] = []

    class Again(Noted):
        def run(self) -> None:
            super().run()
            assert not self.is_active
            if len(log) < 3:
                ready(self)
            else:
                CActiveScheduler.stop()

    def program() -> None:
        active = Again("A", log)
        installed(active)
        ready(active)
        CActiveScheduler.start()
        assert not active.is_active
        assert RThread().request_count() == 0

    assert exits(machine, program) == ["exited with KErrNone"]
    assert log == ["A"] * 3
