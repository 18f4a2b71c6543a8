"""Calls of L4 IPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.abi.errors import KernelError, KErrArgument
from kernel.abi.handles import KHandleIndexMask, KNullHandle
from kernel.abi.l4 import (
    L4_FPAGE_FULL,
    L4_UTCB_BUFFERS,
    L4_UTCB_WORDS,
    L4_WORD_BYTES,
    KLabelRights,
    KRightS,
    L4Err,
    L4IpcErr,
)
from kernel.abi.l4_ipc import KIpcOk, KTimeoutNever, TIpcItem
from kernel.events import TEvent
from kernel.exec.arguments import demand_types
from kernel.exec.cap import cap_release
from kernel.ipc.gate import DIpcGate
from kernel.ipc.ipc_send import EEnded, EQueued, EReceived, IpcSend
from kernel.ipc.irq import DIrq
from kernel.ipc.partner import Partner, partner_of, pass_items
from kernel.ipc.reply_cap import DReplyCap
from kernel.tasks.handles import look_up, rights_of
from kernel.tasks.park import block, wake

if TYPE_CHECKING:
    from kernel.abi.l4_ipc import SentItem, TIpcReply, TIpcRequest
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread

EIpcSend: Final = TEvent.EIpcSend
EIpcReply: Final = TEvent.EIpcReply
KMaxBytes: Final = L4_UTCB_WORDS * L4_WORD_BYTES
EVoid: Final = int(TIpcItem.EVoid)
EMemory: Final = int(TIpcItem.EMemory)
KEmptySlot: Final = int(L4IpcErr.L4_IPC_ENOT_EXISTENT)
KBadProtocol: Final = -int(L4Err.L4_EBADPROTO)
KFull: Final = int(L4_FPAGE_FULL)


def check_message(words: bytes, items: tuple[SentItem, ...]) -> None:
    """Raises: KErrArgument."""
    size = len(words)
    if size % L4_WORD_BYTES or size + 2 * L4_WORD_BYTES * len(items) > KMaxBytes:
        raise KernelError(KErrArgument)
    for item in items:
        if not EVoid <= item.kind <= EMemory:
            raise KernelError(KErrArgument)


def check_buffers(buffers: tuple[int, ...]) -> None:
    """Raises: KErrArgument."""
    if len(buffers) > L4_UTCB_BUFFERS:
        raise KernelError(KErrArgument)


def ipc_call(
    core: Core,
    thread: DThread,
    handle: int,
    label: int,
    words: bytes,
    items: tuple[SentItem, ...],
    buffers: tuple[int, ...],
    send_us: int,
    receive_us: int,
) -> Park | TIpcReply | object:
    """Send, then be parked until the reply."""
    # Let through unchecked: here is asked what a wrong type could harm later.
    if (
        not isinstance(label, int)
        or not isinstance(words, bytes)
        or items
        or buffers
        or send_us != KTimeoutNever
        or receive_us != KTimeoutNever
    ):
        demand_types(
            "ipc_call", handle, label, words, items, buffers, send_us, receive_us
        )
    send = _new_send(thread, handle, label, words, items)
    if send is None:
        if look_up(thread, handle) is None:
            return (KEmptySlot, 0, b"", ())
        return (KIpcOk, KBadProtocol, b"", ())
    if len(buffers) > L4_UTCB_BUFFERS:
        raise KernelError(KErrArgument)
    send.is_call = True
    send.buffers = buffers
    send.receive_us = receive_us
    return _start(core, thread, send, send_us)


def ipc_send(
    core: Core,
    thread: DThread,
    handle: int,
    label: int,
    words: bytes,
    items: tuple[SentItem, ...],
    send_us: int,
) -> Park | int | object:
    """Send, and be parked until it is taken."""
    send = _new_send(thread, handle, label, words, items)
    if send is None:  # what is no gate takes everything
        return KEmptySlot if look_up(thread, handle) is None else KIpcOk
    send.is_call = False
    return _start(core, thread, send, send_us)


def _new_send(
    thread: DThread,
    handle: int,
    label: int,
    words: bytes,
    items: tuple[SentItem, ...],
) -> IpcSend | None:
    """None if the handle is no gate's. The common case is unrolled, as in `resolve`.

    An IpcSend that ended well is used again: nobody holds it any more, and it is
    neither in a queue nor waited for.
    """
    if items or len(words) % L4_WORD_BYTES or len(words) > KMaxBytes:
        check_message(words, items)
    try:
        slot = thread.process.handles._slots[handle & KHandleIndexMask]  # noqa: SLF001 - see `resolve`
    except IndexError:
        slot = None
    if slot is not None and slot[0] == handle and slot[1].__class__ is DIpcGate:
        gate: Any = slot[1]  # a DIpcGate: that was looked at
        rights = slot[2]
        if rights < 0:
            rights = KFull
    else:
        gate = look_up(thread, handle)
        if not isinstance(gate, DIpcGate):
            return None
        rights = rights_of(thread, handle)
    send = thread.spare_send
    if send is None:
        send = IpcSend(thread)
    else:
        thread.spare_send = None
    send.gate = gate
    send.has_s = rights & KRightS != 0
    send.origin = gate.label | rights & KLabelRights
    send.partner = None
    send.state = EQueued
    send.label = label
    send.words = words
    send.items = items
    return send


def _start(core: Core, thread: DThread, send: IpcSend, send_us: int) -> object:
    gate = send.gate
    if core.trace3 is not None:
        core.trace3(EIpcSend, thread, gate.number, send.label, len(send.words))
    partner = gate.partner
    if partner is not None:
        if partner.is_waiting and partner.source is None:
            partner.hand_over(send)
        elif send_us:
            send.partner = partner
            partner.senders[send] = None
            send.set_deadline(send_us, L4IpcErr.L4_IPC_SETIMEOUT)
        else:
            send.fail(L4IpcErr.L4_IPC_SETIMEOUT)
    elif gate.is_orphaned:
        send.fail(L4IpcErr.L4_IPC_ENOT_EXISTENT)
    elif send_us:
        gate.waiting[send] = None
        send.set_deadline(send_us, L4IpcErr.L4_IPC_SETIMEOUT)
    else:
        send.fail(L4IpcErr.L4_IPC_SETIMEOUT)
    if send.state is EEnded:
        return thread.reply
    return block(core, thread, send, thread.take_reply)


def ipc_reply(
    core: Core,
    thread: DThread,
    reply: int,
    label: int,
    words: bytes,
    items: tuple[SentItem, ...],
) -> int:
    """To the caller received last, or to one that was put aside."""
    check_message(words, items)
    if not reply:
        return _reply_implicitly(core, thread, label, words, items)
    cap = look_up(thread, reply)
    if not isinstance(cap, DReplyCap):
        return KEmptySlot
    error = _reply(core, thread, cap.send, label, words, items)
    if look_up(thread, reply) is cap:  # else it went along with the answer
        cap_release(core, thread, reply)
    return error


def _reply_implicitly(
    core: Core,
    thread: DThread,
    label: int,
    words: bytes,
    items: tuple[SentItem, ...],
) -> int:
    partner = thread.partner
    send = partner.reply_to if partner is not None else None
    if partner is None or send is None:
        return L4IpcErr.L4_IPC_NO_REPLY_CAP
    partner.reply_to = None
    return _reply(core, thread, send, label, words, items)


def _reply(
    core: Core,
    thread: DThread,
    send: IpcSend,
    label: int,
    words: bytes,
    items: tuple[SentItem, ...],
) -> int:
    if send.state is not EReceived:  # it timed out, or died
        return KEmptySlot
    client = send.client
    if core.trace3 is not None:
        core.trace3(EIpcReply, thread, client.id, label, len(words))
    if not items:  # the common case: `end`, unrolled
        send.state = EEnded
        if send.deadline is not None:
            send.clear_deadline()
        if send.reply_cap is None:
            client.spare_send = send
        client.reply = (KIpcOk, label, words, ())
        wake(core, client)
        return KIpcOk
    arrived, error = pass_items(thread, client, items, send.buffers, has_s=send.has_s)
    if error:
        send.end((error + 1, 0, b"", arrived))
        return error
    send.end((KIpcOk, label, words, arrived))
    return KIpcOk


def ipc_save_reply(core: Core, thread: DThread) -> int:
    """The implicit capability becomes an explicit one."""
    partner = thread.partner
    send = partner.reply_to if partner is not None else None
    if partner is None or send is None or send.state is not EReceived:
        return KNullHandle
    cap = DReplyCap(core, send, thread)
    try:
        handle = thread.process.handles.add(cap)
    except KernelError:
        cap.withdraw()
        raise
    partner.reply_to = None
    send.partner = None
    return handle


def ipc_wait(
    core: Core,
    thread: DThread,
    buffers: tuple[int, ...],
    timeout_us: int,
    source: int,
) -> Park | TIpcRequest:
    """For anybody, or for one Irq."""
    partner = partner_of(thread)
    partner.reply_error = KIpcOk
    irq: DIrq | None = None
    if source:
        found = look_up(thread, source)
        if not isinstance(found, DIrq) or found.partner is not partner:
            return partner.failure(L4IpcErr.L4_IPC_ENOT_EXISTENT)
        irq = found
    check_buffers(buffers)
    return _wait(core, thread, partner, buffers, timeout_us, irq)


def ipc_reply_and_wait(
    core: Core,
    thread: DThread,
    label: int,
    words: bytes,
    items: tuple[SentItem, ...],
    buffers: tuple[int, ...],
    timeout_us: int,
) -> Park | TIpcRequest:
    """What a server does all day."""
    partner = thread.partner
    if partner is None:
        partner = partner_of(thread)
    if (  # as in ipc_call; the buffers of the last wait were looked at then
        not isinstance(label, int)
        or not isinstance(words, bytes)
        or items
        or (buffers and buffers is not partner.buffers)
        or timeout_us != KTimeoutNever
    ):
        demand_types("ipc_reply_and_wait", label, words, items, buffers, timeout_us)
        check_buffers(buffers)  # before anybody is answered
    if items or len(words) % L4_WORD_BYTES or len(words) > KMaxBytes:
        check_message(words, items)
    send = partner.reply_to
    if send is None:
        partner.reply_error = L4IpcErr.L4_IPC_NO_REPLY_CAP
    else:
        partner.reply_to = None
        partner.reply_error = _reply(core, thread, send, label, words, items)
    return _wait(core, thread, partner, buffers, timeout_us, None)


def _wait(
    core: Core,
    thread: DThread,
    partner: Partner,
    buffers: tuple[int, ...],
    timeout_us: int,
    source: DIrq | None,
) -> Park | TIpcRequest:
    partner.buffers = buffers
    if partner.senders or partner.pending_irqs:
        request = partner.take(source)
        if request is not None:
            return request
    if timeout_us == 0:
        return partner.failure(L4IpcErr.L4_IPC_RETIMEOUT)
    partner.is_waiting = True
    partner.source = source
    if timeout_us > 0:
        partner.set_deadline(timeout_us)
    return block(core, thread, partner, thread.take_reply)
