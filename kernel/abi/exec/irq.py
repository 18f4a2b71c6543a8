"""Interrupts: events told without waiting."""

from typing import Protocol


class ExecIrq(Protocol):
    """Irqs. Original: L4::Irq (l4re-idl 1.8). Results are as those of gates."""

    def irq_create(self) -> int:
        """A capability to a new Irq, with all rights. Raises: KErrNoMemory."""

    def irq_bind(self, irq: int, thread: int, label: int) -> int:
        """Tell *thread* of it, under *label*.

        Returns: as gate_bind; the server right is not asked for.
        """

    def irq_unbind(self, irq: int) -> int:
        """Tell nobody; what is triggered waits for who will be bound."""

    def irq_trigger(self, irq: int) -> int:
        """It happened; never blocks. Merges with one not yet delivered.

        Returns: -L4_EPERM without W.
        """
