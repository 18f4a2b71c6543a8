"""Sending: what stands on the wire, and how a message comes to its object.

In a queue an event is (chunk, message number, values, destination): the first two are
what the kernel merges by. A message for an object of the calling thread is a direct
call, unless MF_FORCE_QUEUE says otherwise; then its values are passed as they are.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrDied, KErrNoMemory, KErrNotFound, Leave
from kernel.abi.event_queue import EventData, TMerge
from userlib.geos.constants import (
    MF_CALL,
    MF_CAN_DISCARD_IF_DESPERATE,
    MF_CHECK_DUPLICATE,
    MF_CHECK_LAST_ONLY,
    MF_CUSTOM,
    MF_DISCARD_IF_NO_MATCH,
    MF_FORCE_QUEUE,
    MF_INSERT_AT_FRONT,
    MF_MATCH_ALL,
    MF_REPLACE,
    MessageFlags,
    ProcSendEvent,
)
from userlib.geos.context import GeosThread, current_geode, current_thread
from userlib.geos.errors import GeosFatalError
from userlib.geos.event import (
    Event,
    KDispatchIfUndeliverable,
    pack_value,
    unpack_value,
)
from userlib.geos.iacp_ticket import (
    complete_number,
    complete_ticket,
    discard_ticket,
    is_ticket,
    move_ticket,
    tickets_among,
)
from userlib.geos.values import KProcessChunk, Optr

Wire: TypeAlias = tuple[int, int, tuple[object, ...], object]

# Looks at a queued event and the new one; may return another to put in its place.
Combine: TypeAlias = Callable[[Event, Event], "ProcSendEvent | tuple[object, ...]"]

_KMerges: Final = (
    (MF_CHECK_LAST_ONLY, TMerge.ELastOnly),
    (MF_REPLACE, TMerge.EReplace),
    (MF_DISCARD_IF_NO_MATCH, TMerge.EDiscard),
)


def send(
    dest: Optr | int,
    number: int,
    values: tuple[object, ...],
    flags: MessageFlags,
    combine: Combine | None = None,
) -> Any:  # noqa: ANN401 - the handler's result
    """Send to what exists, or did; flags are checked. Original: none; SendEvent."""
    if not dest:
        return None
    queue, chunk = route(dest)
    thread = current_thread.get()
    if thread is not None and queue == thread.handle and not flags & MF_FORCE_QUEUE:
        result = deliver(thread, chunk, number, values)
        return result if flags & MF_CALL else None
    holder = _other_geode(dest)
    tickets = tickets_among(values) if holder else ()
    wire: Wire = (chunk, number, pack_all(values), pack_value(dest))
    if flags & MF_CALL:
        return _call(queue, wire)
    gone = _post(queue, wire, flags, combine)
    if gone is not None:
        _lose(gone)
    if gone is not wire:
        for ticket in tickets:
            move_ticket(ticket, holder)
    return None


def _other_geode(dest: Optr | int) -> int:
    """The geode of *dest*, or its queue, whose end is the same; 0: the caller's own."""
    holder = dest.geode if isinstance(dest, Optr) else int(dest)
    state = current_geode.get()
    return 0 if state is not None and holder == state.handle else holder


def route(dest: Optr | int) -> tuple[int, int]:
    """The queue it goes to, and the object there. Original: none."""
    if isinstance(dest, Optr):
        return dest.thread, dest.chunk
    return int(dest), KProcessChunk


def pack_all(values: tuple[object, ...]) -> tuple[object, ...]:
    """Plain data for each. Raises: TypeError. Original: none."""
    return tuple(map(pack_value, values))


def _call(queue: int, wire: Wire) -> Any:  # noqa: ANN401 - the handler's result
    """Queue it, and wait. Raises: Leave(KErrDied) if there is nobody to answer."""
    try:
        answer = current_exec.get().event_queue_call(queue, wire, 0)
    except Leave as leave:
        if leave.code in (KErrNotFound, KErrDied):
            raise Leave(KErrDied, f"the thread of queue {queue} is gone") from None
        raise
    return unpack_value(answer)


def _post(
    queue: int, wire: Wire, flags: MessageFlags, combine: Combine | None
) -> EventData | None:
    """Returns: the event that nobody will get for that, if there is one."""
    try:
        if flags & MF_CUSTOM and combine is not None:
            return _post_combined(queue, wire, flags, combine)
        if flags & MF_CHECK_DUPLICATE:
            how = sum(merge for flag, merge in _KMerges if flags & flag)
            _, gone = current_exec.get().event_queue_merge(queue, wire, how)
            return gone
        at_front = bool(flags & MF_INSERT_AT_FRONT)
        current_exec.get().event_queue_post(queue, wire, at_front)
    except Leave as leave:
        is_gone = leave.code == KErrNotFound
        is_desperate = leave.code == KErrNoMemory
        if not is_gone and not (is_desperate and flags & MF_CAN_DISCARD_IF_DESPERATE):
            raise
        return wire
    return None


def post(queue: int, wire: Wire, *, at_front: bool = False) -> bool:
    """Queue it; whether there was such a queue. Original: none."""
    try:
        current_exec.get().event_queue_post(queue, wire, at_front)
    except Leave as leave:
        if leave.code != KErrNotFound:
            raise
        return False
    return True


def _post_combined(
    queue: int, wire: Wire, flags: MessageFlags, combine: Combine
) -> EventData | None:
    """Show *combine* the queued events, the newest first.

    Another thread may take one while the function looks at it: then all over again.
    What it puts in the place of the two it has seen, and may have kept of them, is its
    own affair. Returns: the new event, if it was dropped.
    """
    exec_ = current_exec.get()
    is_settled = False
    while not is_settled:
        is_settled = True
        for number, queued in reversed(exec_.event_queue_events(queue)):
            if not _is_shown(queued, wire, flags):
                continue
            verdict = combine(event_of(queued), event_of(wire))
            if isinstance(verdict, tuple):
                new = (*queued[:2], pack_all(verdict), queued[3])
                if exec_.event_queue_exchange(queue, number, new):
                    return None
                is_settled = False
                break
            if verdict is ProcSendEvent.PROC_SE_EXIT:
                return wire
            if verdict is ProcSendEvent.PROC_SE_STORE_AT_BACK or (
                flags & MF_CHECK_LAST_ONLY
            ):
                break
    if flags & MF_DISCARD_IF_NO_MATCH:
        return wire
    exec_.event_queue_post(queue, wire, False)
    return None


def _is_shown(queued: EventData, wire: Wire, flags: MessageFlags) -> bool:
    return queued[0] == wire[0] or bool(flags & MF_MATCH_ALL)


def event_of(wire: EventData) -> Event:
    """A queued event as a recorded one. Original: none."""
    _, number, values, destination = wire
    return Event(number, values, destination, 0)  # type: ignore[arg-type] # as `send` made it


def deliver(
    thread: GeosThread, chunk: int, number: int, values: tuple[object, ...]
) -> Any:  # noqa: ANN401 - the handler's result
    """Let an object of the calling thread handle it; one that is gone does not.

    Original: none; SendMessage.
    """
    obj = thread.objects.get(chunk)
    if obj is None:
        _lose_values(number, values)
        return None
    if number not in obj.geos_handlers:
        for ticket in _tickets(values):
            discard_ticket(ticket)
    return obj.handle(number, values)


def _tickets(values: tuple[object, ...]) -> list[Event]:
    """The completions among them: IACP waits to hear what becomes of those."""
    return [each for each in values if isinstance(each, Event) and is_ticket(each)]


# What undeliverable events may hold; set apart, for MetaClass numbers the messages.
KDispatchEventNumber: Final = 5
KMarkerPlace: Final = 2


def destroy_event(event: Event) -> None:
    """Nobody is to have it; one marked as not to be lost is dispatched instead.

    Original: none; what MSG_META_SEND_CLASSED_EVENT does to an event it cannot deliver.
    """
    number, values = event.message, event.values
    if is_ticket(event):
        discard_ticket(event)
    event.consume()
    _lose_values(number, values)


def _lose(wire: EventData) -> None:
    """Nobody will get it."""
    _, number, values, _ = wire
    _lose_values(number, tuple(map(unpack_value, values)))  # type: ignore[arg-type,call-overload] # as `send` made it


def _lose_values(number: int, values: tuple[object, ...]) -> None:
    """The same of what it bears: the completions of others are due, wherever."""
    _dispatch_marked(number, values)
    for ticket in tickets_among(values):
        complete_number(ticket)


def _dispatch_marked(number: int, values: tuple[object, ...]) -> None:
    if number != KDispatchEventNumber or len(values) <= KMarkerPlace:
        return
    inner, _, marker = values[: KMarkerPlace + 1]
    if marker == KDispatchIfUndeliverable and isinstance(inner, Event):
        dispatch(inner, MF_FORCE_QUEUE)


def dispatch(event: Event, flags: MessageFlags) -> Any:  # noqa: ANN401 - the handler's result
    """Send what was recorded; consumes it. Original: none; MessageDispatch."""
    if is_ticket(event):
        complete_ticket(event)
        return None
    dest, number, values = event.destination, event.message, event.values
    event.consume()
    if isinstance(dest, Optr | int):
        return send(dest, number, values, flags)
    if dest is not None:
        raise GeosFatalError("ILLEGAL_HANDLE", f"any object of {dest.name} is none")
    return None
