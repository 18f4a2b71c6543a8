"""Calls on Irqs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.l4 import KRightS, L4Err, Rights
from kernel.events import TEvent
from kernel.exec.l4_check import find, find_receiver
from kernel.ipc.irq import DIrq
from kernel.ipc.partner import partner_of
from kernel.tasks.handles import new_handle

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread

KRightW: Final = int(Rights.W)


def irq_create(core: Core, thread: DThread) -> int:
    """Bound to nobody."""
    return new_handle(thread, DIrq(core), 0)


def irq_bind(core: Core, thread: DThread, handle: int, target: int, label: int) -> int:
    """Tell a thread of it."""
    irq = find(thread, handle, DIrq, KRightS)
    if isinstance(irq, int):
        return irq
    receiver = find_receiver(thread, target, label)
    if isinstance(receiver, int):
        return receiver
    irq.bind(partner_of(receiver), label)
    return L4Err.L4_EOK


def irq_unbind(core: Core, thread: DThread, handle: int) -> int:
    """Tell nobody."""
    irq = find(thread, handle, DIrq, KRightS)
    if isinstance(irq, int):
        return irq
    irq.unbind()
    return L4Err.L4_EOK


def irq_trigger(core: Core, thread: DThread, handle: int) -> int:
    """It happened."""
    irq = find(thread, handle, DIrq, KRightW)
    if isinstance(irq, int):
        return irq
    if core.trace is not None:
        core.trace(TEvent.EIrqTrigger, thread, irq.number)
    irq.trigger()
    return L4Err.L4_EOK
