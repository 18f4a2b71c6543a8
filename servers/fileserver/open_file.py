"""Open files: what all openers of a file share, and what each has of its own.

An `Fcb` exists while a file of a mount is open; a `Share` stands behind one RFile. Both
belong to the drive's thread, and make no kernel call.

Original: CFileCB, CFileShare; fileserver specification 4, 5 and 6.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrArgument,
    KErrInUse,
    KErrLocked,
    KErrNotFound,
)
from servers.fileserver.failure import Refused
from servers.fileserver.modes import (
    EDeleteOnClose,
    EFileBigFile,
    EFileReadAheadOff,
    EFileReadAheadOn,
    EFileReadAsyncAll,
    EFileReadBuffered,
    EFileReadDirectIO,
    EFileShareAny,
    EFileShareExclusive,
    EFileShareReadersOnly,
    EFileShareReadersOrWriters,
    EFileWrite,
    EFileWriteBuffered,
    EFileWriteDirectIO,
    KShareMask,
)
from servers.fileserver.mount import MFile
from servers.fileserver.names import FileName
from userlib.symbian.heap import HeapCell

if TYPE_CHECKING:
    from servers.fileserver.waiting_read import WaitingRead

KMaxSmallFile: Final = 0x7FFFFFFF  # bytes; what a handle without BigFile reaches
KMaxBigFile: Final = 0x7FFFFFFFFFFFFFFF

_CONTRADICTIONS: Final = (
    EFileReadBuffered | EFileReadDirectIO,
    EFileWriteBuffered | EFileWriteDirectIO,
    EFileReadAheadOn | EFileReadAheadOff,
    EFileReadDirectIO | EFileReadAheadOn,
)


def check_mode(mode: int, *, writable: bool, creating: bool) -> None:
    """Refuse what no file could be opened with, in the original's order."""
    if mode & EFileWrite and not writable:
        raise Refused(KErrAccessDenied)
    share = mode & KShareMask
    if share == EFileShareReadersOnly and mode & EFileWrite:
        raise Refused(KErrArgument)
    if mode & EFileReadAsyncAll and share in (
        EFileShareExclusive,
        EFileShareReadersOnly,
    ):
        raise Refused(KErrArgument)
    if any(mode & pair == pair for pair in _CONTRADICTIONS):
        raise Refused(KErrArgument)
    if mode & EDeleteOnClose and not creating:
        raise Refused(KErrArgument)


def joint_mode(current: int, *, has_writer: bool, mode: int) -> int:
    """The common share mode after one more opener.

    Raises: Refused(KErrInUse), KErrArgument for an unknown share mode.
    """
    new, write = mode & KShareMask, bool(mode & EFileWrite)
    if current == EFileShareReadersOnly and write:
        raise Refused(KErrInUse)
    if new > EFileShareReadersOrWriters:
        raise Refused(KErrArgument)
    if new == EFileShareReadersOrWriters:
        allowed = current != EFileShareExclusive
    elif current == EFileShareReadersOrWriters:
        allowed = new == EFileShareAny or (
            new == EFileShareReadersOnly and not has_writer
        )
    else:
        allowed = new == current != EFileShareExclusive
    if not allowed:
        raise Refused(KErrInUse)
    return current if new == EFileShareReadersOrWriters else new


@dataclass(frozen=True, slots=True, eq=False)
class Lock:
    """Bytes *start* to *end* - 1, locked by *owner*."""

    start: int
    end: int
    owner: "Share"
    memory: HeapCell

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


class Share:
    """One open of a file: mode and position."""

    __slots__ = ("_memory", "fcb", "mode", "position")

    def __init__(self, fcb: "Fcb", mode: int) -> None:
        self._memory: Final = HeapCell("share")
        self.fcb: Final = fcb
        self.mode = mode
        self.position = 0

    @property
    def share_mode(self) -> int:
        return self.mode & KShareMask

    @property
    def may_write(self) -> bool:
        return bool(self.mode & EFileWrite)

    @property
    def max_size(self) -> int:
        return KMaxBigFile if self.mode & EFileBigFile else KMaxSmallFile

    def check_writable(self) -> None:
        if not self.may_write:
            raise Refused(KErrAccessDenied)

    def free(self) -> None:
        """Give its memory back."""
        self._memory.free()


class Fcb:
    """An open file of a mount: its data, and who has it open how."""

    def __init__(self, name: FileName, file: MFile) -> None:
        self._memory: Final = HeapCell("open file")
        self.file: Final = file
        self.name = name
        self.delete_on_close = False

        self.common_share: int = EFileShareReadersOrWriters
        self.shares: list[Share] = []
        self.locks: list[Lock] = []
        self.waiting: list[WaitingRead] = []

    @property
    def has_writer(self) -> bool:
        return any(share.may_write for share in self.shares)

    def check_joining(self, mode: int) -> int:
        """The common mode after another open. Raises: as `joint_mode`."""
        if not self.shares:
            return mode & KShareMask
        return joint_mode(self.common_share, has_writer=self.has_writer, mode=mode)

    def join(self, mode: int) -> Share:
        """One open more. Raises: as check_joining; KErrNoMemory."""
        common, share = self.check_joining(mode), Share(self, mode)
        self.common_share = common
        self.shares.append(share)
        return share

    def leave(self, share: Share) -> bool:
        """One open less, with its locks. Returns: whether it was the last."""
        self.shares.remove(share)
        share.free()
        for lock in [lock for lock in self.locks if lock.owner is share]:
            self._remove(lock)
        if all(other.share_mode == EFileShareReadersOrWriters for other in self.shares):
            self.common_share = EFileShareReadersOrWriters
        if not self.shares:
            self.free()
        return not self.shares

    def free(self) -> None:
        """Give its memory back."""
        self._memory.free()

    def _remove(self, lock: Lock) -> None:
        self.locks.remove(lock)
        lock.memory.free()

    def change_mode(self, share: Share, new: int) -> None:
        """Between Exclusive and ReadersOnly.

        Raises: Refused(KErrArgument), KErrAccessDenied.
        """
        if new not in (EFileShareExclusive, EFileShareReadersOnly):
            raise Refused(KErrArgument)
        if share.share_mode in (EFileShareAny, EFileShareReadersOrWriters):
            raise Refused(KErrAccessDenied)
        if share.may_write and new == EFileShareReadersOnly:
            raise Refused(KErrAccessDenied)
        if new == EFileShareExclusive and len(self.shares) > 1:
            raise Refused(KErrAccessDenied)
        share.mode = share.mode & ~KShareMask | new
        self.common_share = new

    def lock(self, share: Share, position: int, length: int) -> None:
        """Raises: Refused(KErrLocked) if any lock overlaps, this share's own too."""
        if position + length > share.max_size + 1:
            raise Refused(KErrArgument)
        if any(lock.overlaps(position, position + length) for lock in self.locks):
            raise Refused(KErrLocked)
        memory = HeapCell("lock")
        self.locks.append(Lock(position, position + length, share, memory))

    def unlock(self, share: Share, position: int, length: int) -> None:
        """Raises: Refused(KErrNotFound) unless owner and range are a lock's own."""
        wanted = (position, position + length, share)
        for lock in self.locks:
            if (lock.start, lock.end, lock.owner) == wanted:
                self._remove(lock)
                return
        raise Refused(KErrNotFound)

    def check_unlocked(self, share: Share, start: int, end: int) -> None:
        """Raises: Refused(KErrLocked) if another share locked any of these bytes."""
        for lock in self.locks:
            if lock.owner is not share and lock.overlaps(start, end):
                raise Refused(KErrLocked)

    def check(self) -> None:
        """Assert what always holds."""
        assert self.shares
        assert all(share.fcb is self for share in self.shares)
        assert all(lock.owner in self.shares for lock in self.locks)
        assert all(read.share in self.shares for read in self.waiting)
        exclusive = self.common_share == EFileShareExclusive
        assert not exclusive or len(self.shares) == 1
        assert not (self.common_share == EFileShareReadersOnly and self.has_writer)
