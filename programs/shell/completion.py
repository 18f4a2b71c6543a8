"""What the word before the cursor could become."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from programs.shell.command import Completes
from programs.shell.commands.running import processes
from programs.shell.match import KAllEntries, entries
from servers.fileserver.names import fold
from userlib import Leave

if TYPE_CHECKING:
    from programs.shell.shell import Shell

# The word that the cursor ends: a quoted part may have blanks, and need not be closed.
_LAST: Final = re.compile(r'(?:[^\s";>/]|"[^"]*"?)*$')
_FIRST: Final = re.compile(r"(?:^|;)\s*$")
_PROGRAM_SUFFIXES: Final = (".exe", ".py")
_RUNNABLE: Final = (".bat", *_PROGRAM_SUFFIXES)
_PROGRAMS: Final = "\\sys\\bin\\"


def complete(shell: "Shell", text: str) -> tuple[int, Sequence[str]]:
    """Where in *text* its last word begins, and what could stand there instead."""
    match = _LAST.search(text)
    assert match is not None  # it matches the empty text too
    start, word = match.start(), match[0].replace('"', "")
    before = text[:start]
    try:
        return start, list(dict.fromkeys(_candidates(shell, before, word)))
    except Leave:
        return start, []


def _candidates(shell: "Shell", before: str, word: str) -> Iterator[str]:
    if _FIRST.search(before):
        if "\\" not in word and ":" not in word:
            yield from _commands(shell, word)
            yield from _programs(shell, word)
        yield from _names(shell, word, _is_runnable)
        return
    match _wanted(shell, before):
        case Completes.COMMANDS:
            yield from _commands(shell, word)
        case Completes.PROCESSES:
            yield from _processes(word)
        case Completes.DIRECTORIES:
            yield from _names(shell, word, _is_directory)
        case Completes.NAMES:
            yield from _names(shell, word, _is_anything)
        case Completes.NOTHING:
            return


def _wanted(shell: "Shell", before: str) -> Completes:
    """What the words of the command before the cursor are."""
    if before.rstrip().endswith(">"):
        return Completes.NAMES
    words = before.rpartition(";")[2].split()
    command = shell.commands.get(words[0].upper()) if words else None
    return Completes.NAMES if command is None else command.completes


def _commands(shell: "Shell", word: str) -> Iterator[str]:
    """In the case in which the word was begun."""
    for name in sorted(shell.commands):
        if name.startswith(word.upper()) and name.isalpha():
            yield name if word and word.isupper() else name.lower()


def _programs(shell: "Shell", word: str) -> Iterator[str]:
    """Those in the directories of programs, without their extension."""
    for place, there in enumerate(shell.fs.drive_list()):
        if there:
            pattern = f"{chr(ord('A') + place)}:{_PROGRAMS}{word}*"
            yield from _stems(shell, pattern)


def _stems(shell: "Shell", pattern: str) -> Iterator[str]:
    try:
        for one in entries(shell, pattern, 0):
            stem, dot, extension = one.entry.name.rpartition(".")
            if dot + extension.lower() in _PROGRAM_SUFFIXES:
                yield stem
    except Leave:
        return  # the drive has no such directory


def _processes(word: str) -> Iterator[str]:
    names = (name.partition("[")[0] for name, _ in processes(f"{word}*"))
    yield from sorted(dict.fromkeys(names))


def _names(shell: "Shell", word: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    r"""Names that begin so, as the word was begun; a directory's ends in `\`."""
    place = max(word.rfind("\\"), word.rfind(":")) + 1
    given, begun = word[:place], word[place:]
    for one in entries(shell, shell.paths.resolve(given) + begun + "*", KAllEntries):
        name = one.entry.name + ("\\" if one.entry.is_dir else "")
        if fold(name).startswith(fold(begun)) and wanted(name):
            yield _quoted(given + name)


def _quoted(name: str) -> str:
    """A name with blanks stands between quotes; a directory's is not closed yet."""
    if " " not in name and ";" not in name:
        return name
    return f'"{name}' if name.endswith("\\") else f'"{name}"'


def _is_anything(name: str) -> bool:
    return bool(name)


def _is_directory(name: str) -> bool:
    return name.endswith("\\")


def _is_runnable(name: str) -> bool:
    return name.endswith("\\") or name.lower().endswith(_RUNNABLE)
