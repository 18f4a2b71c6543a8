r"""A line taken apart: variables, several commands, redirection, words and switches.

    copy "a b.txt" d:\ /s; echo done > log.txt

are two commands. `;` ends one and `>` sends what it writes to a file, unless they
stand between double quotes. A switch is `/` and one letter; no file name has a `/`, so
one may follow its word without a blank.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from programs.shell.errors import CommandError
from userlib import KErrTooBig

# A blank-free run, in which a quoted part may have blanks.
_WORD: Final = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_VARIABLE: Final = re.compile(r"%(?:(%)|([0-9*])|([^%\s]+)%)")
_PARTS: Final = re.compile(r'"[^"]*"?|/[^/"]*|[^/"]+')
# To the end of its line; but `rem /?` asks what REM is.
_COMMENT: Final = re.compile(r"\s*@?\s*rem(?=\s|/|$)(?!\s*/\?\s*$)", re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def expand(line: str, value_of: Callable[[str], str | None]) -> str:
    """Put values in place of `%name%`, `%1` and `%*`; `%%` is a percent sign.

    What has no value stays as it is.
    """

    def value(match: re.Match[str]) -> str:
        sign, argument, name = match.groups()
        if sign:
            return "%"
        found = value_of(argument or name)
        return match[0] if found is None else found

    return _VARIABLE.sub(value, line)


@dataclass(frozen=True, slots=True)
class Simple:
    """One command: its word, the rest as it was written, and where its output goes."""

    word: str
    rest: str
    target: str = ""  # a file's name; empty: the console
    appends: bool = False


def split_lines(text: str) -> list[str]:
    """The lines of a text; several may be pasted, or given, at once."""
    return _LINE_END.split(text)


def split_line(line: str) -> list[str]:
    """The commands of a line, in order; a remark is none, nor what comes after."""
    commands = takewhile(lambda text: not _COMMENT.match(text), _split(line, ";"))
    return [text.strip() for text in commands if text.strip()]


def parse_command(text: str) -> Simple:
    """One command's parts.

    Raises: CommandError if a redirection has no name, or there are two.
    """
    command, *targets = _split(text, ">")
    if not targets:
        return _named(command, "", appends=False)
    appends = len(targets) > 1 and not targets[0].strip()
    if appends:
        targets.pop(0)
    if len(targets) > 1:
        raise CommandError("Only one > can follow a command")
    names = [unquoted(word) for word in _WORD.findall(targets[0])]
    if len(names) != 1:
        raise CommandError("Give one file name after >")
    return _named(command.rstrip(), names[0], appends=appends)


def _named(command: str, target: str, *, appends: bool) -> Simple:
    text = command.lstrip().removeprefix("@").lstrip()
    if text.startswith('"'):
        quoted, _, rest = text[1:].partition('"')
        return Simple(quoted, rest.strip(), target, appends)
    word = re.match(r"[^\s/]*", text)
    assert word is not None  # it matches the empty text too
    return Simple(word[0], text[word.end() :].strip(), target, appends)


def _split(text: str, separator: str) -> list[str]:
    """*text* split, but not inside double quotes."""
    pieces, start, quoted = [], 0, False
    for place, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]


@dataclass(frozen=True, slots=True)
class Call:
    """What a command was called with."""

    words: tuple[str, ...]
    switches: frozenset[str]
    text: str  # all of it, as it was written


def parse_words(text: str, allowed: str) -> Call:
    """The words and switches of *text*; the letters in *allowed* are switches.

    Raises: CommandError, with one of three messages.
    """
    words: list[str] = []
    switches: set[str] = set()
    for written in _WORD.findall(text):
        goes_on = False
        for part in _PARTS.findall(written):
            if part.startswith("/"):
                switches.add(_switch(part, allowed))
                goes_on = False
            elif goes_on:
                words[-1] += unquoted(part)
            else:
                words.append(unquoted(part))
                goes_on = True
    return Call(tuple(words), frozenset(switches), text)


def _switch(part: str, allowed: str) -> str:
    letters = part[1:]
    if not letters or not (letters[0].isalpha() or letters[0] == "?"):
        raise CommandError(f"Invalid switch - {part}")
    if len(letters) > 1:
        raise CommandError(f"Parameter format not correct - {part}")
    if letters.lower() not in allowed + "?":
        raise CommandError(f"Switch not supported - {part}")
    return letters.lower()


def unquoted(word: str) -> str:
    """*word* without its double quotes."""
    return word.replace('"', "")


def number(word: str) -> int:
    """A number that fits the 32 bits of an exit reason.

    Raises: CommandError for anything else.
    """
    try:
        value = int(word)
    except ValueError as error:
        raise CommandError(f"Not a number - {word}") from error
    if not -(1 << 31) <= value < 1 << 31:
        raise CommandError(f"Too big - {word}", KErrTooBig)
    return value


def split_words(text: str) -> list[str]:
    """The words of *text*, switches like any other."""
    return [unquoted(word) for word in _WORD.findall(text)]
