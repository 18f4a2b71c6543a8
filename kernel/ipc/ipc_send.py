"""IpcSend: a message on its way through a gate, and what its sender is parked on.

    queued ──the receiver takes it──► received ──reply──► ended
       └───── fail ────────────────────────┴──── fail ──►┘

A message that is only sent ends when it is taken. Like every L4 IPC it is not buffered:
it stays with the sender until the receiver is there.

Original: Fiasco's Sender and Receiver::set_caller (l4re-idl 1.4).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from kernel.abi.l4_ipc import KIpcOk, KTimeoutNever
from kernel.ipc.ipc_text import wait_text
from kernel.tasks.park import wake

if TYPE_CHECKING:
    from kernel.abi.l4_ipc import ReceivedItem, SentItem
    from kernel.ipc.gate import DIpcGate
    from kernel.ipc.partner import Partner
    from kernel.ipc.reply_cap import DReplyCap
    from kernel.nkern.clock import Deadline
    from kernel.tasks.thread import DThread


class TSendState(Enum):
    """Where a message is."""

    EQueued = "queued"  # at the gate, or at its thread
    EReceived = "received"  # a call whose reply is awaited
    EEnded = "ended"


# Members as plain names: an attribute of an Enum class is slow to read on the hot path.
EQueued: Final = TSendState.EQueued
EReceived: Final = TSendState.EReceived
EEnded: Final = TSendState.EEnded


class IpcSend:
    """One send or call. The sender is parked on it until it ends."""

    __slots__ = (
        "buffers",
        "client",
        "deadline",
        "gate",
        "has_s",
        "is_call",
        "items",
        "label",
        "origin",
        "partner",
        "receive_us",
        "reply_cap",
        "state",
        "words",
    )

    def __init__(self, client: DThread) -> None:
        self.client = client
        # What to send, by whom asked:
        self.gate: DIpcGate
        self.has_s = False  # whether the capability used has S: replies are cut by it
        self.origin = 0  # the gate's label, W and S
        self.label = 0
        self.words = b""
        self.items: tuple[SentItem, ...] = ()
        self.is_call = False
        self.buffers: tuple[int, ...] = ()  # of a call, for the reply
        self.receive_us = KTimeoutNever  # how long to wait for it

        # On the way:
        self.partner: Partner | None = None  # at which it queues, or that received it
        self.reply_cap: DReplyCap | None = None  # that names it, if one was made
        self.deadline: Deadline | None = None  # of the phase it is in
        self.state = EQueued

    @property
    def is_received(self) -> bool:
        """Whether somebody owes it a reply."""
        return self.state is EReceived

    def set_deadline(self, timeout_us: int, code: int) -> None:
        """Fail with *code* after that time, unless it is for ever."""
        if timeout_us > 0:
            clock = self.client.core.clock
            self.deadline = clock.add(clock.now() + timeout_us, lambda: self.fail(code))

    def clear_deadline(self) -> None:
        """The phase is over."""
        deadline, self.deadline = self.deadline, None
        if deadline is not None:
            self.client.core.clock.remove(deadline)

    def end(self, reply: object) -> None:
        """The sender goes on, with a TIpcReply, or the code of a mere send."""
        self._leave()
        self.client.reply = reply
        if self.client.wait is self:
            wake(self.client.core, self.client)

    def fail(self, code: int, items: tuple[ReceivedItem, ...] = ()) -> None:
        """The sender goes on without having been served."""
        self.end((code, 0, b"", items) if self.is_call else code)

    def _leave(self) -> None:
        """Be in no queue any more, and owed nothing."""
        self.state, before = EEnded, self.state
        self.clear_deadline()
        partner = self.partner
        if before is EReceived:
            if partner is not None:
                partner.received.pop(self, None)
        elif partner is not None:
            partner.senders.pop(self, None)
        else:
            self.gate.waiting.pop(self, None)

    # As the reason a client thread is parked:

    def unwait(self, thread: DThread) -> None:
        """The client is dying; whoever replies will find it gone."""
        self._leave()

    def describe(self) -> str:
        """For reports."""
        return wait_text(self)

    def blockers(self) -> list[DThread]:
        """Who is to receive it, or to reply."""
        if self.reply_cap is not None:
            return list(self.reply_cap.process.threads.values())
        return [] if self.partner is None else [self.partner.thread]

    def suspend(self, thread: DThread) -> None:
        """A suspended sender keeps its place."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """A client is none."""
        return False

    def __repr__(self) -> str:
        kind = "call" if self.is_call else "send"
        state = self.state.value
        return f"<ipc {kind}, protocol {self.label}, by {self.gate!r}: {state}>"

    def succeed(self) -> None:
        """A mere send was taken."""
        self.end(KIpcOk)
