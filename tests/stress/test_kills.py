"""Twenty thousand busy threads are killed; each dies exactly as it was told.

The short form for every day is `tests/race/test_kills.py`.
"""

import pytest

from eka import Kernel
from tools.stress.busy import CALLING, COMPUTING, HostWork
from tools.stress.hasty import hasty_host
from tools.stress.kills import Plan, campaign
from tools.testing.guard import is_good_end, loose_ends

pytestmark = [pytest.mark.stress, pytest.mark.timeout(1_800)]

KILLS = 5_000  # in each of the four tests
CHECKED_EVERY = 250


# How often the host changes threads decides where the kills meet them.
@pytest.mark.parametrize("interval_s", [0.00005, 0.0001, 0.0005, 0.005])
def test_every_one_of_many_busy_threads_dies_as_it_is_told(interval_s: float) -> None:
    host = HostWork()
    kinds = (*CALLING, *COMPUTING, *host.kinds())
    with hasty_host(interval_s) as torn:
        with Kernel(clock="real") as machine:
            for seed in range(KILLS // CHECKED_EVERY):
                plan = Plan(CHECKED_EVERY, 5, kinds, seed)
                info = machine.run(lambda plan=plan: campaign(plan))
                assert is_good_end(info), (seed, info.exception)
                machine.debug.check()
        assert loose_ends(machine, []) == []
        host.prove_whole()
    assert set(torn) <= {"ThreadDeath", "ResourceWarning"}
