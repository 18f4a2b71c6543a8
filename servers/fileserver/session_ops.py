"""Requests about the session itself, and about drives; mostly executed by Main."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KErrAlreadyExists, KErrArgument, KErrBadName
from servers.fileserver.caging import check_read
from servers.fileserver.entry import TVolumeInfo
from servers.fileserver.failure import Refused
from servers.fileserver.modes import (
    KDefaultDrive,
    KDriveAttAll,
    KDriveAttExclude,
    KDriveAttExclusive,
    KDriveAttHidden,
    KDriveAttMask,
    KDriveAttRemote,
    KMaxDrives,
)
from servers.fileserver.name_ops import make_all
from servers.fileserver.names import (
    KMaxFileName,
    drive_text,
    is_wild,
    parse_name,
    split_drive,
)
from servers.fileserver.request import FsRequest
from servers.fileserver.wire import HANDLE
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.session import CFsSession

DriveFilter = Callable[[int], bool]

KDefaultDriveMask: Final = -1  # an argument that is no mask


def set_session_path(session: "CFsSession", message: RMessage2) -> None:
    """The path need not exist; only its form is looked at."""
    text = message.read16(0, max_length=KMaxFileName + 1)
    name = parse_name(text, session.path)
    _, rest = split_drive(text)
    if name.name or is_wild(text):
        raise Refused(KErrBadName)
    check_read(message, name)
    name.check()
    session.set_path(drive_text(name.drive) + rest)


def session_path(session: "CFsSession", message: RMessage2) -> None:
    message.write(0, session.path)


def private_path(session: "CFsSession", message: RMessage2) -> None:
    message.write(0, session.private_path)


def create_private_path(session: "CFsSession", message: RMessage2) -> FsRequest:
    drive = session.drive(message.int1)
    name = parse_name(drive_text(drive.number) + session.private_path, session.path)
    return FsRequest(message, _create_private, drive, (name,))


def _create_private(request: FsRequest) -> None:
    try:
        make_all(request)
    except Refused as refused:
        if refused.code != KErrAlreadyExists:
            raise


def set_session_to_private(session: "CFsSession", message: RMessage2) -> None:
    session.set_path(drive_text(drive_number(session, message)) + session.private_path)


def resource_count(session: "CFsSession", message: RMessage2) -> None:
    message.write(0, HANDLE.pack(session.count_resources()))


def set_error_condition(session: "CFsSession", message: RMessage2) -> None:
    session.file_server.error_condition.set(message.int0, message.int1)


def drive_list(session: "CFsSession", message: RMessage2) -> None:
    """A byte for each drive: its attributes, 0 for a drive that is not listed."""
    wanted = _drive_filter(message.int1)
    listed = bytearray(KMaxDrives)
    for drive in session.file_server.drives():
        attributes = drive.info().drive_att
        if wanted(attributes):
            listed[drive.number] = attributes & 0xFF
    message.write(0, bytes(listed))


def _drive_filter(mask: int) -> DriveFilter:
    if mask == KDefaultDriveMask:
        hidden = KDriveAttRemote | KDriveAttHidden
        return lambda attributes: not attributes & hidden
    flags = mask & (KDriveAttAll | KDriveAttExclude | KDriveAttExclusive)
    bits = mask & KDriveAttMask
    if flags & KDriveAttAll:
        if mask != KDriveAttAll:
            raise Refused(KErrArgument)
        return lambda _attributes: True
    if flags and not bits:
        raise Refused(KErrArgument)
    if flags == KDriveAttExclude:
        return lambda attributes: not attributes & bits
    if flags == KDriveAttExclusive:
        return lambda attributes: attributes == bits
    if flags:
        return lambda attributes: attributes != bits
    return lambda attributes: bool(attributes & bits)


def drive(session: "CFsSession", message: RMessage2) -> None:
    """What a drive is; one that has no media, and no configuration, is so too."""
    number = drive_number(session, message)
    message.write(0, session.file_server.info(number).pack())


def volume(session: "CFsSession", message: RMessage2) -> FsRequest:
    found = session.drive(drive_number(session, message))
    return FsRequest(message, _volume, found)


def _volume(request: FsRequest) -> None:
    drive = request.drive
    space = drive.call(drive.mount.space)
    info = TVolumeInfo(drive.info(), space.size, space.free, drive.number, drive.label)
    request.message.write(0, info.pack())


def drive_number(session: "CFsSession", message: RMessage2) -> int:
    """The drive of argument 1. Raises: Refused(KErrBadName) for a bad number."""
    number = message.int1
    if number == KDefaultDrive:
        return parse_name("", session.path).drive
    if not 0 <= number < KMaxDrives:
        raise Refused(KErrBadName)
    return number
