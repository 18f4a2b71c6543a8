"""DIR, TREE, TYPE, HEXDUMP: what is there, and what is in it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from programs.shell.command import Command, Completes
from programs.shell.files import pieces_of, read_text
from programs.shell.line import Call
from programs.shell.match import Found, KAllEntries, entries, files, sources
from programs.shell.paths import directory_of, name_of
from programs.shell.times import minute_text
from servers.fileserver.entry import TEntry
from servers.fileserver.modes import (
    EDirsFirst,
    ESortByDate,
    ESortByExt,
    ESortByName,
    ESortBySize,
    KEntryAttDir,
)
from servers.fileserver.names import is_wild
from servers.fileserver.sorting import sorted_entries
from userlib import KErrNotFound, Leave

if TYPE_CHECKING:
    from programs.shell.shell import Shell

KBytesOfLine: Final = 16  # of a dump
KNarrowest: Final = 20  # columns of a name in a wide listing
_SORT_KEYS: Final = (("e", ESortByExt), ("z", ESortBySize), ("d", ESortByDate))


# DIR


def _dir(shell: "Shell", call: Call) -> None:
    text = call.words[0] if call.words else ""
    with shell.about(text):
        pattern = _pattern(shell, text)
        if not _list_tree(shell, pattern, call.switches):
            raise Leave(KErrNotFound)
    if "b" not in call.switches:
        drive = ord(pattern[0]) - ord("A")
        shell.print(f"{shell.fs.volume(drive).free:,} bytes free")


def _pattern(shell: "Shell", text: str) -> str:
    """A directory stands for all that is in it."""
    full = shell.paths.resolve(text)
    if full.endswith("\\"):
        return full + "*"
    if not is_wild(name_of(full)) and shell.is_directory(full):
        return full + "\\*"
    return full


def _list_tree(shell: "Shell", pattern: str, switches: frozenset[str]) -> bool:
    """List a directory, and with /s those below. Returns: whether it has anything.

    An empty directory has, if all was asked for: itself.
    """
    listed = _sorted(shell, pattern, switches)
    everything = name_of(pattern) == "*"
    if listed or (everything and "s" not in switches):
        _list_one(shell, pattern, listed, switches)
    found = bool(listed) or everything
    if "s" in switches:
        for below in _directories(shell, directory_of(pattern), switches):
            lower = f"{below.name}\\{name_of(pattern)}"
            found = _list_tree(shell, lower, switches) or found
    return found


def _sorted(shell: "Shell", pattern: str, switches: frozenset[str]) -> list[TEntry]:
    mask = KAllEntries if "a" in switches else KEntryAttDir
    key = next((key for letter, key in _SORT_KEYS if letter in switches), ESortByName)
    found = [one.entry for one in entries(shell, pattern, mask)]
    return sorted_entries(found, key | EDirsFirst)


def _directories(
    shell: "Shell", directory: str, switches: frozenset[str]
) -> list[Found]:
    mask = KAllEntries if "a" in switches else KEntryAttDir
    found = entries(shell, directory + "*", mask)
    return [one for one in found if one.entry.is_dir]


def _list_one(
    shell: "Shell", pattern: str, listed: Sequence[TEntry], switches: frozenset[str]
) -> None:
    if "b" in switches:
        prefix = directory_of(pattern) if "s" in switches else ""
        _print_all(shell, [prefix + entry.name for entry in listed], switches)
        return
    lines = [f"Directory of {pattern}", ""]
    lines += _wide(shell, listed) if "w" in switches else map(_long, listed)
    counted = [entry for entry in listed if not entry.is_dir]
    size = sum(entry.size for entry in counted)
    lines.append(
        f"{_count(len(counted), 'file')}, {_count(size, 'byte')}, "
        f"{_count(len(listed) - len(counted), 'directory')}"
    )
    _print_all(shell, lines, switches)


def _print_all(shell: "Shell", lines: Sequence[str], switches: frozenset[str]) -> None:
    """Print lines, with /p a screen at a time."""
    height = shell.console.screen_size().height - 1
    for number, line in enumerate(lines, 1):
        shell.print(line)
        if "p" in switches and number % height == 0 and number < len(lines):
            shell.pause()


def _long(entry: TEntry) -> str:
    size = "<DIR>" if entry.is_dir else f"{entry.size:,}"
    marks = _marks(entry)
    return f"{minute_text(entry.modified)} {size:>15} {marks:3} {entry.name}"


def _marks(entry: TEntry) -> str:
    """Attributes that matter to whoever looks at a listing."""
    flags = (
        ("r", entry.is_read_only),
        ("h", entry.is_hidden),
        ("s", entry.is_system),
    )
    return "".join(letter for letter, is_set in flags if is_set)


def _wide(shell: "Shell", listed: Sequence[TEntry]) -> Iterator[str]:
    names = [f"[{e.name}]" if e.is_dir else e.name for e in listed]
    if not names:
        return
    column = max(KNarrowest, *(len(name) + 2 for name in names))
    across = max(1, shell.console.screen_size().width // column)
    for start in range(0, len(names), across):
        row = names[start : start + across]
        yield "".join(name.ljust(column) for name in row).rstrip()


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {plural}"


# TREE


def _tree(shell: "Shell", call: Call) -> None:
    top = shell.paths.directory(call.words[0] if call.words else "")
    shell.print(top)
    _branch(shell, top, "", call.switches)


def _branch(
    shell: "Shell", directory: str, indent: str, switches: frozenset[str]
) -> None:
    found = [
        one
        for one in entries(shell, directory + "*", KAllEntries)
        if one.entry.is_dir or "f" in switches
    ]
    for one in found:
        is_last = one is found[-1]
        shell.print(f"{indent}{'`' if is_last else '|'}-- {one.entry.name}")
        if one.entry.is_dir:
            deeper = indent + ("    " if is_last else "|   ")
            _branch(shell, one.name + "\\", deeper, switches)


# TYPE, HEXDUMP


def _type(shell: "Shell", call: Call) -> None:
    for word in call.words:
        found = files(shell, word)
        for one in found:
            if len(found) > 1:
                shell.print(f"--- {one.name}")
            _show_text(shell, read_text(shell.fs, one.name), call.switches)


def _show_text(shell: "Shell", text: str, switches: frozenset[str]) -> None:
    _print_all(shell, text.splitlines(), switches)


def _hexdump(shell: "Shell", call: Call) -> None:
    found = sources(shell, call.words[0])
    for one in found:
        if len(found) > 1:
            shell.print(f"--- {one.name}")
        with shell.about(one.name):
            _dump(shell, one.name)


def _dump(shell: "Shell", name: str) -> None:
    place = 0
    for piece in pieces_of(shell.fs, name):
        for start in range(0, len(piece), KBytesOfLine):
            row = piece[start : start + KBytesOfLine]
            shell.print(_dump_line(place + start, row))
        place += len(piece)


def _dump_line(place: int, row: bytes) -> str:
    shown = "".join(chr(b) if 0x20 <= b < 0x7F else "." for b in row)  # noqa: PLR2004 - printable ASCII
    digits = row.hex(" ").ljust(3 * KBytesOfLine - 1)
    return f"{place:08x}: {digits}  {shown}"


COMMANDS: Final = (
    Command(
        "DIR",
        "Lists a directory",
        _dir,
        "[drive:][path][pattern]",
        (
            ("a", "also what is hidden"),
            ("b", "names only"),
            ("d", "by date"),
            ("e", "by extension"),
            ("p", "a screen at a time"),
            ("s", "also all directories below"),
            ("w", "in columns"),
            ("z", "by size"),
        ),
        most=1,
    ),
    Command(
        "TREE",
        "Shows the directories below one",
        _tree,
        "[drive:][path]",
        (("f", "also the files"),),
        most=1,
        completes=Completes.DIRECTORIES,
    ),
    Command(
        "TYPE",
        "Shows the text in files",
        _type,
        "file...",
        (("p", "a screen at a time"),),
        least=1,
        most=64,
    ),
    Command("HEXDUMP", "Shows the bytes of files", _hexdump, "file", (), 1, 1),
)
