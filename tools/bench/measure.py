"""Measuring contestants against each other: pinned, interleaved, by medians.

A round asks every contestant once: whatever slows the computer down for a while slows
all of them, and the median over the rounds forgets it. A hand-over between two CPUs
costs 2 to 10 times one on the same CPU, and by luck: all run on one.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Protocol, Self


class Contestant(Protocol):
    """Something that can do one thing many times; entered once, asked by rounds."""

    name: str

    def __enter__(self) -> Self:
        """Set up what the rounds share."""
        raise AssertionError

    def __exit__(self, *exc: object) -> None:
        """Take it down."""

    def round(self, count: int) -> float:
        """Do it *count* times; seconds taken."""
        raise AssertionError


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    rounds: int = 15
    count: int = 2_000  # operations of a round


@contextmanager
def one_cpu() -> Iterator[bool]:
    """Keep this thread, and those it starts, on one CPU; whether that is possible."""
    if not hasattr(os, "sched_setaffinity"):
        yield False
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, before)


def medians_us(contestants: Sequence[Contestant], effort: Effort) -> dict[str, float]:
    """Microseconds of one operation, the median of all rounds, by name."""
    taken: dict[str, list[float]] = {one.name: [] for one in contestants}
    with ExitStack() as stack:
        for one in contestants:
            stack.enter_context(one)
            one.round(max(1, effort.count // 10))  # warms caches; not counted
        for _ in range(effort.rounds):
            for one in contestants:
                taken[one.name].append(one.round(effort.count))
    return {name: median(times) / effort.count * 1e6 for name, times in taken.items()}
