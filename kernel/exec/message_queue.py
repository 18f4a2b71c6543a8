"""Calls on message queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrCancel,
    KErrNoMemory,
    KErrOverflow,
    KErrUnderflow,
)
from kernel.abi.limits import (
    KMaxMsgQueueBytes,
    KMaxMsgQueueMessage,
    KMinMsgQueueMessage,
    KMsgQueueGrain,
)
from kernel.abi.memory import ClientBuffer
from kernel.abi.panics import TKernExec
from kernel.events import TEvent
from kernel.exec.semaphore import owner_of, publish
from kernel.ipc.message_queue import DMsgQueue
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.notice import Notice
    from kernel.tasks.thread import DThread

EMsgQueueSend: Final = TEvent.EMsgQueueSend
EMsgQueueReceive: Final = TEvent.EMsgQueueReceive


def message_queue_create(
    core: Core, thread: DThread, name: str | None, slots: int, size: int, owner: int
) -> int:
    """Local, protected or global; the size is looked at first."""
    if not KMinMsgQueueMessage <= size <= KMaxMsgQueueMessage or size % KMsgQueueGrain:
        panic_current(core, thread, TKernExec.EMsgQueueInvalidLength)
    if slots < 1:
        panic_current(core, thread, TKernExec.EMsgQueueInvalidSlots)
    if slots * size > KMaxMsgQueueBytes:
        raise KernelError(KErrNoMemory)
    new = DMsgQueue(core, name, owner_of(thread, name, owner), slots, size)
    publish(new, name)
    return new_handle(thread, new, owner)


def message_queue_send(
    core: Core, thread: DThread, handle: int, data: bytes | ClientBuffer
) -> None:
    """Append a message."""
    queue = resolve(core, thread, handle, DMsgQueue)
    length = data.length if isinstance(data, ClientBuffer) else len(data)
    if not 0 < length <= queue.size:
        panic_current(core, thread, TKernExec.EMsgQueueInvalidLength)
    if queue.is_full:
        raise KernelError(KErrOverflow)
    message = _contents(data)
    if message is None:
        panic_current(core, thread, TKernExec.ECausedException)
    if core.trace is not None:
        core.trace(EMsgQueueSend, thread, queue.number, length)
    queue.put(message)


def _contents(data: bytes | ClientBuffer) -> bytes | None:
    """The bytes; None if the pointer leads nowhere, or to text."""
    if not isinstance(data, ClientBuffer):
        return data
    contents = None if data.bad else data.contents()
    return contents if isinstance(contents, bytes) else None


def message_queue_receive(
    core: Core, thread: DThread, handle: int, length: int
) -> bytes:
    """Take the oldest message."""
    queue = resolve(core, thread, handle, DMsgQueue)
    if length != queue.size:
        panic_current(core, thread, TKernExec.EMsgQueueInvalidLength)
    if not queue.messages:
        raise KernelError(KErrUnderflow)
    if core.trace is not None:
        core.trace(EMsgQueueReceive, thread, queue.number)
    return queue.take()


def message_queue_size(core: Core, thread: DThread, handle: int) -> int:
    """Of a message, in bytes."""
    return resolve(core, thread, handle, DMsgQueue).size


def message_queue_notify_data(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Be told of a message."""
    queue = resolve(core, thread, handle, DMsgQueue)
    _demand_free(core, thread, queue.data)
    queue.data.request(thread, status)
    if queue.messages:
        queue.data.finish()


def message_queue_notify_data_cancel(core: Core, thread: DThread, handle: int) -> None:
    """Any thread may."""
    resolve(core, thread, handle, DMsgQueue).data.finish(KErrCancel)


def message_queue_notify_space(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Be told of a free slot."""
    queue = resolve(core, thread, handle, DMsgQueue)
    _demand_free(core, thread, queue.space)
    queue.space.request(thread, status)
    if not queue.is_full:
        queue.space.finish()


def message_queue_notify_space_cancel(core: Core, thread: DThread, handle: int) -> None:
    """Any thread may."""
    resolve(core, thread, handle, DMsgQueue).space.finish(KErrCancel)


def _demand_free(core: Core, thread: DThread, notice: Notice) -> None:
    if notice.thread is not None:
        panic_current(core, thread, TKernExec.EMsgQueueRequestPending)
