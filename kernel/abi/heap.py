"""Simulated failures of allocations: the kinds, and who counts.

A kernel and a user heap count in the same way, each for itself.

Original: RAllocator::TAllocFail; symbian-userlib 12.
"""

from collections.abc import Callable
from enum import IntEnum
from random import Random
from typing import Final

KMaxAllocFailRate: Final = 0xFFFF  # allocations; of burst kinds, and of one burst
KFixedSeed: Final = 12345  # of the kinds that are random and yet the same every time


class TAllocFail(IntEnum):
    """When allocations are to fail; those that are no kind are requests."""

    ERandom = 0
    ETrueRandom = 1
    EDeterministic = 2
    ENone = 3
    EFailNext = 4
    EReset = 5
    EBurstRandom = 6
    EBurstTrueRandom = 7
    EBurstDeterministic = 8
    EBurstFailNext = 9
    ECheckFailure = 10


BURST_KINDS: Final = frozenset(
    (
        TAllocFail.EBurstRandom,
        TAllocFail.EBurstTrueRandom,
        TAllocFail.EBurstDeterministic,
        TAllocFail.EBurstFailNext,
    )
)
SETTABLE_KINDS: Final = frozenset(TAllocFail) - {TAllocFail.ECheckFailure}
_ONCE: Final = (TAllocFail.EFailNext, TAllocFail.EBurstFailNext)
_EVERY: Final = (TAllocFail.EDeterministic, TAllocFail.EBurstDeterministic)
_FIXED: Final = (TAllocFail.ERandom, TAllocFail.EBurstRandom)
_OFF: Final = (TAllocFail.ENone, TAllocFail.EReset)


class AllocFailures:
    """Counts the allocations of one heap and says which are to fail.

    Threads: one at a time; its owner sees to that.
    """

    def __init__(self) -> None:
        self.failed = 0  # since the kind was set
        self._choose: Callable[[], bool] = _never
        self._left_of_burst = 0
        self._burst = 1
        self.is_on = False

    def set(self, kind: int, rate: int, burst: int = 1, seed: int = 0) -> None:
        """Begin with *kind*; a rate of 0 is 1, and only burst kinds look at *burst*.

        *seed* is what the true random kinds begin with.
        """
        rate = max(rate, 1)
        self.failed = 0
        self._left_of_burst = 0
        self._burst = max(burst, 1) if kind in BURST_KINDS else 1
        self.is_on = kind not in _OFF
        if not self.is_on:
            self._choose = _never
        elif kind in _ONCE:
            self._choose = _nth(rate)
        elif kind in _EVERY:
            self._choose = _every(rate)
        else:
            self._choose = _one_in_each(rate, KFixedSeed if kind in _FIXED else seed)

    def fails(self) -> bool:
        """Count an allocation; whether it is one that fails."""
        if self._left_of_burst:
            self._left_of_burst -= 1
        elif self._choose():
            self._left_of_burst = self._burst - 1
        else:
            return False
        self.failed += 1
        return True


def _never() -> bool:
    return False


def _nth(rate: int) -> Callable[[], bool]:
    """The *rate*-th alone."""
    left = rate

    def choose() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    return choose


def _every(rate: int) -> Callable[[], bool]:
    """Each *rate*-th; those of a burst do not count."""
    left = rate

    def choose() -> bool:
        nonlocal left
        left -= 1
        if left:
            return False
        left = rate
        return True

    return choose


def _one_in_each(rate: int, seed: int) -> Callable[[], bool]:
    """One, anywhere, in each window of *rate* allocations."""
    draw = Random(seed).randrange
    at = rate  # in this window, which one; a new window begins at the first
    chosen = 0

    def choose() -> bool:
        nonlocal at, chosen
        if at == rate:
            at, chosen = 0, draw(rate)
        at += 1
        return at - 1 == chosen

    return choose


__all__ = [
    "BURST_KINDS",
    "SETTABLE_KINDS",
    "AllocFailures",
    "KMaxAllocFailRate",
    "TAllocFail",
]
