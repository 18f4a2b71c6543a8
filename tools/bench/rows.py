"""The rows of the table: who is measured against whom, and what we aim at.

The targets are ratios, ours divided by theirs. They hold on one CPU; measured on
several, a row has no target.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tools.bench.measure import Contestant, Effort, medians_us, one_cpu


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: *ratio* is this row's time divided by *against*'s."""

    name: str
    median_us: float
    against: str | None = None
    ratio: float | None = None
    target: float | None = None

    @property
    def is_reached(self) -> bool | None:
        """Whether the ratio is within its target; None without one."""
        if self.ratio is None or self.target is None:
            return None
        return self.ratio <= self.target


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which contestant is divided by which; by none: it is only shown."""

    name: str
    against: str | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Contestants that take turns, and what is compared among them."""

    name: str
    contestants: Callable[[], Sequence[Contestant]]
    comparisons: tuple[Comparison, ...]

    @property
    def names(self) -> set[str]:
        """What a person may ask for to have this group measured."""
        return {self.name, *(one.name for one in self.comparisons)}

    def measure(self, effort: Effort) -> list[Row]:
        """Run the group; comparisons with somebody absent are left out."""
        medians = medians_us(self.contestants(), effort)
        return [
            _row(one, medians)
            for one in self.comparisons
            if one.name in medians and (one.against is None or one.against in medians)
        ]


def measure_groups(groups: Sequence[Group], effort: Effort) -> list[Row]:
    """Measure them one after the other, on one CPU if this computer can."""
    with one_cpu() as pinned:
        rows = [row for group in groups for row in group.measure(effort)]
    return rows if pinned else [replace(row, target=None) for row in rows]


def _row(one: Comparison, medians: dict[str, float]) -> Row:
    mine = medians[one.name]
    if one.against is None:
        return Row(one.name, mine)
    return Row(one.name, mine, one.against, mine / medians[one.against], one.target)
