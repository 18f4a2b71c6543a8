"""DEventQueue: events on their way to a thread, and those that wait for an answer.

    unbound ──bind──► bound        any ──free, last handle closed,──► gone
                                         its thread ends

An event that is sent as a call carries an `EventCall`, which is what its sender is
parked on. The call goes with the event: to another queue, to the thread that takes it,
and with whichever of these ends before it was answered.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, final

from kernel.abi.errors import KernelError, KErrDied, KErrInUse, KErrTimedOut
from kernel.abi.event_queue import KDuplicateKey, TMerge, TMerged
from kernel.abi.handles import TObjectType
from kernel.events import TEvent
from kernel.tasks.objects import DObject
from kernel.tasks.park import block, wake
from kernel.waits.wait_queue import Waitable, WaitQueue

if TYPE_CHECKING:
    from kernel.abi.event_queue import EventData
    from kernel.core import Core
    from kernel.nkern.clock import Deadline
    from kernel.tasks.objects import DObjectIx
    from kernel.tasks.park import Park
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread


class EventCall:
    """One thread's wait for the answer to an event."""

    def __init__(self, client: DThread, queue: DEventQueue) -> None:
        # Fixed for life:
        self.client: Final = client
        self.number: Final = client.core.next_event_call()

        # Guarded by the kernel lock:
        self.queue: DEventQueue | None = queue  # until it is taken
        self.handler: DThread | None = None  # who took it
        self.deadline: Deadline | None = None
        self.code = 0  # what it failed with
        self.result: object = None  # the answer
        client.core.event_calls[self.number] = self

    def park(self, timeout_us: int) -> Park:
        """Let the client wait; 0 means for ever."""
        client, core = self.client, self.client.core
        if timeout_us > 0:
            at_us = core.clock.now() + timeout_us
            self.deadline = core.clock.add(at_us, lambda: self.fail(KErrTimedOut))
        return block(core, client, self, self._resume)

    def _resume(self) -> object:
        if self.code:
            raise KernelError(self.code)
        return self.result

    def take(self, handler: DThread) -> None:
        """The event was taken: its answer is owed by *handler*."""
        self.queue = None
        self.handler = handler
        handler.at_end[self] = None

    def answer(self, result: object) -> None:
        """The client goes on."""
        self.result = result
        self._end()

    def fail(self, code: int) -> None:
        """The client goes on without an answer."""
        self.code = code
        self._end()

    def _end(self) -> None:
        self._forget()
        wake(self.client.core, self.client)

    def _forget(self) -> None:
        core = self.client.core
        del core.event_calls[self.number]
        if self.handler is not None:
            self.handler.at_end.pop(self, None)
        if self.deadline is not None:
            core.clock.remove(self.deadline)
            self.deadline = None

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any more, while the event is still queued."""
        return self.number not in self.client.core.event_calls

    def on_thread_end(self, thread: DThread) -> None:
        """Who took the event has ended."""
        if not self.is_over:
            self.fail(KErrDied)

    # As the reason its client is parked:

    def unwait(self, thread: DThread) -> None:
        """The client is dying; the event stays."""
        self._forget()

    def describe(self) -> str:
        """For reports."""
        if self.handler is not None:
            return f"the answer of {self.handler.full_name}"
        return f"the answer to an event in {self.queue!r}"

    def blockers(self) -> list[DThread]:
        """Who handles it, or will."""
        if self.handler is not None:
            return [self.handler]
        bound = None if self.queue is None else self.queue.bound
        return [] if bound is None else [bound]

    def suspend(self, thread: DThread) -> None:
        """No place is lost."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """A caller is no idle server."""
        return False


class QueuedEvent:
    """One event in a queue."""

    __slots__ = ("call", "data", "number")

    def __init__(self, number: int, data: EventData, call: EventCall | None) -> None:
        self.number: Final = number
        self.data = data
        self.call = call


class EventWait(WaitQueue):
    """The threads that wait for an event."""

    def __init__(self, queue: DEventQueue) -> None:
        super().__init__(queue)
        self._queue: Final = queue

    @property
    def is_service(self) -> bool:
        """An event loop is idle; a thread that waits for one certain event is not."""
        return self._queue.bound is not None


@final
class DEventQueue(DObject, Waitable):
    """An event queue: unbounded, and known by its id.

    Original: the queue handle of GEOS (geos-iacp 1.1).
    """

    kind = TObjectType.EEventQueue

    def __init__(
        self, core: Core, name: str | None, owner: DObject | None, process: DProcess
    ) -> None:
        super().__init__(core, name, owner)
        # Fixed for life:
        self.id: Final = core.next_event_queue()
        self.queue: WaitQueue = EventWait(self)

        # Guarded by the kernel lock:
        self.process = process  # it belongs to
        self.home: tuple[DObjectIx, int] | None = None  # where that holds it
        self.bound: DThread | None = None
        self.label: EventData = ()
        self.gone = False
        self.events: deque[QueuedEvent] = deque()
        self.handed: dict[DThread, QueuedEvent] = {}  # woken for one, and yet to run
        core.event_queues[self.id] = self

    def bind(self, thread: DThread) -> None:
        """Let *thread* drain it. Raises: KErrInUse."""
        others = (end for end in thread.at_end if isinstance(end, DEventQueue))
        is_waited_for = self.bound is not None or self.queue.is_used
        if is_waited_for or any(end.bound is thread for end in others):
            raise KernelError(KErrInUse)
        self.bound = thread
        self.process = thread.process
        thread.at_end[self] = None

    # Events coming in:

    def put(
        self, data: EventData, call: EventCall | None = None, *, at_front: bool = False
    ) -> None:
        """Append an event, or give it to the first thread that waits."""
        event = QueuedEvent(self.core.next_event(), data, call)
        if at_front:
            self.events.appendleft(event)
        else:
            self.events.append(event)
        self._hand_out()

    def merge(self, data: EventData, how: int) -> tuple[TMerged, EventData | None]:
        """Append an event unless there is one like it. Returns also: which gave way."""
        found = self._find_like(data, last_only=bool(how & TMerge.ELastOnly))
        if found is None:
            if how & TMerge.EDiscard:
                return TMerged.EDiscarded, data
            self.put(data)
            return TMerged.EAppended, None
        if how & TMerge.EReplace:
            old, found.data = found.data, data
            return TMerged.EReplaced, old
        return TMerged.EDropped, data

    def _find_like(self, data: EventData, *, last_only: bool) -> QueuedEvent | None:
        """The newest with the same key; a call stays what it is."""
        for event in reversed(self.events):
            if (
                event.call is None
                and event.data[:KDuplicateKey] == data[:KDuplicateKey]
            ):
                return event
            if last_only and event.data[:1] == data[:1]:
                return None
        return None

    def exchange(self, number: int, data: EventData) -> bool:
        """Put other data in the place of an event, if that is still queued."""
        for event in self.events:
            if event.number == number:
                event.data = data
                return True
        return False

    def flush(self, to: DEventQueue, *, at_front: bool) -> None:
        """Move all events, with who waits for their answers."""
        moved = list(self.events)
        self.events.clear()
        for event in moved:
            if event.call is not None:
                event.call.queue = to
        if at_front:
            to.events.extendleft(reversed(moved))
        else:
            to.events.extend(moved)
        to._hand_out()

    def _hand_out(self) -> None:
        """Let waiting threads have events, the first one first."""
        while self.events and self.queue:
            thread = self.queue.take_first()
            assert thread is not None
            self.try_take(thread)
            self.queue.end(thread)

    # Events going out:

    def take(self, thread: DThread) -> tuple[EventData, int]:
        """The oldest, which *thread* handles now; there is one."""
        return self._taken(self.events.popleft(), thread)

    def _taken(self, event: QueuedEvent, thread: DThread) -> tuple[EventData, int]:
        call = event.call
        if call is None or call.is_over:
            return (event.data, 0)
        call.take(thread)
        return (event.data, call.number)

    def try_take(self, thread: DThread) -> bool:
        """Put one aside for *thread*, which is about to be woken."""
        if not self.events:
            return False
        self.handed[thread] = self.events.popleft()
        thread.at_end[self] = None
        return True

    def on_woken(self, thread: DThread) -> tuple[EventData, int]:
        """The thread runs, and has it."""
        event = self.handed.pop(thread)
        if self.bound is not thread:
            del thread.at_end[self]
        return self._taken(event, thread)

    # Ending:

    def on_thread_end(self, thread: DThread) -> None:
        """It drained the queue, or was about to take an event of it."""
        event = self.handed.pop(thread, None)
        if event is not None:
            self.events.appendleft(event)
        if self.bound is thread:
            self.delete()
        if self.gone:
            self._discard()
        else:
            self._hand_out()

    def delete(self) -> None:
        """Discard everything; the id names nothing any more."""
        if self.gone:
            return
        self.gone = True
        self.core.event(TEvent.EEventQueueFree, None, self.id, len(self.events))
        del self.core.event_queues[self.id]
        if self.bound is not None and self.bound not in self.handed:
            self.bound.at_end.pop(self, None)
        self.bound = None
        self._discard()
        self.queue.end_all(KErrDied)

    def _discard(self) -> None:
        """Who was woken for an event still gets it."""
        events = list(self.events)
        self.events.clear()
        for event in events:
            if event.call is not None and not event.call.is_over:
                event.call.fail(KErrDied)

    def on_destroy(self) -> None:
        """The last handle is closed."""
        self.delete()
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        if self.gone:
            return "gone"
        whose = f"bound to {self.bound.full_name}" if self.bound else "unbound"
        return f"id {self.id}, {whose}, {len(self.events)} events"

    def check(self) -> None:
        """Assert what holds for queue, events and who waits."""
        assert (self.core.event_queues.get(self.id) is self) != self.gone, self
        assert not (self.events and len(self.queue)), self
        assert self.bound is None or self in self.bound.at_end, self
        for thread in self.handed:
            assert self in thread.at_end, self
        for event in (*self.events, *self.handed.values()):
            call = event.call
            assert call is None or call.is_over or call.queue is self, self
        assert not (self.gone and self.events), self
