"""PageCollection: how many pages all files may have in memory, and which one goes next.

Pages stand in a queue in the order they were issued: mapped to somebody, or used by the
server. When there is no room the page issued longest ago is recycled: its owner takes
it from everybody who has it mapped, writes it back if it was changed, and gives the
memory up. Who still needs it asks again.
"""

from typing import Final, Protocol

from servers.l4fs.lock import Lock
from userlib.l4re.consts import L4_ENOMEM
from userlib.l4re.errors import L4Error


class MPageOwner(Protocol):
    """Who has pages of the collection: the page mapper of a file."""

    def recycle(self, number: int) -> bool:
        """Give up a page and `forget` it; False if it must stay."""


Place = tuple[MPageOwner, int]


class PageCollection:
    """The queue of all pages that were issued.

    Threads: any of the server's. No owner's lock is held where one calls `make_room`,
    which takes them; it may be held for the rest.

    Original: Departure's page collections and queues (l4re-idl 6.3).
    """

    def __init__(self, limit: int) -> None:
        # Fixed for life:
        self.limit: Final = limit

        self._lock: Final = Lock()
        # Guarded by self._lock:
        self._queue: dict[Place, None] = {}  # in the order they were issued
        self._promised = 0  # to threads that are about to fill them

    def make_room(self, count: int) -> None:
        """Promise *count* new pages; `keep_promise` follows.

        Raises: L4Error with L4_ENOMEM if too many pages cannot be recycled.
        """
        if count > self.limit:
            raise L4Error(L4_ENOMEM)
        stuck = 0
        while (place := self._promise(count, stuck)) is not None:
            owner, number = place
            if not owner.recycle(number):
                stuck += 1

    def _promise(self, count: int, stuck: int) -> Place | None:
        """None if there is room now; else the page to recycle first.

        Where nothing is left to recycle, all the memory is being filled just now: it is
        then exceeded, rather than waited for.
        """
        with self._lock:
            wanted = len(self._queue) + self._promised + count
            if wanted <= self.limit or not self._queue:
                self._promised += count
                return None
            if stuck >= len(self._queue):
                raise L4Error(L4_ENOMEM)
            place = next(iter(self._queue))
            self._issue_locked(place)  # the next to ask gets another one
            return place

    def keep_promise(self, count: int) -> None:
        """The promised pages were issued, or are not needed."""
        with self._lock:
            self._promised -= count

    def issue(self, owner: MPageOwner, numbers: range) -> None:
        """These go to the end of the queue."""
        with self._lock:
            for number in numbers:
                self._issue_locked((owner, number))

    def _issue_locked(self, place: Place) -> None:
        self._queue.pop(place, None)
        self._queue[place] = None

    def forget(self, owner: MPageOwner, number: int) -> None:
        """That page is no more."""
        with self._lock:
            self._queue.pop((owner, number), None)

    def recycle_all(self) -> None:
        """Recycle whatever can be."""
        with self._lock:
            places = list(self._queue)
        for owner, number in places:
            owner.recycle(number)

    def count(self) -> int:
        """Pages that were issued and not recycled."""
        with self._lock:
            return len(self._queue)
