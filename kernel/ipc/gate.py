"""DIpcGate: what stands behind every server object of L4Re.

    unbound ──bind──► bound ──its thread ends──► orphaned
       ▲                │  ▲────────bind────────────┘
       └─────unbind─────┘             any ──delete──► gone

Senders wait at an unbound gate; those of a bound one queue at its thread, with the
label it had when they came (kernel/ipc/partner.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from kernel.abi.handles import TObjectType
from kernel.abi.l4 import KLabelRights, L4IpcErr, Rights
from kernel.abi.l4_ipc import TGateState
from kernel.events import TEvent
from kernel.ipc.capability import DCapability
from kernel.tasks.process import DProcess

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.ipc.ipc_send import IpcSend
    from kernel.ipc.partner import Partner

KRightsToServe: Final = int(Rights.S | Rights.C)  # to bind and unbind it


@final
class DIpcGate(DCapability):
    """A gate: forwards messages to one thread, under a label nobody can forge.

    Original: Ipc_gate (l4re-idl 1.2).
    """

    kind = TObjectType.EIpcGate

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.partner: Partner | None = None  # of the thread it is bound to
        self.label = 0
        self.is_orphaned = False
        self.waiting: dict[IpcSend, None] = {}  # senders, while it is unbound

    @property
    def state(self) -> TGateState:
        """To whom it forwards."""
        if self.partner is not None:
            return TGateState.EBound
        return TGateState.EOrphaned if self.is_orphaned else TGateState.EUnbound

    def bind(self, partner: Partner, label: int) -> None:
        """Forward to another thread, or under another label, what comes from now on.

        Who waited at the gate queues there now.
        """
        if self.partner is not None:
            del self.partner.gates[self]
        self.partner = partner
        self.label = label
        self.is_orphaned = False
        partner.gates[self] = None
        waiting, self.waiting = self.waiting, {}
        for send in waiting:
            send.origin = label | send.origin & KLabelRights
        partner.queue(waiting)

    def unbind(self) -> None:
        """Let senders wait; also those that its thread has not received yet."""
        partner, self.partner = self.partner, None
        if partner is None:
            return
        del partner.gates[self]
        for send in [send for send in partner.senders if send.gate is self]:
            del partner.senders[send]
            send.partner = None
            self.waiting[send] = None

    def on_thread_end(self) -> None:
        """Its thread has ended, without unbinding it."""
        self.partner = None
        self.is_orphaned = True

    def on_delete(self) -> None:
        """Who waited for a binding waits in vain; its thread is told."""
        for send in list(self.waiting):
            send.fail(L4IpcErr.L4_IPC_ENOT_EXISTENT)
        partner, self.partner = self.partner, None
        self.core.event(TEvent.EGateDelete, None, self.number)
        if partner is not None:
            del partner.gates[self]
            partner.on_gate_deleted()

    def possible_servers(self) -> list[DProcess]:
        """The processes that hold what it takes to bind it, in order of creation."""
        held = [
            table.owner
            for (table, _), rights in self.slots.items()
            if rights & KRightsToServe == KRightsToServe
        ]
        processes = {o if isinstance(o, DProcess) else o.process for o in held}
        return sorted(processes, key=lambda process: process.number)

    def state_text(self) -> str:
        """For `repr`."""
        if self.partner is not None:
            return f"for {self.partner.thread.name}, label {self.label:#x}"
        text = self.state.name[1:].lower()
        return f"{text}, {len(self.waiting)} waiting" if self.waiting else text
