"""Sending and recording messages, and what can be done with recorded ones."""

from typing import Any, Final, TypeAlias

from userlib.geos.constants import (
    MF_CUSTOM,
    MF_NONE,
    MF_RECORD,
    MF_STACK,
    MessageFlags,
)
from userlib.geos.context import current_geode
from userlib.geos.errors import GeosFatalError
from userlib.geos.event import Destination, Event
from userlib.geos.flags import check_flags
from userlib.geos.iacp_ticket import discard_ticket, is_ticket
from userlib.geos.message import Message
from userlib.geos.object_class import GeosClass
from userlib.geos.sending import Combine, dispatch, send
from userlib.geos.values import ClassRef, Optr

# An object, its optr, or the handle of a geode, a thread or a queue. A recorded
# message can also be for any object of a class, or for any object at all.
To: TypeAlias = GeosClass | Optr | int | type[GeosClass] | ClassRef | None

_KNoFlags: Final = MF_NONE


def obj_message(
    dest: To,
    message: Message,
    flags: int = _KNoFlags,
    combine: Combine | None = None,
    /,
    **params: Any,  # as the message declares them
) -> Any:  # noqa: ANN401 - the handler's result, or an Event
    """Send a message; with MF_RECORD make an event of it.

    To an object that the calling thread runs it is a call, here and now, unless
    MF_FORCE_QUEUE is given; else it is queued. Without MF_CALL there is no result. What
    is sent to nobody, or to what is gone, is dropped. *combine* goes with MF_CUSTOM: it
    is shown queued events, the newest first, and the new one, and returns a
    `ProcSendEvent`, or the values to put in the place of the queued one's.

    Blocks: with MF_CALL, until the message was handled.
    Raises: GeosFatalError for flags that do not go together; TypeError for parameters
        that are not the message's, or cannot travel; Leave(KErrDied) with MF_CALL, if
        the destination's thread is gone or ends before it has answered.
    Original: ObjMessage.
    """
    asked = check_flags(flags)
    if bool(asked & MF_CUSTOM) is (combine is None):
        raise TypeError("MF_CUSTOM and a function to combine events go together")
    values = message.bind(params)
    if asked & MF_STACK and not values:
        raise GeosFatalError("BAD_ARGS_CANNOT_PASS_EMPTY_STACK_FRAME", repr(message))
    if asked & MF_RECORD:
        return Event.make(message.number, values, destination_of(dest), _own_geode())
    to = destination_of(dest)
    if isinstance(to, ClassRef):
        raise GeosFatalError("ILLEGAL_HANDLE", f"any object of {to.name} is none")
    return send(to or 0, message.number, values, asked, combine)


def record(dest: To, message: Message, /, **params: Any) -> Event:  # as above
    """Make an event: to be dispatched, passed on, or kept.

    *dest* is fixed by it: an object, a geode, thread or queue; a class, for any object
    of that; None, for any object.
    Raises: TypeError for parameters that are not the message's, or cannot travel.
    Original: ObjMessage with MF_RECORD; @record.
    """
    event: Event = obj_message(dest, message, MF_RECORD, **params)
    return event


def message_dispatch(event: Event, flags: int = _KNoFlags) -> Any:  # noqa: ANN401 - as above
    """Send a recorded message; MF_RECORD among *flags* means: keep the event.

    One for nobody is dropped, one for any object of a class has nowhere to go.
    Raises: as obj_message; GeosFatalError("ILLEGAL_HANDLE") if it is consumed, or for
        a class.
    Original: MessageDispatch.
    """
    event.demand()
    asked = check_flags(flags & ~MF_RECORD)
    if flags & MF_RECORD:
        event = obj_duplicate_message(event)
    return dispatch(event, MessageFlags(asked))


def obj_free_message(event: Event) -> None:
    """Discard it. Original: ObjFreeMessage."""
    if is_ticket(event):
        discard_ticket(event)
    else:
        event.consume()


def obj_duplicate_message(event: Event) -> Event:
    """An independent copy, which the calling geode owns.

    Original: ObjDuplicateMessage.
    """
    _, message, values, destination, _ = event.pack(keep=True)
    return Event(message, values, destination, _own_geode())  # type: ignore[arg-type] # packed


def obj_get_message_info(event: Event) -> tuple[int, Destination]:
    """The message's number, and to whom it goes. Original: ObjGetMessageInfo."""
    return event.message, event.destination


def message_set_destination(event: Event, dest: To) -> None:
    """Let it go to somebody else. Original: MessageSetDestination."""
    event.set_destination(destination_of(dest))


def destination_of(dest: To) -> Destination:
    """As an event remembers it. Raises: TypeError. Original: none."""
    match dest:
        case GeosClass():
            return dest.optr
        case Optr():
            return dest or None
        case None | ClassRef():
            return dest
        case int():
            return int(dest) or None
    if isinstance(dest, type) and issubclass(dest, GeosClass):
        return ClassRef(dest.__name__)
    raise TypeError(f"a message goes to an object, a handle or a class, not {dest!r}")


def _own_geode() -> int:
    state = current_geode.get()
    return 0 if state is None else state.handle
