"""Sending over a connection, and leaving it.

Original: IACPSendMessage, IACPShutdown and their kin (iacpMain.asm); geos-iacp 3.4,
3.7.
"""

from typing import Final

from userlib.geos.errors import GeosFatalError
from userlib.geos.event import Event, pack_value
from userlib.geos.iacp_arguments import (
    Object,
    checked_connection,
    checked_event,
    checked_number,
    checked_side,
    optr_of,
)
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPSide
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.iacp_session import RIACP
from userlib.geos.values import ClassRef

_KAllServers: Final = 0
_KNoServer: Final = -1


def send_message(
    connection: int, event: Event, travel: int, completion: Event | None, side: int
) -> int:
    """Send *event* to the other side: to all servers, or to the client.

    Each that is there gets a copy, which goes on from it by *travel*, -1: to the
    event's own destination. *completion* is dispatched when one has handled its copy,
    once for every server that the connection was made with: at once for one that has
    left, and also if the message was thrown away or its receiver died.

    Returns: how many were there; 1 if it waits for `finish_connect`.
    Raises: ValueError for what is no IACPSide; GeosFatalError ILLEGAL_HANDLE if
        *completion* is for any object of a class: such a one has nowhere to go.
    Original: IACPSendMessage.
    """
    checked = checked_side(side)
    return _send(connection, event, travel, completion, checked, _KAllServers)


def send_message_to_server(
    connection: int,
    event: Event,
    travel: int,
    completion: Event | None,
    server_num: int,
) -> int:
    """As send_message, to one server only. Returns: 0 if it has left.

    Raises: GeosFatalError IACP_INVALID_SERVER_NUMBER if there never was one.
    Original: IACPSendMessageToServer.
    """
    number = checked_number(server_num, "a server's number") or _KNoServer
    return _send(connection, event, travel, completion, IACPS_CLIENT, number)


def shutdown(connection: int, server: Object | None = None) -> None:
    """Leave: the client does, or *server*. The other side gets LOST_CONNECTION.

    The last one to leave takes the connection along. A *server* that is not in it is
    nothing to speak of.

    Raises: GeosFatalError CANT_SHUT_DOWN_IACP_CONNECTION_THAT_WAS_NEVER_FINISHED if a
        server leaves before `finish_connect`. Original: IACPShutdown.
    """
    leaving = None if server is None else optr_of(server)
    RIACP.of_thread().tell(
        TIACPMessage.EShutdown,
        checked_connection(connection),
        pack_value(leaving or None),
    )


def shutdown_all(obj: Object) -> None:
    """Let *obj* leave all its connections; as the client, where it is both sides.

    Original: IACPShutdownAll.
    """
    RIACP.of_thread().tell(TIACPMessage.EShutdownAll, pack_value(optr_of(obj)))


def _send(
    connection: int,
    event: Event,
    travel: int,
    completion: Event | None,
    side: IACPSide,
    number: int,
) -> int:
    checked_event(event)  # both, before either is consumed
    owner = 0
    if completion is not None:
        _demand_destination(checked_event(completion))
        owner = completion.owner
    return RIACP.of_thread().tell(
        TIACPMessage.ESend,
        checked_connection(connection),
        int(side),
        number,
        owner,
        checked_number(travel, "a travel option"),
        event.pack(),
        None if completion is None else completion.pack(),
    )


def _demand_destination(completion: Event) -> None:
    to = completion.destination
    if isinstance(to, ClassRef):
        raise GeosFatalError("ILLEGAL_HANDLE", f"any object of {to.name} is none")
