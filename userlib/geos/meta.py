"""MetaClass: the root of all classes, and the messages that every object knows."""

from typing import Any, Final

from userlib.geos.constants import MF_NONE
from userlib.geos.event import Event
from userlib.geos.geode_info import own_geode
from userlib.geos.message import message, method
from userlib.geos.messaging import message_dispatch
from userlib.geos.object_class import GeosClass
from userlib.geos.sending import KDispatchEventNumber
from userlib.geos.travel import relay, send_classed_event
from userlib.geos.values import AppLaunchBlock, Optr

__all__ = [
    "MSG_META_ACK",
    "MSG_META_APP_STARTUP",
    "MSG_META_ATTACH",
    "MSG_META_DETACH",
    "MSG_META_DETACH_ABORT",
    "MSG_META_DISPATCH_EVENT",
    "MSG_META_DUMMY",
    "MSG_META_FINISH_QUIT",
    "MSG_META_IACP_ALLOW_FILE_ACCESS",
    "MSG_META_IACP_DATA_EXCHANGE",
    "MSG_META_IACP_DOC_CLOSE_ACK",
    "MSG_META_IACP_DOC_OPEN_ACK",
    "MSG_META_IACP_LOST_CONNECTION",
    "MSG_META_IACP_NEW_CONNECTION",
    "MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED",
    "MSG_META_IACP_PROCESS_MESSAGE",
    "MSG_META_IACP_SHUTDOWN_CONNECTION",
    "MSG_META_NULL",
    "MSG_META_OBJ_FLUSH_INPUT_QUEUE",
    "MSG_META_QUIT",
    "MSG_META_QUIT_ACK",
    "MSG_META_SEND_CLASSED_EVENT",
    "MSG_META_TRANSPARENT_DETACH",
    "MetaClass",
    "obj_flush_input_queue",
]


class MetaClass(GeosClass):
    """What every object is. A message that no class handles is silently discarded.

    Original: MetaClass (metaC.def); the numbers are ours, but for the order of the
    IACP messages.
    """

    MSG_META_NULL = message()
    MSG_META_DUMMY = message()
    MSG_META_ATTACH = message(app_launch_block=AppLaunchBlock | None)
    MSG_META_DETACH = message(ack_id=int | None, ack_od=Optr | None)
    MSG_META_QUIT = message(quit_level=int | None, ack_od=Optr | None)
    MSG_META_DISPATCH_EVENT = message(event=Event, flags=int | None, marker=int | None)
    MSG_META_SEND_CLASSED_EVENT = message(event=Event, travel=int)
    MSG_META_OBJ_FLUSH_INPUT_QUEUE = message(event=Event, stop=int, geode=int)
    MSG_META_QUIT_ACK = message(quit_level=int | None, abort=bool | None)
    MSG_META_DETACH_ABORT = message()
    MSG_META_ACK = message(ack_id=int | None, ack_od=Optr | None)
    MSG_META_TRANSPARENT_DETACH = message(ack_id=int | None, ack_od=Optr | None)
    MSG_META_APP_STARTUP = message(app_launch_block=AppLaunchBlock | None)
    MSG_META_FINISH_QUIT = message(abort=bool | None)

    MSG_META_IACP_PROCESS_MESSAGE = message(
        msg_to_send=Event, topt=int, completion_msg=Event | None
    )
    MSG_META_IACP_NEW_CONNECTION = message(
        app_launch_block=AppLaunchBlock | None, just_launched=bool, connection=int
    )
    MSG_META_IACP_LOST_CONNECTION = message(connection=int, server_num=int)
    MSG_META_IACP_SHUTDOWN_CONNECTION = message(connection=int)
    MSG_META_IACP_DOC_OPEN_ACK = message(doc_obj=Optr, connection=int, server_num=int)
    MSG_META_IACP_DOC_CLOSE_ACK = message(
        doc_obj=Optr, connection=int, server_num=int, status=int
    )
    MSG_META_IACP_ALLOW_FILE_ACCESS = message(connection=int)
    MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED = message(connection=int)
    MSG_META_IACP_DATA_EXCHANGE = message(info=object, connection=int)

    @method(MSG_META_NULL, MSG_META_DUMMY)
    def meta_dummy(self) -> None:
        """Do nothing: whoever sent it wanted to poke the queue."""

    @method(MSG_META_DISPATCH_EVENT)
    def meta_dispatch_event(
        self, event: Event, flags: int | None, marker: int | None
    ) -> Any:  # noqa: ANN401 - the handler's result
        """Dispatch it. A mark matters only where the event cannot be delivered."""
        return message_dispatch(event, flags or MF_NONE)

    @method(MSG_META_SEND_CLASSED_EVENT)
    def meta_send_classed_event(self, event: Event, travel: int) -> Any:  # noqa: ANN401 - as above
        """Deliver it from here."""
        number = MSG_META_SEND_CLASSED_EVENT.number
        return send_classed_event(self, number, event, travel)

    @method(MSG_META_OBJ_FLUSH_INPUT_QUEUE)
    def meta_obj_flush_input_queue(self, event: Event, stop: int, geode: int) -> None:
        """Everything queued here before it has been handled: on to the next stop."""
        relay(MSG_META_OBJ_FLUSH_INPUT_QUEUE.number, event, stop, geode)


MSG_META_NULL: Final = MetaClass.MSG_META_NULL
MSG_META_DUMMY: Final = MetaClass.MSG_META_DUMMY
MSG_META_ATTACH: Final = MetaClass.MSG_META_ATTACH
MSG_META_DETACH: Final = MetaClass.MSG_META_DETACH
MSG_META_QUIT: Final = MetaClass.MSG_META_QUIT
MSG_META_DISPATCH_EVENT: Final = MetaClass.MSG_META_DISPATCH_EVENT
MSG_META_SEND_CLASSED_EVENT: Final = MetaClass.MSG_META_SEND_CLASSED_EVENT
MSG_META_OBJ_FLUSH_INPUT_QUEUE: Final = MetaClass.MSG_META_OBJ_FLUSH_INPUT_QUEUE
MSG_META_QUIT_ACK: Final = MetaClass.MSG_META_QUIT_ACK
MSG_META_DETACH_ABORT: Final = MetaClass.MSG_META_DETACH_ABORT
MSG_META_ACK: Final = MetaClass.MSG_META_ACK
MSG_META_TRANSPARENT_DETACH: Final = MetaClass.MSG_META_TRANSPARENT_DETACH
MSG_META_APP_STARTUP: Final = MetaClass.MSG_META_APP_STARTUP
MSG_META_FINISH_QUIT: Final = MetaClass.MSG_META_FINISH_QUIT
MSG_META_IACP_PROCESS_MESSAGE: Final = MetaClass.MSG_META_IACP_PROCESS_MESSAGE
MSG_META_IACP_NEW_CONNECTION: Final = MetaClass.MSG_META_IACP_NEW_CONNECTION
MSG_META_IACP_LOST_CONNECTION: Final = MetaClass.MSG_META_IACP_LOST_CONNECTION
MSG_META_IACP_SHUTDOWN_CONNECTION: Final = MetaClass.MSG_META_IACP_SHUTDOWN_CONNECTION
MSG_META_IACP_DOC_OPEN_ACK: Final = MetaClass.MSG_META_IACP_DOC_OPEN_ACK
MSG_META_IACP_DOC_CLOSE_ACK: Final = MetaClass.MSG_META_IACP_DOC_CLOSE_ACK
MSG_META_IACP_ALLOW_FILE_ACCESS: Final = MetaClass.MSG_META_IACP_ALLOW_FILE_ACCESS
MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED: Final = (
    MetaClass.MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED
)
MSG_META_IACP_DATA_EXCHANGE: Final = MetaClass.MSG_META_IACP_DATA_EXCHANGE

assert MSG_META_DISPATCH_EVENT.number == KDispatchEventNumber


def obj_flush_input_queue(event: Event, geode: int = 0) -> None:
    """Dispatch *event* once all that the geode has queued now was handled.

    A relay visits the input manager, the system's input object, the geode's application
    object and its process, each through its queue. *geode* 0 is the caller's own.
    Original: MSG_META_OBJ_FLUSH_INPUT_QUEUE, as it is begun.
    """
    whose = geode or own_geode()
    relay(MSG_META_OBJ_FLUSH_INPUT_QUEUE.number, event, 0, whose)
