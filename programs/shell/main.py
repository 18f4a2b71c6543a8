"""The program `eshell`: a console, and lines until there are no more.

Its command line:

    eshell [/q] [/n] [/c commands]

`/c` carries out the rest of the line and ends; `/q` says nothing of its own; `/n`
leaves AUTOEXEC.BAT alone. It exits with the result of its last command, or of EXIT.
"""

import sys
from typing import TYPE_CHECKING, Final

from kernel.abi.image import Image
from programs.shell.completion import complete
from programs.shell.errors import Exit
from programs.shell.options import parse_options
from programs.shell.shell import KSystemDrive, Shell
from programs.shell.table import COMMANDS
from servers.console.client import Console, KConsFullScreen
from servers.console.protocol import KMaxLine
from servers.fileserver.client import RFs
from userlib import (
    ALL_CAPABILITIES,
    KErrAbort,
    KErrEof,
    KErrOverflow,
    KErrServerTerminated,
    Leave,
    User,
)

if TYPE_CHECKING:
    from programs.shell.console import MConsole
    from programs.shell.options import Options

IMAGE = Image(capabilities=ALL_CAPABILITIES)

KBanner: Final = "Eka shell; HELP shows all commands, EXIT ends it.\n"
KMaxHistory: Final = 500  # lines


def e32main() -> int:
    """Serve the console until EXIT, or the end of its input."""
    options = parse_options(User.command_line())
    with (
        RFs().connect() as fs,
        Console.new("eshell", KConsFullScreen, KConsFullScreen) as console,
    ):
        fs.set_session_path(f"{KSystemDrive}:\\")
        try:
            return run(Shell(console, fs, COMMANDS), options)
        except Leave as leave:
            if leave.code != KErrServerTerminated:
                raise
            sys.stderr.write("eshell: the console has ended\n")
            return leave.code


def run(shell: Shell, options: "Options") -> int:
    """Do what the options ask for. Returns: the shell's result."""
    try:
        if not options.quiet and options.commands is None:
            shell.console.write(KBanner)
        if options.autoexec:
            shell.run_autoexec()
        if options.commands is not None:
            return shell.run_line(options.commands)
        return _serve(shell, shell.console)
    except Exit as exit_:
        return exit_.result


def _serve(shell: Shell, console: "MConsole") -> int:
    """Lines, until there are no more."""
    history: list[str] = []
    while True:
        try:
            line = console.read_line(
                shell.prompt, history, lambda text: complete(shell, text)
            )
        except Leave as leave:
            if leave.code == KErrEof:
                return shell.result
            if leave.code == KErrAbort:
                continue
            if leave.code != KErrOverflow:
                raise
            console.write(f"Line too long; it can have {KMaxLine} characters\n")
            shell.result = leave.code
            continue
        if line.strip() and line not in history[-1:]:
            history.append(line)
            del history[:-KMaxHistory]
        shell.run_line(line)
