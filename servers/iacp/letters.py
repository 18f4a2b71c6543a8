"""What is sent over a connection, and what was sent and is not fully handled yet.

A completion never leaves the server: with the message goes a ticket, and the completion
fires when the ticket comes back, or when its holder dies. So it fires once a slot,
whatever becomes of the object that had the message.

Original: the events of IACPSendMessage; geos-iacp 3.4, 6.4.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, NamedTuple

from kernel.abi.event_queue import EventData
from userlib.geos.values import Optr

NO_TICKET: Final = 0


class Completion(NamedTuple):
    """An event to dispatch, and whose it is: it is gone with its owner."""

    event: EventData
    owner: int  # a geode


@dataclass(frozen=True, slots=True)
class Letter:
    """What one call of SendMessage sends.

    *number* is the server's that it is for; 0 for all of them.
    """

    event: EventData
    travel: int
    completion: Completion | None = None
    number: int = 0


def without_completion_of(geode: int, letter: Letter) -> Letter:
    """*letter*, whose completion is gone if *geode* owned it."""
    if letter.completion is None or letter.completion.owner != geode:
        return letter
    return replace(letter, completion=None)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter that an object of *geode* has, or has in its queue."""

    ticket: int
    geode: int
    completion: Completion


class Deliveries:
    """All that somebody waits to see completed, oldest first.

    Tickets are numbered from after *last* on: nobody else's may be among them.
    """

    def __init__(self, last: int = NO_TICKET) -> None:
        self._tickets: Final = count(last + 1)
        self._out: Final[dict[int, Delivery]] = {}

    def __len__(self) -> int:
        return len(self._out)

    def __iter__(self) -> Iterator[Delivery]:
        return iter(list(self._out.values()))

    def enter(self, target: Optr, completion: Completion | None) -> int:
        """The ticket to send along to *target*."""
        if completion is None:
            return NO_TICKET
        ticket = next(self._tickets)
        self._out[ticket] = Delivery(ticket, target.geode, completion)
        return ticket

    def move(self, ticket: int, geode: int) -> bool:
        """*geode* has it now. Returns: whether somebody still waits for it."""
        delivery = self._out.get(ticket)
        if delivery is None:
            return False
        self._out[ticket] = replace(delivery, geode=geode)
        return True

    def take(self, ticket: int) -> Completion | None:
        """What is due for *ticket*; nothing the second time."""
        delivery = self._out.pop(ticket, None)
        return None if delivery is None else delivery.completion

    def take_all_of(self, geode: int) -> list[Completion]:
        """What is due for everything that objects of *geode* have not finished with."""
        return [
            gone.completion
            for gone in self._take_if(lambda delivery: delivery.geode == geode)
        ]

    def drop_owned_by(self, geode: int) -> None:
        """Nobody waits any more for what *geode* was to be told."""
        self._take_if(lambda delivery: delivery.completion.owner == geode)

    def _take_if(self, wanted: Callable[[Delivery], bool]) -> list[Delivery]:
        taken = [delivery for delivery in self._out.values() if wanted(delivery)]
        for delivery in taken:
            del self._out[delivery.ticket]
        return taken
