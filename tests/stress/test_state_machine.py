"""Random kernel calls by several processes, against a simple model.

Handles are right, wrong, stale, other processes' and any number. The kernel may answer
as the model says, and in no other way: an exception that is no refusal, no death and no
TypeError stops the machine, and then the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eka import Kernel
from kernel.waits.semaphore import DSemaphore
from tools.stress.calls import HANDLE_OPERATIONS, OBJECT_OPERATIONS
from tools.stress.ipc_calls import IPC_OPERATIONS
from tools.stress.puppets import Seeded, Theatre
from tools.stress.task_calls import TASK_OPERATIONS
from tools.testing.guard import loose_ends

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tools.stress.calls import Operation

OPERATIONS = (
    *HANDLE_OPERATIONS,
    *OBJECT_OPERATIONS,
    *TASK_OPERATIONS,
    *IPC_OPERATIONS,
)
MILLION = 1_000_000
CHECKED_EVERY = 100
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


def rule_of(operation: Operation) -> Callable[..., None]:
    def play(self: Calls, data: st.DataObject) -> None:
        self.theatre.step(operation, Drawn(data))

    return rule(data=st.data())(play)


for number, one in enumerate(OPERATIONS):
    setattr(Calls, f"{one.__name__}_{number}", rule_of(one))


def test_case(backend: str) -> type:
    kind = type(f"CallsOn{backend.title()}", (Calls,), {"backend": backend})
    kind.TestCase.settings = settings(
        max_examples=20,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return kind.TestCase


test_case.__test__ = False  # it makes tests

TestOnThreads = test_case("threads")
TestOnExplore = test_case("explore")
TestOnPriority = test_case("priority")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_thousand_calls_come_to_what_the_model_says(backend: str) -> None:
    play(backend, seed=1, steps=2_000, checked_every=1)


@pytest.mark.stress
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("backend", ["threads", "explore"])
def test_a_million_calls_come_to_what_the_model_says(backend: str) -> None:
    parts = 100
    for seed in range(parts):
        play(backend, seed, MILLION // parts, CHECKED_EVERY)


def test_the_model_notices_a_kernel_that_miscounts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def take_two(self: DSemaphore, _: object) -> bool:
        if self.count == 0:
            return False
        self.count = max(0, self.count - 2)
        return True

    monkeypatch.setattr(DSemaphore, "try_take", take_two)
    with pytest.raises(AssertionError, match="semaphore_wait"):
        play("explore", seed=1, steps=20_000, checked_every=CHECKED_EVERY)


def play(backend: str, seed: int, steps: int, checked_every: int) -> None:
    """Make so many calls on a machine of its own. A failure names the seed."""
    with Kernel(backend=backend, clock="virtual", seed=seed) as machine:
        theatre, choose = Theatre(machine), Seeded(seed)
        try:
            while theatre.steps < steps:
                theatre.step(choose.pick(OPERATIONS), choose)
                if theatre.steps % checked_every == 0:
                    theatre.check()
                if not choose.pick(range(50)):
                    theatre.pass_time()
        except AssertionError as error:
            error.add_note(f"seed {seed} on {backend}, after {theatre.steps} calls")
            raise
        finally:
            theatre.close()
    assert loose_ends(machine, []) == []
