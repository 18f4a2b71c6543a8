"""Requests that administer drives: labels and names, file systems, checking.

All of them need DiskAdmin, except those that only look. Original: specification 12, 13.
"""

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrArgument,
    KErrBadName,
    KErrInUse,
    KErrNotFound,
    KErrNotReady,
    KErrNotSupported,
)
from kernel.abi.security import TCapability
from servers.fileserver.caging import demand
from servers.fileserver.drive import FILE_SYSTEMS, Drive
from servers.fileserver.failure import Refused
from servers.fileserver.mount import MMount
from servers.fileserver.name_ops import check_writable
from servers.fileserver.names import (
    Components,
    KMaxDriveName,
    KMaxShortName,
    KMaxVolumeLabel,
    is_illegal_character,
    is_wild,
)
from servers.fileserver.request import FsRequest
from servers.fileserver.session_ops import drive_number
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.session import CFsSession

KMaxText: Final = 256  # characters read of a label or name, to see that it is too long


def demand_disk_admin(message: RMessage2) -> None:
    """Raises: Refused(KErrPermissionDenied) without DiskAdmin."""
    demand(message.identity(), TCapability.ECapabilityDiskAdmin)


# Labels and names.


def set_volume_label(session: "CFsSession", message: RMessage2) -> FsRequest:
    demand_disk_admin(message)
    label = _label(message, KMaxVolumeLabel)
    drive = session.drive(drive_number(session, message))

    def execute(request: FsRequest) -> None:
        check_writable(request.drive)
        request.drive.label = label

    return FsRequest(message, execute, drive)


def set_drive_name(session: "CFsSession", message: RMessage2) -> FsRequest:
    demand_disk_admin(message)
    name = _label(message, KMaxDriveName)
    drive = session.file_server.drive(drive_number(session, message))

    def execute(request: FsRequest) -> None:
        request.drive.name = name

    return FsRequest(message, execute, drive)


def drive_name(session: "CFsSession", message: RMessage2) -> FsRequest:
    drive = session.file_server.drive(drive_number(session, message))
    return FsRequest(message, _drive_name, drive)


def _drive_name(request: FsRequest) -> None:
    request.message.write(0, request.drive.name)


def _label(message: RMessage2, longest: int) -> str:
    text = message.read16(0, max_length=KMaxText)
    if len(text) > longest or is_wild(text) or "\\" in text:
        raise Refused(KErrBadName)
    if any(map(is_illegal_character, text)):
        raise Refused(KErrBadName)
    return text


# File systems.


def file_system_name(session: "CFsSession", message: RMessage2) -> FsRequest:
    drive = session.file_server.drive(drive_number(session, message))
    return FsRequest(message, _file_system_name, drive)


def _file_system_name(request: FsRequest) -> None:
    attached = request.drive.is_attached
    request.message.write(0, request.drive.file_system if attached else "")
    if not attached:
        raise Refused(KErrNotFound)


def mount_file_system(session: "CFsSession", message: RMessage2) -> FsRequest:
    demand_disk_admin(message)
    name = _file_system(message)
    drive = session.file_server.drive(drive_number(session, message))

    def execute(request: FsRequest) -> None:
        if request.drive.is_attached:
            raise Refused(KErrAccessDenied)
        if request.drive.file_system.lower() != name:
            raise Refused(KErrArgument)
        request.drive.attach()

    return FsRequest(message, execute, drive)


def dismount_file_system(session: "CFsSession", message: RMessage2) -> FsRequest:
    demand_disk_admin(message)
    name = _file_system(message)
    drive = session.file_server.drive(drive_number(session, message))
    if drive.is_rom:
        raise Refused(KErrAccessDenied)
    demand_no_directories(session, drive)

    def execute(request: FsRequest) -> None:
        if not request.drive.is_attached:
            raise Refused(KErrNotReady)
        if request.drive.file_system.lower() != name:
            raise Refused(KErrNotFound)
        request.drive.detach()

    return FsRequest(message, execute, drive)


def demand_no_directories(session: "CFsSession", drive: Drive) -> None:
    """Raises: Refused(KErrInUse) while anybody reads a directory of the drive."""
    if session.file_server.reads_directory_of(drive):
        raise Refused(KErrInUse)


def _file_system(message: RMessage2) -> str:
    name = message.read16(0, max_length=KMaxText)
    if not 0 < len(name) <= KMaxShortName:
        raise Refused(KErrArgument)
    if name.lower() not in map(str.lower, FILE_SYSTEMS.values()):
        raise Refused(KErrNotFound)
    return name.lower()


# Checking.


def check_disk(session: "CFsSession", message: RMessage2) -> FsRequest:
    demand_disk_admin(message)
    drive = session.drive(drive_number(session, message))
    return FsRequest(message, _check_disk, drive)


def _check_disk(request: FsRequest) -> None:
    """Look at everything; what is broken gives its code."""
    request.drive.call(_look_below, request.drive.mount, ())


def _look_below(mount: MMount, directory: Components) -> None:
    waiting = [directory]
    while waiting:
        here = waiting.pop()
        found = mount.entries(here)
        waiting += [(*here, entry.name) for entry in found if entry.is_dir]


# What no drive of ours can do.


def unsupported(session: "CFsSession", message: RMessage2) -> None:  # noqa: ARG001 - as all operations
    """No media can be locked, and there are no plug-ins."""
    demand_disk_admin(message)
    raise Refused(KErrNotSupported)
