"""Kills of threads that are in the middle of something: the short campaign.

The long one is `tests/stress/test_kills.py`.
"""

from collections.abc import Callable

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from tools.stress.busy import CALLING, COMPUTING, HostWork
from tools.stress.hasty import hasty_host
from tools.stress.kills import Plan, campaign
from tools.testing.guard import is_good_end, loose_ends


def test_threads_that_make_kernel_calls_die_as_they_are_told(
    machine: Kernel, run: Run
) -> None:
    plan = Plan(200, 6, CALLING, seed=machine.seed, is_time_virtual=True)
    with hasty_host(0.0001):
        run(lambda: campaign(plan))


@pytest.mark.parametrize("kind", CALLING)
def test_threads_all_busy_with_the_same_die_as_they_are_told(
    machine: Kernel, run: Run, kind: Callable[[], None]
) -> None:
    plan = Plan(40, 6, (kind,), seed=machine.seed, is_time_virtual=True)
    run(lambda: campaign(plan))


def test_threads_that_compute_and_use_the_host_die_as_they_are_told() -> None:
    """Real time: virtual time would stand still while they compute."""
    host = HostWork()
    plan = Plan(150, 4, (*COMPUTING, *host.kinds()))
    with hasty_host(0.0001) as torn:
        with Kernel(clock="real") as machine:
            info = machine.run(lambda: campaign(plan))
            assert is_good_end(info), info.exception
            machine.debug.check()
        assert loose_ends(machine, []) == []
        host.prove_whole()
    assert set(torn) <= {"ThreadDeath", "ResourceWarning"}
