"""A drive on a host directory, out of which no name leads.

Every way begins at the directory's own descriptor and goes down one component at a
time, each opened with O_NOFOLLOW under a name that the directory itself listed. So
`..`, absolute paths and symbolic links have no way to be followed, not even ones that
appear between two steps.
"""

import errno
import os
import stat
from functools import partial
from pathlib import Path
from typing import Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrNotFound,
    KErrPathNotFound,
)
from servers.fileserver.entry import TDriveInfo, TEntry
from servers.fileserver.failure import Refused
from servers.fileserver.host_errors import host_errors
from servers.fileserver.host_file import (
    HostFd,
    HostFile,
    host_entry,
    open_ordinary,
    set_host_entry,
)
from servers.fileserver.host_index import HostIndex
from servers.fileserver.modes import (
    KDriveAttInternal,
    KDriveAttLocal,
    KDriveAttRom,
    KMediaAttWriteProtected,
    TMediaType,
)
from servers.fileserver.mount import Space
from servers.fileserver.names import (
    Components,
    KMaxVolumePath,
    is_legal_component,
    path_text,
)

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class HostMount:
    """A host directory. Promises what `MMount` does."""

    def __init__(self, root: Path, *, read_only: bool, rom: bool = False) -> None:
        self.writable = not read_only
        self._rom: Final = rom
        self._index: Final = HostIndex()
        with host_errors():
            # The one name that is followed: where the drive is, its owner decides.
            self._root: Final = HostFd(
                os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            )

    def drive_info(self) -> TDriveInfo:
        protection = 0 if self.writable else KMediaAttWriteProtected
        if self._rom:
            attributes = KDriveAttRom | KDriveAttInternal
            return TDriveInfo(TMediaType.EMediaRom, attributes, protection)
        attributes = KDriveAttLocal | KDriveAttInternal
        return TDriveInfo(TMediaType.EMediaHardDisk, attributes, protection)

    def space(self) -> Space:
        with host_errors():
            room = os.fstatvfs(self._root.number)
        return Space(room.f_blocks * room.f_frsize, room.f_bavail * room.f_frsize)

    def entry(self, path: Components) -> TEntry:
        with host_errors(), self._directory(path[:-1]) as directory:
            return self._entry(directory, self._stored(directory, path[-1]))

    def entries(self, directory: Components) -> list[TEntry]:
        room = KMaxVolumePath - len(path_text(directory))
        with host_errors(), self._directory(directory) as found:
            names = self._index.names(found.number)
            entries = []
            for _, name in sorted(names.items()):
                if len(name) <= room and (entry := self._present(found, name)):
                    entries.append(entry)
            return entries

    def open(self, path: Components, *, write: bool) -> HostFile:
        with host_errors(), self._directory(path[:-1]) as directory:
            name = self._stored(directory, path[-1])
            flags = os.O_RDWR if write else os.O_RDONLY
            fd = open_ordinary(name, directory.number, flags)
        return HostFile(name, fd, None if write else partial(self._again, path))

    def create(self, path: Components, now_us: int) -> HostFile:
        with host_errors(), self._directory(path[:-1]) as directory:
            name = self._new_name(directory, path[-1], of_dir=False)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
            try:
                fd = open_ordinary(name, directory.number, flags)
            except FileExistsError:
                self._obstacle(directory, path[-1])
                raise
            self._index.forget(directory.number)
        return HostFile(name, fd, None)

    def make_dir(self, path: Components, now_us: int) -> None:
        with host_errors(), self._directory(path[:-1]) as directory:
            name = self._new_name(directory, path[-1], of_dir=True)
            try:
                os.mkdir(name, dir_fd=directory.number)
            except FileExistsError:
                self._obstacle(directory, path[-1])
                raise
            self._index.forget(directory.number)

    def remove_dir(self, path: Components) -> None:
        with host_errors(), self._directory(path[:-1]) as directory:
            name = self._stored(directory, path[-1])
            os.rmdir(name, dir_fd=directory.number)
            self._index.forget(directory.number)

    def delete(self, path: Components) -> None:
        with host_errors(), self._directory(path[:-1]) as directory:
            name = self._stored(directory, path[-1])
            os.unlink(name, dir_fd=directory.number)
            self._index.forget(directory.number)

    def rename(self, old: Components, new: Components, *, replace: bool) -> None:
        with (
            host_errors(),
            self._directory(old[:-1]) as source,
            self._directory(new[:-1]) as target,
        ):
            name = self._stored(source, old[-1])
            if replace:
                self._move_over(source, name, target, new[-1])
            else:
                self._move(source, name, target, new[-1])
            self._index.forget(source.number)
            self._index.forget(target.number)

    def set_entry(
        self, path: Components, modified: int | None, set_mask: int, clear_mask: int
    ) -> None:
        with host_errors(), self._directory(path[:-1]) as directory:
            name = self._stored(directory, path[-1])
            if self._entry(directory, name).is_dir:
                fd = HostFd(os.open(name, _DIRECTORY, dir_fd=directory.number))
            else:
                fd = open_ordinary(name, directory.number, os.O_RDONLY)
            with fd:
                set_host_entry(fd.number, modified, set_mask, clear_mask)

    def _directory(self, path: Components) -> HostFd:
        found = HostFd(os.dup(self._root.number))
        for component in path:
            with found:
                found = self._below(found, component)
        return found

    def _below(self, directory: HostFd, component: str) -> HostFd:
        name = self._index.find(directory.number, component)
        if name is None:
            raise Refused(KErrPathNotFound)
        try:
            return HostFd(os.open(name, _DIRECTORY, dir_fd=directory.number))
        except OSError as error:
            # A file, or a link that has just taken a directory's place.
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise Refused(KErrPathNotFound) from error
            raise

    def _stored(self, directory: HostFd, component: str) -> str:
        name = self._index.find(directory.number, component)
        if name is None:
            raise Refused(KErrNotFound)
        return name

    def _entry(self, directory: HostFd, name: str) -> TEntry:
        entry = self._present(directory, name)
        if entry is None:
            raise Refused(KErrNotFound)
        return entry

    def _present(self, directory: HostFd, name: str) -> TEntry | None:
        """The entry of *name*, None if it went, or became what is not offered."""
        status = _status(directory, name)
        if status is None or not _is_offered(status):
            return None
        return host_entry(name, status)

    def _new_name(self, directory: HostFd, component: str, *, of_dir: bool) -> str:
        # The emulated name goes to the host as it is: it must be one component.
        assert is_legal_component(component)
        stored = self._index.find(directory.number, component)
        if stored is None:
            return component
        same_kind = self._entry(directory, stored).is_dir == of_dir
        raise Refused(KErrAlreadyExists if same_kind else KErrAccessDenied)

    def _obstacle(self, directory: HostFd, component: str) -> None:
        """The host has what the index has not: something that is not offered."""
        self._index.forget(directory.number)
        if self._index.find(directory.number, component) is None:
            raise Refused(KErrAccessDenied)

    def _again(self, path: Components) -> HostFd:
        with self._directory(path[:-1]) as directory:
            name = self._stored(directory, path[-1])
            return open_ordinary(name, directory.number, os.O_RDWR)

    def _move(self, source: HostFd, name: str, target: HostFd, new: str) -> None:
        assert is_legal_component(new)
        there, moved = _status(target, new), _status(source, name)
        # A host's rename replaces without asking. Only the same file may be there:
        # a host to whom case does not count says so when case is all that changes.
        if there is not None and (moved is None or not os.path.samestat(there, moved)):
            raise Refused(KErrAccessDenied)
        os.rename(name, new, src_dir_fd=source.number, dst_dir_fd=target.number)

    def _move_over(self, source: HostFd, name: str, target: HostFd, new: str) -> None:
        """Replace what `new` stands for in any case, then give it the new case."""
        stored = self._index.find(target.number, new)
        if stored is None:
            self._move(source, name, target, new)
            return
        os.rename(name, stored, src_dir_fd=source.number, dst_dir_fd=target.number)
        if stored != new and _status(target, new) is None:
            self._move(target, stored, target, new)


def _status(directory: HostFd, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=directory.number, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _is_offered(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
