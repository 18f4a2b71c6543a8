"""Two thousand schedules of each race of IACP. A few of them: tests/race."""

import pytest

from tools.races.race import hold_many
from tools.races.races import RACES

pytestmark = [pytest.mark.stress, pytest.mark.timeout(1_800)]

SEEDS = 2_000
SEEDS_ON_OS_THREADS = 200
FEWEST_COURSES = 50  # how different the schedules have to be from each other


@pytest.mark.parametrize("name", RACES)
def test_two_thousand_schedules_break_no_promise(name: str) -> None:
    assert hold_many(RACES[name], range(SEEDS)) > FEWEST_COURSES


@pytest.mark.parametrize("name", RACES)
def test_the_host_breaks_no_promise(name: str) -> None:
    assert hold_many(RACES[name], range(SEEDS_ON_OS_THREADS), "threads") > 1
