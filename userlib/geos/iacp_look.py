"""Looking into IACP: what the original's debugger could show.

Original: the command `iacp` of the debugger (iacp.tcl); geos-iacp 6.2.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, cast

from userlib.geos.event import pack_value, unpack_value
from userlib.geos.iacp_arguments import Object, optr_of
from userlib.geos.iacp_constants import (
    IACPSF_MULTIPLE_INSTANCES,
    IACPServerFlags,
    IACPServerMode,
)
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.iacp_session import RIACP
from userlib.geos.values import GeodeToken, Optr

_KModes: Final = "NFI"


class ServerInfo(NamedTuple):
    """One registered server. Original: IACPServer, the structure."""

    server: Optr
    mode: IACPServerMode
    flags: IACPServerFlags

    @property
    def mode_letter(self) -> str:
        """Not user-interactible, in flux, user-interactible. Original: iacp.tcl."""
        return _KModes[self.mode]

    @property
    def is_multiple(self) -> bool:
        """Whether more copies may be launched. Original: iacp.tcl."""
        return bool(self.flags & IACPSF_MULTIPLE_INSTANCES)


class ServerListInfo(NamedTuple):
    """All about one token. Original: IACPList, the structure."""

    token: GeodeToken
    servers: tuple[ServerInfo, ...]  # as they registered
    connections: tuple[int, ...]  # newest first


class ConnectionInfo(NamedTuple):
    """One connection. Original: IACPConnectionStruct."""

    connection: int
    token: GeodeToken
    client: Optr | None  # None: it has left
    servers: tuple[Optr | None, ...]
    held: int | None  # how many messages wait; None: nothing is held
    document: tuple[int, int] | None  # disk and file id


class DocumentInfo(NamedTuple):
    """A server has a file open. Original: IACPDocument, the structure."""

    disk: int
    file_id: int
    server: Optr


def lists() -> tuple[ServerListInfo, ...]:
    """All server lists, oldest first. Original: none; iacp.tcl."""
    answer = RIACP.of_thread().ask(TIACPMessage.ELists)
    return tuple(_list_info(*fields) for fields in _rows(answer))


def connections(obj: Object | None = None) -> tuple[ConnectionInfo, ...]:
    """All connections, or those that *obj* is in. Original: none; iacp.tcl."""
    optr = None if obj is None else optr_of(obj)
    answer = RIACP.of_thread().ask(TIACPMessage.EConnections, pack_value(optr))
    return tuple(_connection_info(*fields) for fields in _rows(answer))


def documents() -> tuple[DocumentInfo, ...]:
    """All documents that servers have open. Original: none; iacp.tcl."""
    answer = RIACP.of_thread().ask(TIACPMessage.EDocuments)
    return tuple(
        DocumentInfo(disk, file_id, unpack_value(server))
        for disk, file_id, server in _rows(answer)
    )


def _rows(answer: object) -> Sequence[tuple[Any, ...]]:  # Any: as shown.py packs them
    return cast(Sequence[tuple[Any, ...]], answer)


def _list_info(
    token: object, servers: object, numbers: tuple[int, ...]
) -> ServerListInfo:
    return ServerListInfo(
        unpack_value(token),
        tuple(
            ServerInfo(
                unpack_value(server), IACPServerMode(mode), IACPServerFlags(flags)
            )
            for server, mode, flags in _rows(servers)
        ),
        numbers,
    )


def _connection_info(
    number: int,
    token: object,
    client: object,
    servers: object,
    held: int | None,
    document: tuple[int, int] | None,
) -> ConnectionInfo:
    slots = cast(Sequence[object], servers)
    return ConnectionInfo(
        number,
        unpack_value(token),
        unpack_value(client),
        tuple(unpack_value(slot) for slot in slots),
        held,
        document,
    )
