"""RFile: an open file, as a client has it.

Original: RFile (f32file.h); fileserver specification 4 to 6.
"""

from typing import TYPE_CHECKING, ClassVar, Final, Self

from kernel.abi.current import panic
from kernel.abi.errors import KErrOverflow, Leave
from kernel.abi.limits import KMaxFullName, KMaxTInt
from servers.fileserver.client_base import RFsSubSession, entry_in
from servers.fileserver.entry import KDriveInfoSize, KMaxEntrySize, TDriveInfo, TEntry
from servers.fileserver.modes import (
    EFileBigFile,
    EFileShareExclusive,
    EFileShareReadersOnly,
    ESeekStart,
)
from servers.fileserver.protocol import (
    FSCLIENT,
    KCurrentPosition,
    TFsClientPanic,
    TFsMessage,
)
from servers.fileserver.wire import POSITION, READ, SET_ENTRY, STATUS
from userlib.symbian.buffers import TBuf, TBuf8, TDes8, TDes16
from userlib.symbian.descriptors import TDesC8
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.packages import TPckgBuf
from userlib.symbian.status import TRequestStatus
from userlib.symbian.user import User

if TYPE_CHECKING:
    from servers.fileserver.client import RFs

_KPiece: Final = 1 << 16  # bytes; what `contents` asks for at least


class RFile(RFsSubSession):
    """A handle to an open file, with a position of its own.

    Reading and writing go on where the last left off; the `…_at` forms say where. What
    lies past the end counts as the end: a read there gives nothing, a write appends.
    A file over 2 GB - 1 needs RFile64.

    Original: RFile (f32file.h).
    """

    close_function = TFsMessage.EFileClose
    implied_mode: ClassVar[int] = 0  # added to whatever mode a file is opened in

    __slots__ = ()

    # Opening.

    def open(self, fs: "RFs", name: str, mode: int = EFileShareReadersOnly) -> Self:
        """An existing file.

        Raises: KErrNotFound, KErrPathNotFound; KErrAccessDenied for a directory, or for
            writing what is read-only; KErrInUse; KErrArgument for a contradictory mode.
        Original: RFile::Open. The default mode is ours.
        """
        return self._open(fs, TFsMessage.EFileOpen, name, mode)

    def create(self, fs: "RFs", name: str, mode: int = EFileShareExclusive) -> Self:
        """A new file, also for writing.

        Raises: KErrAlreadyExists; KErrAccessDenied for a directory; else as open.
        Original: RFile::Create.
        """
        return self._open(fs, TFsMessage.EFileCreate, name, mode)

    def replace(self, fs: "RFs", name: str, mode: int = EFileShareExclusive) -> Self:
        """A new file, or an existing one made empty, also for writing.

        One that is open already, in modes that agree, keeps its contents.

        Raises: as open. Original: RFile::Replace.
        """
        return self._open(fs, TFsMessage.EFileReplace, name, mode)

    def _open(self, fs: "RFs", function: TFsMessage, name: str, mode: int) -> Self:
        args = TIpcArgs(name, mode | self.implied_mode)
        return self.create_sub_session(fs, function, args)

    def temp(self, fs: "RFs", path: str, mode: int = EFileShareExclusive) -> str:
        """A new file of an unused name in a directory. Returns: its full name.

        Raises: KErrBadName if *path* has a name part; else as create.
        Original: RFile::Temp.
        """
        name = TBuf(KMaxFullName)
        args = TIpcArgs(path, mode | self.implied_mode, name)
        self.create_sub_session(fs, TFsMessage.EFileTemp, args)
        return str(name)

    # Reading.

    def read(self, des: TDes8, length: int | None = None) -> int:
        """Fill *des* from the position on, with *length* bytes or as many as it holds.

        Returns: how many there were; 0 at the end, which is no error.
        Raises: KErrOverflow if *length* is more than *des* holds; KErrArgument if it is
            negative; KErrLocked.
        Original: RFile::Read(TDes8&, TInt).
        """
        return self._read(KCurrentPosition, des, length)

    def read_at(self, position: int, des: TDes8, length: int | None = None) -> int:
        """As read, from *position*; a negative one panics FSCLIENT 19.

        Original: RFile::Read(TInt, TDes8&, TInt).
        """
        return self._read(self._place(position), des, length)

    def _read(self, position: int, des: TDes8, length: int | None) -> int:
        wanted = des.max_length if length is None else length
        if wanted > des.max_length:
            raise Leave(KErrOverflow)
        self.send_receive(TFsMessage.EFileRead, TIpcArgs(des, wanted, position))
        return des.length

    def request_read(
        self,
        des: TDes8,
        status: TRequestStatus,
        length: int | None = None,
        position: int | None = None,
    ) -> None:
        """As read or read_at; all that can go wrong goes to *status*.

        In a file opened with EFileReadAsyncAll it waits until the file has all that is
        asked for.

        Original: RFile::Read with a TRequestStatus.
        """
        place = KCurrentPosition if position is None else _checked(position)
        wanted = des.max_length if length is None else length
        if wanted > des.max_length:
            User.request_complete(status, KErrOverflow)
            return
        where = READ.pack(place, id(status.client))
        args = TIpcArgs(des, wanted, where)
        self.request(TFsMessage.EFileReadLater, args, status)

    def read_cancel(self, status: TRequestStatus | None = None) -> None:
        """Complete a read that waits for bytes, or all, with KErrCancel.

        Original: RFile::ReadCancel.
        """
        which = 0 if status is None else id(status.client)
        self.ask(TFsMessage.EFileReadCancel, STATUS.pack(which))

    def contents(self) -> bytes:
        """All from the position to the end. Original: none; a convenience."""
        piece = TBuf8(max(self.size(), _KPiece))
        pieces = []
        while self.read(piece):
            pieces.append(bytes(piece))
        return b"".join(pieces)

    # Writing.

    def write(self, data: bytes | TDesC8, length: int | None = None) -> None:
        """Write all of *data*, or its first *length* bytes, at the position.

        More than there is panics FSCLIENT 27.

        Raises: KErrAccessDenied without Write mode; KErrArgument for a negative length;
            KErrDiskFull, KErrTooBig, KErrLocked.
        Original: RFile::Write(const TDesC8&, TInt).
        """
        args = self._write_args(KCurrentPosition, data, length)
        self.send_receive(TFsMessage.EFileWrite, args)

    def write_at(
        self, position: int, data: bytes | TDesC8, length: int | None = None
    ) -> None:
        """As write, at *position*; a negative one panics FSCLIENT 19.

        Original: RFile::Write(TInt, const TDesC8&, TInt).
        """
        args = self._write_args(self._place(position), data, length)
        self.send_receive(TFsMessage.EFileWrite, args)

    def request_write(
        self,
        data: bytes | TDesC8,
        status: TRequestStatus,
        length: int | None = None,
        position: int | None = None,
    ) -> None:
        """As write or write_at; the result goes to *status*.

        Original: RFile::Write with a TRequestStatus.
        """
        place = KCurrentPosition if position is None else self._place(position)
        args = self._write_args(place, data, length)
        self.request(TFsMessage.EFileWrite, args, status)

    def _write_args(
        self, position: int, data: bytes | TDesC8, length: int | None
    ) -> TIpcArgs:
        wanted = len(data) if length is None else length
        if wanted > len(data):
            panic(FSCLIENT, TFsClientPanic.EBadLength)
        return TIpcArgs(data, wanted, position)

    def _place(self, position: int) -> int:
        """The position argument for *position*."""
        if _checked(position) <= KMaxTInt:
            return position
        # An argument has 31 bits for it; a seek has room for more.
        self.seek(ESeekStart, position)
        return KCurrentPosition

    # Position and size.

    def seek(self, mode: int, offset: int = 0) -> int:
        """Move the position. Returns: where it is now.

        From the start it may go beyond the end; from elsewhere it stays inside.

        Raises: KErrArgument for a negative place from the start, KErrNotSupported for
            ESeekAddress.
        Original: RFile::Seek.
        """
        place = TPckgBuf("<q", offset)
        self.send_receive(TFsMessage.EFileSeek, TIpcArgs(mode, place))
        return int(place())

    def size(self) -> int:
        """Bytes. Raises: KErrTooBig if it does not fit. Original: RFile::Size."""
        found = TPckgBuf("<q", 0)
        self.send_receive(TFsMessage.EFileSize, TIpcArgs(found))
        return int(found())

    def set_size(self, size: int) -> None:
        """Cut the file, or append zeros; a negative size panics FSCLIENT 20.

        Raises: KErrAccessDenied without Write mode; KErrDiskFull, KErrLocked.
        Original: RFile::SetSize.
        """
        if size < 0:
            panic(FSCLIENT, TFsClientPanic.ESizeNegative)
        self.ask(TFsMessage.EFileSetSize, POSITION.pack(size))

    def flush(self) -> None:
        """Have what was written stored for good. Original: RFile::Flush."""
        self.ask(TFsMessage.EFileFlush)

    # Locks.

    def lock(self, position: int, length: int) -> None:
        """Keep others off a range of bytes; no length panics FSCLIENT 17.

        Raises: KErrLocked if any lock overlaps, one's own too; KErrArgument.
        Original: RFile::Lock.
        """
        if length <= 0:
            panic(FSCLIENT, TFsClientPanic.ELockLengthNotPositive)
        self.ask(TFsMessage.EFileLock, position, length)

    def unlock(self, position: int, length: int) -> None:
        """Give up exactly that lock; no length panics FSCLIENT 18.

        Raises: KErrNotFound if it is none of this handle's. Original: RFile::UnLock.
        """
        if length <= 0:
            panic(FSCLIENT, TFsClientPanic.EUnlockLengthNotPositive)
        self.ask(TFsMessage.EFileUnLock, position, length)

    # Name, attributes, mode.

    def entry(self) -> TEntry:
        """All of it at once. Original: none; Att and Modified ask the same."""
        found = TBuf8(KMaxEntrySize)
        self.ask(TFsMessage.EFileEntry, found)
        return entry_in(found)

    def att(self) -> int:
        """The attributes as they are now. Original: RFile::Att."""
        return self.entry().att

    def modified(self) -> int:
        """The time of change, microseconds since year 0. Original: RFile::Modified."""
        return self.entry().modified

    def set_att(self, set_mask: int, clear_mask: int = 0) -> None:
        """Set some attributes, clear others; a bit in both panics FSCLIENT 21.

        Raises: KErrAccessDenied without Write mode; KErrNotSupported where the drive
            has no place for an attribute. Original: RFile::SetAtt.
        """
        self._set(TFsMessage.EFileSetAtt, 0, set_mask, clear_mask)

    def set_modified(self, modified: int) -> None:
        """Raises: KErrAccessDenied without Write mode. Original: RFile::SetModified."""
        self._set(TFsMessage.EFileSetAtt, modified, 0, 0)

    def set(self, modified: int, set_mask: int, clear_mask: int) -> None:
        """Time and attributes at once, without Write mode even.

        Raises: KErrAccessDenied if the file is read-only. Original: RFile::Set.
        """
        self._set(TFsMessage.EFileSet, modified, set_mask, clear_mask)

    def _set(
        self, function: TFsMessage, modified: int, set_mask: int, clear_mask: int
    ) -> None:
        if set_mask & clear_mask:
            panic(FSCLIENT, TFsClientPanic.EAttributesIllegal)
        self.ask(function, SET_ENTRY.pack(modified, set_mask, clear_mask))

    def full_name(self, des: TDes16 | None = None) -> str:
        """The name with drive and path; into *des* too, if there is one.

        Too short a descriptor panics FSCLIENT -9. Original: RFile::FullName.
        """
        name = TBuf(KMaxFullName) if des is None else des
        self.send_receive(TFsMessage.EFileFullName, TIpcArgs(name))
        return str(name)

    def name(self) -> str:
        """The name alone. Original: RFile::Name."""
        return self.full_name().rpartition("\\")[2]

    def rename(self, name: str) -> None:
        """Give the file another name on its drive.

        Raises: KErrAccessDenied unless it is open Exclusive and for writing;
            KErrBadName, KErrPathNotFound, KErrAlreadyExists.
        Original: RFile::Rename.
        """
        self.ask(TFsMessage.EFileRename, name)

    def drive(self) -> tuple[int, TDriveInfo]:
        """The drive's number and what it is. Original: RFile::Drive."""
        info = TBuf8(KDriveInfoSize)
        number = self.ask(TFsMessage.EFileDrive, info)
        return number, TDriveInfo.unpack(bytes(info))

    def change_mode(self, mode: int) -> None:
        """Between Exclusive and ReadersOnly.

        Raises: KErrArgument for another mode, KErrAccessDenied where it must not.
        Original: RFile::ChangeMode.
        """
        self.ask(TFsMessage.EFileChangeMode, mode)


def _checked(position: int) -> int:
    if position < 0:
        panic(FSCLIENT, TFsClientPanic.EPosNegative)
    return position


class RFile64(RFile):
    """An RFile for files of any size. Original: RFile64."""

    implied_mode: ClassVar[int] = EFileBigFile

    __slots__ = ()
