"""ECHO, SET, HELP, REM, CLS, PAUSE, BREAK, EXIT: the shell itself."""

import re
from typing import TYPE_CHECKING, Final

from programs.shell.command import Command, Completes
from programs.shell.errors import CommandError, EndOfBatch, Exit
from programs.shell.line import Call, number, unquoted
from userlib import KErrNotFound

if TYPE_CHECKING:
    from programs.shell.shell import Shell


def _echo(shell: "Shell", call: Call) -> None:
    match call.text.strip().lower():
        case "on":
            shell.echoes = True
        case "off":
            shell.echoes = False
        case "":
            shell.print(
                f"Lines of batch files are {'' if shell.echoes else 'not '}shown"
            )
        case ".":
            shell.print()
        case _:
            shell.print(call.text)


def _set(shell: "Shell", call: Call) -> None:
    text = call.text.strip()
    if (whole := re.fullmatch(r'"([^"]*)"', text)) is not None:
        text = whole[1]  # as in `set "name=a value"`
    name, equals, value = text.partition("=")
    name = name.strip().upper()
    if equals and (not name or " " in name or "%" in name):
        raise CommandError(f"Bad name for a variable - {name}")
    if equals and value:
        shell.variables[name] = unquoted(value.strip())
    elif equals:
        shell.variables.pop(name, None)
    else:
        _show_variables(shell, name)


def _show_variables(shell: "Shell", prefix: str) -> None:
    shown = [name for name in sorted(shell.variables) if name.startswith(prefix)]
    if prefix and not shown:
        raise CommandError(f"Not found - {prefix}", KErrNotFound)
    for name in shown:
        shell.print(f"{name}={shell.variables[name]}")


def _help(shell: "Shell", call: Call) -> None:
    if call.words:
        command = shell.commands.get(call.words[0].upper())
        if command is None:
            hint = shell.hint_for(call.words[0])
            raise CommandError(f"No command - {call.words[0]}; {hint}", KErrNotFound)
        shell.print(command.help_text())
        return
    for name, command in sorted(shell.commands.items()):
        if name == command.name:
            shell.print(f"{name:9}{command.summary}")
    shell.print()
    shell.print(_MORE)


_MORE: Final = """\
COMMAND /? tells more of one. X: changes the drive. Any other word is run:
a batch file (.BAT), else a program (.EXE). ; separates commands; > and >>
send what a command writes to a file; "..." keeps blanks together. %NAME%
is a variable, %CD% the directory, %RESULT% the result of the last command."""


def _rem(shell: "Shell", call: Call) -> None:
    """Nothing: a remark."""


def _cls(shell: "Shell", call: Call) -> None:
    shell.console.clear_screen()


def _pause(shell: "Shell", call: Call) -> None:
    shell.pause()


def _break(shell: "Shell", call: Call) -> None:
    if not shell.in_batch:
        raise CommandError("No batch file runs")
    raise EndOfBatch


def _exit(shell: "Shell", call: Call) -> None:
    if not call.words:
        raise Exit(shell.result)
    raise Exit(number(call.words[0]))


_NOTHING: Final = Completes.NOTHING

COMMANDS: Final = (
    Command("ECHO", "Shows a text", _echo, "[text | on | off | .]", raw=True),
    Command(
        "SET",
        "Shows or changes variables",
        _set,
        "[name[=[value]]]",
        raw=True,
        completes=_NOTHING,
    ),
    Command(
        "HELP",
        "Shows what there is",
        _help,
        "[command]",
        most=1,
        completes=Completes.COMMANDS,
        aliases=("?",),
    ),
    Command("REM", "Is a remark", _rem, "[text]", raw=True, completes=_NOTHING),
    Command("CLS", "Clears the screen", _cls, completes=_NOTHING),
    Command("PAUSE", "Waits for a key", _pause, completes=_NOTHING),
    Command("BREAK", "Leaves the batch file that runs", _break, completes=_NOTHING),
    Command("EXIT", "Ends the shell", _exit, "[result]", most=1, completes=_NOTHING),
)
