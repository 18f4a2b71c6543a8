"""Formatting: a sub-session during which the drive is nobody else's.

Only media in memory can be formatted. Whatever the client does or leaves undone, its
steps come to an end: one abandoned half-way leaves the volume corrupt until the next.
Original: RFormat; specification 13.
"""

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KErrAccessDenied, KErrBadName, KErrInUse
from servers.fileserver.drive import TDriveState
from servers.fileserver.failure import Refused
from servers.fileserver.request import FsRequest
from servers.fileserver.sub_session import CFormatObject
from servers.fileserver.volume_ops import demand_disk_admin, demand_no_directories
from servers.fileserver.wire import HANDLE
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.session import CFsSession

KFormatSteps: Final = 100
KStep: Final = 10  # of them that one call does


def format_open(session: "CFsSession", message: RMessage2) -> FsRequest:
    demand_disk_admin(message)
    given = session.parse(message)
    if given.name:
        raise Refused(KErrBadName)
    drive = session.file_server.drive(given.drive)
    demand_no_directories(session, drive)
    obj = CFormatObject(drive)
    handle, abandon = session.reserve(obj)
    return FsRequest(
        message, _format_open, drive, formatting=obj, handle=handle, abandon=abandon
    )


def _format_open(request: FsRequest) -> None:
    drive = request.drive
    if drive.state is TDriveState.EFormatting or drive.fcbs:
        raise Refused(KErrInUse)
    if not drive.can_be_formatted:
        raise Refused(KErrAccessDenied)
    request.message.write(1, HANDLE.pack(KFormatSteps))
    request.message.write(3, HANDLE.pack(request.handle))
    drive.begin_format()
    request.opened_format.left = KFormatSteps


def format_next(session: "CFsSession", message: RMessage2) -> FsRequest:
    obj = session.format(message)
    return FsRequest(message, _format_next, obj.drive, formatting=obj)


def _format_next(request: FsRequest) -> None:
    obj = request.opened_format
    obj.step(KStep)
    request.message.write(0, HANDLE.pack(obj.left))


def format_close(session: "CFsSession", message: RMessage2) -> FsRequest:
    obj = session.format(message)
    session.objects.remove(message.int3)
    return FsRequest(message, _format_close, obj.drive, formatting=obj)


def _format_close(request: FsRequest) -> None:
    request.opened_format.end()
