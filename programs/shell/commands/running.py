"""START, RUNEXEC, CHKDEPS, PS, SERVERS, HANDLES, KILL: programs."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from kernel.abi.current import current_exec
from programs.shell.command import Command, Completes, missing_parameter
from programs.shell.errors import CommandError
from programs.shell.execute import create
from programs.shell.files import read_text
from programs.shell.line import Call, number
from userlib import (
    KErrCorrupt,
    KErrGeneral,
    KErrNotFound,
    Leave,
    RProcess,
    RThread,
    TFindProcess,
    TFindServer,
    TFindThread,
    TObjectType,
)

if TYPE_CHECKING:
    from programs.shell.shell import Shell


# Starting


def _start(shell: "Shell", call: Call) -> None:
    word, text = _program(call, "START")
    with shell.about(word):
        process = create(shell, word, text)
    with process:
        # Said first: the program may print at once.
        shell.print(f"Started {process.id()}")
        process.resume()


def _runexec(shell: "Shell", call: Call) -> int:
    word, text = _program(call, "RUNEXEC")
    return shell.run_program(word, text)


def _program(call: Call, command: str) -> tuple[str, str]:
    text = call.text.strip()
    if text.startswith('"'):
        word, _, rest = text[1:].partition('"')
    else:
        word, _, rest = text.partition(" ")
    if not word:
        raise missing_parameter(command)
    return word, rest.strip()


# What a program needs


def _chkdeps(shell: "Shell", call: Call) -> None:
    name = _executable(shell, call.words[0])
    needed = sorted(_imports(shell, name))
    missing = [one for one in needed if not _is_there(one)]
    for one in needed:
        shell.print(f"{'missing' if one in missing else 'found':8} {one}")
    if missing:
        count = len(missing)
        raise CommandError(f"{count} of {len(needed)} missing - {name}", KErrNotFound)


def _executable(shell: "Shell", word: str) -> str:
    """The file of a program, where it would be run from."""
    stem, dot, extension = word.rpartition(".")
    if not dot or extension.lower() not in ("exe", "py"):
        stem = word
    places = [shell.paths.resolve(stem)]
    if "\\" not in stem and ":" not in stem:
        letters = [f"{chr(ord('A') + n)}:" for n in reversed(range(26))]
        places += [f"{letter}\\sys\\bin\\{stem}" for letter in letters]
    for place in places:
        for suffix in (".exe", ".py"):
            if shell.exists(place + suffix):
                return place + suffix
    raise CommandError(f"Not found - {word}", KErrNotFound)


def _imports(shell: "Shell", name: str) -> set[str]:
    """The top-level packages that a program's source imports."""
    try:
        tree = ast.parse(read_text(shell.fs, name))
    except SyntaxError as error:
        why = f"line {error.lineno}: {error.msg}"
        raise CommandError(f"Not a program - {name}, {why}", KErrCorrupt) from error
    except ValueError as error:
        raise CommandError(f"Not a program - {name}: {error}", KErrCorrupt) from error
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _is_there(package: str) -> bool:
    return current_exec.get().host_call(find_spec, package) is not None


# Looking


def processes(pattern: str = "*") -> Iterator[tuple[str, RProcess]]:
    """Full names of processes and handles to them, which are closed again."""
    finder = TFindProcess(pattern)
    for name in finder:
        try:
            process = RProcess().open(finder)
        except Leave:
            continue  # it has gone meanwhile
        with process:
            yield name, process


def _ps(shell: "Shell", call: Call) -> None:
    found = _meant(call.words[0]) if call.words else processes()
    for place, (name, process) in enumerate(found):
        if place == 0:  # where nothing is found there is no heading
            shell.print("   id  priority  process")
        info = process.exit_info()
        end = "" if info.is_pending else f"  ({info})"
        shell.print(f"{process.id():5}  {process.priority():8}  {name}{end}")
        if "t" in call.switches:
            _show_threads(shell, name)


def _show_threads(shell: "Shell", process: str) -> None:
    finder = TFindThread(f"{process}::*")
    for name in finder:
        try:
            thread = RThread().open(finder)
        except Leave:
            continue
        with thread:
            info = thread.exit_info()
            end = "" if info.is_pending else f"  ({info})"
            short = name.removeprefix(f"{process}::")
            shell.print(f"{thread.id():5}  {thread.priority():8}    {short}{end}")


def _servers(shell: "Shell", call: Call) -> None:
    found = False
    for name in TFindServer(call.words[0] if call.words else "*"):
        shell.print(name)
        found = True
    if call.words and not found:
        raise Leave(KErrNotFound)


def _handles(shell: "Shell", call: Call) -> None:
    if not call.words:
        _show_handles(shell, RProcess())
        return
    for name, process in _meant(call.words[0]):
        shell.print(name)
        _show_handles(shell, process)


def _show_handles(shell: "Shell", process: RProcess) -> None:
    shell.print("  handle    opens  kind            object")
    for one in process.open_handles():
        kind = TObjectType(one.kind).name[1:]
        thread = f"  (of thread {one.thread_id})" if one.thread_id else ""
        shell.print(
            f"  {one.handle:08x}  {one.access_count:5}  {kind:14}  {one.name}{thread}"
        )


# Ending


def _kill(shell: "Shell", call: Call) -> None:
    own, killed = RProcess().id(), 0
    reason = number(call.words[1]) if len(call.words) > 1 else KErrGeneral
    with shell.about(call.words[0]):
        for name, process in _meant(call.words[0]):
            if process.id() == own:
                raise CommandError("The shell itself ends by EXIT", KErrGeneral)
            if not process.exit_info().is_pending:
                continue
            process.kill(reason)
            shell.print(f"Killed {name}")
            killed += 1
        if not killed:
            raise Leave(KErrNotFound)


def _meant(word: str) -> Iterator[tuple[str, RProcess]]:
    """The processes of an id, or of a name or pattern.

    Raises: KErrNotFound if there is none.
    """
    if word.isdecimal():
        with RProcess().open(number(word)) as process:
            yield process.full_name(), process
        return
    found = False
    for name, process in processes(_as_pattern(word)):
        found = True
        yield name, process
    if not found:
        raise Leave(KErrNotFound)


def _as_pattern(word: str) -> str:
    """A plain name finds a program's processes, whatever follows it in theirs."""
    if "*" in word or "?" in word or "[" in word:
        return word
    return f"{word}[*" if word.lower().endswith(".exe") else f"{word}.exe[*"


COMMANDS: Final = (
    Command(
        "CHKDEPS",
        "Checks what a program imports",
        _chkdeps,
        "program",
        (),
        1,
        1,
    ),
    Command(
        "PS",
        "Shows processes",
        _ps,
        "[id|name]",
        (("t", "also their threads"),),
        most=1,
        completes=Completes.PROCESSES,
    ),
    Command(
        "START",
        "Starts a program and does not wait",
        _start,
        "program [args]",
        raw=True,
    ),
    Command(
        "RUNEXEC",
        "Runs a program, and nothing else of that name",
        _runexec,
        "program [args]",
        raw=True,
    ),
    Command(
        "KILL",
        "Ends processes",
        _kill,
        "id|name [reason]",
        (),
        1,
        2,
        completes=Completes.PROCESSES,
    ),
    Command(
        "HANDLES",
        "Shows the open handles of processes",
        _handles,
        "[id|name]",
        most=1,
        completes=Completes.PROCESSES,
    ),
    Command(
        "SERVERS",
        "Shows the servers that run",
        _servers,
        "[pattern]",
        most=1,
        completes=Completes.NOTHING,
    ),
)
