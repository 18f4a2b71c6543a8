"""What event queues should do, in so far as it is simple to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KErrDied, KErrTimedOut
from kernel.abi.event_queue import TMerge, TMerged
from kernel.abi.handles import TObjectType
from tools.stress.things import Refused, Thing, Value

if TYPE_CHECKING:
    from tools.stress.model import Model
    from tools.stress.things import Caller, Process, Table

Data = tuple[object, ...]


@dataclass(eq=False, repr=False)
class EventCall:
    """A thread waits for an answer."""

    client: Caller
    due_us: int | None
    handler: Thing | None = None  # the thread that took the event
    number: int = 0  # to answer under, once that is known

    def learn(self, number: int) -> None:
        """The kernel calls it so."""
        assert number > 0, number
        assert self.number in (0, number), (self.number, number)
        self.number = number


@dataclass(eq=False, repr=False)
class Event:
    """One that is queued."""

    data: Data
    call: EventCall | None = None
    number: int = 0  # once it is known

    def learn(self, number: int) -> None:
        """The kernel calls it so, and will always."""
        assert number > 0, number
        assert self.number in (0, number), (self.number, number)
        self.number = number


@dataclass(eq=False, repr=False)
class EventQueue(Thing):
    """An event queue."""

    id: int = 0
    belongs_to: Process | None = None
    home: tuple[Table, int] | None = None
    bound: Thing | None = None  # the thread that drains it
    label: Data = ()
    events: list[Event] = field(default_factory=list)
    getters: list[EventWait] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class EventWait:
    """A thread waits for an event."""

    client: Caller
    queue: EventQueue
    due_us: int | None


class Events:
    """All queues, and all who wait for answers."""

    def __init__(self, model: Model) -> None:
        self._model: Final = model
        self.queues: Final[dict[int, EventQueue]] = {}  # by id
        self.calls: Final[list[EventCall]] = []  # not answered

    # Coming in

    def put(self, queue: EventQueue, event: Event, *, at_front: bool = False) -> None:
        """It is queued, or somebody waits for it."""
        queue.events.insert(0 if at_front else len(queue.events), event)
        self._hand_out(queue)

    def call(self, queue: EventQueue, caller: Caller, data: Data, us: int) -> None:
        """The caller waits for the answer."""
        call = EventCall(caller, self._model.after(us))
        caller.wait = call
        self.calls.append(call)
        self.put(queue, Event(data, call))

    def merge(
        self, queue: EventQueue, data: Data, how: int
    ) -> tuple[TMerged, Data | None]:
        """It is queued if there is none like it; also which gave way."""
        found = self._find_like(queue, data, last_only=bool(how & TMerge.ELastOnly))
        if found is not None and how & TMerge.EReplace:
            old, found.data = found.data, data
            return TMerged.EReplaced, old
        if found is not None:
            return TMerged.EDropped, data
        if how & TMerge.EDiscard:
            return TMerged.EDiscarded, data
        self.put(queue, Event(data))
        return TMerged.EAppended, None

    def _find_like(
        self, queue: EventQueue, data: Data, *, last_only: bool
    ) -> Event | None:
        to_same = [e for e in queue.events if e.data[:1] == data[:1]]
        if last_only:
            to_same = to_same[-1:]
        like = [e for e in to_same if e.data[:2] == data[:2] and e.call is None]
        return like[-1] if like else None

    def flush(self, queue: EventQueue, to: EventQueue, *, at_front: bool) -> None:
        """All events move."""
        moved, queue.events = queue.events, []
        to.events = [*moved, *to.events] if at_front else [*to.events, *moved]
        self._hand_out(to)

    def _hand_out(self, queue: EventQueue) -> None:
        while queue.events and queue.getters:
            first = max(queue.getters, key=lambda w: w.client.thread.priority)
            queue.getters.remove(first)
            self.take(queue, first.client)

    # Going out

    def take(self, queue: EventQueue, caller: Caller) -> None:
        """The oldest is the caller's to handle."""
        event = queue.events.pop(0)
        call = event.call if event.call in self.calls else None
        if call is not None:
            call.handler = caller.thread
        caller.finish(Value((event.data, 0 if call is None else call)))

    def wait(self, queue: EventQueue, caller: Caller, timeout_us: int) -> None:
        """There is none: the caller waits."""
        caller.wait = EventWait(caller, queue, self._model.after(timeout_us))
        queue.getters.append(caller.wait)

    def answer(self, call: EventCall, result: object) -> None:
        """Its client goes on."""
        self.calls.remove(call)
        call.client.finish(Value(result))

    def _fail(self, call: EventCall, code: int) -> None:
        self.calls.remove(call)
        call.client.finish(Refused(code))

    # Ends

    def delete(self, queue: EventQueue) -> None:
        """Nobody finds it any more; who waits is told."""
        if self.queues.pop(queue.id, None) is None:
            return
        queue.bound = None
        events, queue.events = queue.events, []
        for event in events:
            if event.call in self.calls:
                assert event.call is not None
                self._fail(event.call, KErrDied)
        getters, queue.getters = queue.getters, []
        for getter in getters:
            getter.client.finish(Refused(KErrDied))

    def free(self, queue: EventQueue) -> None:
        """The handle that its process holds is closed too."""
        self.delete(queue)
        if queue.home is not None:
            table, handle = queue.home
            if table.get(handle) is queue:
                self._model.empty(table, handle)

    def on_released(self, thread: Thing) -> None:
        """A thread that dies waits for nobody; an event of its stays queued."""
        wait = None if thread.caller is None else thread.caller.wait
        if isinstance(wait, EventCall):
            self.calls.remove(wait)
        elif isinstance(wait, EventWait):
            wait.queue.getters.remove(wait)

    def on_thread_end(self, thread: Thing) -> None:
        """The queue it drained goes; who waits for its answers is told."""
        for queue in list(self.queues.values()):
            if queue.bound is thread:
                self.delete(queue)
        for call in [call for call in self.calls if call.handler is thread]:
            self._fail(call, KErrDied)

    def on_time(self) -> None:
        """What was to happen until now."""
        now_us = self._model.now_us
        for call in [c for c in self.calls if c.due_us is not None]:
            if call.due_us is not None and call.due_us <= now_us:
                self._fail(call, KErrTimedOut)
        for queue in self.queues.values():
            for getter in list(queue.getters):
                if getter.due_us is not None and getter.due_us <= now_us:
                    queue.getters.remove(getter)
                    getter.client.finish(Refused(KErrTimedOut))

    def created(self, process: Process, name: str | None, queue_id: int) -> EventQueue:
        """A new one, without handles yet."""
        queue = EventQueue(
            TObjectType.EEventQueue, process, name, id=queue_id, belongs_to=process
        )
        self._model.note_name(queue)
        self.queues[queue_id] = queue
        return queue
