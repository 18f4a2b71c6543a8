"""What must hold when a test that booted a machine ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kernel.abi.exit import ExitInfo
    from kernel.machine import Kernel


def names_of(kinds: Iterable[type[BaseException]]) -> set[str]:
    """The names of these exceptions and of all their subclasses."""
    names: set[str] = set()
    for kind in kinds:
        names.add(kind.__name__)
        names |= names_of(kind.__subclasses__())
    return names


def exception_name(trace: str) -> str:
    """The class name of the exception that a traceback's text ends with."""
    last = [line for line in trace.splitlines() if line and not line[0].isspace()]
    head = last[-1].partition(":")[0] if last else ""
    return head.rpartition(".")[2].strip()


def is_good_end(info: ExitInfo) -> bool:
    """Whether a process ended by itself, with KErrNone."""
    from kernel.abi.errors import KErrNone
    from kernel.abi.exit import EExitKill

    return info.type is EExitKill and info.reason == KErrNone


def loose_ends(machine: Kernel, declared: Sequence[type[BaseException]]) -> list[str]:
    """What a machine that has been shut down should not have left behind."""
    return []
