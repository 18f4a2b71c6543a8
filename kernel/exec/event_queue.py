"""Calls on event queues."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrAccessDenied,
    KErrArgument,
    KErrNotFound,
    KErrPermissionDenied,
    KErrTimedOut,
)
from kernel.abi.event_queue import KMaxEventDepth, TMerge
from kernel.abi.handles import KHandleFlagLocal
from kernel.events import TEvent
from kernel.exec.semaphore import KPoll, owner_of, publish
from kernel.ipc.event_queue import DEventQueue, EventCall
from kernel.tasks.handles import new_handle, open_handle, resolve, table_of

if TYPE_CHECKING:
    from kernel.abi.event_queue import EventData
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread

EEventPost: Final = TEvent.EEventPost
EEventGet: Final = TEvent.EEventGet
KAllMerges: Final = int(TMerge.ELastOnly | TMerge.EReplace | TMerge.EDiscard)

# By class, never by isinstance: a subclass could bring methods of a program's along.
_PLAIN: Final = frozenset((NoneType, bool, int, float, str, bytes))


def demand_plain(call: str, value: object, depth: int = 0) -> None:
    """See that *value* is plain data all through. Raises: TypeError."""
    kind = type(value)
    if kind in _PLAIN:
        return
    if kind is not tuple:
        raise TypeError(f"{call}: a {kind.__name__} is no plain data")
    if depth == KMaxEventDepth:
        raise TypeError(f"{call}: tuples are nested deeper than {KMaxEventDepth}")
    for item in value:  # type: ignore[attr-defined] # a tuple
        demand_plain(call, item, depth + 1)


def find(core: Core, queue: int) -> DEventQueue:
    """The queue with that id. Raises: KErrNotFound."""
    found = core.event_queues.get(queue)
    if found is None:
        raise KernelError(KErrNotFound)
    return found


def find_own(core: Core, thread: DThread, queue: int) -> DEventQueue:
    """The same, of the caller's process. Raises: KErrNotFound, KErrPermissionDenied."""
    found = find(core, queue)
    if found.process is not thread.process:
        raise KernelError(KErrPermissionDenied)
    return found


def event_queue_create(
    core: Core, thread: DThread, name: str | None, owner: int
) -> int:
    """Local, protected or global; known by its id at once."""
    whose = owner_of(thread, name, owner)
    new = DEventQueue(core, name, whose, thread.process)
    publish(new, name)
    handle = new_handle(thread, new, owner)
    new.home = (table_of(thread, owner), handle)
    return handle


def event_queue_id(core: Core, thread: DThread, handle: int) -> int:
    """What others post to."""
    queue = resolve(core, thread, handle, DEventQueue)
    return 0 if queue.gone else queue.id


def event_queue_bind(core: Core, thread: DThread, handle: int) -> None:
    """The caller drains it; it belongs to the caller's process now."""
    queue = resolve(core, thread, handle, DEventQueue)
    if queue.gone:
        raise KernelError(KErrNotFound)
    queue.bind(thread)
    queue.home = (table_of(thread, handle & KHandleFlagLocal), handle)


def event_queue_free(core: Core, thread: DThread, queue: int) -> None:
    """The handle that its process holds is closed too."""
    found = find_own(core, thread, queue)
    found.delete()
    if found.home is not None:
        table, handle = found.home
        if table.try_at(handle) is found:
            table.remove(handle)


def event_queue_set_label(
    core: Core, thread: DThread, queue: int, label: EventData
) -> None:
    """For everybody to read."""
    found = find_own(core, thread, queue)
    demand_plain("event_queue_set_label", label)
    found.label = label


def event_queue_label(core: Core, thread: DThread, queue: int) -> EventData:
    """What its owner says."""
    return find(core, queue).label


def event_queue_list(core: Core, thread: DThread) -> tuple[int, ...]:
    """Of event-driven threads."""
    return tuple(q.id for q in core.event_queues.values() if q.bound is not None)


def event_queue_process(core: Core, thread: DThread, queue: int, owner: int) -> int:
    """To log on to its end, for instance."""
    process = find(core, queue).process
    if process.dead:  # the queue is held by whom it was given to
        raise KernelError(KErrNotFound)
    return open_handle(thread, process, owner)


def event_queue_post(
    core: Core, thread: DThread, queue: int, event: EventData, at_front: bool
) -> None:
    """Nobody waits for an answer."""
    found = find(core, queue)
    prepare(core, "event_queue_post", event)
    if core.trace is not None:
        core.trace(EEventPost, thread, queue, 0)
    found.put(event, at_front=at_front)


def event_queue_merge(
    core: Core, thread: DThread, queue: int, event: EventData, how: int
) -> tuple[int, EventData | None]:
    """One of a kind."""
    found = find(core, queue)
    if how & ~KAllMerges:
        raise KernelError(KErrArgument)
    prepare(core, "event_queue_merge", event)
    if core.trace is not None:
        core.trace(EEventPost, thread, queue, 0)
    merged, gone = found.merge(event, how)
    return int(merged), gone


def event_queue_call(
    core: Core, thread: DThread, queue: int, event: EventData, timeout_us: int
) -> Park:
    """The caller waits for the answer."""
    found = find(core, queue)
    if timeout_us < 0:
        raise KernelError(KErrArgument)
    prepare(core, "event_queue_call", event)
    call = EventCall(thread, found)
    if core.trace is not None:
        core.trace(EEventPost, thread, queue, call.number)
    found.put(event, call)
    return call.park(timeout_us)


def prepare(core: Core, call: str, event: EventData) -> None:
    """What is asked of every event. Raises: TypeError, KErrNoMemory."""
    demand_plain(call, event)
    if core.faults is not None:
        core.faults.allocate("event")


def event_queue_get(
    core: Core, thread: DThread, queue: int, timeout_us: int
) -> tuple[EventData, int] | Park:
    """The oldest, now or later."""
    found = find(core, queue)
    if found.bound is not None and found.bound is not thread:
        raise KernelError(KErrAccessDenied)
    if timeout_us < KPoll:
        raise KernelError(KErrArgument)
    if core.trace is not None:
        core.trace(EEventGet, thread, queue)
    if found.events:
        return found.take(thread)
    if timeout_us == KPoll:
        raise KernelError(KErrTimedOut)
    return found.queue.park(thread, timeout_us)


def event_queue_reply(core: Core, thread: DThread, call: int, result: object) -> None:
    """Only of an event that was taken."""
    waiting = core.event_calls.get(call)
    if waiting is None or waiting.handler is None:
        raise KernelError(KErrNotFound)
    demand_plain("event_queue_reply", result)
    if core.trace is not None:
        core.trace(TEvent.EEventReply, thread, call)
    waiting.answer(result)


def event_queue_length(core: Core, thread: DThread, queue: int) -> int:
    """Without those that are being handled."""
    return len(find(core, queue).events)


def event_queue_flush(
    core: Core, thread: DThread, queue: int, to: int, at_front: bool
) -> None:
    """All at once."""
    source, target = find(core, queue), find(core, to)
    if source is not target:
        source.flush(target, at_front=at_front)


def event_queue_events(
    core: Core, thread: DThread, queue: int
) -> tuple[tuple[int, EventData], ...]:
    """A picture: the numbers say later whether an event is still there."""
    return tuple((event.number, event.data) for event in find(core, queue).events)


def event_queue_exchange(
    core: Core, thread: DThread, queue: int, number: int, event: EventData
) -> bool:
    """As long as nobody has taken it."""
    found = find(core, queue)
    demand_plain("event_queue_exchange", event)
    return found.exchange(number, event)
