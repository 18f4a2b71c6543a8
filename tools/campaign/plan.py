"""What a campaign runs, on what machine, and what it does to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from kernel.abi.config import Executable, MachineConfig

KHangS: Final = 60.0  # host seconds after which a run counts as hanging


@dataclass(frozen=True, slots=True)
class Injection:
    """What goes wrong on purpose; which and when is drawn from the seed of the run."""

    kills: bool = False
    alloc_failures: bool = False
    delays: bool = False

    @property
    def excuses_ends(self) -> bool:
        """Whether the program may end in any way, and it need not be its own fault."""
        return self.kills or self.alloc_failures


@dataclass(frozen=True, slots=True)
class Plan:
    """One program and its machine; the seed alone differs between the runs."""

    name: str
    executable: Executable | None = None  # None: the machine has it
    args: tuple[str, ...] = ()
    config: MachineConfig = field(default_factory=MachineConfig)
    backend: str = "threads"
    clock: str = "real"
    copies: int = 1
    injection: Injection = field(default_factory=Injection)
    allowed_reasons: frozenset[int] = frozenset()
    allows_any_reason: bool = False
    timeout_us: int | None = None  # on the machine's clock, for each copy
    hang_s: float = KHangS  # on the host's, for the whole run
    log: Path | None = None  # of the events of the latest run


@dataclass(frozen=True, slots=True)
class Extent:
    """How many runs: a number of them, or as many as fit into a time."""

    first_seed: int = 0
    runs: int | None = None
    seconds: float | None = None
    ends_at_failure: bool = False

    def seeds(self) -> Iterator[int]:
        """The seeds in order, without end if only time limits them."""
        if self.runs is None:
            return count(self.first_seed)
        return iter(range(self.first_seed, self.first_seed + self.runs))
