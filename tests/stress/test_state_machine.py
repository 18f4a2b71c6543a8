"""Random kernel calls by several processes, against a simple model.

Handles are right, wrong, stale, other processes' and any number. The kernel may answer
as the model says, and in no other way: an exception that is no refusal, no death and no
TypeError stops the machine, and then the test. Calls that wait are made by actors; what
they come to, perhaps much later and by somebody else's doing, is in the model too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from eka import Kernel
from kernel.ipc.event_queue import EventCall
from kernel.ipc.gate import DIpcGate
from kernel.ipc.irq import DIrq
from kernel.ipc.partner import Partner
from kernel.ipc.reply_cap import DReplyCap
from kernel.ipc.transfer import Transfer
from kernel.tasks.objects import DObject
from kernel.waits.semaphore import DSemaphore
from tools.stress.programs import PROGRAMS, play
from tools.stress.puppets import Seeded, Theatre
from tools.testing.guard import loose_ends

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tools.stress.calls import Operation

MILLION = 1_000_000
CHECKED_EVERY = 100
SEEDS_TRIED = 30
BACKENDS = ("threads", "explore", "priority")


class Drawn:
    """Choices by hypothesis, which makes a failing run as short as it can."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def pick(self, options: Sequence[Any]) -> Any:
        return self._data.draw(st.sampled_from(options))


class Calls(RuleBasedStateMachine):
    """A rule for each operation, and one for time."""

    backend = "explore"

    def __init__(self) -> None:
        super().__init__()
        self.machine = Kernel(backend=self.backend, clock="virtual")
        self.machine.boot()
        self.theatre = Theatre(self.machine)

    @rule()
    def pass_time(self) -> None:
        self.theatre.pass_time()

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        self.theatre.check()

    def teardown(self) -> None:
        self.theatre.close()
        self.machine.shutdown()
        assert loose_ends(self.machine, []) == []


class SymbianCalls(Calls):
    """Those that never wait."""


class WaitingCalls(Calls):
    """L4's and GEOS', of which many do."""

    operations = (*PROGRAMS["l4"], *PROGRAMS["events"])

    @initialize(seed=st.integers(0, 1_000), steps=st.integers(0, 80))
    def begin(self, seed: int, steps: int) -> None:
        """From nothing one does not come far in a few steps."""
        choose = Seeded(seed)
        for _ in range(steps):
            self.theatre.step(choose.pick(self.operations), choose)


def rule_of(operation: Operation) -> Callable[..., None]:
    def play_one(self: Calls, data: st.DataObject) -> None:
        self.theatre.step(operation, Drawn(data))

    return rule(data=st.data())(play_one)


for calls, operations in (
    (SymbianCalls, PROGRAMS["symbian"]),
    (WaitingCalls, tuple(dict.fromkeys(WaitingCalls.operations))),
):
    for number, one in enumerate(operations):
        setattr(calls, f"{one.__name__}_{number}", rule_of(one))


def test_case(
    calls: type[Calls], backend: str, steps: int, *, is_always_the_same: bool
) -> type:
    name = f"{calls.__name__}On{backend.title()}"
    kind = type(name, (calls,), {"backend": backend})
    kind.TestCase.settings = settings(
        max_examples=20,
        stateful_step_count=steps,
        deadline=None,
        derandomize=is_always_the_same,
        suppress_health_check=list(HealthCheck),
    )
    return kind.TestCase


test_case.__test__ = False  # it makes tests

TestOnThreads = test_case(SymbianCalls, "threads", 60, is_always_the_same=False)
TestOnExplore = test_case(SymbianCalls, "explore", 60, is_always_the_same=False)
TestOnPriority = test_case(SymbianCalls, "priority", 60, is_always_the_same=False)
TestWaitingOnThreads = test_case(WaitingCalls, "threads", 30, is_always_the_same=True)
TestWaitingOnExplore = test_case(WaitingCalls, "explore", 30, is_always_the_same=True)
TestWaitingOnPriority = test_case(WaitingCalls, "priority", 30, is_always_the_same=True)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_thousand_calls_come_to_what_the_model_says(backend: str) -> None:
    play_on(backend, "symbian", seed=1, steps=2_000, checked_every=1)


@pytest.mark.parametrize("program", ["l4", "events", "everything"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_thousand_calls_that_may_wait_come_to_what_the_model_says(
    backend: str, program: str
) -> None:
    theatre = play_on(backend, program, seed=1, steps=1_000, checked_every=10)
    assert theatre.waits > 10  # calls that were over only when somebody else made one


@pytest.mark.stress
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_million_calls_come_to_what_the_model_says(backend: str) -> None:
    parts = 100
    programs = tuple(PROGRAMS)
    for seed in range(parts):
        program = programs[seed % len(programs)]
        play_on(backend, program, seed, MILLION // parts, CHECKED_EVERY)


def take_two(self: DSemaphore, _: object) -> bool:
    if self.count == 0:
        return False
    self.count = max(0, self.count - 2)
    return True


def nothing(*_: object) -> None:
    """It does not happen."""


def leave_unbound(self: DIpcGate) -> None:
    self.partner = None


begin_transfer = Transfer.__init__


def pass_s(self: Transfer, *args: Any, **_: bool) -> None:
    begin_transfer(self, *args, has_s=True)


# What is wrong, what a program has to do to meet it, and a seed that soon does so; when
# the operations have changed, another one will.
MISTAKES = {
    "a semaphore gives two": (DSemaphore, "try_take", take_two, "symbian", 14),
    "a reply capability is lost": (
        DReplyCap,
        "on_destroy",
        DObject.on_destroy,
        "l4",
        10,
    ),
    "a gate waits for the dead": (DIpcGate, "on_thread_end", leave_unbound, "l4", 1),
    "an irq is deleted in silence": (DIrq, "on_delete", nothing, "l4", 17),
    "no deletion is told of": (Partner, "on_gate_deleted", nothing, "l4", 19),
    "S passes where it may not": (Transfer, "__init__", pass_s, "l4", 5),
    "an answer is owed by the dead": (EventCall, "on_thread_end", nothing, "events", 1),
}


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_the_model_notices_a_kernel_that_is_mistaken(
    monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    where, name, instead, program, seed = MISTAKES[mistake]
    monkeypatch.setattr(where, name, instead)
    with pytest.raises(AssertionError) as noticed:
        play_seeds(program, range(seed, seed + SEEDS_TRIED))
    assert f"{program}, seed " in "".join(noticed.value.__notes__)


def play_seeds(program: str, seeds: range) -> None:
    for seed in seeds:
        play_on("explore", program, seed, steps=1_000, checked_every=CHECKED_EVERY)


def play_on(
    backend: str, program: str, seed: int, steps: int, checked_every: int
) -> Theatre:
    """Make so many calls on a machine of its own. A failure names the seed."""
    with Kernel(backend=backend, clock="virtual", seed=seed) as machine:
        operations, choose = PROGRAMS[program], Seeded(seed)
        try:
            theatre = play(
                machine, operations, choose, steps=steps, checked_every=checked_every
            )
        except AssertionError as error:
            error.add_note(f"{program}, seed {seed} on {backend}")
            raise
    assert loose_ends(machine, []) == []
    return theatre
