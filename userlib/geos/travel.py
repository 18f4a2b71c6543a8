"""Where classed events go: from object to object until one of their class is found.

An event that finds nobody is destroyed, unless it is marked as not to be lost
(`destroy_event`).
"""

from typing import TYPE_CHECKING, Any, Final

from userlib.geos.constants import (
    MF_CALL,
    MF_NONE,
    ObjFlushInputQueueNextStop,
    TravelOption,
)
from userlib.geos.context import event_thread
from userlib.geos.event import Event
from userlib.geos.geode_info import geode_get_app_object, system_geode
from userlib.geos.sending import destroy_event, dispatch, pack_all, post, send
from userlib.geos.values import ClassRef, Optr

if TYPE_CHECKING:
    from userlib.geos.object_class import GeosClass

KAppToOwn: Final = TravelOption.TO_APP_FOCUS - TravelOption.TO_FOCUS
KSysToOwn: Final = TravelOption.TO_SYS_FOCUS - TravelOption.TO_FOCUS


def send_classed_event(obj: "GeosClass", number: int, event: Event, travel: int) -> Any:  # noqa: ANN401 - the handler's result
    """Deliver *event* starting from *obj*; *number* is that of the message to pass on.

    Original: none; the handlers of MSG_META_SEND_CLASSED_EVENT.
    """
    match travel:
        case TravelOption.TO_SELF:
            return call_if_class(obj, event)
        case TravelOption.TO_OBJ_BLOCK_OUTPUT:
            return _pass_on(obj.output, number, event, TravelOption.TO_SELF)
        case TravelOption.TO_PROCESS:
            event.set_destination(event_thread().geode.handle)
            return dispatch(event, MF_NONE)
        case TravelOption.TO_FOCUS | TravelOption.TO_TARGET | TravelOption.TO_MODEL:
            return _down_the_chain(obj, number, event, TravelOption(travel))
        case TravelOption.TO_PRINT_CONTROL:
            return _to_print_control(obj, number, event)
    if TravelOption.TO_APP_FOCUS <= travel <= TravelOption.TO_APP_MODEL:
        app = event_thread().geode.app_object
        return _pass_on(app, number, event, travel - KAppToOwn)
    if TravelOption.TO_SYS_FOCUS <= travel <= TravelOption.TO_SYS_MODEL:
        system = geode_get_app_object(system_geode() or -1)
        return _pass_on(system, number, event, travel - KSysToOwn)
    destroy_event(event)
    return None


def call_if_class(obj: "GeosClass", event: Event) -> Any:  # noqa: ANN401 - as above
    """Call it on *obj* if that is of its class. Original: none; part of MetaClass."""
    if not is_for(obj, event):
        destroy_event(event)
        return None
    event.set_destination(obj.optr)
    return dispatch(event, MF_CALL)


def is_for(obj: "GeosClass", event: Event) -> bool:
    """Whether *obj* is of the event's class; any is, if it has none. Original: none."""
    wanted = event.destination
    return not isinstance(wanted, ClassRef) or obj.is_class(wanted.name)


def _pass_on(to: Optr, number: int, event: Event, travel: int) -> Any:  # noqa: ANN401 - as above
    """Let another object go on with it."""
    if not to:
        destroy_event(event)
        return None
    return send(to, number, (event, int(travel)), MF_CALL if _is_own(to) else MF_NONE)


def _is_own(to: Optr) -> bool:
    return to.thread == event_thread().handle


def _down_the_chain(
    obj: "GeosClass", number: int, event: Event, travel: TravelOption
) -> Any:  # noqa: ANN401 - as above
    """To the first of its class, or without one to the leaf."""
    following = {
        TravelOption.TO_FOCUS: obj.focus,
        TravelOption.TO_TARGET: obj.target,
        TravelOption.TO_MODEL: obj.model,
    }[travel]
    has_class = isinstance(event.destination, ClassRef)
    if (has_class and is_for(obj, event)) or (not has_class and not following):
        return call_if_class(obj, event)
    return _pass_on(following, number, event, travel)


def _to_print_control(obj: "GeosClass", number: int, event: Event) -> Any:  # noqa: ANN401 - as above
    app = event_thread().geode.app_object
    if obj.optr == app:
        return _pass_on(obj.print_control, number, event, TravelOption.TO_SELF)
    return _pass_on(app, number, event, TravelOption.TO_PRINT_CONTROL)


def relay(number: int, event: Event, stop: int, geode: int) -> None:
    """Queue a flush at its next stop; at the end dispatch the event.

    A stop that is not there, or is gone, is left out.
    Original: none; the handler of MSG_META_OBJ_FLUSH_INPUT_QUEUE.
    """
    packed = event.pack()
    for hop in range(stop, ObjFlushInputQueueNextStop.OFIQNS_DISPATCH):
        to = _stop(hop, geode)
        values = (Event.unpack(packed), hop + 1, geode)
        wire = (to.chunk, number, pack_all(values), pack_all((to,))[0])
        if to and post(to.thread, wire):
            return
    dispatch(Event.unpack(packed), MF_NONE)


def _stop(hop: int, geode: int) -> Optr:
    system = system_geode()
    match hop:
        case ObjFlushInputQueueNextStop.OFIQNS_INPUT_MANAGER:
            return Optr(system, 0, system)
        case ObjFlushInputQueueNextStop.OFIQNS_SYSTEM_INPUT_OBJ:
            return geode_get_app_object(system or -1)
        case ObjFlushInputQueueNextStop.OFIQNS_INPUT_OBJ_OF_OWNING_GEODE:
            return geode_get_app_object(geode)
    return Optr(geode, 0, geode)
