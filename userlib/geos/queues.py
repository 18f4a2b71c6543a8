"""Event queues as geodes use them."""

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNotFound, KErrTimedOut, Leave
from kernel.abi.handles import EOwnerProcess
from userlib.geos.errors import GeosFatalError, GeosTimeout
from userlib.geos.event import Event
from userlib.geos.geode_info import own_thread
from userlib.geos.sending import event_of, post
from userlib.geos.values import KProcessChunk, Optr, QueueHandle


def geode_alloc_queue() -> QueueHandle:
    """A queue that the caller's geode owns, bound to no thread.

    Original: GeodeAllocQueue.
    """
    exec_ = current_exec.get()
    handle = exec_.event_queue_create(None, EOwnerProcess)
    return QueueHandle(exec_.event_queue_id(handle))


def geode_free_queue(queue: int) -> None:
    """Discard the queue with all that is in it; later posts to it are dropped.

    Raises: GeosFatalError("ILLEGAL_HANDLE") if there is no such queue;
        Leave(KErrPermissionDenied) if another geode owns it.
    Original: GeodeFreeQueue.
    """
    try:
        current_exec.get().event_queue_free(queue)
    except Leave as leave:
        raise _failure(leave, queue) from None


def geode_info_queue(queue: int = 0) -> int:
    """How many events are queued; of the calling thread's queue, if *queue* is 0.

    Raises: GeosFatalError("ILLEGAL_HANDLE") if there is no such queue.
    Original: GeodeInfoQueue.
    """
    try:
        return current_exec.get().event_queue_length(queue or own_thread())
    except Leave as leave:
        raise _failure(leave, queue) from None


def geode_flush_queue(source: int, dest: int, *, at_front: bool = False) -> None:
    """Move every event of *source* to *dest*, in order, before its own if *at_front*.

    Raises: GeosFatalError("ILLEGAL_HANDLE") if either queue does not exist.
    Original: GeodeFlushQueue.
    """
    try:
        current_exec.get().event_queue_flush(source, dest, at_front)
    except Leave as leave:
        raise _failure(leave, source) from None


def queue_post_message(event: Event, queue: int, *, at_front: bool = False) -> None:
    """Put a recorded message into a queue, whatever its destination; consumes it.

    One for a queue that is gone is dropped. Original: QueuePostMessage.
    """
    dest = event.destination
    chunk = dest.chunk if isinstance(dest, Optr) else KProcessChunk
    _, number, values, packed, _ = event.pack()
    post(queue, (chunk, number, values, packed), at_front=at_front)  # type: ignore[arg-type] # packed


def queue_get_message(queue: int, *, timeout_us: int = 0) -> Event:
    """Take the oldest event of a queue that no other thread drains.

    Whoever sent it as a call goes on without a result. *timeout_us* 0 is for ever.
    Blocks: until there is one.
    Raises: GeosTimeout; GeosFatalError("ILLEGAL_HANDLE") if there is no such queue;
        Leave(KErrDied) if it is freed meanwhile, Leave(KErrAccessDenied) if it is bound
        to another thread.
    Original: QueueGetMessage.
    """
    exec_ = current_exec.get()
    try:
        wire, call = exec_.event_queue_get(queue or own_thread(), timeout_us)
    except Leave as leave:
        raise _failure(leave, queue) from None
    if call:
        exec_.event_queue_reply(call, None)
    return event_of(wire)


def _failure(leave: Leave, queue: int) -> Exception:
    if leave.code == KErrNotFound:
        return GeosFatalError("ILLEGAL_HANDLE", f"there is no queue {queue}")
    if leave.code == KErrTimedOut:
        return GeosTimeout(f"no event in queue {queue}")
    return leave
