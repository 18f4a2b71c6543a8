"""What clients import: RFs, RFile, RFile64, RDir, and the values that go with them.

Original: RFs (f32file.h); fileserver specification.
"""

from collections.abc import Iterator
from typing import Self

from kernel.abi.current import panic
from kernel.abi.limits import KMaxFullName
from servers.fileserver.client_base import entry_in
from servers.fileserver.client_dir import RDir
from servers.fileserver.client_file import RFile, RFile64
from servers.fileserver.client_format import RFormat
from servers.fileserver.entry import (
    KDriveInfoSize,
    KMaxEntrySize,
    KVolumeInfoSize,
    TDriveInfo,
    TEntry,
    TVolumeInfo,
)
from servers.fileserver.modes import (
    ESortNone,
    KDefaultDrive,
    KEntryAttDir,
    KEntryAttMatchExclude,
    KEntryAttMatchMask,
    KEntryAttNormal,
    KMaxDrives,
)
from servers.fileserver.names import (
    KMaxDriveName,
    KMaxShortName,
    bad_character,
    is_valid_name,
)
from servers.fileserver.parse import TParse
from servers.fileserver.protocol import (
    FSCLIENT,
    KF32Version,
    KFileServerName,
    TFsClientPanic,
    TFsMessage,
)
from servers.fileserver.sorting import sorted_entries
from servers.fileserver.wire import SET_ENTRY
from userlib.symbian.buffers import TBuf, TBuf8, TDes8, TDes16
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.packages import TPckgBuf
from userlib.symbian.server_heap import ServerHeap
from userlib.symbian.session import RSessionBase
from userlib.symbian.version import TVersion

__all__ = [
    "RDir",
    "RFile",
    "RFile64",
    "RFormat",
    "RFs",
    "TDriveInfo",
    "TEntry",
    "TParse",
    "TVolumeInfo",
]


class RFs(RSessionBase):
    r"""A session with the file server, and its path.

    A name may lack drive and path; they come from the session path. `\name` takes only
    the drive from it. There are no relative paths.

    Raises: any call with a name KErrBadName, KErrPermissionDenied (data caging),
        KErrNotReady (no such drive), KErrPathNotFound, KErrNotFound; what changes
        something KErrAccessDenied on a read-only drive.
    Original: RFs (f32file.h).
    """

    __slots__ = ()

    def connect(self, slots: int = -1) -> Self:
        """Connect; as many asynchronous requests at once as *slots*, -1: any number.

        Original: RFs::Connect.
        """
        version = TVersion(*KF32Version)
        return self.create_session(KFileServerName, version, slots)

    # The session.

    def session_path(self, des: TDes16 | None = None) -> str:
        """The session path, into *des* too if there is one.

        Too short a descriptor panics FSCLIENT -9. Original: RFs::SessionPath.
        """
        return self._text(TFsMessage.ESessionPath, des)

    def set_session_path(self, path: str) -> None:
        r"""Ends in `\`; need not exist. Original: RFs::SetSessionPath."""
        self._ask(TFsMessage.ESetSessionPath, path)

    def private_path(self) -> str:
        """The caller's private directory, without a drive.

        Original: RFs::PrivatePath.
        """
        return self._text(TFsMessage.EPrivatePath, None)

    def create_private_path(self, drive: int) -> None:
        """Make it, if it is not there. Original: RFs::CreatePrivatePath."""
        self._ask(TFsMessage.ECreatePrivatePath, 0, drive)

    def set_session_to_private(self, drive: int) -> None:
        """Make `private_path` on *drive*, a number from 0, the session path.

        Original: RFs::SetSessionToPrivate.
        """
        self._ask(TFsMessage.ESetSessionToPrivate, 0, drive)

    def set_error_condition(self, code: int, after: int = 0) -> None:
        """Let every request fail with *code*, anybody's, after so many more; for tests.

        KErrNone ends it. Closing and cancelling always work.
        Original: RFs::SetErrorCondition.
        """
        self._ask(TFsMessage.ESetErrorCondition, code, after)

    def set_alloc_failure(self, nth: int) -> None:
        """Let the server's *nth* allocation from now fail, 0: none; for tests.

        `fail_each_allocation` does it for one after the other.
        Original: RFs::SetAllocFailure.
        """
        heap = ServerHeap(self)
        if nth > 0:
            heap.fail_next(nth)
        else:
            heap.reset()

    def resource_count(self) -> int:
        """Open sub-sessions. Original: RFs::ResourceCount."""
        count = TPckgBuf(0)
        self._ask(TFsMessage.EResourceCount, count)
        return int(count())

    # Names.

    @staticmethod
    def is_valid_name(name: str) -> bool:
        """Whether it could name a file. Original: RFs::IsValidName."""
        return is_valid_name(name)

    @staticmethod
    def bad_character(name: str) -> str:
        """The character for which it could not, a space for another reason, else NUL.

        Original: RFs::IsValidName(const TDesC&, TText&).
        """
        found = bad_character(name)
        return "\0" if found is None else found

    def parse(self, name: str, related: str = "") -> TParse:
        """Complete a name from another and the session path. Original: RFs::Parse."""
        return TParse(name, related, self.session_path())

    # Files and directories.

    def mk_dir(self, path: str) -> None:
        r"""Make a directory; what follows the last `\` is ignored.

        Raises: KErrAlreadyExists; KErrAccessDenied for a file. Original: RFs::MkDir.
        """
        self._ask(TFsMessage.EMkDir, path)

    def mk_dir_all(self, path: str) -> None:
        """As mk_dir, with all that is missing on the way. Original: RFs::MkDirAll."""
        self._ask(TFsMessage.EMkDirAll, path)

    def rm_dir(self, path: str) -> None:
        """Remove an empty directory. Raises: KErrInUse. Original: RFs::RmDir."""
        self._ask(TFsMessage.ERmDir, path)

    def delete(self, name: str) -> None:
        """Remove a file.

        Raises: KErrInUse if it is open; KErrAccessDenied if it is read-only, or a
            directory. Original: RFs::Delete.
        """
        self._ask(TFsMessage.EDelete, name)

    def rename(self, old: str, new: str) -> None:
        """Rename or move a file or directory on its drive.

        Raises: KErrAlreadyExists, KErrAccessDenied if something else has the name;
            KErrInUse if it, or something in it, is open. Original: RFs::Rename.
        """
        self._ask(TFsMessage.ERename, old, new)

    def replace(self, old: str, new: str) -> None:
        """Rename a file, over another if need be. Original: RFs::Replace."""
        self._ask(TFsMessage.EReplace, old, new)

    def entry(self, name: str) -> TEntry:
        """What there is to know of a file or directory. Original: RFs::Entry."""
        found = TBuf8(KMaxEntrySize)
        self._ask(TFsMessage.EEntry, name, found)
        return entry_in(found)

    def att(self, name: str) -> int:
        """Its attributes. Original: RFs::Att."""
        return self.entry(name).att

    def modified(self, name: str) -> int:
        """Its time, microseconds since year 0. Original: RFs::Modified."""
        return self.entry(name).modified

    def set_entry(
        self, name: str, modified: int, set_mask: int, clear_mask: int
    ) -> None:
        """Change time (0: keep) and attributes; a bit in both panics FSCLIENT 21.

        Raises: KErrInUse if it is open. Original: RFs::SetEntry.
        """
        if set_mask & clear_mask:
            panic(FSCLIENT, TFsClientPanic.EAttributesIllegal)
        change = SET_ENTRY.pack(modified, set_mask, clear_mask)
        self._ask(TFsMessage.ESetEntry, name, change)

    def set_att(self, name: str, set_mask: int, clear_mask: int) -> None:
        """As set_entry. Original: RFs::SetAtt."""
        self.set_entry(name, 0, set_mask, clear_mask)

    def set_modified(self, name: str, modified: int) -> None:
        """As set_entry. Original: RFs::SetModified."""
        self.set_entry(name, modified, 0, 0)

    def is_file_open(self, name: str) -> bool:
        """Whether anybody has it open. Original: RFs::IsFileOpen."""
        return bool(self._ask(TFsMessage.EIsFileOpen, name))

    def read_file_section(
        self, name: str, position: int, des: TDes8, length: int
    ) -> None:
        """Bytes of a file, without opening it; a negative place panics FSCLIENT 19.

        Original: RFs::ReadFileSection.
        """
        if position < 0:
            panic(FSCLIENT, TFsClientPanic.EPosNegative)
        self._ask(TFsMessage.EReadFileSection, des, name, position, length)

    # Directories.

    def get_dir(
        self, name: str, mask: int = KEntryAttNormal, sort_key: int = ESortNone
    ) -> list[TEntry]:
        """The entries that match a pattern and mask, sorted. Original: RFs::GetDir."""
        with RDir().open(self, name, mask) as directory:
            return sorted_entries(directory, sort_key)

    def get_dir_split(
        self, name: str, mask: int = KEntryAttNormal, sort_key: int = ESortNone
    ) -> tuple[list[TEntry], list[TEntry]]:
        """As get_dir, and all the directories once more, in a list of their own.

        Original: RFs::GetDir with two lists.
        """
        excludes = bool(mask & KEntryAttMatchExclude)
        with_all = mask & ~KEntryAttDir if excludes else mask | KEntryAttDir
        every = self.get_dir(name, with_all, sort_key)
        directories = [entry for entry in every if entry.is_dir]
        if with_all == mask:
            return every, directories
        return [entry for entry in every if not entry.is_dir], directories

    def entries(self, path: str, mask: int = KEntryAttMatchMask) -> Iterator[TEntry]:
        """All in a directory, hidden ones too. Original: none; a convenience."""
        with RDir().open(self, path, mask) as directory:
            yield from list(directory)

    # Drives.

    def drive_list(self, mask: int = -1) -> bytes:
        """The low eight attributes of each drive, A to Z; 0: not there.

        Without a *mask* all that are not remote or hidden.

        Raises: KErrArgument for flags that do not go together.
        Original: RFs::DriveList.
        """
        listed = TBuf8(KMaxDrives)
        self._ask(TFsMessage.EDriveList, listed, mask)
        return bytes(listed)

    def drive(self, drive: int = KDefaultDrive) -> TDriveInfo:
        """What a drive is, with media or without. Original: RFs::Drive."""
        info = TBuf8(KDriveInfoSize)
        self._ask(TFsMessage.EDrive, info, drive)
        return TDriveInfo.unpack(bytes(info))

    def volume(self, drive: int = KDefaultDrive) -> TVolumeInfo:
        """Its size, free space, label. Raises: KErrNotReady. Original: RFs::Volume."""
        info = TBuf8(KVolumeInfoSize)
        self._ask(TFsMessage.EVolume, info, drive)
        return TVolumeInfo.unpack(bytes(info))

    def set_volume_label(self, label: str, drive: int = KDefaultDrive) -> None:
        """Name the volume; an empty *label* takes its name away.

        Raises: KErrPermissionDenied without DiskAdmin; KErrBadName for more than 11
            characters, or illegal ones. Original: RFs::SetVolumeLabel.
        """
        self._ask(TFsMessage.ESetVolumeLabel, label, drive)

    def drive_name(self, drive: int = KDefaultDrive) -> str:
        """What the drive is called for people. Original: RFs::GetDriveName."""
        name = TBuf(KMaxDriveName)
        self.send_receive(TFsMessage.EDriveName, TIpcArgs(name, drive))
        return str(name)

    def set_drive_name(self, name: str, drive: int = KDefaultDrive) -> None:
        """Raises: KErrPermissionDenied without DiskAdmin; KErrBadName.

        Original: RFs::SetDriveName.
        """
        self._ask(TFsMessage.ESetDriveName, name, drive)

    def check_disk(self, drive: int = KDefaultDrive) -> None:
        """Look at every directory of a volume; a sound one gives KErrNone.

        Raises: KErrPermissionDenied without DiskAdmin; KErrCorrupt.
        Original: RFs::CheckDisk.
        """
        self._ask(TFsMessage.ECheckDisk, 0, drive)

    # File systems.

    def file_system_name(self, drive: int = KDefaultDrive) -> str:
        """The file system of a drive: `Host`, `Mem` or `Rofs`.

        Raises: KErrNotFound if there is none. Original: RFs::FileSystemName.
        """
        name = TBuf(KMaxShortName)
        self.send_receive(TFsMessage.EFileSystemName, TIpcArgs(name, drive))
        return str(name)

    def mount_file_system(self, name: str, drive: int) -> None:
        """Put a file system on a drive that has none.

        Raises: KErrPermissionDenied without DiskAdmin; KErrNotFound for an unknown one;
            KErrAccessDenied if the drive has one; KErrArgument for one that is not the
            drive's. Original: RFs::MountFileSystem.
        """
        self._ask(TFsMessage.EMountFileSystem, name, drive)

    def dismount_file_system(self, name: str, drive: int) -> None:
        """Take the file system off a drive; mounted again, all is there again.

        Raises: KErrPermissionDenied without DiskAdmin; KErrInUse if something on the
            drive is open; KErrNotFound if *name* is not its file system; KErrNotReady
            if it has none; KErrAccessDenied in ROM.
        Original: RFs::DismountFileSystem.
        """
        self._ask(TFsMessage.EDismountFileSystem, name, drive)

    def add_plugin(self, name: str) -> None:
        """Raises: KErrNotSupported, for there are none; KErrPermissionDenied.

        Original: RFs::AddPlugin.
        """
        self._ask(TFsMessage.EAddPlugin, name)

    def remove_plugin(self, name: str) -> None:
        """As add_plugin. Original: RFs::RemovePlugin."""
        self._ask(TFsMessage.ERemovePlugin, name)

    def lock_drive(self, drive: int, old: bytes, new: bytes) -> None:
        """Raises: KErrNotSupported, for no media has a lock; KErrPermissionDenied.

        Original: RFs::LockDrive.
        """
        self._ask(TFsMessage.ELockDrive, 0, drive, old, new)

    def unlock_drive(self, drive: int, password: bytes) -> None:
        """As lock_drive. Original: RFs::UnlockDrive."""
        self._ask(TFsMessage.EUnlockDrive, 0, drive, password)

    def _ask(self, function: TFsMessage, *args: int | str | bytes | TDes8) -> int:
        return self.send_receive(function, TIpcArgs(*args))

    def _text(self, function: TFsMessage, des: TDes16 | None) -> str:
        text = TBuf(KMaxFullName) if des is None else des
        self.send_receive(function, TIpcArgs(text))
        return str(text)
