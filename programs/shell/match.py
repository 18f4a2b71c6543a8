"""Which files a command is about: names, patterns, directories."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programs.shell.paths import directory_of, is_root, name_of
from servers.fileserver.entry import TEntry
from servers.fileserver.modes import (
    ESortByName,
    KEntryAttDir,
    KEntryAttHidden,
    KEntryAttSystem,
)
from servers.fileserver.names import is_wild
from userlib import KErrNotFound, Leave

if TYPE_CHECKING:
    from programs.shell.shell import Shell

KAllFiles = KEntryAttHidden | KEntryAttSystem
KAllEntries = KAllFiles | KEntryAttDir


@dataclass(frozen=True, slots=True)
class Found:
    """A file or directory that a pattern found, and its full name."""

    name: str
    entry: TEntry


def entries(shell: "Shell", pattern: str, mask: int) -> Iterator[Found]:
    """What a full pattern finds in its directory, by name.

    Raises: KErrPathNotFound if there is no such directory; KErrCancel by a break.
    """
    directory = directory_of(pattern)
    for entry in shell.fs.get_dir(pattern, mask, ESortByName):
        shell.watch.check()
        yield Found(directory + entry.name, entry)


def sources(shell: "Shell", text: str, mask: int = KAllFiles) -> list[Found]:
    """What a name or pattern stands for.

    A plain name is one file or directory, hidden or not; a pattern leaves out what is
    hidden unless *mask* asks for it.

    Raises: CommandError with the name, if there is nothing.
    """
    with shell.about(text):
        return _sources(shell, shell.paths.resolve(text), mask)


def _sources(shell: "Shell", full: str, mask: int) -> list[Found]:
    if not is_wild(name_of(full)):
        plain = full if is_root(full) else full.rstrip("\\")
        return [Found(plain, shell.fs.entry(plain))]
    found = list(entries(shell, full, mask))
    if not found:
        raise Leave(KErrNotFound)
    return found


def files(shell: "Shell", text: str, mask: int = KAllFiles) -> list[Found]:
    """As sources, but files only; of a directory, all the files in it."""
    with shell.about(text):
        full = shell.paths.resolve(text)
        if not is_wild(name_of(full)) and shell.is_directory(full):
            full = full.rstrip("\\") + "\\*"
        found = [one for one in _sources(shell, full, mask) if not one.entry.is_dir]
        if not found:
            raise Leave(KErrNotFound)
        return found


def target_name(shell: "Shell", source: str, target: str) -> str:
    r"""Where *source* goes when it is copied or renamed to *target*.

    Into a directory under its own name; under another name; and `*` and `?` in a name
    stand for what the source has there.
    """
    full = shell.paths.resolve(target)
    if full.endswith("\\") or shell.is_directory(full):
        return full.rstrip("\\") + "\\" + name_of(source)
    if is_wild(name_of(full)):
        return directory_of(full) + filled_in(name_of(full), name_of(source))
    return full


def filled_in(pattern: str, name: str) -> str:
    """*pattern* with its wildcards replaced by what *name* has there, part by part."""
    stem, dot, extension = pattern.rpartition(".")
    if not dot:
        return _part(pattern, name)
    name_stem, name_dot, name_extension = name.rpartition(".")
    if not name_dot:
        name_stem, name_extension = name, ""
    filled = _part(extension, name_extension)
    return _part(stem, name_stem) + ("." + filled if filled else "")


def _part(pattern: str, text: str) -> str:
    filled = ""
    for place, character in enumerate(pattern):
        if character == "*":
            return filled + text[place:]
        filled += text[place : place + 1] if character == "?" else character
    return filled
