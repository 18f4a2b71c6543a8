"""Event queues: GEOS' way between threads."""

from typing import Protocol

from kernel.abi.event_queue import EventData


class ExecEventQueue(Protocol):
    """Queues of events, unbounded, each known in the whole machine by its id.

    Ids move upward and are never used again. An event is a tuple of plain data: ints,
    floats, strings, bytes, None, and tuples of these, 32 deep at most; anything else is
    a TypeError. Every *queue* is an id; one that names no queue, or none any more,
    raises KErrNotFound. Original: geos-iacp 1.1 and 6.1.
    """

    def event_queue_create(self, name: str | None, owner: int) -> int:
        """A handle to a new queue; *name* None is local, "" protected, else global.

        The queue is gone with its last handle, with `event_queue_free`, or with the
        thread it is bound to.
        Raises: KErrBadName, KErrAlreadyExists, KErrNoMemory.
        """

    def event_queue_id(self, handle: int) -> int:
        """The queue's id; 0 if it is gone."""

    def event_queue_bind(self, handle: int) -> None:
        """From now on only the calling thread may take events; it ends with that.

        The queue belongs to the thread's process then.
        Raises: KErrInUse if the queue is bound or waited for, or another one is bound
            to this thread; KErrNotFound if it is gone.
        """

    def event_queue_free(self, queue: int) -> None:
        """Discard the queue's events; who waits for one, or for an answer, is told.

        Raises: KErrNotFound; KErrPermissionDenied if it belongs to another process.
        """

    def event_queue_set_label(self, queue: int, label: EventData) -> None:
        """Let everybody know something of the queue.

        Raises: KErrNotFound; KErrPermissionDenied if it belongs to another process.
        """

    def event_queue_label(self, queue: int) -> EventData:
        """What its owner says of it; nothing at first. Raises: KErrNotFound."""

    def event_queue_list(self) -> tuple[int, ...]:
        """The ids of all queues that are bound to a thread, the oldest first."""

    def event_queue_process(self, queue: int, owner: int) -> int:
        """A handle to the process it belongs to.

        Raises: KErrNotFound, also if that is dead; KErrNoMemory.
        """

    def event_queue_post(self, queue: int, event: EventData, at_front: bool) -> None:
        """Append an event, or put it before all others.

        Raises: KErrNotFound, KErrNoMemory.
        """

    def event_queue_merge(
        self, queue: int, event: EventData, how: int
    ) -> tuple[int, EventData | None]:
        """Append an event unless one with the same two first items is queued.

        *how* is a `TMerge`; the newest match counts. Returns: a `TMerged`, and the
        event that nobody will get, this one or the one it replaced; None if both stay.
        Raises: KErrNotFound, KErrNoMemory, KErrArgument for an unknown *how*.
        """

    def event_queue_call(self, queue: int, event: EventData, timeout_us: int) -> object:
        """Append an event, and wait for its answer, which is plain data too.

        Blocks: until `event_queue_reply`, or *timeout_us* passed (0: for ever).
        Raises: KErrNotFound, KErrNoMemory, KErrTimedOut; KErrDied if the event was
            discarded, or the thread that took it ended without an answer.
        """

    def event_queue_get(self, queue: int, timeout_us: int) -> tuple[EventData, int]:
        """Take the oldest event, and the number to answer under; 0 if nobody waits.

        Blocks: until there is one, or *timeout_us* passed (0: for ever, -1: polls).
        Raises: KErrNotFound; KErrAccessDenied if it is bound to another thread;
            KErrTimedOut; KErrDied if the queue is freed meanwhile.
        """

    def event_queue_reply(self, call: int, result: object) -> None:
        """Answer a call. Raises: KErrNotFound if nobody waits for that any more."""

    def event_queue_length(self, queue: int) -> int:
        """How many events are queued. Raises: KErrNotFound."""

    def event_queue_flush(self, queue: int, to: int, at_front: bool) -> None:
        """Move all events to another queue, in order, behind or before its own.

        Raises: KErrNotFound if either is gone.
        """

    def event_queue_events(self, queue: int) -> tuple[tuple[int, EventData], ...]:
        """All that are queued, the oldest first, each with a number of its own.

        Raises: KErrNotFound.
        """

    def event_queue_exchange(self, queue: int, number: int, event: EventData) -> bool:
        """Put *event* in the place of that one; whether it was still queued.

        Raises: KErrNotFound.
        """
