"""COPY, MOVE, DEL, RENAME, ATTRIB, GOBBLE: changing files."""

from typing import TYPE_CHECKING, Final

from programs.shell.command import Command
from programs.shell.errors import CommandError
from programs.shell.files import copy_file
from programs.shell.line import Call
from programs.shell.match import (
    Found,
    KAllEntries,
    entries,
    files,
    sources,
    target_name,
)
from programs.shell.paths import directory_of, name_of
from servers.fileserver.client import RFile
from servers.fileserver.modes import (
    EFileShareExclusive,
    EFileWrite,
    KEntryAttArchive,
    KEntryAttDir,
    KEntryAttHidden,
    KEntryAttNormal,
    KEntryAttReadOnly,
    KEntryAttSystem,
)
from servers.fileserver.names import fold, is_wild
from userlib import (
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrInUse,
    KErrNotReady,
    KErrPathNotFound,
    KErrTooBig,
    Leave,
)

if TYPE_CHECKING:
    from programs.shell.shell import Shell

_LETTERS: Final = (
    ("a", KEntryAttArchive),
    ("h", KEntryAttHidden),
    ("r", KEntryAttReadOnly),
    ("s", KEntryAttSystem),
)
_UNITS: Final = (("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30))
_KMaxSize: Final = (1 << 63) - 1

# What keeps a file from being renamed, and is the fault of the new name.
_OF_TARGET: Final = (KErrAlreadyExists, KErrBadName, KErrNotReady, KErrPathNotFound)


# COPY


def _copy(shell: "Shell", call: Call) -> None:
    target = call.words[1] if len(call.words) > 1 else "."
    copied = 0
    if "s" in call.switches:
        copied = _copy_tree(shell, call.words[0], target, call.switches)
    else:
        found = files(shell, call.words[0])
        _check_one_target(shell, found, target)
        for one in found:
            name = target_name(shell, one.name, target)
            copied += _copy_one(shell, one.name, name, call.switches)
    shell.print(f"{copied} {'file' if copied == 1 else 'files'} copied")


def _check_one_target(shell: "Shell", found: list[Found], target: str) -> None:
    """Several files need a directory or a pattern to go to."""
    if len(found) == 1 or is_wild(target):
        return
    if not shell.is_directory(shell.paths.resolve(target)):
        raise CommandError(f"Not a directory - {target}")


def _copy_one(
    shell: "Shell", source: str, target: str, switches: frozenset[str]
) -> int:
    if fold(source) == fold(target):
        raise CommandError(f"Cannot copy a file onto itself - {source}", KErrInUse)
    if "n" in switches and shell.exists(target):
        return 0
    copy_file(shell, source, target)
    return 1


def _copy_tree(shell: "Shell", text: str, target: str, switches: frozenset[str]) -> int:
    full = shell.paths.resolve(text)
    is_tree = not is_wild(name_of(full)) and shell.is_directory(full)
    pattern = full.rstrip("\\") + "\\*" if is_tree else full
    top = shell.paths.directory(target)
    if fold(top).startswith(fold(directory_of(pattern))):
        raise CommandError("Cannot copy a directory into itself", KErrArgument)
    return _copy_below(shell, pattern, top, switches)


def _copy_below(
    shell: "Shell", pattern: str, target: str, switches: frozenset[str]
) -> int:
    if not shell.is_directory(target):
        shell.fs.mk_dir_all(target)
    copied = 0
    for one in list(entries(shell, pattern, KAllEntries & ~KEntryAttDir)):
        copied += _copy_one(shell, one.name, target + one.entry.name, switches)
    for one in list(entries(shell, directory_of(pattern) + "*", KAllEntries)):
        if one.entry.is_dir:
            below = f"{one.name}\\{name_of(pattern)}"
            copied += _copy_below(shell, below, f"{target}{one.entry.name}\\", switches)
    return copied


# MOVE, RENAME


def _move(shell: "Shell", call: Call) -> None:
    found = sources(shell, call.words[0])
    target = call.words[1] if len(call.words) > 1 else "."
    _check_one_target(shell, found, target)
    for one in found:
        shell.watch.check()
        _move_one(shell, one, target_name(shell, one.name, target))


def _move_one(shell: "Shell", one: Found, target: str) -> None:
    if one.name[0] == target[0]:
        _rename_one(shell, one, target)
    elif one.entry.is_dir:
        check_not_in(shell, one.name + "\\")
        nothing: frozenset[str] = frozenset()
        with shell.about(target):
            _copy_below(shell, one.name + "\\*", target + "\\", nothing)
        remove_tree(shell, one.name + "\\")
    else:
        copy_file(shell, one.name, target)
        with shell.about(one.name):
            shell.fs.delete(one.name)


def _rename(shell: "Shell", call: Call) -> None:
    found = sources(shell, call.words[0])
    new = call.words[1]
    if len(found) > 1 and not is_wild(new):
        raise CommandError(f"Several files cannot have one name - {new}")
    for one in found:
        shell.watch.check()
        _rename_one(shell, one, _renamed(shell, one.name, new))


def _rename_one(shell: "Shell", one: Found, target: str) -> None:
    """Rename a file or directory. Raises: CommandError, about the name at fault."""
    if one.entry.is_dir:
        check_not_in(shell, one.name + "\\")
    try:
        shell.fs.rename(one.name, target)
    except Leave as leave:
        with shell.about(target if leave.code in _OF_TARGET else one.name):
            raise


def _renamed(shell: "Shell", old: str, new: str) -> str:
    """A new name without a directory stays in that of the old one."""
    if "\\" in new or ":" in new:
        return target_name(shell, old, new)
    return target_name(shell, old, directory_of(old) + new)


# DEL


def _del(shell: "Shell", call: Call) -> None:
    for word in call.words:
        if "s" in call.switches:
            _delete_below(shell, shell.paths.resolve(word))
        else:
            _delete(shell, word)


def _delete(shell: "Shell", word: str) -> None:
    mask = KEntryAttNormal if is_wild(word) else KAllEntries
    found = sources(shell, word, mask)
    for one in found:
        with shell.about(one.name):
            shell.fs.delete(one.name)


def _delete_below(shell: "Shell", pattern: str) -> None:
    """What matches, in the directory and all below; hidden files too."""
    found = list(entries(shell, pattern, KAllEntries & ~KEntryAttDir))
    for one in found:
        with shell.about(one.name):
            shell.fs.delete(one.name)
    for one in list(entries(shell, directory_of(pattern) + "*", KAllEntries)):
        if one.entry.is_dir:
            _delete_below(shell, f"{one.name}\\{name_of(pattern)}")


def check_not_in(shell: "Shell", directory: str) -> None:
    """Raises: CommandError if the current directory of its drive would go with it."""
    if shell.paths.is_in(directory):
        raise CommandError(f"You are in it - {directory}", KErrInUse)


def remove_tree(shell: "Shell", directory: str) -> None:
    """A directory with all that is in it."""
    for one in list(entries(shell, directory + "*", KAllEntries)):
        if one.entry.is_dir:
            remove_tree(shell, one.name + "\\")
        else:
            with shell.about(one.name):
                shell.fs.delete(one.name)
    with shell.about(directory):
        shell.fs.rm_dir(directory)


# ATTRIB


def _attrib(shell: "Shell", call: Call) -> None:
    changes = [word for word in call.words if word[:1] in "+-" and word]
    names = [word for word in call.words if word not in changes]
    if len(names) > 1:
        raise CommandError(f"Too many parameters - {names[1]}")
    set_mask, clear_mask = _masks(changes)
    pattern = names[0] if names else "*"
    for one in sources(shell, pattern, KAllEntries):
        shell.watch.check()
        if changes:
            with shell.about(one.name):
                shell.fs.set_att(one.name, set_mask, clear_mask)
        else:
            shell.print(f"{_letters(one.entry.att)}  {one.name}")


def _masks(changes: list[str]) -> tuple[int, int]:
    """What is to be set, and what cleared. Raises: CommandError."""
    bits = dict(_LETTERS)
    masks = {"+": 0, "-": 0}
    for change in changes:
        for letter in change[1:].lower() or " ":
            if letter not in bits:
                raise CommandError(f"Parameter format not correct - {change}")
            masks[change[0]] |= bits[letter]
    if masks["+"] & masks["-"]:
        raise CommandError("An attribute cannot be both set and cleared")
    return masks["+"], masks["-"]


def _letters(attributes: int) -> str:
    return "".join(
        letter.upper() if attributes & bit else "-" for letter, bit in _LETTERS
    )


# GOBBLE


def _gobble(shell: "Shell", call: Call) -> None:
    name = shell.paths.resolve(call.words[0])
    size = _size(call.words[1])
    is_new = not shell.exists(name)
    mode = EFileShareExclusive | EFileWrite
    with (
        shell.about(call.words[0]),
        RFile().replace(shell.fs, name, mode) as file,
    ):
        try:
            file.set_size(size)
        except Leave:
            file.close()
            if is_new:
                shell.fs.delete(name)
            raise


def _size(text: str) -> int:
    digits, unit = text.lower(), 1
    for letter, factor in _UNITS:
        if digits.endswith(letter):
            digits, unit = digits[:-1], factor
    if not digits.isascii() or not digits.isdecimal():
        raise CommandError(f"Not a size - {text}")
    if len(digits) > len(str(_KMaxSize)) or int(digits) * unit > _KMaxSize:
        raise CommandError(f"Too big - {text}", KErrTooBig)
    return int(digits) * unit


COMMANDS: Final = (
    Command(
        "COPY",
        "Copies files",
        _copy,
        "source [target]",
        (("n", "leave alone what is there"), ("s", "also all directories below")),
        1,
        2,
    ),
    Command("MOVE", "Moves files and directories", _move, "source [target]", (), 1, 2),
    Command(
        "RENAME",
        "Renames files and directories",
        _rename,
        "old new",
        (),
        2,
        2,
        aliases=("REN",),
    ),
    Command(
        "DEL",
        "Deletes files",
        _del,
        "file...",
        (("s", "also in all directories below"),),
        1,
        64,
        aliases=("ERASE",),
    ),
    Command(
        "ATTRIB",
        "Shows or changes attributes",
        _attrib,
        "[+|-][a][h][r][s]... [file]",
        (),
        0,
        9,
    ),
    Command(
        "GOBBLE",
        "Makes a file of a given size",
        _gobble,
        "file size[k|m|g]",
        (),
        2,
        2,
    ),
)
