"""CD, MD, RD: directories."""

from typing import TYPE_CHECKING, Final

from programs.shell.command import Command, Completes
from programs.shell.commands.filing import check_not_in, remove_tree
from programs.shell.errors import CommandError
from programs.shell.line import Call
from programs.shell.match import KAllEntries, entries
from programs.shell.paths import drive_letter, is_root
from userlib import KErrAccessDenied, KErrInUse, KErrPathNotFound, Leave

if TYPE_CHECKING:
    from programs.shell.shell import Shell


def _cd(shell: "Shell", call: Call) -> None:
    if not call.words:
        shell.print(shell.paths.current)
        return
    if call.words[0][1:] == ":":
        shell.print(shell.paths.of(drive_letter(call.words[0][0])))
        return
    full = shell.paths.directory(call.words[0])
    if is_root(full):
        shell.fs.volume(ord(full[0]) - ord("A"))  # is there anything?
    else:
        with shell.about(call.words[0]):
            if not shell.fs.entry(full.rstrip("\\")).is_dir:
                raise Leave(KErrPathNotFound)
    shell.change_path(full)


def _md(shell: "Shell", call: Call) -> None:
    for word in call.words:
        directory = shell.paths.directory(word)
        with shell.about(directory):
            if "s" in call.switches:
                shell.fs.mk_dir_all(directory)
            else:
                shell.fs.mk_dir(directory)


def _rd(shell: "Shell", call: Call) -> None:
    for word in call.words:
        directory = shell.paths.directory(word)
        if is_root(directory):
            raise CommandError(f"Access denied - {directory}", KErrAccessDenied)
        check_not_in(shell, directory)
        with shell.about(directory):
            if "s" in call.switches:
                remove_tree(shell, directory)
            else:
                _remove(shell, directory)


def _remove(shell: "Shell", directory: str) -> None:
    try:
        shell.fs.rm_dir(directory)
    except Leave as leave:
        if leave.code != KErrInUse or not _has_entries(shell, directory):
            raise
        text = f"Not empty - {directory}; RD /s removes what is in it too"
        raise CommandError(text, KErrInUse) from leave


def _has_entries(shell: "Shell", directory: str) -> bool:
    return next(entries(shell, directory + "*", KAllEntries), None) is not None


COMMANDS: Final = (
    Command(
        "CD",
        "Shows or changes the current directory of a drive",
        _cd,
        "[drive:][path]",
        (),
        0,
        1,
        completes=Completes.DIRECTORIES,
        aliases=("CHDIR",),
    ),
    Command(
        "MD",
        "Makes directories",
        _md,
        "path...",
        (("s", "with all that are missing on the way"),),
        1,
        64,
        completes=Completes.DIRECTORIES,
        aliases=("MKDIR",),
    ),
    Command(
        "RD",
        "Removes empty directories",
        _rd,
        "path...",
        (("s", "with all that is in them"),),
        1,
        64,
        completes=Completes.DIRECTORIES,
        aliases=("RMDIR",),
    ),
)
