"""What an object gets in the place of a completion.

The completion itself stays with the IACP server. The object gets an event that bears
its ticket: dispatching that has the server dispatch the completion, once however often
it is done, and not at all if the object dies first, for then the server has done it.

Original: none; there the object gets a copy of the completion.
"""

from typing import Final

from kernel.abi.event_queue import EventData
from userlib.geos.event import Event
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.iacp_session import RIACP, reached

KTicketMessage: Final = 16383  # the last number of MetaClass' own


def ticket_event(ticket: int) -> Event:
    """The event for *ticket*. Original: none."""
    return Event(KTicketMessage, (ticket,), None, 0)


def is_ticket(event: Event) -> bool:
    """Whether it is such an event; one that is consumed is none. Original: none."""
    return not event.is_consumed and event.message == KTicketMessage


def ticket_in(packed: EventData) -> object:
    """What such an event bears, packed; None if it is another. Original: none."""
    event = Event.unpack(packed)
    return (event.values or (0,))[0] if is_ticket(event) else None


def complete_ticket(event: Event) -> None:
    """Have dispatched what the event stands for; consumes it.

    Blocks: until the server has queued the completion.
    Original: none; part of MessageDispatch.
    """
    _tell(TIACPMessage.ECompleted, *_ticket(event))


def complete_number(ticket: int) -> None:
    """The same of a ticket that an event bore which nobody gets. Original: none."""
    _tell(TIACPMessage.ECompleted, ticket)


def tickets_among(values: tuple[object, ...]) -> list[int]:
    """Those that *values* bear, and the events among them. Original: none."""
    found: list[int] = []
    for value in values:
        if isinstance(value, Event) and not value.is_consumed:
            found += value.values if is_ticket(value) else tickets_among(value.values)
    return found


def move_ticket(ticket: int, holder: int) -> None:
    """What bears it was sent on, into a queue of another geode's.

    After that is done: in between its old holder answers for it, and the new one may
    already have completed it.
    Original: none.
    """
    _tell(TIACPMessage.EMoved, ticket, holder)


def discard_ticket(event: Event) -> None:
    """Never have it dispatched, not even when its holder dies; consumes it.

    Original: none; part of ObjFreeMessage.
    """
    _tell(TIACPMessage.EDiscarded, *_ticket(event))


def _tell(function: TIACPMessage, *values: int) -> None:
    """A ticket is worth nothing when the server has ended that would redeem it."""
    reached(lambda: RIACP.of_thread().tell(function, *values))


def _ticket(event: Event) -> tuple[int]:
    (ticket,) = event.values
    event.consume()
    return (ticket,)
