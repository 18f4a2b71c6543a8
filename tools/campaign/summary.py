"""What came of all runs of a campaign, in figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from tools.campaign.run import Failure, Outcome, TFailure

KPercentiles: Final = (50, 90, 99)


@dataclass(slots=True)
class Summary:
    """Grows by one run after another."""

    runs: int = 0
    seconds: float = 0.0
    latencies_us: list[int] = field(default_factory=list)  # of runs that ended
    failed: dict[int, list[Failure]] = field(default_factory=dict)  # by seed
    ends: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """One run more."""
        self.runs += 1
        if outcome.latency_us:
            self.latencies_us.append(outcome.latency_us)
        if outcome.failures:
            self.failed[outcome.seed] = outcome.failures
        self.ends.update(outcome.ends)
        self.left.update(outcome.left)
        self.injected.update(outcome.injected)

    def kinds(self) -> Counter[str]:
        """In how many runs each kind of failure occurred."""
        return Counter(
            kind.value
            for failures in self.failed.values()
            for kind in {failure.kind for failure in failures}
        )

    def leaks(self) -> Counter[str]:
        """What the kernel still had after a shutdown, and how often."""
        return Counter(
            failure.text
            for failures in self.failed.values()
            for failure in failures
            if failure.kind is TFailure.ELeak
        )

    def latency(self) -> dict[str, int]:
        """Percentiles and the maximum, in microseconds; empty if no run ended."""
        ordered = sorted(self.latencies_us)
        if not ordered:
            return {}
        found = {f"p{rank}": percentile(ordered, rank) for rank in KPercentiles}
        return {**found, "max": ordered[-1]}


def percentile(ordered: Sequence[int], rank: int) -> int:
    """The smallest value that *rank* percent are not above."""
    return ordered[max(0, ceil(len(ordered) * rank / 100) - 1)]
