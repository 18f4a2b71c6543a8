"""The scheduler of the priority back-end by itself: who of many has a CPU."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kernel.nkern.scheduler import NThread, Scheduler, TNState

SLICE = 3
LEVELS = st.integers(1, 4)


class Machine:
    """Threads that never really run; *now* is what slices are measured by."""

    def __init__(self, levels: list[int], cpus: int) -> None:
        self.is_open = True
        self.now = 0
        self.scheduler = Scheduler(
            cpus, SLICE, lambda _: self.now, lambda: self.is_open
        )
        self.threads = [a_thread(level) for level in levels]

    def wake(self, *numbers: int) -> None:
        for number in numbers:
            self.scheduler.wake(self.threads[number])

    @property
    def running(self) -> list[int]:
        return self.in_state(TNState.ERunning)

    def in_state(self, state: TNState) -> list[int]:
        return [i for i, one in enumerate(self.threads) if one.state is state]

    def give_way(self, number: int) -> bool:
        """As at the end of its call: with a closed gate, for it has a CPU."""
        self.pass_gate(number)
        return self.scheduler.give_way(self.threads[number])

    def pass_gate(self, number: int) -> None:
        self.threads[number].gate.acquire(blocking=False)


def a_thread(level: int) -> NThread:
    thread: Any = SimpleThread(level=level)
    return NThread(a_thread.__code__, thread)


class SimpleThread(SimpleNamespace):
    """A thread as far as the scheduler looks at it."""

    __hash__ = object.__hash__


def test_a_higher_thread_is_given_the_cpu_when_the_lower_gives_way() -> None:
    machine = Machine([1, 2], cpus=1)
    machine.wake(0, 1)
    assert machine.running == [0]
    assert machine.give_way(0)
    assert machine.running == [1]
    assert not machine.give_way(1)


def test_equals_change_places_when_the_slice_is_over() -> None:
    machine = Machine([1, 1], cpus=1)
    machine.wake(0, 1)
    assert not machine.give_way(0)
    machine.now += SLICE
    assert machine.give_way(0)
    assert machine.running == [1]
    assert not machine.give_way(1)


def test_a_pre_empted_thread_has_the_rest_of_its_slice() -> None:
    machine = Machine([1, 2, 1], cpus=1)
    machine.wake(0, 2)
    machine.now += 1
    machine.wake(1)
    assert machine.give_way(0)
    machine.now += 10
    machine.pass_gate(1)
    machine.scheduler.block(machine.threads[1])
    assert machine.running == [0]
    machine.now += SLICE - 2
    assert not machine.give_way(0)
    machine.now += 1
    assert machine.give_way(0)
    assert machine.running == [2]


def test_a_wake_that_comes_before_the_park_is_not_lost() -> None:
    machine = Machine([1], cpus=1)
    machine.wake(0)
    machine.pass_gate(0)
    machine.wake(0)  # its handler has ended with PARK
    machine.scheduler.block(machine.threads[0])
    assert machine.running == [0]
    assert machine.threads[0].gate.acquire(blocking=False)


def test_nobody_runs_while_nobody_may() -> None:
    machine = Machine([1, 1], cpus=2)
    machine.wake(0)
    machine.is_open = False
    machine.wake(1)
    assert machine.running == [0]
    assert machine.give_way(0)
    assert machine.running == []
    machine.is_open = True
    machine.scheduler.fill()
    assert machine.running == [0, 1]


def test_a_thread_that_was_let_go_needs_no_cpu() -> None:
    machine = Machine([1, 1, 1], cpus=1)
    machine.wake(0, 1, 2)
    machine.scheduler.let_go(machine.threads[1])
    assert machine.threads[1].gate.acquire(blocking=False)
    machine.scheduler.let_go(machine.threads[0])
    assert machine.running == [2]
    machine.scheduler.check()


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["wake", "block", "call", "level", "time", "let_go"]),
        st.integers(0, 5),
        LEVELS,
    ),
    max_size=60,
)


@given(st.lists(LEVELS, min_size=6, max_size=6), st.integers(1, 3), STEPS)
def test_once_all_have_made_a_call_the_highest_run(
    levels: list[int], cpus: int, steps: list[Step]
) -> None:
    machine = Machine(levels, cpus)
    for step in steps:
        take(machine, *step)
        machine.scheduler.check()
    settle(machine)
    machine.scheduler.check()
    ready = [machine.threads[i].thread.level for i in machine.in_state(TNState.EReady)]
    running = [machine.threads[i].thread.level for i in machine.running]
    assert min(running, default=9) >= max(ready, default=0)
    assert len(running) == min(cpus, len(running) + len(ready))


def take(machine: Machine, what: str, number: int, level: int) -> None:
    one, scheduler = machine.threads[number], machine.scheduler
    deeds: dict[tuple[str, TNState], Any] = {
        ("wake", TNState.EBlocked): lambda: scheduler.wake(one),
        ("block", TNState.ERunning): lambda: scheduler.block(one),
        ("call", TNState.ERunning): lambda: scheduler.give_way(one),
        ("let_go", TNState.ERunning): lambda: scheduler.let_go(one),
        ("let_go", TNState.EReady): lambda: scheduler.let_go(one),
    }
    if what == "time":
        machine.now += 1
    elif what == "level":
        one.thread.level = level
        scheduler.requeue(one)
    elif (what, one.state) in deeds:
        if one.state is TNState.ERunning:
            machine.pass_gate(number)
        deeds[what, one.state]()


def settle(machine: Machine) -> None:
    """Everybody makes calls until nobody has to give way at once."""
    for _ in range(len(machine.threads)):
        for number in machine.running:
            if machine.scheduler.noticed.get(machine.threads[number].thread):
                machine.give_way(number)
