"""Partner: one thread as L4 IPC knows it — who sends to it, and whom it owes a reply.

The receiver takes, in this order: interrupts, then senders by priority and arrival.
Either side may come first; whoever comes second does the transfer, under the lock:

 - a sender that finds the thread waiting hands its message over (`hand_over`)
 - a thread that begins to wait takes a queued one (`take`)

Original: Fiasco's Receiver and Ipc_sender (l4re-idl 1.4, 7.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.l4 import L4IpcErr, L4Proto
from kernel.abi.l4_ipc import KIpcOk
from kernel.events import TEvent
from kernel.ipc.ipc_send import EReceived
from kernel.ipc.transfer import Cut, MapFailed, Transfer
from kernel.tasks.park import wake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kernel.abi.l4_ipc import ReceivedItem, SentItem, TIpcRequest
    from kernel.ipc.gate import DIpcGate
    from kernel.ipc.ipc_send import IpcSend
    from kernel.ipc.irq import DIrq
    from kernel.nkern.clock import Deadline
    from kernel.tasks.thread import DThread

EIpcReceive: Final = TEvent.EIpcReceive
KProtoIrq: Final = int(L4Proto.L4_PROTO_IRQ)


class Partner:
    """The receiving side of a thread; made when it is first needed.

    As the reason its thread is parked it is an open wait, or one for a single Irq.
    """

    def __init__(self, thread: DThread) -> None:
        self.thread: Final = thread
        self.gates: dict[DIpcGate, None] = {}  # bound to it
        self.irqs: dict[DIrq, None] = {}  # bound to it
        self.senders: dict[IpcSend, None] = {}  # in order of arrival
        self.pending_irqs: dict[DIrq, None] = {}  # triggered, in order
        self.reply_to: IpcSend | None = None  # the implicit reply capability
        # Callers that wait on, although the next call took that place:
        self.received: dict[IpcSend, None] = {}
        self.reply_error: int = KIpcOk  # of the reply before the wait
        self.deletion_irq: DIrq | None = None
        self.is_waiting = False
        self.buffers: tuple[int, ...] = ()  # declared for the wait
        self.source: DIrq | None = None  # of the wait; None: anybody
        self.deadline: Deadline | None = None  # of the wait
        thread.at_end[self] = None

    # Sending to it:

    def hand_over(self, send: IpcSend) -> None:
        """The thread waits: it gets the message, and goes on. `_go_on`, unrolled.

        The wait ends first: an item that is granted may be a gate's last capability,
        and the Irq that tells of its end must not wake the thread once more.
        """
        self.is_waiting = False
        if self.deadline is not None:
            self._end_wait()
        thread = self.thread
        thread.reply = self._receive(send)
        wake(thread.core, thread)

    def queue(self, sends: Iterable[IpcSend]) -> None:
        """Take one of the messages now, and the others when the thread waits again."""
        for send in sends:
            send.partner = self
            self.senders[send] = None
        if self.senders and self.is_waiting and self.source is None:
            self.hand_over(self._take_first())

    def _take_first(self) -> IpcSend:
        """By priority and arrival; it queues no more."""
        first = max(self.senders, key=lambda send: send.client.level)
        del self.senders[first]
        return first

    def deliver_irq(self, irq: DIrq) -> bool:
        """Whether the thread waits for it, and goes on."""
        if not self.is_waiting or self.source not in (None, irq):
            return False
        self._go_on(self._irq_message(irq))
        return True

    def on_irq_lost(self, irq: DIrq) -> None:
        """It is bound to another thread, or to none, or deleted."""
        if self.is_waiting and self.source is irq:
            self._go_on(self.failure(L4IpcErr.L4_IPC_ENOT_EXISTENT))

    def on_gate_deleted(self) -> None:
        """One of its gates is gone."""
        if self.deletion_irq is not None and not self.deletion_irq.deleted:
            self.deletion_irq.trigger()

    def _go_on(self, request: TIpcRequest) -> None:
        self._end_wait()
        thread = self.thread
        thread.reply = request
        wake(thread.core, thread)

    # Receiving:

    def take(self, source: DIrq | None) -> TIpcRequest | None:
        """What is there already."""
        if self.pending_irqs:
            irq = source or next(iter(self.pending_irqs))
            if irq in self.pending_irqs:
                del self.pending_irqs[irq]
                irq.is_pending = False
                return self._irq_message(irq)
        if source is not None or not self.senders:
            return None
        return self._receive(self._take_first())

    def set_deadline(self, timeout_us: int) -> None:
        """Of the wait that begins."""
        clock = self.thread.core.clock
        self.deadline = clock.add(clock.now() + timeout_us, self._time_out)

    def failure(self, code: L4IpcErr) -> TIpcRequest:
        """What a wait ends with that failed."""
        return (int(code), 0, 0, b"", (), False, self.reply_error)

    def _time_out(self) -> None:
        self._go_on(self.failure(L4IpcErr.L4_IPC_RETIMEOUT))

    def _irq_message(self, irq: DIrq) -> TIpcRequest:
        core = self.thread.core
        if core.trace is not None:
            core.trace(TEvent.EIrqDeliver, self.thread, irq.number, irq.label)
        return (KIpcOk, KProtoIrq, irq.label, b"", (), False, self.reply_error)

    def _receive(self, send: IpcSend) -> TIpcRequest:
        """The message is here: the end of its send phase."""
        core = self.thread.core
        if core.trace3 is not None:
            core.trace3(
                EIpcReceive, self.thread, send.gate.number, send.client.id, send.label
            )
        items: tuple[ReceivedItem, ...] = ()
        if send.items:
            items, error = pass_items(
                send.client, self.thread, send.items, self.buffers, has_s=send.has_s
            )
            if error:
                send.partner = None
                send.fail(error)
                return (error + 1, 0, 0, b"", items, False, self.reply_error)
        is_call = send.is_call
        request = (
            KIpcOk,
            send.label,
            send.origin,
            send.words,
            items,
            is_call,
            self.reply_error,
        )
        if is_call:
            old = self.reply_to
            if old is not None and old.state is EReceived:
                self.received[old] = None
            self.reply_to = send
            send.partner = self
            send.state = EReceived
            if send.deadline is not None:
                send.clear_deadline()
            if send.receive_us >= 0:
                self._limit(send)
        else:
            send.succeed()
            send.client.spare_send = send
        return request

    def _limit(self, send: IpcSend) -> None:
        if send.receive_us == 0:
            send.fail(L4IpcErr.L4_IPC_RETIMEOUT)
        else:
            send.set_deadline(send.receive_us, L4IpcErr.L4_IPC_RETIMEOUT)

    def _end_wait(self) -> None:
        self.is_waiting = False
        deadline, self.deadline = self.deadline, None
        if deadline is not None:
            self.thread.core.clock.remove(deadline)

    # As what is told of the thread's death:

    def on_thread_end(self, thread: DThread) -> None:
        """Gates lose their thread, and senders what they waited for."""
        for gate in list(self.gates):
            gate.on_thread_end()
        self.gates.clear()
        for irq in list(self.irqs):
            irq.unbind()
        for send in list(self.senders):
            send.fail(L4IpcErr.L4_IPC_SECANCELED)
        for send in self.owed():
            send.fail(L4IpcErr.L4_IPC_REABORTED)

    def owed(self) -> list[IpcSend]:
        """The calls that wait for a reply of this thread's."""
        last = self.reply_to
        return [*self.received, *([last] if last and last.is_received else [])]

    # As the reason its thread is parked:

    def unwait(self, thread: DThread) -> None:
        """The thread is dying."""
        self._end_wait()

    def describe(self) -> str:
        """For reports."""
        if self.source is not None:
            return repr(self.source)
        gates = ", ".join(repr(gate) for gate in self.gates)
        return f"a message by {gates}" if gates else "a message by a gate"

    def blockers(self) -> list[DThread]:
        """Anybody with a capability may send."""
        return []

    def suspend(self, thread: DThread) -> None:
        """What arrives is not lost on a suspended thread."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """An open wait behind gates or interrupts is a server's idleness."""
        return self.source is None and bool(self.gates or self.irqs)

    def check(self) -> None:
        """Assert that both sides of each queue agree."""
        assert self.is_waiting == (self.thread.wait is self), self.thread
        for gate in self.gates:
            assert gate.partner is self, gate
            assert not gate.waiting, gate
        owed = self.owed()
        for send in (*self.senders, *owed):
            assert send.partner is self, send
            assert send.client.wait is send, send
            assert send.is_received == (send in owed), send
            assert send is not send.client.spare_send, send
        assert not (self.is_waiting and self.source is None and self.senders)
        for irq in self.irqs:
            assert irq.partner is self, irq
            assert irq.is_pending == (irq in self.pending_irqs), irq


def pass_items(
    sender: DThread,
    receiver: DThread,
    items: tuple[SentItem, ...],
    buffers: tuple[int, ...],
    *,
    has_s: bool,
) -> tuple[tuple[ReceivedItem, ...], int]:
    """What arrived, and 0 or the sender's error; the receiver's is one more."""
    transfer = Transfer(sender, receiver, buffers, has_s=has_s)
    error: int = KIpcOk
    try:
        transfer.run(items)
    except Cut:
        error = L4IpcErr.L4_IPC_SEMSGCUT
    except MapFailed:
        error = L4IpcErr.L4_IPC_SEMAPFAILED
    return tuple(transfer.arrived), error


def partner_of(thread: DThread) -> Partner:
    """The thread's; made now if it has none."""
    partner = thread.partner
    if partner is None:
        partner = thread.partner = Partner(thread)
    return partner
