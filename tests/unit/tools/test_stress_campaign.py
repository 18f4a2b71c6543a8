"""The parts of `eka stress`: chance, figures, the blame for an exception."""

from collections import Counter
from pathlib import Path
from random import Random
from traceback import format_exception

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.abi.config import Executable
from tools import blame
from tools.campaign.campaign import run_campaign
from tools.campaign.disturb import DisturbedKernel, KMaxCallsToDelay, log_uniform
from tools.campaign.plan import Extent, Injection, Plan
from tools.campaign.run import Failure, Outcome, TFailure
from tools.campaign.summary import Summary, percentile
from userlib import EExitKill, ExitInfo, RSemaphore, RThread, User

HERE = Path(__file__)
OURS = Path(blame.__file__).parents[1] / "userlib" / "symbian" / "user.py"


def traceback(*files: Path) -> str:
    lines = [f'  File "{file}", line {n}, in f\n' for n, file in enumerate(files, 1)]
    return f"Traceback:\n{''.join(lines)}some.ValueError: no such thing\n"


@given(st.integers(), st.integers(1, 10**6))
def test_chance_stays_within_its_bounds(seed: int, highest: int) -> None:
    assert 1 <= log_uniform(Random(seed), highest) <= highest


def test_each_order_of_magnitude_is_as_likely_as_any_other() -> None:
    random = Random(1)
    digits = Counter(len(str(log_uniform(random, 10_000))) for _ in range(4_000))
    assert all(900 < digits[n] < 1_100 for n in (1, 2, 3, 4))


@given(st.lists(st.integers(), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_enough_are_not_above(
    values: list[int], rank: int
) -> None:
    ordered = sorted(values)
    found = percentile(ordered, rank)
    assert found in ordered
    assert sum(value <= found for value in ordered) * 100 >= rank * len(ordered)
    assert sum(value < found for value in ordered) * 100 < rank * len(ordered)


def test_seeds_count_up_from_the_first() -> None:
    assert list(Extent(5, 3).seeds()) == [5, 6, 7]
    endless = Extent(5).seeds()
    assert [next(endless) for _ in range(3)] == [5, 6, 7]


def test_a_run_counts_once_for_each_kind_of_failure() -> None:
    summary = Summary()
    leak = Failure(TFailure.ELeak, "it")
    summary.add(Outcome(3, 10, [leak, leak, Failure(TFailure.ECheck, "that")]))
    summary.add(Outcome(4, 0, [leak]))  # never ended: no latency
    summary.add(Outcome(5, 30))
    assert summary.kinds() == {"leak": 2, "check": 1}
    assert summary.leaks() == {"it": 3}
    assert list(summary.failed) == [3, 4]
    assert summary.latency() == {"p50": 10, "p90": 30, "p99": 30, "max": 30}


def test_who_raised_an_exception_is_to_blame_for_it() -> None:
    assert blame.is_raised_by_us(traceback(HERE, OURS))
    assert not blame.is_raised_by_us(traceback(OURS, HERE))
    assert not blame.is_raised_by_us("ValueError: from nowhere\n")


def test_the_place_shown_is_the_programs_last() -> None:
    for files, line in (((HERE, OURS), 1), ((OURS, HERE, OURS), 2)):
        short = blame.shorten(traceback(*files))
        assert short == f"ValueError: no such thing ({HERE}:{line})"
    short = blame.shorten(traceback(OURS))
    assert short == f"ValueError: no such thing ({OURS}:1)"


def test_a_message_of_several_lines_and_notes_are_shown_whole() -> None:
    def shown(error: Exception) -> str:
        with pytest.raises(type(error)) as caught:
            raise error
        text = "".join(format_exception(caught.value))
        short, _, place = blame.shorten(text).rpartition(" (")
        assert place.startswith(__file__)
        return short

    noted = LookupError("no such thing")
    noted.add_note("in the cellar")
    assert shown(noted) == "LookupError: no such thing; in the cellar"
    assert shown(ValueError("one\n  two\n\nthree")) == "ValueError: one; two; three"
    assert shown(KeyError()) == "KeyError"


def busy() -> None:
    """Some threads that take turns."""
    with RSemaphore().create_local(1) as turn:

        def work() -> None:
            for _ in range(5):
                turn.wait()
                User.after(1)
                turn.signal()

        for name in ("a", "b", "c"):
            with RThread().create(name, work) as thread:
                thread.resume()
        work()


def stressed(backend: str, log: Path) -> tuple[list[bytes], Summary]:
    """The events of each of some runs in which everything goes wrong, and the sum."""
    plan = Plan(
        "busy",
        Executable(busy),
        backend=backend,
        clock="virtual",
        injection=Injection(kills=True, alloc_failures=True, delays=True),
        log=log,
    )
    logs: list[bytes] = []
    summary = Summary()
    run_campaign(plan, Extent(0, 15), summary, lambda _: logs.append(log.read_bytes()))
    return logs, summary


@pytest.mark.parametrize("backend", ["explore", "priority"])
def test_one_seed_disturbs_the_same_calls_every_time(
    backend: str, tmp_path: Path
) -> None:
    logs, summary = stressed(backend, tmp_path / "log.jsonl")
    again, summary_again = stressed(backend, tmp_path / "log.jsonl")
    assert logs == again
    assert len(set(logs)) > 5  # and another seed disturbs others
    assert sorted(summary.injected) == ["alloc_failures", "delays", "kills"]
    assert summary.injected == summary_again.injected
    assert summary.failed == summary_again.failed


def poll() -> None:
    """More calls than are ever made without a delay."""
    for _ in range(KMaxCallsToDelay):
        User.tick_count()


def test_a_delay_is_named_where_it_is_waited_for() -> None:
    plan = Plan("poll", clock="virtual", injection=Injection(delays=True))
    with DisturbedKernel(plan, 0) as machine:
        process = machine.start(poll)
        machine.wait_idle()  # virtual time stands still: no wait needs it to pass
        (thread,) = machine.debug.snapshot().threads
        assert thread.waits_for.startswith("waits for the end of an injected delay, ")
        assert process.wait() == ExitInfo(EExitKill, 0, "Kill")
