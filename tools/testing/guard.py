"""What must hold when a test that booted a machine ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kernel.abi.exit import ExitInfo
    from kernel.machine import Kernel


def is_good_end(info: ExitInfo) -> bool:
    """Whether a process ended by itself, with KErrNone."""
    from kernel.abi.errors import KErrNone
    from kernel.abi.exit import EExitKill

    return info.type is EExitKill and info.reason == KErrNone


def loose_ends(machine: Kernel, declared: Iterable[str]) -> list[str]:
    """What a machine that has been shut down should not have left behind.

    That is leaked objects, carriers that did not unwind, exceptions of the host
    language that a thread died of and the test didn't declare by name, and declared
    ones that never came.
    """
    ends = [f"left at shutdown: {leak}" for leak in machine.leaks]
    missing = allowed = set(declared)
    for died in machine.debug.exceptions:
        name = exception_name(died.traceback)
        missing = missing - {name}
        if name not in allowed:
            ends.append(
                f"{died.thread} died of {name}, which the test does not declare by "
                f'dies_of("{name}"):\n{died.traceback}'
            )
    ends += [
        f"no emulated thread died of {name}, which the test declares"
        for name in sorted(missing)
    ]
    return ends


def exception_name(trace: str) -> str:
    """The class name of the exception that a traceback's text ends with.

    Lines of its message may follow it: the last line that looks like an exception's
    decides. Those of a group stand behind a bar, those of its members further in.
    """
    names = re.findall(r"^(?:  \| )?([\w.]+)(?::.*)?$", trace, re.MULTILINE)
    return names[-1].rpartition(".")[2] if names else ""
