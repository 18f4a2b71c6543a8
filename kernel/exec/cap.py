"""Calls on capabilities, and on the environment they are named in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.handles import (
    KHandleFlagLocal,
    KHandleFlagSpecial,
    KHandleNoClose,
    KNullHandle,
)
from kernel.abi.l4 import L4Err, Rights
from kernel.ipc.capability import DCapability
from kernel.ipc.gate import DIpcGate
from kernel.tasks.handles import look_up, open_handle, resolve, rights_of
from kernel.tasks.process import DProcess

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.objects import DObject, DObjectIx
    from kernel.tasks.thread import DThread

KCompared: Final = int(Rights.W | Rights.S)
KRightC: Final = int(Rights.C)
KRightD: Final = int(Rights.D)
KRightR: Final = int(Rights.R)


def cap_valid(core: Core, thread: DThread, handle: int) -> int:
    """Whether there is anything."""
    return int(look_up(thread, handle) is not None)


def cap_equal(core: Core, thread: DThread, one: int, other: int) -> int:
    """The same object to do the same with."""
    obj = look_up(thread, one)
    if obj is None or obj is not look_up(thread, other):
        return 0
    compared = KCompared | (KRightC if isinstance(obj, DIpcGate) else 0)
    return int(rights_of(thread, one) & compared == rights_of(thread, other) & compared)


def cap_rights(core: Core, thread: DThread, handle: int) -> int:
    """Of the slot."""
    return 0 if look_up(thread, handle) is None else rights_of(thread, handle)


def cap_release(core: Core, thread: DThread, handle: int) -> None:
    """Empty the slot."""
    if handle & KHandleFlagSpecial or look_up(thread, handle) is None:
        return
    handle &= ~KHandleNoClose
    table = thread.handles if handle & KHandleFlagLocal else thread.process.handles
    table.remove(handle)


def cap_delete(core: Core, thread: DThread, handle: int) -> None:
    """For everybody, if it may."""
    obj = look_up(thread, handle)
    if obj is None or handle & KHandleFlagSpecial:
        return
    if not rights_of(thread, handle) & KRightD:
        cap_release(core, thread, handle)
    elif isinstance(obj, DCapability):
        obj.delete()
    else:
        _empty_slots(core, obj)


def _empty_slots(core: Core, obj: DObject) -> None:
    """The object does not know who holds it: look everywhere."""
    tables: list[DObjectIx] = [p.handles for p in core.processes.values()]
    tables += [t.handles for t in core.threads.values()]
    for table in tables:
        for handle, held, _ in table:
            if held is obj and table.try_at(handle) is obj:
                table.remove(handle)


def cap_duplicate(core: Core, thread: DThread, handle: int, rights: int) -> int:
    """No more than it has."""
    obj = look_up(thread, handle)
    if obj is None:
        return KNullHandle
    return open_handle(thread, obj, 0, rights_of(thread, handle) & rights)


def env_set(
    core: Core, thread: DThread, process: int, name: str, handle: int, rights: int
) -> int:
    """Into the table of a process that has not run yet, or the caller's."""
    child = resolve(core, thread, process, DProcess)
    is_new = child.creator is thread.process and not child.resumed and not child.dead
    if not is_new and child is not thread.process:
        return -L4Err.L4_EPERM
    if name in child.environment:
        return -L4Err.L4_EEXIST
    obj = look_up(thread, handle)
    if obj is None:
        return -L4Err.L4_EINVAL
    passed = rights_of(thread, handle) & rights
    if not passed & KRightR:
        return -L4Err.L4_EINVAL
    holder = thread if child is thread.process else child.main
    obj.check_open_by(holder, is_local_table=False)
    child.environment[name] = child.handles.add_opened(obj, passed)
    return L4Err.L4_EOK


def env_get(core: Core, thread: DThread, name: str) -> int:
    """By name."""
    return thread.process.environment.get(name, KNullHandle)


def env_remove(core: Core, thread: DThread, name: str) -> int:
    """Forget it."""
    handle = thread.process.environment.pop(name, KNullHandle)
    if handle == KNullHandle:
        return -L4Err.L4_ENOENT
    cap_release(core, thread, handle)
    return L4Err.L4_EOK


def env_names(core: Core, thread: DThread) -> tuple[str, ...]:
    """All of them."""
    return tuple(thread.process.environment)
