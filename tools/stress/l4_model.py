"""What L4 IPC should do, in so far as it is simple to say.

A message that is not over queues somewhere, or its answer is owed by a thread or a
reply capability; all of them stand in one list, by arrival. Everything else is read
off that list: who queues where, whom a thread has to answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.l4 import KLabelRights, L4IpcErr, L4Proto
from kernel.abi.l4_ipc import KIpcOk
from tools.stress.l4_things import Capability, Gate, Irq, Send, Side
from tools.stress.l4_transfer import pass_items
from tools.stress.things import Value

if TYPE_CHECKING:
    from kernel.abi.l4_ipc import SentItem
    from tools.stress.l4_things import ReplyCap
    from tools.stress.model import Model
    from tools.stress.things import Caller, Thing

KProtoIrq: Final = int(L4Proto.L4_PROTO_IRQ)
KNoCaller: Final = int(L4IpcErr.L4_IPC_NO_REPLY_CAP)
KGone: Final = int(L4IpcErr.L4_IPC_ENOT_EXISTENT)
KSendTimeout: Final = int(L4IpcErr.L4_IPC_SETIMEOUT)
KReceiveTimeout: Final = int(L4IpcErr.L4_IPC_RETIMEOUT)
KSendCanceled: Final = int(L4IpcErr.L4_IPC_SECANCELED)
KAborted: Final = int(L4IpcErr.L4_IPC_REABORTED)


class L4:
    """All messages on their way, all capabilities, and threads as receivers."""

    def __init__(self, model: Model) -> None:
        self._model: Final = model
        self._sides: Final[dict[Thing, Side]] = {}
        self.sends: Final[list[Send]] = []  # in order of arrival
        self.capabilities: Final[list[Capability]] = []  # not deleted

    def side(self, thread: Thing) -> Side:
        """A thread as a receiver."""
        return self._sides.setdefault(thread, Side(thread))

    def queued(self, at: Thing) -> list[Send]:
        """What queues at a gate, or for a thread."""
        return [send for send in self.sends if send.at is at]

    # Sending

    def send(self, send: Send, send_us: int) -> None:
        """It is sent now: it may be over at once."""
        gate = send.gate
        send.client.wait = send
        self.sends.append(send)
        send.at = gate.partner or gate
        if gate.is_orphaned:
            self.fail(send, KGone)
        elif gate.partner is not None and self._awaits(gate.partner, None):
            self._hand_over(send, gate.partner)
        elif send_us == 0:
            self.fail(send, KSendTimeout)
        else:
            send.due_us = self._model.after(send_us)

    def _awaits(self, thread: Thing, irq: Irq | None) -> bool:
        """Whether it waits for such a message; None: one by a gate."""
        side = self.side(thread)
        return side.is_waiting and side.source in (None, irq)

    def _hand_over(self, send: Send, thread: Thing) -> None:
        side = self.side(thread)
        side.is_waiting = False
        self._go_on(side, self.take(side, send))

    def _go_on(self, side: Side, request: object) -> None:
        side.is_waiting = False
        side.due_us = None
        assert side.thread.caller is not None
        side.thread.caller.finish(Value(request))

    def take(self, side: Side, send: Send) -> object:
        """What the receiver sees of it."""
        send.at = send.due_us = None
        arrived, error = pass_items(
            self._model, send.client, side.thread, send.items, side.buffers, send.rights
        )
        if error:
            self.fail(send, error)
            return (error + 1, 0, 0, b"", arrived, False, side.reply_error)
        if send.is_call:
            side.last = send
            send.owed_by = side.thread
            send.due_us = self._model.after(send.receive_us)
            if send.receive_us == 0:
                self.fail(send, KReceiveTimeout)
        else:
            self._over(send, KIpcOk)
        words, is_call, reply_error = send.words, send.is_call, side.reply_error
        return (KIpcOk, send.label, send.origin, words, arrived, is_call, reply_error)

    def fail(self, send: Send, code: int, arrived: tuple[object, ...] = ()) -> None:
        """It is over, and was not answered."""
        self._over(send, (code, 0, b"", arrived) if send.is_call else code)

    def _over(self, send: Send, reply: object) -> None:
        self.sends.remove(send)
        send.at = send.owed_by = send.due_us = None
        send.client.finish(Value(reply))

    # Answering

    def answer_last(
        self, caller: Caller, label: int, words: bytes, items: tuple[SentItem, ...]
    ) -> int:
        """Answer the call received last: 0, or an error."""
        side = self.side(caller.thread)
        send, side.last = side.last, None
        if send is None:
            return KNoCaller
        return self.answer(caller, send, label, words, items)

    def answer(
        self,
        caller: Caller,
        send: Send,
        label: int,
        words: bytes,
        items: tuple[SentItem, ...],
    ) -> int:
        """Answer a call: 0, or an error."""
        if send not in self.sends:
            return KGone
        client = send.client
        arrived, error = pass_items(
            self._model, caller, client.thread, items, send.buffers, send.rights
        )
        if error:
            self.fail(send, error + 1, arrived)
            return error
        self._over(send, (KIpcOk, label, words, arrived))
        return KIpcOk

    def owed(self, thread: Thing) -> Send | None:
        """The call received last, if it can still be answered."""
        last = self.side(thread).last
        return last if last is not None and last in self.sends else None

    def on_reply_cap_gone(self, cap: ReplyCap) -> None:
        """Nobody can answer that call any more."""
        send = cap.send
        if send in self.sends and send.owed_by is cap:
            self.fail(send, KAborted)

    # Receiving

    def wait(
        self, caller: Caller, buffers: tuple[int, ...], timeout_us: int, irq: Irq | None
    ) -> None:
        """Wait for a message, which may be there."""
        side = self.side(caller.thread)
        side.buffers = buffers
        found = self._first(side, irq)
        if isinstance(found, Irq):
            side.triggered.remove(found)
            found.is_triggered = False
            caller.finish(Value(self._irq_message(side, found)))
        elif found is not None:
            caller.finish(Value(self.take(side, found)))
        elif timeout_us == 0:
            caller.finish(Value(self.failure(side, KReceiveTimeout)))
        else:
            caller.wait = side
            side.is_waiting, side.source = True, irq
            side.due_us = self._model.after(timeout_us)

    def _first(self, side: Side, source: Irq | None) -> Irq | Send | None:
        """Irqs come before messages; of those the most urgent sender's."""
        if source is not None:
            return source if source in side.triggered else None
        if side.triggered:
            return side.triggered[0]
        queued = self.queued(side.thread)
        return max(queued, key=lambda s: s.client.thread.priority, default=None)

    def _irq_message(self, side: Side, irq: Irq) -> object:
        return (KIpcOk, KProtoIrq, irq.label, b"", (), False, side.reply_error)

    def failure(self, side: Side, code: int) -> object:
        """What a wait ends with that failed."""
        return (code, 0, 0, b"", (), False, side.reply_error)

    # Gates

    def bind_gate(self, gate: Gate, thread: Thing, label: int) -> None:
        """From now on it forwards to *thread*; who waits at it goes along."""
        gate.partner, gate.label, gate.is_orphaned = thread, label, False
        for send in self.queued(gate):
            self.sends.remove(send)
            self.sends.append(send)
            send.origin = label | send.origin & KLabelRights
            send.at = thread
        first = self._first(self.side(thread), None)
        if isinstance(first, Send) and self._awaits(thread, None):
            self._hand_over(first, thread)

    def unbind_gate(self, gate: Gate) -> None:
        """Who was not received yet waits at the gate."""
        thread, gate.partner = gate.partner, None
        for send in self.sends:
            if send.at is thread and send.gate is gate:
                send.at = gate

    def relabel(self, thread: Thing, old: int, new: int) -> int:
        """Messages that queue for a thread get another label; how many."""
        found = [
            send
            for send in self.queued(thread)
            if send.origin & ~KLabelRights == old & ~KLabelRights
        ]
        for send in found:
            send.origin = new & ~KLabelRights | send.origin & KLabelRights
        return len(found)

    # Irqs

    def bind_irq(self, irq: Irq, thread: Thing, label: int) -> None:
        """Tell *thread* of it from now on."""
        irq.label = label
        if irq.partner is thread:
            return
        self.unbind_irq(irq)
        irq.partner = thread
        if irq.is_triggered:
            irq.is_triggered = False
            self.trigger(irq)

    def unbind_irq(self, irq: Irq) -> None:
        """Tell nobody; who waits for it alone waits in vain."""
        thread, irq.partner = irq.partner, None
        if thread is None:
            return
        side = self.side(thread)
        if irq in side.triggered:
            side.triggered.remove(irq)
        if side.is_waiting and side.source is irq:
            self._go_on(side, self.failure(side, KGone))

    def trigger(self, irq: Irq) -> None:
        """It happened."""
        if irq.is_triggered:
            return
        thread = irq.partner
        if thread is not None and self._awaits(thread, irq):
            side = self.side(thread)
            self._go_on(side, self._irq_message(side, irq))
            return
        irq.is_triggered = True
        if thread is not None:
            self.side(thread).triggered.append(irq)

    # Ends

    def on_delete(self, thing: Capability) -> None:
        """It is no more."""
        if thing.is_deleted:
            return
        thing.is_deleted = True
        self.capabilities.remove(thing)
        if isinstance(thing, Irq):
            self.unbind_irq(thing)
            return
        for send in self.queued(thing):
            self.fail(send, KGone)
        thread, thing.partner = thing.partner, None
        irq = None if thread is None else self.side(thread).deletion_irq
        if irq is not None and not irq.is_deleted:
            self.trigger(irq)

    def on_released(self, thread: Thing) -> None:
        """A thread that dies waits for nobody."""
        caller, side = thread.caller, self.side(thread)
        side.is_waiting, side.due_us = False, None
        if caller is not None and isinstance(caller.wait, Send):
            self.sends.remove(caller.wait)

    def on_thread_end(self, thread: Thing) -> None:
        """Who counted on it is told."""
        for capability in list(self.capabilities):
            if capability.partner is not thread:
                continue
            if isinstance(capability, Irq):
                self.unbind_irq(capability)
            elif isinstance(capability, Gate):
                capability.partner, capability.is_orphaned = None, True
        for send in self.queued(thread):
            self.fail(send, KSendCanceled)
        for send in [send for send in self.sends if send.owed_by is thread]:
            self.fail(send, KAborted)
        del self._sides[thread]

    def on_time(self) -> None:
        """What was to happen until now."""
        now_us = self._model.now_us
        for send in list(self.sends):
            if send.due_us is not None and send.due_us <= now_us:
                self.fail(send, KSendTimeout if send.at else KReceiveTimeout)
        for side in self._sides.values():
            if side.due_us is not None and side.due_us <= now_us:
                self._go_on(side, self.failure(side, KReceiveTimeout))

    def new(self, capability: Capability) -> None:
        """There is one more."""
        self.capabilities.append(capability)
