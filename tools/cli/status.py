"""The exit statuses of `eka`, which are part of its interface.

A program's own reason goes through unchanged where it fits; everything that is not the
program's answer has a number of its own. `docs/cli.md` shows the same table.
"""

from enum import IntEnum

from kernel.abi.exit import ExitInfo, TExitType


class Status(IntEnum):
    """What `eka` answers when the program did not end with a reason from 0 to 255."""

    OK = 0
    FAILED = 1  # a reason outside 0-255, an error code say; or a check that failed
    USAGE = 2
    DEADLOCK = 120
    PANICKED = 121
    TERMINATED = 122
    FAULT = 123  # our own mistake
    UNRUNNABLE = 126  # the program was found, and cannot be loaded
    NOT_FOUND = 127
    INTERRUPTED = 130  # Ctrl-C


KMaxHostStatus = 255


def status_of(info: ExitInfo) -> int:
    """The exit status that stands for how a program ended."""
    match info.type:
        case TExitType.EExitKill if 0 <= info.reason <= KMaxHostStatus:
            return info.reason
        case TExitType.EExitKill:
            return Status.FAILED
        case TExitType.EExitPanic:
            return Status.PANICKED
        case TExitType.EExitTerminate:
            return Status.TERMINATED
        case _:
            raise ValueError(f"the program has not ended: {info}")
