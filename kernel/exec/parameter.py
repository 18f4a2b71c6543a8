"""Calls on process parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KernelError, KErrArgument, KErrDied, KErrNotFound
from kernel.abi.memory import ClientBuffer
from kernel.abi.panics import TKernExec
from kernel.tasks.handles import kind_of, open_handle, resolve, resolve_any
from kernel.tasks.identity import demand
from kernel.tasks.objects import DObject, TProtection
from kernel.tasks.parameter import KParameterSlots
from kernel.tasks.process import DProcess
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def parameter_set_handle(
    core: Core, thread: DThread, process: int, slot: int, handle: int
) -> None:
    """Leave an object that may be passed on."""
    target = _settable(core, thread, process, slot)
    obj = resolve_any(core, thread, handle)
    demand(core, thread, obj.protection is not TProtection.ELocal)
    _put(core, target, slot, obj)


def parameter_set_data(
    core: Core,
    thread: DThread,
    process: int,
    slot: int,
    data: bytes | str | ClientBuffer,
) -> None:
    """Leave bytes."""
    target = _settable(core, thread, process, slot)
    if isinstance(data, ClientBuffer):
        if data.length < 0:
            panic_current(core, thread, TKernExec.EParameterSlotDataLength)
        if data.bad:
            panic_current(core, thread, TKernExec.ECausedException)
        data = data.contents()
    if isinstance(data, str):
        data = data.encode("utf-16-le", "surrogatepass")
    _put(core, target, slot, data)


def _settable(core: Core, thread: DThread, handle: int, slot: int) -> DProcess:
    """The process, which the caller made and has not resumed; the slot is free."""
    target = resolve(core, thread, handle, DProcess)
    demand(core, thread, target.creator is thread.process and not target.resumed)
    _check_slot(core, thread, slot)
    if target.parameters[slot] is not None:
        panic_current(core, thread, TKernExec.EParameterSlotInUse)
    return target


def _put(core: Core, target: DProcess, slot: int, value: DObject | bytes) -> None:
    if target.dead:
        raise KernelError(KErrDied)
    if core.faults is not None:
        core.faults.allocate("parameter")
    target.parameters.put(slot, value)


def _check_slot(core: Core, thread: DThread, slot: int) -> None:
    if not 0 <= slot < KParameterSlots:
        panic_current(core, thread, TKernExec.EParameterSlotRange)


def parameter_open(
    core: Core, thread: DThread, slot: int, kind: int, owner: int
) -> int:
    """Claim an object."""
    wanted = kind_of(core, thread, kind)
    _check_slot(core, thread, slot)
    parameters = thread.process.parameters
    obj = parameters[slot]
    if obj is None:
        raise KernelError(KErrNotFound)
    if not isinstance(obj, DObject) or obj.kind != wanted:
        raise KernelError(KErrArgument)
    handle = open_handle(thread, obj, owner)
    parameters.clear(slot)
    return handle


def parameter_read(core: Core, thread: DThread, slot: int, max_length: int) -> bytes:
    """Claim data."""
    data = _data(core, thread, slot)
    if len(data) > max_length:
        raise KernelError(KErrArgument)
    if data:
        thread.process.parameters.clear(slot)
    return data


def parameter_length(core: Core, thread: DThread, slot: int) -> int:
    """Of data, in bytes."""
    return len(_data(core, thread, slot))


def _data(core: Core, thread: DThread, slot: int) -> bytes:
    _check_slot(core, thread, slot)
    data = thread.process.parameters[slot]
    if data is None:
        raise KernelError(KErrNotFound)
    if isinstance(data, DObject):
        raise KernelError(KErrArgument)
    return data
