"""Calls on IPC gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.l4 import KLabelRights, L4Err, Rights
from kernel.events import TEvent
from kernel.exec.l4_check import find, find_receiver
from kernel.ipc.gate import DIpcGate, KRightsToServe
from kernel.ipc.irq import DIrq
from kernel.ipc.partner import partner_of
from kernel.ipc.transfer import is_own_gate
from kernel.tasks.handles import new_handle

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread

KServer: Final = int(Rights.C)
KAllRights: Final = 0xFF


def gate_create(
    core: Core, thread: DThread, target: int, label: int, rights: int
) -> int:
    """A gate, bound or not; the checks come before it is made."""
    receiver = find_receiver(thread, target, label) if target else None
    if isinstance(receiver, int):
        return receiver
    gate = DIpcGate(core)
    handle = new_handle(thread, gate, 0, rights & KAllRights)
    core.event(TEvent.EGateCreate, thread, gate.number)
    if receiver is not None:
        _bind(core, thread, gate, receiver, label)
    return handle


def gate_bind(core: Core, thread: DThread, handle: int, target: int, label: int) -> int:
    """Forward to a thread."""
    gate = find(thread, handle, DIpcGate, KRightsToServe)
    if isinstance(gate, int):
        return gate
    receiver = find_receiver(thread, target, label)
    if isinstance(receiver, int):
        return receiver
    _bind(core, thread, gate, receiver, label)
    return L4Err.L4_EOK


def _bind(
    core: Core, thread: DThread, gate: DIpcGate, receiver: DThread, label: int
) -> None:
    core.event(TEvent.EGateBind, thread, gate.number, receiver.id, label)
    gate.bind(partner_of(receiver), label)


def gate_unbind(core: Core, thread: DThread, handle: int) -> int:
    """Let senders wait."""
    gate = find(thread, handle, DIpcGate, KRightsToServe)
    if isinstance(gate, int):
        return gate
    if is_own_gate(gate, thread.process):
        gate.unbind()
    return L4Err.L4_EOK


def gate_info(core: Core, thread: DThread, handle: int) -> tuple[int, int, int, int]:
    """For those who may serve it."""
    gate = find(thread, handle, DIpcGate, KServer)
    if isinstance(gate, int):
        return (gate, 0, 0, 0)
    return (L4Err.L4_EOK, gate.label, gate.state, gate.counted)


def gate_dec_refcnt(core: Core, thread: DThread, handle: int, count: int) -> int:
    """A server's own capability shall not keep its object alive."""
    gate = find(thread, handle, DIpcGate, KServer)
    if isinstance(gate, int):
        return gate
    if count < 0:
        return -L4Err.L4_EINVAL
    gate.decrement(count)
    return L4Err.L4_EOK


def gate_set_deletion_irq(core: Core, thread: DThread, handle: int) -> int:
    """Be told of gates that are gone."""
    irq = find(thread, handle, DIrq, 0) if handle else None
    if isinstance(irq, int):
        return irq
    partner_of(thread).deletion_irq = irq
    return L4Err.L4_EOK


def gate_relabel_senders(core: Core, thread: DThread, old: int, new: int) -> int:
    """What came before a label changed bears the new one."""
    senders = [
        send
        for send in partner_of(thread).senders
        if send.origin & ~KLabelRights == old & ~KLabelRights
    ]
    for send in senders:
        send.origin = new & ~KLabelRights | send.origin & KLabelRights
    return len(senders)
