"""Which function of the protocol is which operation."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from servers.fileserver import (
    dir_ops,
    file_open_ops,
    file_ops,
    format_ops,
    name_ops,
    section_ops,
    session_ops,
    volume_ops,
)
from servers.fileserver.file_ops import on_file
from servers.fileserver.protocol import TFsMessage
from servers.fileserver.request import FsRequest
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.session import CFsSession

# Begins a request on Main: a request for the drive's thread, or the answer's code.
Initialise = Callable[["CFsSession", RMessage2], FsRequest | int | None]

OPERATIONS: Final[Mapping[int, Initialise]] = MappingProxyType(
    {
        TFsMessage.ESetSessionPath: session_ops.set_session_path,
        TFsMessage.ESessionPath: session_ops.session_path,
        TFsMessage.EPrivatePath: session_ops.private_path,
        TFsMessage.ECreatePrivatePath: session_ops.create_private_path,
        TFsMessage.ESetSessionToPrivate: session_ops.set_session_to_private,
        TFsMessage.EResourceCount: session_ops.resource_count,
        TFsMessage.EDriveList: session_ops.drive_list,
        TFsMessage.EDrive: session_ops.drive,
        TFsMessage.EVolume: session_ops.volume,
        TFsMessage.EMkDir: name_ops.mk_dir,
        TFsMessage.EMkDirAll: name_ops.mk_dir_all,
        TFsMessage.ERmDir: name_ops.rm_dir,
        TFsMessage.EDelete: name_ops.delete,
        TFsMessage.ERename: name_ops.rename,
        TFsMessage.EReplace: name_ops.replace,
        TFsMessage.EEntry: name_ops.entry,
        TFsMessage.ESetEntry: name_ops.set_entry,
        TFsMessage.EIsFileOpen: name_ops.is_file_open,
        TFsMessage.EReadFileSection: section_ops.read_file_section,
        TFsMessage.EFileOpen: file_open_ops.file_open,
        TFsMessage.EFileCreate: file_open_ops.file_create,
        TFsMessage.EFileReplace: file_open_ops.file_replace,
        TFsMessage.EFileTemp: file_open_ops.file_temp,
        TFsMessage.EFileClose: file_open_ops.file_close,
        TFsMessage.EFileRead: on_file(file_ops.read),
        TFsMessage.EFileReadLater: on_file(file_ops.read_later),
        TFsMessage.EFileReadCancel: on_file(file_ops.read_cancel),
        TFsMessage.EFileWrite: on_file(file_ops.write),
        TFsMessage.EFileSeek: on_file(file_ops.seek),
        TFsMessage.EFileSize: on_file(file_ops.size),
        TFsMessage.EFileSetSize: on_file(file_ops.set_size),
        TFsMessage.EFileFlush: on_file(file_ops.flush),
        TFsMessage.EFileEntry: on_file(file_ops.entry),
        TFsMessage.EFileSetAtt: on_file(file_ops.set_att),
        TFsMessage.EFileSet: on_file(file_ops.set_all),
        TFsMessage.EFileRename: file_ops.file_rename,
        TFsMessage.EFileFullName: on_file(file_ops.full_name),
        TFsMessage.EFileDrive: on_file(file_ops.drive),
        TFsMessage.EFileChangeMode: on_file(file_ops.change_mode),
        TFsMessage.EFileLock: on_file(file_ops.lock),
        TFsMessage.EFileUnLock: on_file(file_ops.unlock),
        TFsMessage.EDirOpen: dir_ops.dir_open,
        TFsMessage.EDirRead: dir_ops.dir_read,
        TFsMessage.EDirClose: dir_ops.dir_close,
        TFsMessage.ESetVolumeLabel: volume_ops.set_volume_label,
        TFsMessage.ESetDriveName: volume_ops.set_drive_name,
        TFsMessage.EDriveName: volume_ops.drive_name,
        TFsMessage.EFileSystemName: volume_ops.file_system_name,
        TFsMessage.EMountFileSystem: volume_ops.mount_file_system,
        TFsMessage.EDismountFileSystem: volume_ops.dismount_file_system,
        TFsMessage.ECheckDisk: volume_ops.check_disk,
        TFsMessage.EFormatOpen: format_ops.format_open,
        TFsMessage.EFormatNext: format_ops.format_next,
        TFsMessage.EFormatClose: format_ops.format_close,
        TFsMessage.ELockDrive: volume_ops.unsupported,
        TFsMessage.EUnlockDrive: volume_ops.unsupported,
        TFsMessage.EAddPlugin: volume_ops.unsupported,
        TFsMessage.ERemovePlugin: volume_ops.unsupported,
        TFsMessage.ESetErrorCondition: session_ops.set_error_condition,
    }
)
