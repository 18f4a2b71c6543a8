"""From a handle to the object, as the calling thread sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kernel.abi.errors import KernelError, KErrPermissionDenied
from kernel.abi.handles import (
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    KHandleFlagLocal,
    KHandleFlagSpecial,
    KHandleIndexMask,
    TObjectType,
)
from kernel.abi.l4 import L4_FPAGE_FULL
from kernel.abi.panics import TKernExec
from kernel.tasks.objects import DObject, DObjectIx
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread

T = TypeVar("T", bound=DObject)


def look_up(thread: DThread, handle: int) -> DObject | None:
    """What *handle* names in the context of *thread*; None if nothing."""
    if handle & KHandleFlagSpecial:
        if handle == KCurrentThreadHandle:
            return thread
        return thread.process if handle == KCurrentProcessHandle else None
    table = thread.handles if handle & KHandleFlagLocal else thread.process.handles
    return table.try_at(handle)


def resolve(core: Core, thread: DThread, handle: int, kind: type[T]) -> T:
    """The object of that kind; anything else panics KERN-EXEC 0.

    The first lines are `look_up`, unrolled for the common case: a live handle that is
    neither special nor marked no-close.
    """
    table = thread.handles if handle & KHandleFlagLocal else thread.process.handles
    try:
        slot = table._slots[handle & KHandleIndexMask]  # noqa: SLF001 - the hottest look-up
    except IndexError:
        slot = None
    if slot is not None and slot[0] == handle and slot[1].__class__ is kind:
        return slot[1]
    obj = look_up(thread, handle)
    if obj.__class__ is not kind:
        panic_current(core, thread, TKernExec.EBadHandle)
    return obj


def resolve_any(core: Core, thread: DThread, handle: int) -> DObject:
    """The object, of whatever kind; a bad handle panics KERN-EXEC 0."""
    obj = look_up(thread, handle)
    if obj is None:
        panic_current(core, thread, TKernExec.EBadHandle)
    return obj


def table_of(thread: DThread, owner: int) -> DObjectIx:
    """The table a new handle goes to; *owner* is a TOwnerType."""
    return thread.handles if owner else thread.process.handles


def new_handle(thread: DThread, obj: DObject, owner: int, rights: int = -1) -> int:
    """Put a new object into a table; its creator's reference goes along.

    If the table is full the object goes again. Raises: KErrNoMemory.
    """
    try:
        return table_of(thread, owner).add(obj, rights)
    except BaseException:
        obj.close()
        raise


def open_handle(thread: DThread, obj: DObject, owner: int, rights: int = -1) -> int:
    """A further handle to an object. Raises: KErrPermissionDenied, KErrNoMemory.

    A capability is opened with the *rights* of another: to reach it is not enough.
    """
    if obj.is_capability and rights < 0:
        raise KernelError(KErrPermissionDenied)
    obj.check_open_by(thread, is_local_table=bool(owner))
    return table_of(thread, owner).add_opened(obj, rights)


def rights_of(thread: DThread, handle: int) -> int:
    """With which rights *handle*, which is open, can be used: all, if none are set."""
    if handle & KHandleFlagSpecial:
        return int(L4_FPAGE_FULL)
    table = thread.handles if handle & KHandleFlagLocal else thread.process.handles
    rights = table.rights_at(handle)
    return int(L4_FPAGE_FULL) if rights < 0 else rights


def kind_of(core: Core, thread: DThread, kind: int) -> TObjectType:
    """A type of object; an unknown number panics KERN-EXEC 25."""
    if not 0 <= kind < len(TObjectType):
        panic_current(core, thread, TKernExec.EBadObjectType)
    return TObjectType(kind)


__all__ = [
    "kind_of",
    "look_up",
    "new_handle",
    "open_handle",
    "resolve",
    "resolve_any",
    "rights_of",
    "table_of",
]
