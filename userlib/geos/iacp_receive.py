"""For objects that receive what is sent over connections; and to wait for an answer.

Original: IACPProcessMessage, IACPLostConnection, IACPShutdownConnection,
IACPSendMessageAndWait (iacpMain.asm); geos-iacp 3.4, 3.8.
"""

from typing import Final, cast

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrDied, KErrNotFound, KErrTimedOut, Leave
from userlib.geos.constants import MF_FORCE_QUEUE
from userlib.geos.context import current_geode
from userlib.geos.errors import GeosTimeout
from userlib.geos.event import Event, KDispatchIfUndeliverable
from userlib.geos.iacp_arguments import (
    checked_connection,
    checked_event,
    checked_number,
    checked_side,
    demand_time,
)
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.iacp_send import shutdown
from userlib.geos.iacp_session import RIACP
from userlib.geos.messaging import message_dispatch, obj_message, record
from userlib.geos.meta import (
    MSG_META_DISPATCH_EVENT,
    MSG_META_IACP_SHUTDOWN_CONNECTION,
    MSG_META_SEND_CLASSED_EVENT,
    obj_flush_input_queue,
)
from userlib.geos.object_class import GeosClass

KTravelToDestination: Final = -1
_KForEver: Final = 0  # instead of a time
_KPoll: Final = -1


def process_message(
    oself: GeosClass, event: Event, travel: int, completion: Event | None
) -> None:
    """What a handler of MSG_META_IACP_PROCESS_MESSAGE has to do.

    The event goes on from *oself* by *travel*. The completion follows it wherever that
    is, so that it is dispatched when the message has been handled there; if nobody is
    found there, at once.

    Threads: the one that runs *oself*. Original: IACPProcessMessage.
    """
    destination = event.destination
    _pass_on(oself, event, travel)
    if completion is not None:
        follower = record(
            destination,
            MSG_META_DISPATCH_EVENT,
            event=completion,
            flags=int(MF_FORCE_QUEUE),
            marker=KDispatchIfUndeliverable,
        )
        _pass_on(oself, follower, travel)


def lost_connection(oself: GeosClass, connection: int) -> None:
    """What a server's handler of MSG_META_IACP_LOST_CONNECTION has to do.

    MSG_META_IACP_SHUTDOWN_CONNECTION will come to *oself* when all has been handled
    that the client sent before it left, also by the geode's process.

    Original: IACPLostConnection.
    """
    event = record(oself.optr, MSG_META_IACP_SHUTDOWN_CONNECTION, connection=connection)
    obj_flush_input_queue(event, oself.optr.geode)


def shutdown_connection(oself: GeosClass, connection: int) -> None:
    """What a server's handler of MSG_META_IACP_SHUTDOWN_CONNECTION has to do.

    Original: IACPShutdownConnection.
    """
    shutdown(connection, oself)


def send_message_and_wait(
    connection: int,
    event: Event,
    travel: int,
    side: int,
    *,
    timeout_us: int | None = None,
) -> int:
    """As send_message, and wait until the first receiver has handled the message.

    Blocks: until then, at most *timeout_us*; the caller handles no events meanwhile, so
        that neither the receiver nor `finish_connect` may need its thread.
    Raises: GeosTimeout; ValueError for what is no IACPSide or a negative time.
    Original: IACPSendMessageAndWait; the time is ours.
    """
    demand_time(timeout_us)
    geode = current_geode.get()
    iacp = RIACP.of_thread()
    answer = iacp.ask(
        TIACPMessage.ESendAndWait,
        checked_connection(connection),
        int(checked_side(side)),
        0 if geode is None else geode.handle,
        checked_number(travel, "a travel option"),
        checked_event(event).pack(),
    )
    count, queue = cast(tuple[int, int], answer)
    _wait_at(queue, timeout_us, iacp)
    return count


def _wait_at(queue: int, timeout_us: int | None, iacp: RIACP) -> None:
    """The queue is the IACP server's: it is gone with that."""
    limit = _KForEver if timeout_us is None else timeout_us or _KPoll
    try:
        current_exec.get().event_queue_get(queue, limit)
    except Leave as leave:
        if leave.code == KErrTimedOut:
            raise GeosTimeout(f"not handled within {timeout_us} us") from None
        if leave.code in (KErrDied, KErrNotFound):
            raise iacp.forget() from None
        raise


def _pass_on(oself: GeosClass, event: Event, travel: int) -> None:
    if travel == KTravelToDestination:
        message_dispatch(event)
    else:
        obj_message(oself, MSG_META_SEND_CLASSED_EVENT, event=event, travel=travel)
