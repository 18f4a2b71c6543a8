"""Races of IACP, held on a few schedules: whatever the order, its promises hold.

What the races are and what is promised stands in `tools/races`; the stress tests hold
each of them two thousand times.
"""

import pytest

from tools.races.notes import What
from tools.races.race import hold_many, run_race
from tools.races.races import RACES

SEEDS = 25
SEEDS_ON_OS_THREADS = 3


@pytest.mark.parametrize("name", RACES)
def test_promises_are_kept_on_every_schedule(name: str) -> None:
    assert hold_many(RACES[name], range(SEEDS)) > 1


@pytest.mark.parametrize("backend", ["threads", "priority"])
@pytest.mark.parametrize("name", RACES)
def test_promises_are_kept_on_os_threads(name: str, backend: str) -> None:
    assert hold_many(RACES[name], range(SEEDS_ON_OS_THREADS), backend) > 0


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_no_completion_is_lost_with_who_a_message_was_passed_on_to(seed: int) -> None:
    """It was: nobody knew who had it, until the server that had passed it on died."""
    course = run_race(RACES["send/death of a third"], seed)
    assert "X" in course.dead


@pytest.mark.parametrize("seed", [0, 1])
def test_an_application_goes_on_when_a_client_says_twice_that_it_leaves(
    seed: int,
) -> None:
    """The second time it had nothing left to leave, and died of that."""
    course = run_race(RACES["application/shutdown by two"], seed)
    ends = [note.connection for note in course.book.of(What.SHUTDOWN)]
    assert ends == [1, 1]


def test_a_race_is_the_same_again() -> None:
    first, again = (run_race(RACES["death/death"], 5).book.notes for _ in range(2))
    assert first == again
