"""What the calls of L4's families look at first: the object, then the rights.

Refusals are results here, negated codes, and not panics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from kernel.abi.l4 import KLabelRights, KRightS, L4Err, L4IpcErr
from kernel.tasks.handles import look_up, rights_of
from kernel.tasks.thread import DThread

if TYPE_CHECKING:
    from kernel.ipc.capability import DCapability

T = TypeVar("T", bound="DCapability")

KEmptySlot: Final = -(L4Err.L4_EIPC_LO + L4IpcErr.L4_IPC_ENOT_EXISTENT)


def find(thread: DThread, handle: int, kind: type[T], rights: int) -> T | int:
    """The object, if the capability has all of *rights*; else the result."""
    obj = look_up(thread, handle)
    if obj is None:
        return KEmptySlot
    if not isinstance(obj, kind):
        return -L4Err.L4_EBADPROTO
    if rights & ~rights_of(thread, handle):
        return -L4Err.L4_EPERM
    return obj


def find_receiver(thread: DThread, handle: int, label: int) -> DThread | int:
    """The thread that something is to be bound to under *label*; else the result."""
    if label & KLabelRights:
        return -L4Err.L4_EINVAL
    obj = look_up(thread, handle)
    if not isinstance(obj, DThread) or obj.dead:
        return -L4Err.L4_EINVAL
    if not rights_of(thread, handle) & KRightS:
        return -L4Err.L4_EPERM
    return obj


__all__ = ["KEmptySlot", "find", "find_receiver"]
