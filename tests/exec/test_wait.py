"""Nested scheduler loops: symbian-userlib 6, whose interpreter (6.1) runs here."""

from collections.abc import Callable

import pytest

from eka import Kernel
from userlib import (
    CActive,
    CActiveScheduler,
    CActiveSchedulerWait,
    KErrNone,
    KRequestPending,
    Leave,
    RThread,
    User,
    trap,
)


class Interpreter(CActive):
    """Performs one action a run, and notes its beginning and its end.

    An action is the number of a wait object and what to do, by the numbers of 6.1.
    """

    def __init__(self, actions: list[tuple[int, int]]) -> None:
        super().__init__(0)
        self.actions = iter(actions)
        self.waits = (CActiveSchedulerWait(), CActiveSchedulerWait())
        self.log = ""

    def arm(self) -> None:
        self.status.value = KRequestPending
        self.set_active()
        User.request_complete(self.status, KErrNone)

    def run(self) -> None:
        self.arm()
        number, action = next(self.actions)
        self.log += f"{number}{action}S"
        self.perform(self.waits[number], action)
        self.log += f"{number}{action}E"

    def perform(self, wait: CActiveSchedulerWait, action: int) -> None:
        match action:
            case 0:
                wait.start()
            case 1:
                wait.async_stop()
            case 2:
                wait.async_stop(self.note_callback)
            case 3:
                self.log += f"{wait.is_started:d}"
            case 4:
                self.log += f"{wait.can_stop_now():d}"
            case 5:
                CActiveScheduler.start()
            case 6:
                CActiveScheduler.stop()

    def note_callback(self) -> None:
        self.log += "C"


def interpret(machine: Kernel, *actions: tuple[int, int]) -> str:
    """What the interpreter notes of *actions*, in a process of their own."""
    logs: list[str] = []

    def program() -> None:
        scheduler = CActiveScheduler()
        CActiveScheduler.install(scheduler)
        interpreter = Interpreter(list(actions))
        CActiveScheduler.add(interpreter)
        interpreter.arm()
        CActiveScheduler.start()
        interpreter.cancel()
        assert scheduler.stack_depth == 0
        assert RThread().request_count() == 0
        logs.append(interpreter.log)

    assert str(machine.run(program)) == "exited with KErrNone"
    return logs[0]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        pytest.param([(0, 6)], "06S06E", marks=pytest.mark.case("SU-34")),
        pytest.param(
            [(0, 0), (1, 0), (1, 1), (0, 1), (0, 6)],
            "00S10S11S11E10E01S01E00E06S06E",
            marks=pytest.mark.case("SU-35"),
        ),
        pytest.param(
            [(0, 0), (1, 0), (0, 1), (1, 1), (0, 6)],
            "00S10S01S01E11S11E10E00E06S06E",
            marks=pytest.mark.case("SU-36"),
        ),
        pytest.param(
            [(0, 5), (1, 5), (1, 6), (0, 6), (0, 6)],
            "05S15S16S16E15E06S06E05E06S06E",
            marks=pytest.mark.case("SU-37"),
        ),
        pytest.param(
            [(0, 0), (1, 5), (0, 1), (1, 6), (0, 6)],
            "00S15S01S01E16S16E15E00E06S06E",
            marks=pytest.mark.case("SU-38"),
        ),
        pytest.param(
            [(0, 0), (1, 0), (1, 2), (0, 1), (0, 6)],
            "00S10S12S12EC10E01S01E00E06S06E",
            marks=pytest.mark.case("SU-39"),
        ),
        pytest.param(
            [(0, 0), (1, 0), (0, 2), (1, 1), (0, 6)],
            "00S10S02S02E11S11E10EC00E06S06E",
            marks=pytest.mark.case("SU-40"),
        ),
        pytest.param(
            [(0, 0), (1, 0), (0, 2), (0, 0), (1, 2), (0, 2), (0, 6)],
            "00S10S02S02E00S12S12E02S02EC00EC10EC00E06S06E",
            marks=pytest.mark.case("SU-41"),
        ),
        # Owned loops are skipped by a plain stop, and tell their state at any time.
        pytest.param(
            [(0, 5), (0, 0), (0, 6), (0, 3), (0, 4), (0, 1), (0, 6)],
            "05S00S06S06E03S103E04S104E01S01E00E05E06S06E",
        ),
        # A wait that an inner loop delays is stopped already, and cannot stop now.
        pytest.param(
            [(0, 0), (1, 0), (0, 4), (0, 1), (0, 3), (1, 4), (1, 1), (0, 6)],
            "00S10S04S004E01S01E03S003E14S114E11S11E10E00E06S06E",
        ),
    ],
)
def test_interpreter_notes_what_the_specification_says(
    machine: Kernel, actions: list[tuple[int, int]], expected: str
) -> None:
    assert interpret(machine, *actions) == expected


def in_a_wait(
    then: Callable[[CActiveSchedulerWait], object],
) -> Callable[[], None]:
    """A program that calls *then* with a wait object, inside of its loop."""

    class Inside(CActive):
        def run(self) -> None:
            then(wait)
            if wait.is_started:
                wait.async_stop()

    wait = CActiveSchedulerWait()

    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        inside = Inside(0)
        CActiveScheduler.add(inside)
        inside.status.value = KRequestPending
        inside.set_active()
        User.request_complete(inside.status, KErrNone)
        wait.start()

    return program


@pytest.mark.case("SU-42", "SK-147")
def test_wait_out_of_turn_panics(machine: Kernel) -> None:
    def stop_twice(wait: CActiveSchedulerWait) -> None:
        wait.async_stop()
        wait.async_stop()

    ends = [
        str(machine.run(program))
        for program in (
            in_a_wait(CActiveSchedulerWait.start),
            CActiveSchedulerWait().async_stop,
            CActiveSchedulerWait().can_stop_now,
            in_a_wait(stop_twice),
        )
    ]
    assert ends == [f"panicked E32USER-CBase {n}" for n in (91, 92, 92, 92)]


def test_wait_without_a_scheduler_panics_44(machine: Kernel) -> None:
    end = machine.run(CActiveSchedulerWait().start)
    assert str(end) == "panicked E32USER-CBase 44"


def test_destroying_a_started_wait_stops_it(machine: Kernel) -> None:
    program = in_a_wait(CActiveSchedulerWait.destroy)
    assert str(machine.run(program)) == "exited with KErrNone"


class Steps(CActive):
    """Calls a function a run, and notes what comes back."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        super().__init__(0)
        self.steps = iter(steps)

    def arm(self) -> None:
        self.status.value = KRequestPending
        self.set_active()
        User.request_complete(self.status, KErrNone)

    def run(self) -> None:
        self.arm()
        next(self.steps)()


def run_steps(machine: Kernel, *steps: Callable[[], object]) -> None:
    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        active = Steps(*steps, CActiveScheduler.stop)
        CActiveScheduler.add(active)
        active.arm()
        CActiveScheduler.start()
        active.cancel()

    assert str(machine.run(program)) == "exited with KErrNone"


@pytest.mark.case("SK-148")
def test_stop_of_an_outer_wait_takes_effect_after_the_inner_one(
    machine: Kernel,
) -> None:
    log: list[str] = []
    outer, inner = CActiveSchedulerWait(), CActiveSchedulerWait()

    def wait(name: str, one: CActiveSchedulerWait) -> None:
        one.start()
        log.append(f"{name} returned")

    def stop_outer() -> None:
        outer.async_stop()
        log.append(f"outer is started: {outer.is_started}")

    run_steps(
        machine,
        lambda: wait("outer", outer),
        lambda: wait("inner", inner),
        stop_outer,
        inner.async_stop,
    )
    assert log == ["outer is started: False", "inner returned", "outer returned"]


@pytest.mark.case("SK-149")
def test_callback_runs_between_the_stopping_run_and_the_return_of_start(
    machine: Kernel,
) -> None:
    log: list[str] = []
    wait = CActiveSchedulerWait()

    def start() -> None:
        wait.start()
        log.append("start returned")

    def stop() -> None:
        wait.async_stop(lambda: log.append("callback"))
        log.append("run returns")

    run_steps(machine, start, stop)
    assert log == ["run returns", "callback", "start returned"]


def test_wait_cannot_stop_now_while_a_loop_above_it_runs(machine: Kernel) -> None:
    log: list[bool] = []
    outer, inner = CActiveSchedulerWait(), CActiveSchedulerWait()

    def look() -> None:
        log.append(outer.can_stop_now())
        log.append(inner.can_stop_now())

    def stop_inner() -> None:
        inner.async_stop()
        log.append(outer.can_stop_now())  # the inner loop ends with this run

    run_steps(machine, outer.start, inner.start, look, stop_inner, outer.async_stop)
    assert log == [False, True, True]


def test_wait_can_be_started_again_before_its_old_loop_has_ended(
    machine: Kernel,
) -> None:
    log: list[str] = []
    wait = CActiveSchedulerWait()

    def start(name: str) -> None:
        wait.start()
        log.append(f"{name} returned")

    def stop_and_start() -> None:
        wait.async_stop(lambda: log.append("callback of the first"))
        assert not wait.is_started
        start("second")

    run_steps(machine, lambda: start("first"), stop_and_start, wait.async_stop)
    assert log == ["second returned", "callback of the first", "first returned"]


def test_callback_of_a_loop_that_an_error_ends_is_called_too(machine: Kernel) -> None:
    log: list[object] = []
    wait = CActiveSchedulerWait()

    class Leaving(CActiveScheduler):
        def error(self, code: int) -> None:
            raise Leave(code)

    def stop_and_leave() -> None:
        wait.async_stop(lambda: log.append("callback"))
        raise Leave(-5)

    def program() -> None:
        scheduler = Leaving()
        CActiveScheduler.install(scheduler)
        active = Steps(stop_and_leave)
        CActiveScheduler.add(active)
        active.arm()
        log.append(trap(wait.start))
        log.append((wait.is_started, scheduler.stack_depth))
        active.cancel()

    assert str(machine.run(program)) == "exited with KErrNone"
    assert log == ["callback", -5, (False, 0)]
