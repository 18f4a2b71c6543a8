"""Requests that open a file: open, create, replace, temp; and close.

Original: CFileShare and CFileCB creation (sf_file.cpp); specification 4.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrBadName,
    KErrNotFound,
    KErrTooBig,
    Leave,
)
from servers.fileserver.caging import check_open, check_write
from servers.fileserver.clock import now_us
from servers.fileserver.drive import Drive
from servers.fileserver.entry import TEntry
from servers.fileserver.failure import Refused
from servers.fileserver.modes import EDeleteOnClose, EFileBigFile, EFileWrite
from servers.fileserver.mount import MFile, MMount
from servers.fileserver.name_ops import is_wild_name
from servers.fileserver.names import Components, FileName
from servers.fileserver.open_file import Fcb, KMaxSmallFile, Share, check_mode
from servers.fileserver.request import Execute, FsRequest
from servers.fileserver.sub_session import CFileObject
from servers.fileserver.waiting_read import cancel_reads
from servers.fileserver.wire import HANDLE
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.session import CFsSession

_TEMP_NAMES: Final = 1 << 20  # five hexadecimal digits

# How the share of a new RFile comes to be.
_Opening = Callable[[FsRequest], Share]


def file_open(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _named(session, message, message.int1, _open)


def file_create(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _named(session, message, message.int1 | EFileWrite, _create)


def file_replace(session: "CFsSession", message: RMessage2) -> FsRequest:
    return _named(session, message, message.int1 | EFileWrite, _replace)


def file_temp(session: "CFsSession", message: RMessage2) -> FsRequest:
    name = session.parse(message)
    if name.name or is_wild_name(name):
        raise Refused(KErrBadName)
    check_write(message, name)
    drive = session.drive(name.drive)
    mode = message.int1 | EFileWrite
    return _making(session, message, drive, name.check(), mode, _execute_temp)


def file_close(session: "CFsSession", message: RMessage2) -> FsRequest:
    """The handle goes at once; the file when the drive gets to it."""
    obj = session.file(message)
    share, drive = obj.share, obj.drive
    assert share is not None
    session.objects.remove(message.int3)

    def close(_: FsRequest) -> None:
        close_share(drive, share)

    return FsRequest(message, close, drive)


def close_share(drive: Drive, share: Share) -> None:
    """Close an RFile's share, and what it still waits for."""
    cancel_reads(share)
    drive.close(share)


def _named(
    session: "CFsSession", message: RMessage2, mode: int, opening: _Opening
) -> FsRequest:
    name = session.parse(message)
    if not name.name or is_wild_name(name):
        raise Refused(KErrBadName)
    check_open(message, name, mode)
    drive = session.drive(name.drive)
    execute = _executed_by(opening)
    return _making(session, message, drive, name.check(), mode, execute)


def _making(
    session: "CFsSession",
    message: RMessage2,
    drive: Drive,
    name: FileName,
    mode: int,
    execute: Execute,
) -> FsRequest:
    obj = CFileObject(drive)
    handle, abandon = session.reserve(obj)
    return FsRequest(
        message,
        execute,
        drive,
        (name,),
        file=obj,
        mode=mode,
        handle=handle,
        abandon=abandon,
    )


def _executed_by(opening: _Opening) -> Execute:
    def execute(request: FsRequest) -> None:
        share = opening(request)
        _hand_over(request, share)

    return execute


def _hand_over(request: FsRequest, share: Share, *names: str) -> None:
    """Give the client its handle; if it can't take that, it never had the file."""
    try:
        for name in names:
            request.message.write(2, name)
        request.message.write(3, HANDLE.pack(request.handle))
    except Leave:
        request.drive.close(share)
        raise
    request.opened.share = share


# On the drive's thread.


def _open(request: FsRequest) -> Share:
    drive, mode, path = request.drive, request.mode, request.name.path
    check_mode(mode, writable=drive.is_writable, creating=False)
    fcb = drive.open_file(path)
    if fcb is not None:
        return _join(drive, fcb, mode)
    file, entry = _opened(drive, path, mode)
    return _first_share(drive, request.name, entry.name, file, mode)


def _create(request: FsRequest) -> Share:
    drive, mode, name = request.drive, request.mode, request.name
    check_mode(mode, writable=drive.is_writable, creating=True)
    if drive.open_file(name.path) is not None:
        raise Refused(KErrAlreadyExists)
    return _created(drive, name, mode)


def _created(drive: Drive, name: FileName, mode: int) -> Share:
    file = drive.call(drive.mount.create, name.path, now_us())
    try:
        share = _first_share(drive, name, name.name, file, mode)
    except Leave:
        drive.call(drive.mount.delete, name.path)
        raise
    share.fcb.delete_on_close = bool(mode & EDeleteOnClose)
    return share


def _replace(request: FsRequest) -> Share:
    """An open file is merely opened, and keeps its contents."""
    drive, mode, name = request.drive, request.mode, request.name
    check_mode(mode, writable=drive.is_writable, creating=False)
    fcb = drive.open_file(name.path)
    if fcb is not None:
        return _join(drive, fcb, mode)
    if drive.try_entry(name.path, KErrNotFound) is None:
        return _created(drive, name, mode)
    # Its old size does not matter: nothing of it stays.
    file, entry = _opened(drive, name.path, mode | EFileBigFile)
    share = _first_share(drive, name, entry.name, file, mode)
    try:
        drive.call(file.set_size, 0, now_us())
    except Refused:
        drive.close(share)
        raise
    return share


def _execute_temp(request: FsRequest) -> None:
    drive, mode = request.drive, request.mode
    check_mode(mode, writable=drive.is_writable, creating=True)
    for _ in range(_TEMP_NAMES):
        text = f"TMP{drive.next_temp:05X}.$$$"
        drive.next_temp = (drive.next_temp + 1) % _TEMP_NAMES
        name = FileName(drive.number, request.name.directory, text).check()
        try:
            share = _created(drive, name, mode)
        except Refused as refused:
            if refused.code not in (KErrAlreadyExists, KErrAccessDenied):
                raise
        else:
            _hand_over_temp(request, share)
            return
    raise Refused(KErrAlreadyExists)


def _hand_over_temp(request: FsRequest, share: Share) -> None:
    keep = share.fcb.delete_on_close
    # A name nobody was told is of no use.
    share.fcb.delete_on_close = True
    _hand_over(request, share, share.fcb.name.text)
    share.fcb.delete_on_close = keep


def _join(drive: Drive, fcb: Fcb, mode: int) -> Share:
    fcb.check_joining(mode)
    if mode & EFileWrite and not fcb.has_writer:
        drive.call(fcb.file.ensure_writable)
    if not mode & EFileBigFile and drive.call(fcb.file.size) > KMaxSmallFile:
        raise Refused(KErrTooBig)
    return fcb.join(mode)


def _opened(drive: Drive, path: Components, mode: int) -> tuple[MFile, TEntry]:
    """A file that nobody has open; what forbids it leaves it closed."""
    write = bool(mode & EFileWrite)
    file, entry = drive.call(_open_and_look, drive.mount, path, write)
    if write and entry.is_read_only:
        drive.call(file.close)
        raise Refused(KErrAccessDenied)
    if entry.size > KMaxSmallFile and not mode & EFileBigFile:
        drive.call(file.close)
        raise Refused(KErrTooBig)
    return file, entry


def _open_and_look(
    mount: MMount, path: Components, write: bool
) -> tuple[MFile, TEntry]:
    file = mount.open(path, write=write)
    return file, file.entry()


def _first_share(
    drive: Drive, name: FileName, stored: str, file: MFile, mode: int
) -> Share:
    """Raises: KErrNoMemory; the file is closed then."""
    with ExitStack() as undo:
        undo.callback(drive.call, file.close)
        fcb = Fcb(FileName(name.drive, name.directory, stored), file)
        undo.callback(fcb.free)
        share = fcb.join(mode)
        undo.pop_all()
    drive.add(fcb)
    return share
