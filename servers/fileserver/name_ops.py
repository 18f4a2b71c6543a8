"""Requests about files and directories by name: make, delete, rename, look at, change.

Each comes in two parts, named alike: `delete` initialises it on Main, `_delete`
executes it on the drive's thread.
"""

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrInUse,
    KErrNotFound,
    KErrPathNotFound,
)
from servers.fileserver.caging import check_read, check_write
from servers.fileserver.clock import now_us
from servers.fileserver.drive import Drive
from servers.fileserver.entry import TEntry
from servers.fileserver.failure import Refused
from servers.fileserver.modes import KEntryAttSettable
from servers.fileserver.names import (
    Components,
    FileName,
    KMaxDirectoryPath,
    fold_path,
    is_wild,
    path_text,
)
from servers.fileserver.request import Execute, FsRequest
from servers.fileserver.wire import SET_ENTRY, unpacked
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.session import CFsSession


def check_writable(drive: Drive) -> None:
    """Raises: Refused(KErrAccessDenied) on media that cannot be written to."""
    if not drive.is_writable:
        raise Refused(KErrAccessDenied)


# Directories: the part after the last `\` is ignored.


def mk_dir(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _on_directory(session, message, _mk_dir)


def mk_dir_all(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _on_directory(session, message, make_all)


def rm_dir(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _on_directory(session, message, _rm_dir)


def _on_directory(
    session: "CFsSession", message: RMessage2, execute: Execute
) -> FsRequest:
    given = session.parse(message)
    name = FileName(given.drive, given.directory, "")
    if any(map(is_wild, name.directory)):
        raise Refused(KErrBadName)
    check_write(message, name)
    drive = session.drive(name.drive)
    return FsRequest(message, execute, drive, (name.check(),))


def _mk_dir(request: FsRequest) -> None:
    check_writable(request.drive)
    path = request.name.directory
    if not path:
        raise Refused(KErrAlreadyExists)
    request.drive.call(request.drive.mount.make_dir, path, now_us())


def make_all(request: FsRequest) -> None:
    """Make every directory of the path that is missing.

    Raises: Refused(KErrAlreadyExists) if none is.
    """
    check_writable(request.drive)
    mount, path, made = request.drive.mount, request.name.directory, 0
    for length in range(1, len(path) + 1):
        try:
            request.drive.call(mount.make_dir, path[:length], now_us())
            made += 1
        except Refused as refused:
            if refused.code != KErrAlreadyExists:
                raise
    if not made:
        raise Refused(KErrAlreadyExists)


def _rm_dir(request: FsRequest) -> None:
    check_writable(request.drive)
    path = request.name.directory
    if not path:
        raise Refused(KErrInUse)
    entry = request.drive.entry(path)
    if not entry.is_dir:
        raise Refused(KErrPathNotFound)
    if entry.is_read_only:
        raise Refused(KErrAccessDenied)
    request.drive.call(request.drive.mount.remove_dir, path)


# Delete.


def delete(session: "CFsSession", message: RMessage2) -> FsRequest:
    name = session.parse(message)
    if not name.name or is_wild_name(name):
        raise Refused(KErrBadName)
    check_write(message, name)
    drive = session.drive(name.drive)
    return FsRequest(message, _delete, drive, (name.check(),))


def _delete(request: FsRequest) -> None:
    drive, path = request.drive, request.name.path
    check_writable(drive)
    entry = drive.entry(path)
    if entry.is_dir:
        raise Refused(KErrAccessDenied)
    drive.check_closed(path)
    if entry.is_read_only:
        raise Refused(KErrAccessDenied)
    drive.call(drive.mount.delete, path)


# Rename and replace.


def rename(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _on_two(session, message, _rename)


def replace(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _on_two(session, message, _replace)


def _on_two(session: "CFsSession", message: RMessage2, execute: Execute) -> FsRequest:
    names = [session.parse(message, index) for index in (0, 1)]
    if any(not name.path or is_wild_name(name) for name in names):
        raise Refused(KErrBadName)
    for name in names:
        # As a directory: renaming `\sys` itself is a write in it.
        check_write(message, FileName(name.drive, name.path, ""))
    old, new = names
    if old.drive != new.drive:
        raise Refused(KErrArgument)
    drive = session.drive(old.drive)
    checked = (as_entry(old.check()), as_entry(new.check()))
    return FsRequest(message, execute, drive, checked)


def _rename(request: FsRequest) -> None:
    drive, (old, new) = request.drive, request.names
    check_writable(drive)
    entry = drive.entry(old.path)
    drive.check_closed(old.path)
    check_room(entry, new.path)
    if _is_below(new.path, old.path):
        raise Refused(KErrInUse)
    move(drive, entry, old.path, new.path)


def move(drive: Drive, entry: TEntry, old: Components, new: Components) -> None:
    """Rename; what is there already forbids it, unless it is *old* itself.

    Raises: Refused(KErrAlreadyExists), KErrAccessDenied if it is of another kind.
    """
    found = drive.try_entry(new, KErrNotFound)
    if found is not None and fold_path(new) != fold_path(old):
        same_kind = found.is_dir == entry.is_dir
        raise Refused(KErrAlreadyExists if same_kind else KErrAccessDenied)
    drive.call(drive.mount.rename, old, new, replace=False)


def check_room(entry: TEntry, new: Components) -> None:
    """Raises: Refused(KErrBadName) if a directory's name becomes too long."""
    if entry.is_dir and len(path_text(new[:-1], new[-1])) > KMaxDirectoryPath:
        raise Refused(KErrBadName)


def _is_below(path: Components, directory: Components) -> bool:
    return len(path) > len(directory) and fold_path(path)[
        : len(directory)
    ] == fold_path(directory)


def _replace(request: FsRequest) -> None:
    drive, (old, new) = request.drive, request.names
    check_writable(drive)
    is_same = fold_path(old.path) == fold_path(new.path)
    # The target first, as in the original.
    target = None if is_same else drive.try_entry(new.path, KErrNotFound)
    if target is not None:
        if target.is_dir or target.is_read_only:
            raise Refused(KErrAccessDenied)
        drive.check_closed(new.path)
    if drive.entry(old.path).is_dir:
        raise Refused(KErrAccessDenied)
    drive.check_closed(old.path)
    if not is_same:
        drive.call(drive.mount.rename, old.path, new.path, replace=True)


# Entries.


def entry(session: "CFsSession", message: RMessage2) -> FsRequest:
    name = _entry_name(session, message)
    check_read(message, name)
    return _on_entry(session, message, name, _entry)


def _entry(request: FsRequest) -> None:
    found = _found(request)
    request.message.write(1, found.pack())


def set_entry(session: "CFsSession", message: RMessage2) -> FsRequest:
    name = _entry_name(session, message)
    check_write(message, name)
    return _on_entry(session, message, name, _set_entry)


def _set_entry(request: FsRequest) -> None:
    drive, path = request.drive, as_entry(request.name).path
    check_writable(drive)
    if not _found(request).is_dir:
        drive.check_closed(path)
    change = unpacked(SET_ENTRY, request.message.read8(1))
    modified, set_mask, clear_mask = change
    drive.call(
        drive.mount.set_entry,
        path,
        modified or None,
        set_mask & KEntryAttSettable,
        clear_mask & KEntryAttSettable,
    )


def is_file_open(session: "CFsSession", message: RMessage2) -> FsRequest:
    name = _entry_name(session, message)
    check_read(message, name)
    return _on_entry(session, message, name, _is_file_open)


def _is_file_open(request: FsRequest) -> int:
    if _found(request).is_dir:
        raise Refused(KErrArgument)
    return int(request.drive.open_file(request.name.path) is not None)


def _entry_name(session: "CFsSession", message: RMessage2) -> FileName:
    name = session.parse(message)
    if not name.path or is_wild_name(name):
        raise Refused(KErrBadName)
    return name


def _on_entry(
    session: "CFsSession", message: RMessage2, name: FileName, execute: Execute
) -> FsRequest:
    drive = session.drive(name.drive)
    return FsRequest(message, execute, drive, (name.check(),))


def _found(request: FsRequest) -> TEntry:
    r"""The entry; a name that ends in `\` is only a directory's."""
    found = request.drive.entry(as_entry(request.name).path)
    if not request.name.name and not found.is_dir:
        raise Refused(KErrPathNotFound)
    return found


def as_entry(name: FileName) -> FileName:
    r"""`\A\B\` as the entry B of `\A`."""
    if name.name:
        return name
    return FileName(name.drive, name.directory[:-1], name.directory[-1])


def is_wild_name(name: FileName) -> bool:
    """Whether there is a wildcard anywhere."""
    return any(map(is_wild, name.path))
