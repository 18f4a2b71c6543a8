"""Reading and copying files, a piece at a time."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from servers.fileserver.client import RFile, RFs
from servers.fileserver.entry import TEntry
from servers.fileserver.modes import (
    EFileShareExclusive,
    EFileShareReadersOnly,
    EFileWrite,
    KEntryAttReadOnly,
    KEntryAttSettable,
)
from userlib import KErrNotSupported, Leave, TBuf8

if TYPE_CHECKING:
    from programs.shell.shell import Shell

KPiece: Final = 32 << 10  # bytes
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def pieces_of(fs: RFs, name: str) -> Iterator[bytes]:
    """The contents of a file, piece by piece."""
    with RFile().open(fs, name, EFileShareReadersOnly) as file:
        buffer = TBuf8(KPiece)
        while file.read(buffer):
            yield bytes(buffer)


def read_text(fs: RFs, name: str) -> str:
    """The text in a file: UTF-16 if it begins with a mark of that, else UTF-8.

    What cannot be read so is shown as a replacement character.
    """
    contents = b"".join(pieces_of(fs, name))
    encoding = "utf-16" if contents.startswith(_UTF_16) else "utf-8-sig"
    return contents.decode(encoding, "replace")


def copy_file(shell: "Shell", source: str, target: str) -> None:
    """Copy contents, time and attributes; a break may come between pieces.

    A target that is there already is replaced. One that could not be filled is taken
    away again.

    Raises: CommandError, about the one of them that it failed for.
    """
    with RFile() as file:
        with shell.about(source):
            file.open(shell.fs, source, EFileShareReadersOnly)
            entry = file.entry()
        with shell.about(target):
            _replace(shell, file, target, entry)
            _set_attributes(shell.fs, target, entry.att & KEntryAttSettable)


def _replace(shell: "Shell", file: RFile, target: str, entry: TEntry) -> None:
    with RFile().replace(shell.fs, target, EFileShareExclusive | EFileWrite) as copy:
        is_whole = False
        try:
            _fill(copy, file, shell.watch.check)
            copy.set_modified(entry.modified)
            is_whole = True
        finally:
            if not is_whole:
                copy.close()
                shell.fs.delete(target)


def _fill(copy: RFile, file: RFile, check: Callable[[], None]) -> None:
    buffer = TBuf8(KPiece)
    while file.read(buffer):
        check()
        copy.write(buffer)


def _set_attributes(fs: RFs, target: str, wanted: int) -> None:
    """Make the attributes those of the source, as far as the drive has a place."""
    now = fs.att(target) & KEntryAttSettable
    for bit in _bits(wanted ^ now, KEntryAttReadOnly):
        try:
            fs.set_att(target, wanted & bit, ~wanted & now & bit)
        except Leave as leave:
            if leave.code != KErrNotSupported:
                raise


def _bits(mask: int, last: int) -> Iterator[int]:
    """The bits of *mask*, the one after which nothing can be changed at the end."""
    for place in range(mask.bit_length()):
        if mask & ~last & 1 << place:
            yield 1 << place
    if mask & last:
        yield last
