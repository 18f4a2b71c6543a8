"""Calls on properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KernelError,
    KErrAlreadyExists,
    KErrArgument,
    KErrCancel,
    KErrNotFound,
    KErrPermissionDenied,
    KErrTooBig,
)
from kernel.abi.panics import TKernExec
from kernel.abi.property import (
    KMaxLargePropertySize,
    KMaxPropertySize,
    KUidSecurityThresholdCategoryValue,
    TPropertyType,
)
from kernel.abi.security import SecurityPolicy, TCapability
from kernel.events import TEvent
from kernel.ipc.property import Definition, DPropertyRef, property_at
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.abi.property import PropertyPlace
    from kernel.core import Core
    from kernel.ipc.property import Property
    from kernel.tasks.thread import DThread

# The most that a value of each type can hold.
_LIMITS = {
    TPropertyType.EInt: 0,
    TPropertyType.EByteArray: KMaxPropertySize,
    TPropertyType.ELargeByteArray: KMaxLargePropertySize,
}


def property_define(
    core: Core,
    thread: DThread,
    category: int,
    key: int,
    kind: int,
    preallocate: int,
    read_policy: SecurityPolicy,
    write_policy: SecurityPolicy,
) -> None:
    """The checks stand in the order of 9.7."""
    if preallocate < 0:
        raise KernelError(KErrArgument)
    if preallocate > KMaxLargePropertySize:
        raise KernelError(KErrTooBig)
    if not _may_define(thread, category):
        raise KernelError(KErrPermissionDenied)
    read_policy, write_policy = _plain(read_policy), _plain(write_policy)
    if not (read_policy.is_well_formed and write_policy.is_well_formed):
        raise KernelError(KErrArgument)
    _check_kind(kind, preallocate)
    found = core.properties.get((category, key))
    if found is not None and found.definition is not None:
        raise KernelError(KErrAlreadyExists)
    if core.faults is not None:
        core.faults.allocate("property")
    definition = Definition(
        TPropertyType(kind),
        thread.process.identity.secure_id,
        read_policy,
        write_policy,
        0 if kind == TPropertyType.EInt else b"",
    )
    property_at(core, (category, key)).define(definition)
    core.event(TEvent.EPropertyDefine, thread, category, key)


def _plain(policy: SecurityPolicy) -> SecurityPolicy:
    """A policy of our own, which its program cannot change any more."""
    return SecurityPolicy(policy.type, policy.capabilities, policy.id)


def _may_define(thread: DThread, category: int) -> bool:
    identity = thread.process.identity
    if category == identity.secure_id:
        return True
    is_system = category < KUidSecurityThresholdCategoryValue
    return is_system and identity.has(TCapability.ECapabilityWriteDeviceData)


def _check_kind(kind: int, preallocate: int) -> None:
    if kind not in tuple(TPropertyType) or (kind == TPropertyType.EInt and preallocate):
        raise KernelError(KErrArgument)
    if preallocate > _LIMITS[TPropertyType(kind)]:
        raise KernelError(KErrTooBig)


def property_delete(core: Core, thread: DThread, category: int, key: int) -> None:
    """By whoever has the definer's secure id."""
    found = core.properties.get((category, key))
    if found is None:
        raise KernelError(KErrNotFound)
    if found.demand_defined().definer != thread.process.identity.secure_id:
        raise KernelError(KErrPermissionDenied)
    core.event(TEvent.EPropertyDelete, thread, category, key)
    found.delete()


def property_attach(
    core: Core, thread: DThread, category: int, key: int, owner: int
) -> int:
    """A handle, whoever asks."""
    ref = DPropertyRef(core, (category, key), thread if owner else thread.process)
    return new_handle(thread, ref, owner)


def property_subscribe(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """One at a time."""
    ref = resolve(core, thread, handle, DPropertyRef)
    if ref.thread is not None:
        panic_current(core, thread, TKernExec.ERequestAlreadyPending)
    ref.subscribe(thread, status)


def property_cancel(core: Core, thread: DThread, handle: int) -> None:
    """By whoever has the handle."""
    resolve(core, thread, handle, DPropertyRef).finish(KErrCancel)


def _defined(
    core: Core, thread: DThread, where: PropertyPlace
) -> tuple[Property, Definition]:
    if isinstance(where, int):
        found: Property | None = resolve(core, thread, where, DPropertyRef).property
    else:
        found = core.properties.get(where)
    if found is None:
        raise KernelError(KErrNotFound)
    return found, found.demand_defined()


def _get(core: Core, thread: DThread, where: PropertyPlace) -> int | bytes:
    _, definition = _defined(core, thread, where)
    if not definition.may_read(thread.process.identity):
        raise KernelError(KErrPermissionDenied)
    return definition.value


def property_get_int(core: Core, thread: DThread, where: PropertyPlace) -> int:
    """An integer's value."""
    value = _get(core, thread, where)
    if not isinstance(value, int):
        raise KernelError(KErrArgument)
    return value


def property_get_data(core: Core, thread: DThread, where: PropertyPlace) -> bytes:
    """A byte array's value."""
    value = _get(core, thread, where)
    if not isinstance(value, bytes):
        raise KernelError(KErrArgument)
    return value


def property_set_int(
    core: Core, thread: DThread, where: PropertyPlace, value: int
) -> None:
    """Publish an integer."""
    _publish(core, thread, where, value)


def property_set_data(
    core: Core, thread: DThread, where: PropertyPlace, data: bytes
) -> None:
    """Publish a byte array."""
    _publish(core, thread, where, data)


def _publish(
    core: Core, thread: DThread, where: PropertyPlace, value: int | bytes
) -> None:
    found, definition = _defined(core, thread, where)
    if not definition.may_write(thread.process.identity):
        raise KernelError(KErrPermissionDenied)
    if isinstance(value, int) != (definition.kind is TPropertyType.EInt):
        raise KernelError(KErrArgument)
    if not isinstance(value, int):
        if len(value) > _LIMITS[definition.kind]:
            raise KernelError(KErrTooBig)
        if core.faults is not None:
            core.faults.allocate("property value")
    if core.trace is not None:
        core.trace(TEvent.EPropertySet, thread, *found.key)
    found.set(value)
