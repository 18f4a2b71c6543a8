"""Host file descriptors, and an open file of a host directory."""

import os
import select
import stat
import sys
from collections.abc import Callable
from typing import Final, Protocol, Self

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrDiskFull,
    KErrInUse,
    KErrNotSupported,
)
from servers.fileserver.entry import KUnixEpochUs, TEntry
from servers.fileserver.failure import Refused
from servers.fileserver.host_errors import host_errors
from servers.fileserver.modes import (
    KEntryAttArchive,
    KEntryAttDir,
    KEntryAttReadOnly,
    KEntryAttSettable,
)

_WRITE_BITS: Final = 0o222

Reopen = Callable[[], "HostFd"]


class HostFd:
    """Owns a host file descriptor.

    It is closed with the object at the latest: a server that is killed says no last
    word. No bytecode runs for that, for a ring that came just then would leave the
    descriptor open: the owner is a poll object of the host's, which closes whatever
    descriptor it was made of, once, without a word, and never polls.
    """

    __slots__ = ("_owner", "number")

    def __init__(self, number: int) -> None:
        self.number: Final = number
        self._owner: Final = poll_object(number)

    def close(self) -> None:
        self._owner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class MOwner(Protocol):
    """What a descriptor is closed by, at the latest when it goes."""

    def close(self) -> None:
        """Now; nothing happens a second time."""


def poll_object(number: int) -> MOwner:
    """What the host has that owns a descriptor of any kind."""
    if sys.platform == "linux":
        return select.epoll.fromfd(number)
    return select.kqueue.fromfd(number)


def host_entry(name: str, status: os.stat_result) -> TEntry:
    """The entry of a host file or directory."""
    is_dir = stat.S_ISDIR(status.st_mode)
    att = KEntryAttDir if is_dir else KEntryAttArchive
    if not status.st_mode & _WRITE_BITS:
        att |= KEntryAttReadOnly
    modified = status.st_mtime_ns // 1000 + KUnixEpochUs
    return TEntry(att, 0 if is_dir else status.st_size, modified, name)


def set_host_entry(
    fd: int, modified: int | None, set_mask: int, clear_mask: int
) -> None:
    """Change time and the read-only attribute of an open host file or directory.

    Raises: Refused(KErrNotSupported) for a change that a host has no place for.
    """
    status = os.fstat(fd)
    old = host_entry("", status).att
    new = (old | set_mask) & ~clear_mask
    if (old ^ new) & KEntryAttSettable & ~KEntryAttReadOnly:
        raise Refused(KErrNotSupported)
    mode = stat.S_IMODE(status.st_mode)
    if (old ^ new) & KEntryAttReadOnly:
        os.fchmod(fd, mode & ~_WRITE_BITS if new & KEntryAttReadOnly else mode | 0o200)
    if modified is not None:
        host_ns = (modified - KUnixEpochUs) * 1000
        os.utime(fd, ns=(status.st_atime_ns, host_ns))


class HostFile:
    """An ordinary host file. Promises what `MFile` does.

    Every read and write names its own place, so no position is shared.
    """

    def __init__(self, name: str, fd: HostFd, reopen: Reopen | None) -> None:
        self._name: Final = name
        self._fd = fd
        self._reopen = reopen  # how to get it for writing too; None: it is
        self._dirty = False

    def entry(self) -> TEntry:
        with host_errors():
            return host_entry(self._name, os.fstat(self._fd.number))

    def size(self) -> int:
        with host_errors():
            return os.fstat(self._fd.number).st_size

    def read(self, position: int, length: int) -> bytes:
        with host_errors():
            # The host sets aside what is asked for, before it looks at what there is.
            there = os.fstat(self._fd.number).st_size - position
            length = min(length, max(there, 0))
            data = os.pread(self._fd.number, length, position) if length else b""
            if len(data) == length or not data:
                return data
            return data + self._rest(position + len(data), length - len(data))

    def _rest(self, position: int, length: int) -> bytes:
        # A host may give less than it has; only nothing means the end.
        pieces = []
        while length and (piece := os.pread(self._fd.number, length, position)):
            pieces.append(piece)
            position += len(piece)
            length -= len(piece)
        return b"".join(pieces)

    def write(self, position: int, data: bytes, now_us: int) -> None:
        with host_errors():
            old_size = os.fstat(self._fd.number).st_size
            self._dirty = True
            try:
                self._write_all(position, memoryview(data))
            except OSError:
                # What the host did not take whole must not show as a longer file.
                os.ftruncate(self._fd.number, old_size)
                raise

    def _write_all(self, position: int, rest: memoryview) -> None:
        while rest:
            written = os.pwrite(self._fd.number, rest, position)
            position += written
            rest = rest[written:]

    def set_size(self, size: int, now_us: int) -> None:
        with host_errors():
            # Hosts give room to a longer file only when it is written to.
            room = os.fstatvfs(self._fd.number)
            growth = size - os.fstat(self._fd.number).st_size
            if growth > room.f_bavail * room.f_frsize:
                raise Refused(KErrDiskFull)
            self._dirty = True
            os.ftruncate(self._fd.number, size)

    def set_entry(self, modified: int | None, set_mask: int, clear_mask: int) -> None:
        with host_errors():
            set_host_entry(self._fd.number, modified, set_mask, clear_mask)

    def flush(self) -> None:
        if self._dirty:
            with host_errors():
                os.fsync(self._fd.number)
            self._dirty = False

    def ensure_writable(self) -> None:
        if self._reopen is None:
            return
        with host_errors():
            writable = self._reopen()
            if not os.path.sameopenfile(writable.number, self._fd.number):
                # Somebody on the host put another file in its place.
                writable.close()
                raise Refused(KErrInUse)
            self._fd.close()
        self._fd, self._reopen = writable, None

    def close(self) -> None:
        with host_errors():
            self._fd.close()


def open_ordinary(name: str, directory_fd: int, flags: int) -> HostFd:
    """Open an ordinary file in a directory, and nothing else, wherever links lead.

    Raises: Refused(KErrAccessDenied) if it is a link, a device or a directory.
    """
    # Without O_NONBLOCK a FIFO put there this moment would hold the drive for ever.
    safe = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    fd = HostFd(os.open(name, flags | safe, 0o666, dir_fd=directory_fd))
    if not stat.S_ISREG(os.fstat(fd.number).st_mode):
        fd.close()
        raise Refused(KErrAccessDenied)
    return fd
