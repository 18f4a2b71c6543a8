"""IPC gates."""

from typing import Protocol


class ExecGate(Protocol):
    """Gates, and to whom they forward. Original: L4::Ipc_gate (l4re-idl 1.2).

    Results are L4's: 0, or a negated `L4Err`. A handle that is no gate's gives
    -L4_EBADPROTO, an empty one -(2000 + L4_IPC_ENOT_EXISTENT).
    """

    def gate_create(self, thread: int, label: int, rights: int) -> int:
        """A capability to a new gate, with *rights*; unbound if *thread* is 0.

        With N among them the capability does not keep the gate alive beside others.

        Returns: the handle, or what gate_bind refuses with, and there is no gate.
        Raises: KErrNoMemory.
        """

    def gate_bind(self, gate: int, thread: int, label: int) -> int:
        """Forward to *thread* under *label*; who waits at the gate queues there.

        Returns, looked at in this order: -L4_EPERM without S and the server right;
            -L4_EINVAL for a label whose lowest two bits are not zero, or for what is no
            thread or a dead one; -L4_EPERM without S on the thread.
        """

    def gate_unbind(self, gate: int) -> int:
        """Let senders wait, also those not yet received.

        Does nothing to a gate that another process has bound by now.
        Returns: as gate_bind.
        """

    def gate_info(self, gate: int) -> tuple[int, int, int, int]:
        """Result, label, a TGateState, and the reference count.

        Result -L4_EPERM without the server right; the others are then 0.
        """

    def gate_dec_refcnt(self, gate: int, count: int) -> int:
        """Let *count* capabilities not keep the gate alive.

        Original: L4_KOBJECT's dec_refcnt. Returns: -L4_EPERM without the server right.
        """

    def gate_set_deletion_irq(self, irq: int) -> int:
        """Trigger *irq* whenever a gate bound to the calling thread was deleted.

        0 ends that. Returns: -L4_EBADPROTO if it is no Irq.
        Original: Thread::register_del_irq.
        """

    def gate_relabel_senders(self, old: int, new: int) -> int:
        """Give queued messages of the calling thread that bear label *old* a new one.

        The rights in the low bits stay. Returns: how many.
        Original: L4::Thread::modify_senders.
        """
