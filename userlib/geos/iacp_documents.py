"""Documents that servers have open, and which application serves a token.

Original: IACPRegisterDocument, IACPLocateServer, IACPBindToken and their kin;
geos-iacp 3.11.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

from userlib.geos.event import pack_value
from userlib.geos.iacp_arguments import (
    Object,
    checked_connection,
    checked_number,
    checked_text,
    optr_of,
    packed_server,
    packed_token,
)
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.iacp_session import RIACP
from userlib.geos.paths import FileError
from userlib.geos.values import AppInstanceReference, GeodeToken


class DocumentId(NamedTuple):
    """Which file it is, whatever path leads to it.

    Original: two registers of IACPGetDocumentID.
    """

    disk: int
    file_id: int


def get_document_id(directory: str, filename: str, disk: int) -> DocumentId | FileError:
    """What a file is known by, or why that cannot be found out.

    *directory* is below the *disk*, a drive's or a standard directory.
    Blocks: while the file server looks for it. Original: IACPGetDocumentID.
    """
    answer = RIACP.of_thread().ask(
        TIACPMessage.EGetDocumentId,
        checked_number(disk, "a disk handle"),
        checked_text(directory, "a directory"),
        checked_text(filename, "a file's name"),
    )
    error, found_disk, file_id = cast(Sequence[int], answer)
    return FileError(error) if error else DocumentId(found_disk, file_id)


def register_document(server: Object, disk: int, file_id: int) -> None:
    """Let it be known that *server* has the file open; several may.

    Original: IACPRegisterDocument.
    """
    RIACP.of_thread().tell(
        TIACPMessage.ERegisterDocument,
        packed_server(server),
        checked_number(disk, "a disk handle"),
        checked_number(file_id, "a file's id"),
    )


def unregister_document(server: Object, disk: int, file_id: int) -> bool:
    """No longer. Returns: whether it was known.

    Original: IACPUnregisterDocument, whose error-checking version warns if it was not.
    """
    known = RIACP.of_thread().tell(
        TIACPMessage.EUnregisterDocument,
        pack_value(optr_of(server)),
        checked_number(disk, "a disk handle"),
        checked_number(file_id, "a file's id"),
    )
    return bool(known)


def get_document_connection_file_id(connection: int) -> DocumentId | None:
    """Disk and file id of the document that the connection was made for.

    Original: IACPGetDocumentConnectionFileID, which is compiled out there.
    """
    answer = RIACP.of_thread().ask(
        TIACPMessage.EConnectionDocument, checked_connection(connection)
    )
    if answer is None:
        return None
    return DocumentId(*cast(tuple[int, int], answer))


def locate_server(token: GeodeToken) -> AppInstanceReference | None:
    """The application that would be launched for *token*.

    That is the one bound to it, if it is there; else the first whose token it is, the
    system's applications last.

    Original: IACPLocateServer.
    """
    answer = RIACP.of_thread().ask(TIACPMessage.ELocateServer, packed_token(token))
    if answer is None:
        return None
    path, disk = cast(tuple[str, int], answer)
    return AppInstanceReference(file_name=path, disk_handle=disk)


def bind_token(token: GeodeToken, path: str) -> None:
    """Let *token* be served by the application at *path*, as long as the machine runs.

    What is launched must register for *token* itself, whatever its own is.
    Original: IACPBindToken.
    """
    RIACP.of_thread().tell(
        TIACPMessage.EBindToken, packed_token(token), checked_text(path, "a path")
    )


def unbind_token(token: GeodeToken) -> None:
    """No longer; without a binding nothing happens. Original: IACPUnbindToken."""
    RIACP.of_thread().tell(TIACPMessage.EUnbindToken, packed_token(token))
