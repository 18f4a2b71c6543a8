"""For objects that receive what is sent over connections; and to wait for an answer.

Original: IACPProcessMessage, IACPLostConnection, IACPShutdownConnection,
IACPSendMessageAndWait (iacpMain.asm); geos-iacp 3.4, 3.8.
"""

from typing import Final

from userlib.geos.constants import MF_FORCE_QUEUE
from userlib.geos.event import Event, KDispatchIfUndeliverable
from userlib.geos.iacp_send import send_message, shutdown
from userlib.geos.messaging import message_dispatch, obj_message, record
from userlib.geos.meta import (
    MSG_META_DISPATCH_EVENT,
    MSG_META_DUMMY,
    MSG_META_IACP_SHUTDOWN_CONNECTION,
    MSG_META_SEND_CLASSED_EVENT,
    obj_flush_input_queue,
)
from userlib.geos.object_class import GeosClass
from userlib.geos.queues import geode_alloc_queue, geode_free_queue, queue_get_message

KTravelToDestination: Final = -1


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
    Raises: GeosTimeout. Original: IACPSendMessageAndWait; the time is ours.
    """
    queue = geode_alloc_queue()
    try:
        completion = record(queue, MSG_META_DUMMY)
        count = send_message(connection, event, travel, completion, side)
        queue_get_message(queue, timeout_us=timeout_us or 0)
    finally:
        geode_free_queue(queue)
    return count


def _pass_on(oself: GeosClass, event: Event, travel: int) -> None:
    if travel == KTravelToDestination:
        message_dispatch(event)
    else:
        obj_message(oself, MSG_META_SEND_CLASSED_EVENT, event=event, travel=travel)
