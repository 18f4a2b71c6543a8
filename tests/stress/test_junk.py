"""Any call with any arguments of the right types: the machine goes on."""

import pytest

from eka import Kernel
from tools.stress.junk import JunkCaller
from tools.stress.puppets import Seeded
from tools.testing.guard import loose_ends

PROCESSES = 60  # of one machine


@pytest.mark.parametrize("backend", ["threads", "explore", "priority"])
def test_calls_with_senseless_arguments_harm_nobody_else(backend: str) -> None:
    play(backend, seed=1)


@pytest.mark.stress
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("backend", ["threads", "explore", "priority"])
def test_many_calls_with_senseless_arguments_harm_nobody_else(backend: str) -> None:
    for seed in range(500):
        play(backend, seed)


def test_random_messages_carry_capabilities_and_memory() -> None:
    """Else the test above would say nothing of their transfer."""
    assert any(play("explore", seed).outcomes.get("arrival") for seed in range(60))


def play(backend: str, seed: int) -> JunkCaller:
    """A handler that failed with another exception has stopped the machine."""
    with Kernel(backend=backend, clock="virtual", seed=seed) as machine:
        caller = JunkCaller(machine, Seeded(seed))
        for _ in range(PROCESSES):
            caller.run_process()
            machine.wait_idle()
            machine.debug.check()
        survivor = machine.run(lambda: 7)
    assert survivor.reason == 7
    assert set(caller.outcomes) >= {"return", "refusal", "death"}
    assert loose_ends(machine, []) == []
    return caller
