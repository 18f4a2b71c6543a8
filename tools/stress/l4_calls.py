"""Random messages of L4 IPC, with what the model expects of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KErrArgument
from kernel.abi.handles import TObjectType
from kernel.abi.l4 import L4_UTCB_BUFFERS, L4_UTCB_WORDS, L4Err, L4IpcErr, Rights
from kernel.abi.l4_ipc import KBufferLocalId, KIpcOk, KTimeoutNever, SentItem, TIpcItem
from tools.stress.calls import Call, NothingToDo, any_handle
from tools.stress.cap_calls import SOME_RIGHTS, KAnyKind
from tools.stress.cast import comes_to, fit_caller, mostly, so_far
from tools.stress.l4_things import Gate, Irq, ReplyCap, Send
from tools.stress.things import KFull, Puppet, Refused

if TYPE_CHECKING:
    from tools.stress.calls import Chooser, Operation
    from tools.stress.model import Model
    from tools.stress.things import Caller

EIpcGate: Final = TObjectType.EIpcGate
EIrq: Final = TObjectType.EIrq
EReplyCap: Final = TObjectType.EReplyCap
EObject: Final = int(TIpcItem.EObject)
EMemory: Final = int(TIpcItem.EMemory)
KGone: Final = int(L4IpcErr.L4_IPC_ENOT_EXISTENT)
KLocal: Final = EObject | KBufferLocalId
WORDS: Final = (*(b"",) * 9, *(b"8 octets",) * 9, b"8 octets" * 61, b"odd", bytes(512))
LABELS: Final = (1, 2, -3, 1 << 40)
BUFFERS: Final = (
    (),
    *((EObject, EObject, EMemory),) * 4,
    (EObject,),
    (EObject, EObject),
    (KLocal, EObject),
    (KLocal, KLocal),
    (EMemory, EObject),
    (EObject, EMemory, KLocal),
)
MANY_BUFFERS: Final = (EObject,) * (L4_UTCB_BUFFERS + 1)
TIMES: Final = (0, KTimeoutNever, 20_000, 90_000, 90_000, 90_000)
KMostWords: Final = 8 * L4_UTCB_WORDS


def any_time(caller: Caller, choose: Chooser) -> int:
    """How long the caller may wait: a puppet not at all."""
    return 0 if isinstance(caller, Puppet) else choose.pick(TIMES)


def any_buffers(choose: Chooser) -> tuple[int, ...]:
    """Hardly ever too many."""
    return choose.pick(BUFFERS) if choose.pick(range(40)) else MANY_BUFFERS


def any_items(model: Model, caller: Caller, choose: Chooser) -> tuple[SentItem, ...]:
    """Mostly none or one."""
    number = choose.pick((0, 0, 1, 1, 1, 2, 3))
    return tuple(any_item(model, caller, choose) for _ in range(number))


def any_item(model: Model, caller: Caller, choose: Chooser) -> SentItem:
    kind = choose.pick((EObject, EObject, EObject, EMemory, 0, EObject))
    memory = (TObjectType.EFpage, TObjectType.EChunk)
    kinds = KAnyKind if kind == EObject else memory
    try:
        handle = any_handle(model, caller, choose, choose.pick(kinds))
    except NothingToDo:
        handle = 0
    rights = choose.pick(SOME_RIGHTS) if choose.pick((True, False)) else KFull
    grant = choose.pick((False, True))
    offset, order = choose.pick((0, 0, 0x1000, 7)), choose.pick((12, 12, 13, 11, 64))
    return SentItem(kind, handle, rights, grant, offset, order)


def promising(model: Model, caller: Caller) -> list[int]:
    """Its handles of gates by which a message may soon arrive; a puppet's, at once."""
    found = []
    for handle, thing in caller.process.table.items():
        receiver = thing.partner if isinstance(thing, Gate) else None
        if receiver is None or receiver is caller.thread:
            continue
        is_polling = isinstance(receiver.caller, Puppet)
        if model.l4.side(receiver).is_waiting or (
            is_polling and not isinstance(caller, Puppet)
        ):
            found.append(handle)
    return found


def any_gate(model: Model, caller: Caller, choose: Chooser) -> int:
    """Mostly a promising one."""
    handles = promising(model, caller)
    if handles and mostly(choose):
        return choose.pick(handles)
    return any_handle(model, caller, choose, EIpcGate)


def any_client(model: Model, puppet: Puppet, choose: Chooser) -> Caller:
    """Mostly one with somebody to send to."""
    return fit_caller(model, puppet, choose, lambda caller: promising(model, caller))


def any_server(model: Model, puppet: Puppet, choose: Chooser) -> Caller:
    """Mostly one to whom something was sent, or at least something is bound."""
    l4 = model.l4
    fit = {capability.partner for capability in l4.capabilities}
    if choose.pick(range(3)):
        fit = {send.at for send in l4.sends}
    return fit_caller(model, puppet, choose, lambda caller: caller.thread in fit)


def any_debtor(model: Model, puppet: Puppet, choose: Chooser) -> Caller:
    """Mostly one who has received a call."""
    l4 = model.l4
    return fit_caller(model, puppet, choose, lambda caller: l4.owed(caller.thread))


def any_holder(model: Model, puppet: Puppet, choose: Chooser) -> Caller:
    """Mostly one who has put a call aside."""

    def holds(caller: Caller) -> bool:
        return any(isinstance(thing, ReplyCap) for thing in caller.things())

    return fit_caller(model, puppet, choose, holds)


def are_sound(words: bytes, items: tuple[SentItem, ...]) -> bool:
    """Whether a message can be that."""
    return len(words) % 8 == 0 and len(words) + 16 * len(items) <= KMostWords


def new_send(caller: Caller, gate: Gate, handle: int, label: int, words: bytes) -> Send:
    """A message through the gate of that handle."""
    rights = caller.rights_of(handle)
    origin = gate.label | rights & (Rights.W | Rights.S)
    return Send(caller, gate, rights, int(origin), label, words, ())


def send(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_client(model, puppet, choose)
    handle = any_gate(model, caller, choose)
    label, words = choose.pick(LABELS), choose.pick(WORDS)
    items, us = any_items(model, caller, choose), any_time(caller, choose)
    args = (handle, label, words, items, us)
    gate = caller.look_up(handle)
    if not are_sound(words, items):
        return Call(caller, "ipc_send", args, (Refused(KErrArgument),))
    if not isinstance(gate, Gate):
        return comes_to(caller, "ipc_send", args, KIpcOk if gate else KGone)
    message = new_send(caller, gate, handle, label, words)
    message.items = items
    model.l4.send(message, us)
    return Call(caller, "ipc_send", args, (so_far(caller),), settles=True)


def call(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_client(model, puppet, choose)
    handle = any_gate(model, caller, choose)
    label, words = choose.pick(LABELS), choose.pick(WORDS)
    items, buffers = any_items(model, caller, choose), any_buffers(choose)
    send_us, receive_us = any_time(caller, choose), any_time(caller, choose)
    args = (handle, label, words, items, buffers, send_us, receive_us)
    gate = caller.look_up(handle)
    if not are_sound(words, items):
        return Call(caller, "ipc_call", args, (Refused(KErrArgument),))
    if not isinstance(gate, Gate):
        bad_protocol = (KIpcOk, -L4Err.L4_EBADPROTO, b"", ())
        what = (KGone, 0, b"", ()) if gate is None else bad_protocol
        return comes_to(caller, "ipc_call", args, what)
    if len(buffers) > L4_UTCB_BUFFERS:
        return Call(caller, "ipc_call", args, (Refused(KErrArgument),))
    message = new_send(caller, gate, handle, label, words)
    message.items, message.buffers, message.is_call = items, buffers, True
    message.receive_us = receive_us
    model.l4.send(message, send_us)
    return Call(caller, "ipc_call", args, (so_far(caller),), settles=True)


def reply(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = 0
    if choose.pick((True, False)):
        caller = any_holder(model, puppet, choose)
        handle = any_handle(model, caller, choose, EReplyCap)
    else:
        caller = any_debtor(model, puppet, choose)
    label, words = choose.pick(LABELS), choose.pick(WORDS)
    items = any_items(model, caller, choose)
    args = (handle, label, words, items)
    if not are_sound(words, items):
        return Call(caller, "ipc_reply", args, (Refused(KErrArgument),))
    if not handle:
        code = model.l4.answer_last(caller, label, words, items)
        return comes_to(caller, "ipc_reply", args, code)
    cap = caller.look_up(handle)
    if not isinstance(cap, ReplyCap):
        return comes_to(caller, "ipc_reply", args, KGone)
    assert cap.send is not None
    code = model.l4.answer(caller, cap.send, label, words, items)
    if caller.look_up(handle) is cap:  # else it went along with the answer
        model.close(caller, handle)
    return comes_to(caller, "ipc_reply", args, code)


def save_reply(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_debtor(model, puppet, choose)
    message = model.l4.owed(caller.thread)
    if message is None:
        return comes_to(caller, "ipc_save_reply", (), 0)
    cap = ReplyCap(EReplyCap, caller.process, send=message)
    message.owed_by = cap
    model.l4.side(caller.thread).last = None
    token = model.give(caller.process.table, cap)
    return comes_to(caller, "ipc_save_reply", (), token)


def wait(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_server(model, puppet, choose)
    source = 0 if choose.pick(range(4)) else any_handle(model, caller, choose, EIrq)
    buffers, us = any_buffers(choose), any_time(caller, choose)
    args = (buffers, us, source)
    side, irq = model.l4.side(caller.thread), caller.look_up(source)
    if source and (not isinstance(irq, Irq) or irq.partner is not caller.thread):
        side.reply_error = KIpcOk
        return comes_to(caller, "ipc_wait", args, model.l4.failure(side, KGone))
    if len(buffers) > L4_UTCB_BUFFERS:
        return Call(caller, "ipc_wait", args, (Refused(KErrArgument),))
    side.reply_error = KIpcOk
    model.l4.wait(caller, buffers, us, irq if isinstance(irq, Irq) else None)
    return Call(caller, "ipc_wait", args, (so_far(caller),), settles=True)


def reply_and_wait(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    who = choose.pick((any_debtor, any_server))
    caller = who(model, puppet, choose)
    label, words = choose.pick(LABELS), choose.pick(WORDS)
    items, buffers = any_items(model, caller, choose), any_buffers(choose)
    us = any_time(caller, choose)
    args = (label, words, items, buffers, us)
    if not are_sound(words, items) or len(buffers) > L4_UTCB_BUFFERS:
        return Call(caller, "ipc_reply_and_wait", args, (Refused(KErrArgument),))
    side = model.l4.side(caller.thread)
    side.reply_error = model.l4.answer_last(caller, label, words, items)
    model.l4.wait(caller, buffers, us, None)
    expected = (so_far(caller),)
    return Call(caller, "ipc_reply_and_wait", args, expected, settles=True)


L4_OPERATIONS: Final[tuple[Operation, ...]] = (
    send,
    send,
    send,
    call,
    call,
    call,
    call,
    reply,
    reply,
    save_reply,
    save_reply,
    wait,
    wait,
    wait,
    reply_and_wait,
    reply_and_wait,
    reply_and_wait,
)
