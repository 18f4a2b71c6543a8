"""What `eka run` says about the deaths in a machine: the program's, and others' first.

What a program sees of a thread that died is a code: its server was terminated, say.
Whoever wrote the program wants to know what the thread died of, and where. That is
complete only when the machine is shut down and everybody has unwound.
"""

from typing import Final

import click

from kernel.abi.exit import ExitInfo, TExitType
from kernel.machine import Kernel
from tools.blame import place_of, shorten, unwinding
from tools.cli.one_line import wants_debug
from tools.cli.status import Status, status_of
from tools.panics import in_words

_KMain: Final = "::Main"


def explain(machine: Kernel, name: str, end: ExitInfo | Status) -> int:
    """Say what the exit status does not tell by itself; the status.

    One line for each thread that died of an exception; for those that panicked only if
    the program did not end as it wanted to, for a panic may be what was to be shown.
    """
    if isinstance(end, Status):
        _tell_exceptions(machine, "")
        if end is not Status.INTERRUPTED:  # that is nobody's fault
            _tell_panics(machine, "")
        return end
    _tell_exceptions(machine, end.exception)
    if end.type is not TExitType.EExitKill or status_of(end) != end.reason:
        own = _own_place(machine, name, end)
        _tell_panics(machine, own)
        _say(f"{name} {in_words(end)}", own)
    return status_of(end)


def _own_place(machine: Kernel, name: str, end: ExitInfo) -> str:
    """The traceback of the program's own end, if there is one."""
    if end.exception:
        return end.exception
    start = f"{name}.exe[".casefold()
    for panic in machine.debug.panics:
        is_main = panic.thread.casefold().startswith(start)
        if is_main and panic.thread.endswith(_KMain) and panic.info == end:
            return panic.traceback
    return ""


def _tell_exceptions(machine: Kernel, own: str) -> None:
    for died in machine.debug.exceptions:
        if died.traceback != own:
            _say(f"{died.thread} died", died.traceback)


def _tell_panics(machine: Kernel, own: str) -> None:
    for panic in machine.debug.panics:
        if panic.traceback != own:
            _say(f"{panic.thread} {in_words(panic.info)}", panic.traceback)


def _say(text: str, traceback: str) -> None:
    """One line, with what was raised and where; of a panic only where."""
    panic = unwinding(traceback)
    if traceback and wants_debug():
        text += f"\n{panic or traceback.rstrip()}"
    elif traceback:
        text += f" ({place_of(panic)})" if panic else f": {shorten(traceback)}"
        text += "; --debug shows the traceback"
    click.echo(f"eka: {text}", err=True)
