"""Generic objects: those of a user interface, whoever draws it."""

from typing import Any, Final

from userlib.geos.constants import MF_CALL, MF_NONE, TravelOption
from userlib.geos.context import event_thread
from userlib.geos.event import Event
from userlib.geos.message import message, method
from userlib.geos.messaging import obj_message
from userlib.geos.meta import MSG_META_SEND_CLASSED_EVENT, MetaClass
from userlib.geos.sending import destroy_event
from userlib.geos.travel import call_if_class, is_for


class GenClass(MetaClass):
    """An object of a generic tree: it knows its parent. Original: GenClass."""

    MSG_GEN_GUP_SEND_TO_OBJECT_OF_CLASS = message(event=Event)

    @method(MSG_META_SEND_CLASSED_EVENT)
    def gen_send_classed_event(self, event: Event, travel: int) -> Any:  # noqa: ANN401 - the handler's result
        """Up the tree; all else MetaClass knows."""
        if travel != TravelOption.TO_GEN_PARENT:
            return self.callsuper()
        return self._go_up(event)

    @method(MSG_GEN_GUP_SEND_TO_OBJECT_OF_CLASS)
    def gen_gup_send_to_object_of_class(self, event: Event) -> Any:  # noqa: ANN401 - as above
        """The first one upwards that is of the event's class gets it."""
        if is_for(self, event):
            return call_if_class(self, event)
        return self._go_up(event)

    def _go_up(self, event: Event) -> Any:  # noqa: ANN401 - as above
        parent = self.gen_parent
        if not parent:
            destroy_event(event)
            return None
        flags = MF_CALL if parent.thread == event_thread().handle else MF_NONE
        return obj_message(
            parent, MSG_GEN_GUP_SEND_TO_OBJECT_OF_CLASS, flags, event=event
        )


MSG_GEN_GUP_SEND_TO_OBJECT_OF_CLASS: Final = (
    GenClass.MSG_GEN_GUP_SEND_TO_OBJECT_OF_CLASS
)
