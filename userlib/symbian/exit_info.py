"""Turning what an exit call returns into an ExitInfo."""

from kernel.abi.exit import ExitInfo, TExitType


def exit_info_of(raw: tuple[int, int, str]) -> ExitInfo:
    """The ExitInfo for (type, reason, category) as the kernel gives them."""
    kind, reason, category = raw
    return ExitInfo(TExitType(kind), reason, category)
