"""`eka shell`: a machine with a console, and the shell on it.

Without `-c` at a terminal a person types, with line editing; otherwise lines are read
from standard input as a script.
"""

import sys
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from io import StringIO, TextIOWrapper
from typing import Final, TextIO

from kernel.abi.config import Executable
from kernel.abi.errors import Deadlock, KernelFault
from kernel.abi.exit import TExitType
from kernel.events import Event, TEvent
from kernel.machine import Kernel
from servers.fileserver.protocol import KFileServerProgram
from servers.loader.protocol import LoaderSpec
from tools.blame import shorten
from tools.boot import machine_config
from tools.cli.one_line import wants_debug
from tools.cli.programs import given_programs
from tools.cli.run import RunOptions, add_sinks, say, say_interrupted
from tools.cli.status import Status, status_of
from tools.terminal import (
    InteractiveTerminal,
    PlainTerminal,
    Terminal,
    console_config,
)

KShellProgram: Final = "eshell"
# Programs can be run wherever they are, as on the computers that people know.
_LOADER: Final = LoaderSpec(enforce_sys_bin=False)


@dataclass(frozen=True, slots=True)
class ShellOptions:
    """The command line of `eka shell`, understood."""

    machine: RunOptions = field(default_factory=lambda: RunOptions(KShellProgram))
    commands: str | None = None  # instead of lines
    programs: tuple[str, ...] = ()  # NAME=FILE
    quiet: bool = False
    autoexec: bool = True


def run_shell(options: ShellOptions) -> int:
    """Boot, talk, and answer with the status of the last command."""
    terminal = _terminal(options)
    machine = _machine(options, terminal)
    with ExitStack() as stack:
        add_sinks(machine, options.machine, stack)
        machine.debug.add_sink(_ExceptionTeller(machine))
        with machine, terminal.on(machine):
            end = _talk(machine, terminal, _arguments(options))
    for leak in machine.leaks:
        say(f"left at shutdown: {leak}")
    if isinstance(terminal, PlainTerminal) and terminal.write_error is not None:
        say(f"cannot write to standard output: {terminal.write_error}")
        return end or Status.FAILED
    return end


def _terminal(options: ShellOptions) -> Terminal:
    if options.commands is None and _is_terminal(sys.stdin, sys.stdout):
        return InteractiveTerminal()
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # what is no text is kept
    # A stream that is closed is None.
    return PlainTerminal(sys.stdin or StringIO(), sys.stdout or StringIO())


def _is_terminal(*streams: TextIO | None) -> bool:
    return all(stream is not None and stream.isatty() for stream in streams)


def _machine(options: ShellOptions, terminal: Terminal) -> Kernel:
    of_machine = options.machine
    config = machine_config(
        of_machine.drives, services=(KFileServerProgram,), loader=_LOADER
    )
    programs = {KShellProgram: Executable("programs.shell.main"), **config.programs}
    programs |= given_programs(options.programs, programs)
    config = replace(config, programs=programs)
    return Kernel(
        console_config(config, terminal),
        backend=of_machine.backend,
        clock=of_machine.clock,
        seed=of_machine.seed,
    )


def _arguments(options: ShellOptions) -> list[str]:
    """The shell's command line: see programs/shell/main.py."""
    words = [] if options.autoexec else ["/n"]
    if options.quiet or not _is_terminal(sys.stdin):
        words.append("/q")
    if options.commands is not None:
        words += ["/c", options.commands]
    return words


def _talk(machine: Kernel, terminal: Terminal, args: list[str]) -> int:
    try:
        info = terminal.wait(machine.start(KShellProgram, *args))
    except Deadlock as deadlock:
        say(f"deadlock: nothing can run any more\n{deadlock}")
        return Status.DEADLOCK
    except KeyboardInterrupt:
        say_interrupted()
        return Status.INTERRUPTED
    except KernelFault as fault:
        say(f"the machine stopped: {fault}\n{machine.debug.dump()}")
        return Status.FAULT
    if info.type is not TExitType.EExitKill:
        say(f"{KShellProgram} {info}")
    return status_of(info)


class _ExceptionTeller:
    """A sink: tells of exceptions, which programs do not see of one another."""

    def __init__(self, machine: Kernel) -> None:
        self._machine: Final = machine
        self._told = 0

    def __call__(self, event: Event) -> None:
        if event[2] is not TEvent.EHostException:
            return
        for one in self._machine.debug.exceptions[self._told :]:
            self._told += 1
            text = one.traceback if wants_debug() else shorten(one.traceback)
            say(f"{one.thread} died of {text.rstrip()}")
