"""ReadFileSection: some bytes of a file that the client does not open."""

from typing import TYPE_CHECKING

from kernel.abi.errors import KErrArgument, KErrBadName
from servers.fileserver.caging import check_read
from servers.fileserver.drive import Drive
from servers.fileserver.failure import Refused
from servers.fileserver.modes import EFileShareReadersOrWriters
from servers.fileserver.mount import MMount
from servers.fileserver.name_ops import is_wild_name
from servers.fileserver.names import Components
from servers.fileserver.request import FsRequest
from userlib.symbian.heap import HeapCell
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.session import CFsSession


def read_file_section(session: "CFsSession", message: RMessage2) -> FsRequest:
    """Into argument 0, of the file of argument 1, from argument 2, argument 3 bytes."""
    name = session.parse(message, 1)
    if not name.name or is_wild_name(name):
        raise Refused(KErrBadName)
    check_read(message, name)
    drive = session.drive(name.drive)
    return FsRequest(message, _read_section, drive, (name.check(),))


def _read_section(request: FsRequest) -> None:
    position, length = request.message.int2, request.message.int3
    if position < 0 or length < 0:
        raise Refused(KErrArgument)
    with HeapCell("buffer"):
        data = _section(request.drive, request.name.path, position, length)
        request.message.write(0, data)


def _section(drive: Drive, path: Components, position: int, length: int) -> bytes:
    fcb = drive.open_file(path)
    if fcb is None:
        return drive.call(_read_once, drive.mount, path, position, length)
    fcb.check_joining(EFileShareReadersOrWriters)
    return drive.call(fcb.file.read, position, length)


def _read_once(mount: MMount, path: Components, position: int, length: int) -> bytes:
    file = mount.open(path, write=False)
    try:
        return file.read(position, length)
    finally:
        file.close()
