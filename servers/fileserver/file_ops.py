"""Requests on an open file. The drive's thread executes them in the order they came.

A position is the share's own unless the request names one; whatever lies past the end
is the end, so that no hole is ever made. Specification 5 and 6.
"""

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrNotFound,
    KErrNotSupported,
    KErrTooBig,
    KRequestPending,
)
from servers.fileserver.caging import check_write
from servers.fileserver.clock import now_us
from servers.fileserver.failure import Refused
from servers.fileserver.modes import (
    EFileReadAsyncAll,
    EFileShareExclusive,
    ESeekCurrent,
    ESeekEnd,
    ESeekStart,
    KEntryAttSettable,
)
from servers.fileserver.name_ops import check_writable, is_wild_name
from servers.fileserver.open_file import Share
from servers.fileserver.protocol import KCurrentPosition
from servers.fileserver.request import Execute, FsRequest
from servers.fileserver.waiting_read import (
    WaitingRead,
    cancel_reads,
    finish_reads,
)
from servers.fileserver.wire import POSITION, READ, SET_ENTRY, STATUS, unpacked
from userlib.symbian.heap import HeapCell
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.operations import Initialise
    from servers.fileserver.session import CFsSession


def on_file(execute: Execute) -> "Initialise":
    """Initialises a request that needs nothing but the file of argument 3."""

    def initialise(session: "CFsSession", message: RMessage2) -> FsRequest:
        obj = session.file(message)
        return FsRequest(message, execute, obj.drive, file=obj)

    return initialise


def _share(request: FsRequest) -> Share:
    share = request.opened.share
    assert share is not None
    return share


# Reading and writing.


def read(request: FsRequest) -> None:
    """Into argument 0, argument 1 bytes, from argument 2."""
    share = _share(request)
    _read(request, share, _position(request.message.int2, share))


def read_later(request: FsRequest) -> int | None:
    """The same with a status, and perhaps with bytes that are still to be written."""
    share, length = _share(request), request.message.int1
    asked, status = unpacked(READ, request.message.read8(2))
    position = _position(asked, share)
    if share.mode & EFileReadAsyncAll and length > 0:
        fcb = share.fcb
        if position + length > request.drive.call(fcb.file.size):
            read = WaitingRead(request, share, position, length, status)
            fcb.waiting.append(read)
            return KRequestPending
    _read(request, share, position)
    return None


def read_cancel(request: FsRequest) -> None:
    (status,) = unpacked(STATUS, request.message.read8(0))
    cancel_reads(_share(request), status)


def _read(request: FsRequest, share: Share, position: int) -> None:
    message, length = request.message, request.message.int1
    if length < 0:
        raise Refused(KErrArgument)
    if length == 0:
        message.write(0, b"")
        return
    share.fcb.check_unlocked(share, position, position + length)
    with HeapCell("buffer"):
        data = request.drive.call(share.fcb.file.read, position, length)
        message.write(0, data)
    if data:
        share.position = position + len(data)
    else:
        share.position = min(position, request.drive.call(share.fcb.file.size))


def write(request: FsRequest) -> None:
    """From argument 0, argument 1 bytes, to argument 2."""
    share, message, length = _share(request), request.message, request.message.int1
    share.check_writable()
    if length < 0:
        raise Refused(KErrArgument)
    with HeapCell("buffer"):
        data = message.read8(0, max_length=length)
        if data:
            _write(request, share, data)


def _write(request: FsRequest, share: Share, data: bytes) -> None:
    file, drive = share.fcb.file, request.drive
    position = min(_position(request.message.int2, share), drive.call(file.size))
    end = position + len(data)
    if end > share.max_size:
        raise Refused(KErrTooBig)
    share.fcb.check_unlocked(share, position, end)
    drive.call(file.write, position, data, now_us())
    share.position = end
    _grown(request, share)


def _position(asked: int, share: Share) -> int:
    position = share.position if asked == KCurrentPosition else asked
    if position < 0:
        raise Refused(KErrArgument)
    return position


def seek(request: FsRequest) -> None:
    """Argument 0 says from where; argument 1 goes in as offset, out as position."""
    share, message, mode = _share(request), request.message, request.message.int0
    (offset,) = unpacked(POSITION, message.read8(1))
    if mode == ESeekStart:
        position = offset
        if not 0 <= position <= share.max_size:
            raise Refused(KErrArgument)
    elif mode in (ESeekCurrent, ESeekEnd):
        size = request.drive.call(share.fcb.file.size)
        base = size if mode == ESeekEnd else share.position
        position = min(max(base + offset, 0), size)
    else:
        raise Refused(KErrNotSupported if mode == 0 else KErrArgument)
    message.write(1, POSITION.pack(position))
    share.position = position


def size(request: FsRequest) -> None:
    share = _share(request)
    found = request.drive.call(share.fcb.file.size)
    if found > share.max_size:
        raise Refused(KErrTooBig)
    request.message.write(0, POSITION.pack(found))


def set_size(request: FsRequest) -> None:
    share, drive = _share(request), request.drive
    (new,) = unpacked(POSITION, request.message.read8(0))
    share.check_writable()
    if new < 0:
        raise Refused(KErrArgument)
    if new > share.max_size:
        raise Refused(KErrTooBig)
    old = drive.call(share.fcb.file.size)
    if new == old:
        return
    share.fcb.check_unlocked(share, min(old, new), max(old, new))
    drive.call(share.fcb.file.set_size, new, now_us())
    _grown(request, share)


def _grown(request: FsRequest, share: Share) -> None:
    if share.fcb.waiting:
        finish_reads(share.fcb, request.drive.call(share.fcb.file.size))


def flush(request: FsRequest) -> None:
    request.drive.call(_share(request).fcb.file.flush)


# Locks.


def lock(request: FsRequest) -> None:
    share, message = _share(request), request.message
    share.fcb.lock(share, *_range(message))


def unlock(request: FsRequest) -> None:
    share, message = _share(request), request.message
    share.fcb.unlock(share, *_range(message))


def _range(message: RMessage2) -> tuple[int, int]:
    if message.int0 < 0 or message.int1 <= 0:
        raise Refused(KErrArgument)
    return message.int0, message.int1


# The entry.


def entry(request: FsRequest) -> None:
    share = _share(request)
    found = request.drive.entry(share.fcb.name.path)
    request.message.write(0, found.pack())


def full_name(request: FsRequest) -> None:
    request.message.write(0, _share(request).fcb.name.text)


def drive(request: FsRequest) -> int:
    """The drive's number is the answer; argument 0 gets what it is."""
    request.message.write(0, request.drive.info().pack())
    return request.drive.number


def set_att(request: FsRequest) -> None:
    """SetAtt and SetModified: they need Write."""
    _share(request).check_writable()
    _change(request)


def set_all(request: FsRequest) -> None:
    """Set: it does without Write, but not on a read-only file."""
    check_writable(request.drive)
    if request.drive.entry(_share(request).fcb.name.path).is_read_only:
        raise Refused(KErrAccessDenied)
    _change(request)


def _change(request: FsRequest) -> None:
    change = unpacked(SET_ENTRY, request.message.read8(0))
    modified, set_mask, clear_mask = change
    request.drive.call(
        _share(request).fcb.file.set_entry,
        modified or None,
        set_mask & KEntryAttSettable,
        clear_mask & KEntryAttSettable,
    )


def change_mode(request: FsRequest) -> None:
    share = _share(request)
    share.fcb.change_mode(share, request.message.int0)


def file_rename(session: "CFsSession", message: RMessage2) -> FsRequest:
    obj = session.file(message)
    name = session.parse(message)
    is_bad = not name.name or is_wild_name(name)
    if is_bad or name.drive != obj.drive.number:
        raise Refused(KErrBadName)
    check_write(message, name)
    return FsRequest(message, _rename, obj.drive, (name.check(),), file=obj)


def _rename(request: FsRequest) -> None:
    share, drive, new = _share(request), request.drive, request.name
    if share.share_mode != EFileShareExclusive or not share.may_write:
        raise Refused(KErrAccessDenied)
    old = share.fcb.name
    found = drive.try_entry(new.path, KErrNotFound)
    is_same = drive.open_file(new.path) is share.fcb
    if found is not None and not is_same:
        raise Refused(KErrAlreadyExists)
    with HeapCell("name"):  # the new one, before the old one goes
        drive.call(drive.mount.rename, old.path, new.path, replace=False)
        drive.renamed(share.fcb, new)
