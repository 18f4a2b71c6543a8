"""DIrq: something happened, told to one thread without ever waiting for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from kernel.abi.handles import TObjectType
from kernel.ipc.capability import DCapability

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.ipc.partner import Partner


@final
class DIrq(DCapability):
    """An interrupt: a message without words that needs no reply.

    What is triggered again before it was delivered merges into one. An Irq that is
    triggered while nobody is bound stays pending for whoever will be.
    Original: Irq_sender (l4re-idl 1.8).
    """

    kind = TObjectType.EIrq

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.partner: Partner | None = None
        self.label = 0
        self.is_pending = False

    def bind(self, partner: Partner, label: int) -> None:
        """Deliver to another thread from now on, or under another label."""
        self.label = label
        if self.partner is partner:
            return
        self.unbind()
        self.partner = partner
        partner.irqs[self] = None
        if self.is_pending:
            self.is_pending = False
            self.trigger()

    def unbind(self) -> None:
        """Deliver to nobody. What is pending stays so; who waits for it alone fails."""
        partner, self.partner = self.partner, None
        if partner is not None:
            del partner.irqs[self]
            partner.pending_irqs.pop(self, None)
            partner.on_irq_lost(self)

    def trigger(self) -> None:
        """It happened."""
        partner = self.partner
        if partner is None:
            self.is_pending = True
        elif not self.is_pending and not partner.deliver_irq(self):
            self.is_pending = True
            partner.pending_irqs[self] = None

    def on_delete(self) -> None:
        """Nobody will be told any more."""
        self.unbind()

    def state_text(self) -> str:
        """For `repr`."""
        bound = "unbound" if self.partner is None else f"for {self.partner.thread.name}"
        return f"{bound}, pending" if self.is_pending else bound
