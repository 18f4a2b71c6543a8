"""Requests on directories: open, read, close."""

from typing import TYPE_CHECKING

from kernel.abi.errors import KErrBadName, KErrEof, KErrNone, KErrOverflow
from servers.fileserver.caging import check_read
from servers.fileserver.failure import Refused
from servers.fileserver.matching import mask_allows, name_matcher
from servers.fileserver.names import FileName, is_wild
from servers.fileserver.request import FsRequest
from servers.fileserver.sub_session import CDirObject
from servers.fileserver.wire import HANDLE
from userlib.symbian.heap import HeapCell
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.entry import TEntry
    from servers.fileserver.session import CFsSession


def dir_open(session: "CFsSession", message: RMessage2) -> FsRequest:
    given = session.parse(message)
    name = FileName(given.drive, given.directory, given.name or "*")
    if any(map(is_wild, name.directory)):
        raise Refused(KErrBadName)
    check_read(message, name)
    drive = session.drive(name.drive)
    names = (name.check(wild=True),)
    obj = CDirObject(drive)
    handle, abandon = session.reserve(obj)
    return FsRequest(
        message,
        _dir_open,
        drive,
        names,
        directory=obj,
        mode=message.int1,
        handle=handle,
        abandon=abandon,
    )


def _dir_open(request: FsRequest) -> None:
    drive, name = request.drive, request.name
    matches = name_matcher(name.name)
    found: list[TEntry] = drive.call(drive.mount.entries, name.directory)
    shown = [
        drive.shown(entry)
        for entry in found
        if mask_allows(entry.att, request.mode) and matches(entry.name)
    ]
    request.message.write(3, HANDLE.pack(request.handle))
    request.opened_directory.fill(shown)


def dir_read(session: "CFsSession", message: RMessage2) -> FsRequest:
    obj = session.directory(message)
    return FsRequest(message, _dir_read, obj.drive, directory=obj)


def _dir_read(request: FsRequest) -> int:
    """Argument 1 says whether one entry is wanted, or a batch.

    The last batch comes with KErrEof; the last single entry does not.
    """
    message, obj = request.message, request.opened_directory
    is_single = message.int1 == 1
    if is_single and obj.is_at_end:
        return KErrEof
    with HeapCell("batch"):
        batch = obj.batch(message.get_des_max_length(0), 1 if is_single else 1 << 30)
        if not batch and not obj.is_at_end:
            raise Refused(KErrOverflow)
        message.write(0, batch)
    return KErrEof if obj.is_at_end and not is_single else KErrNone


def dir_close(session: "CFsSession", message: RMessage2) -> None:
    session.directory(message)
    session.objects.remove(message.int3)
