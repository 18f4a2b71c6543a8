"""Calls on handles of any kind, and on names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KernelError,
    KErrCancel,
    KErrNotFound,
    KErrPermissionDenied,
    KRequestPending,
)
from kernel.abi.handles import (
    KHandleFlagLocal,
    KHandleFlagSpecial,
    KHandleNoClose,
    KNullHandle,
    TObjectType,
)
from kernel.abi.names import fold, is_valid_full_name, match_folded
from kernel.abi.panics import TKernExec
from kernel.tasks.handles import (
    kind_of,
    look_up,
    open_handle,
    resolve,
    resolve_any,
    rights_of,
)
from kernel.tasks.objects import DObject, TProtection
from kernel.tasks.request import complete, has_room
from kernel.tasks.thread import DThread
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core


def handle_close(core: Core, thread: DThread, handle: int) -> None:
    """Close *handle*."""
    if handle == KNullHandle or handle & (KHandleFlagSpecial | KHandleNoClose):
        return
    resolve_any(core, thread, handle)
    table = thread.handles if handle & KHandleFlagLocal else thread.process.handles
    table.remove(handle)


def handle_duplicate(
    core: Core, thread: DThread, source: int, handle: int, owner: int
) -> int:
    """A further handle, looked up in the context of another thread."""
    source_thread = resolve(core, thread, source, DThread)
    # The special handles mean the caller's own, whatever the source.
    context = thread if handle & KHandleFlagSpecial else source_thread
    obj = look_up(context, handle)
    if obj is None:
        panic_current(core, thread, TKernExec.EBadHandle)
    if context is not thread:
        obj.check_duplicate(thread, source_thread)
    return open_handle(thread, obj, owner, rights_of(context, handle))


def handle_name(core: Core, thread: DThread, handle: int, max_length: int) -> str:
    """The short name."""
    return _fitting(core, thread, resolve_any(core, thread, handle).name, max_length)


def handle_full_name(core: Core, thread: DThread, handle: int, max_length: int) -> str:
    """Owners' names and the short name."""
    name = resolve_any(core, thread, handle).full_name
    return _fitting(core, thread, name, max_length)


def _fitting(core: Core, thread: DThread, name: str, max_length: int) -> str:
    if len(name) > max_length:
        panic_current(core, thread, TKernExec.EKUDesSetLengthOverflow)
    return name


def handle_info(core: Core, thread: DThread, handle: int) -> tuple[int, int, int, int]:
    """Who has how many handles to the object."""
    obj = look_up(thread, handle)
    if obj is None:
        return (0, 0, 0, 0)
    process = thread.process
    holding = [t for t in core.threads.values() if t.handles.count_of(obj)]
    return (
        thread.handles.count_of(obj),
        process.handles.count_of(obj) + sum(t.process is process for t in holding),
        len(holding),
        sum(1 for p in core.processes.values() if p.handles.count_of(obj)),
    )


def handle_count(core: Core, thread: DThread, target: int) -> tuple[int, int]:
    """Live handles in the tables of a thread and its process."""
    found = resolve(core, thread, target, DThread)
    return (found.process.handles.active_count, found.handles.active_count)


def handle_notify_destruction(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Complete *status* when the object goes."""
    obj = resolve_any(core, thread, handle)
    status.value = KRequestPending
    if has_room(core, thread, status, "notification"):
        obj.destruction_waits.append((thread, status))


def handle_notify_destruction_cancel(
    core: Core, thread: DThread, status: ClientStatus
) -> None:
    """Find the notification and complete it with KErrCancel."""
    for container in core.containers:
        for obj in container.in_order():
            if (thread, status) in obj.destruction_waits:
                obj.destruction_waits.remove((thread, status))
                complete(core, thread, status, KErrCancel)
                return


def handle_find_next(
    core: Core, thread: DThread, kind: int, cursor: int, pattern: str
) -> tuple[int, str]:
    """The next named object, in order of creation, whose full name matches."""
    for obj in core.containers[kind_of(core, thread, kind)].live():
        if (
            obj.number > cursor
            and obj.is_named
            and match_folded(pattern, obj.full_name)
        ):
            return (obj.number, obj.full_name)
    raise KernelError(KErrNotFound)


def handle_open_found(
    core: Core, thread: DThread, kind: int, cursor: int, owner: int
) -> int:
    """Open by number; a cursor that found nothing panics KERN-EXEC 0."""
    container = core.containers[kind_of(core, thread, kind)]
    if cursor == 0:
        panic_current(core, thread, TKernExec.EBadHandle)
    for obj in container.live():
        if obj.number == cursor:
            return _open_global(thread, obj, owner)
    raise KernelError(KErrNotFound)


def handle_open_global(
    core: Core, thread: DThread, kind: int, full_name: str, owner: int
) -> int:
    """Open by full name."""
    container = core.containers[kind_of(core, thread, kind)]
    if not is_valid_full_name(full_name):
        panic_current(core, thread, TKernExec.EBadName)
    wanted = fold(full_name)
    refused = False
    for obj in container.live():
        if obj.is_named and fold(obj.full_name) == wanted:
            if obj.protection is TProtection.EGlobal:
                return open_handle(thread, obj, owner)
            refused = True
    what = f"{TObjectType(kind).name[1:]} {full_name!r}"
    if refused:
        raise KernelError(KErrPermissionDenied, f"{what} is not global")
    raise KernelError(KErrNotFound, f"no {what}")


def _open_global(thread: DThread, obj: DObject, owner: int) -> int:
    if obj.protection is not TProtection.EGlobal:
        raise KernelError(KErrPermissionDenied)
    return open_handle(thread, obj, owner)
