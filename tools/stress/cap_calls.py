"""Random calls on capabilities, gates and Irqs, with what is expected of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from kernel.abi.errors import KErrPermissionDenied
from kernel.abi.handles import (
    KCurrentProcessHandle,
    KHandleFlagSpecial,
    KNullHandle,
    TObjectType,
)
from kernel.abi.l4 import KLabelRights, KRightS, L4Err, L4IpcErr, Rights
from kernel.abi.l4_ipc import TGateState
from tools.stress.calls import Call, any_handle
from tools.stress.cast import any_caller, any_thread, comes_to, now_and_then
from tools.stress.l4_things import Capability, Gate, Irq
from tools.stress.l4_transfer import may_receive, serves
from tools.stress.things import Refused, Thing, Value

if TYPE_CHECKING:
    from tools.stress.calls import Chooser, Operation
    from tools.stress.model import Model
    from tools.stress.things import Caller, Puppet

T = TypeVar("T", bound=Capability)

EThread: Final = TObjectType.EThread
EIpcGate: Final = TObjectType.EIpcGate
EIrq: Final = TObjectType.EIrq
KAnyKind: Final = (
    *(EIpcGate,) * 4,
    *(EIrq,) * 2,
    TObjectType.EReplyCap,
    TObjectType.EFpage,
    TObjectType.EEventQueue,
    TObjectType.ESemaphore,
    EThread,
)
KEmptySlot: Final = -(L4Err.L4_EIPC_LO + L4IpcErr.L4_IPC_ENOT_EXISTENT)
KNotThat: Final = -L4Err.L4_EBADPROTO
KNotPermitted: Final = -L4Err.L4_EPERM
KSenseless: Final = -L4Err.L4_EINVAL
KRightsToServe: Final = int(Rights.S | Rights.C)
KNames: Final = ("x", "y")
RIGHTS: Final = (0xEF, 0xEF, 0xFF, 0, -1, *map(int, (Rights.RWSD, Rights.RW, Rights.N)))
SOME_RIGHTS: Final = (
    *RIGHTS,
    int(Rights.R | Rights.N),
    int(Rights.RWS | Rights.C),
    int(Rights.W),
)
LABELS: Final = (0x10, 0x20, 0x20, 0x30, 0x40, 0x41)


def some_handle(model: Model, caller: Caller, choose: Chooser) -> int:
    """A handle of any kind that may be a capability."""
    return any_handle(model, caller, choose, choose.pick(KAnyKind))


def find(caller: Caller, handle: int, kind: type[T], rights: int) -> T | int:
    """The capability, or what is said of one that will not do."""
    thing = caller.look_up(handle)
    if thing is None:
        return KEmptySlot
    if not isinstance(thing, kind):
        return KNotThat
    return thing if not rights & ~caller.rights_of(handle) else KNotPermitted


def find_receiver(caller: Caller, handle: int, label: int) -> Thing | int:
    """The thread, or what is said of one that will not do."""
    thing = caller.look_up(handle)
    if label & KLabelRights or thing is None or thing.kind is not EThread:
        return KSenseless
    if thing.is_dead:
        return KSenseless
    return thing if caller.rights_of(handle) & KRightS else KNotPermitted


# Slots


def ask_cap(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = some_handle(model, caller, choose)
    thing = caller.look_up(handle)
    rights = 0 if thing is None else caller.rights_of(handle)
    name = choose.pick(("cap_valid", "cap_rights"))
    what = rights if name == "cap_rights" else int(thing is not None)
    return comes_to(caller, name, (handle,), what)


def compare_caps(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    pair = [some_handle(model, caller, choose) for _ in range(2)]
    one, other = (caller.look_up(handle) for handle in pair)
    is_equal = one is not None and one is other
    if is_equal:
        rights, others = (caller.rights_of(handle) for handle in pair)
        compared = Rights.W | Rights.S
        if isinstance(one, Gate):
            compared |= Rights.C
        is_equal = not (rights ^ others) & compared
    return comes_to(caller, "cap_equal", tuple(pair), int(is_equal))


def release_cap(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    now_and_then(choose, 4)
    caller = any_caller(model, puppet, choose)
    handle = some_handle(model, caller, choose)
    release(model, caller, handle)
    return comes_to(caller, "cap_release", (handle,), None)


def release(model: Model, caller: Caller, handle: int) -> None:
    """Empty the slot, if it can be."""
    if caller.look_up(handle) is not None and not handle & KHandleFlagSpecial:
        model.close(caller, handle)


def delete_cap(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    now_and_then(choose, 6)
    caller = any_caller(model, puppet, choose)
    handle = some_handle(model, caller, choose)
    thing = caller.look_up(handle)
    if thing is not None and not handle & KHandleFlagSpecial:
        if not caller.rights_of(handle) & Rights.D:
            release(model, caller, handle)
        elif isinstance(thing, Capability):
            model.delete(thing)
        else:
            model.empty_slots(thing)
    return comes_to(caller, "cap_delete", (handle,), None)


def duplicate_cap(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle, wanted = some_handle(model, caller, choose), choose.pick(SOME_RIGHTS)
    thing = caller.look_up(handle)
    args = (handle, wanted)
    if thing is None:
        return comes_to(caller, "cap_duplicate", args, 0)
    if not may_receive(thing, caller.process):
        refused = Refused(KErrPermissionDenied)
        return Call(caller, "cap_duplicate", args, (refused,))
    rights = caller.rights_of(handle) & wanted
    token = model.give(caller.process.table, thing, rights)
    return comes_to(caller, "cap_duplicate", args, token)


# The environment


def set_env(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle, name = some_handle(model, caller, choose), choose.pick(KNames)
    wanted = choose.pick(SOME_RIGHTS)
    args = (KCurrentProcessHandle, name, handle, wanted)
    thing, environment = caller.look_up(handle), caller.process.environment
    passed = 0 if thing is None else caller.rights_of(handle) & wanted
    if name in environment:
        return comes_to(caller, "env_set", args, -L4Err.L4_EEXIST)
    if thing is None or not passed & Rights.R:
        return comes_to(caller, "env_set", args, KSenseless)
    if not may_receive(thing, caller.process):
        return Call(caller, "env_set", args, (Refused(KErrPermissionDenied),))
    token = model.give(caller.process.table, thing, passed)

    def effect(_: object) -> None:
        environment[name] = token.key

    return Call(
        caller,
        "env_set",
        args,
        (Value((0, token)),),
        effect,
        then=lambda exec_, code: (code, exec_.env_get(name)),
    )


def ask_env(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    environment, name = caller.process.environment, choose.pick(KNames)
    if choose.pick((True, False)):
        return comes_to(caller, "env_names", (), tuple(environment))
    return comes_to(caller, "env_get", (name,), environment.get(name, 0))


def remove_env(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    name = choose.pick(KNames)
    handle = caller.process.environment.pop(name, 0)
    release(model, caller, handle)
    code = 0 if handle else -L4Err.L4_ENOENT
    return comes_to(caller, "env_remove", (name,), code)


# Gates


def create_gate(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    is_bound = choose.pick((True, True, False))
    target = any_thread(model, caller, choose) if is_bound else KNullHandle
    label, rights = choose.pick(LABELS), choose.pick(SOME_RIGHTS)
    args = (target, label, rights)
    receiver = find_receiver(caller, target, label) if target else None
    if isinstance(receiver, int):
        return comes_to(caller, "gate_create", args, receiver)
    gate = Gate(EIpcGate, caller.process)
    model.l4.new(gate)
    token = model.give(caller.process.table, gate, rights & 0xFF)
    if receiver is not None:
        model.l4.bind_gate(gate, receiver, label)
    return comes_to(caller, "gate_create", args, token)


def bind_gate(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIpcGate)
    target, label = any_thread(model, caller, choose), choose.pick(LABELS)
    args = (handle, target, label)
    gate = find(caller, handle, Gate, KRightsToServe)
    if isinstance(gate, int):
        return comes_to(caller, "gate_bind", args, gate)
    receiver = find_receiver(caller, target, label)
    if isinstance(receiver, int):
        return comes_to(caller, "gate_bind", args, receiver)
    model.l4.bind_gate(gate, receiver, label)
    return comes_to(caller, "gate_bind", args, 0)


def unbind_gate(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    now_and_then(choose, 2)
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIpcGate)
    gate = find(caller, handle, Gate, KRightsToServe)
    if isinstance(gate, int):
        return comes_to(caller, "gate_unbind", (handle,), gate)
    if serves(caller.process, gate):
        model.l4.unbind_gate(gate)
    return comes_to(caller, "gate_unbind", (handle,), 0)


def ask_gate(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIpcGate)
    gate = find(caller, handle, Gate, int(Rights.C))
    what: tuple[int, int, int, int] = (0, 0, 0, 0)
    if isinstance(gate, int):
        what = (gate, 0, 0, 0)
    else:
        state = TGateState.EUnbound if gate.partner is None else TGateState.EBound
        if gate.is_orphaned:
            state = TGateState.EOrphaned
        what = (0, gate.label, state, model.counted(gate))
    return comes_to(caller, "gate_info", (handle,), what)


def let_gate_go(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIpcGate)
    number = choose.pick((0, 1, 1, 2, -1))
    gate = find(caller, handle, Gate, int(Rights.C))
    code = gate if isinstance(gate, int) else 0
    if not isinstance(gate, int):
        if number < 0:
            code = KSenseless
        else:
            gate.decrements += number
    return comes_to(caller, "gate_dec_refcnt", (handle, number), code)


def watch_gates(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    is_told = choose.pick((False, True, True, True))
    handle = any_handle(model, caller, choose, EIrq) if is_told else KNullHandle
    irq = find(caller, handle, Irq, 0) if handle else None
    args = (handle,)
    if isinstance(irq, int):
        return comes_to(caller, "gate_set_deletion_irq", args, irq)
    model.l4.side(caller.thread).deletion_irq = irq
    return comes_to(caller, "gate_set_deletion_irq", args, 0)


def relabel(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    old, new = choose.pick(LABELS), choose.pick(LABELS)
    what = model.l4.relabel(caller.thread, old, new)
    return comes_to(caller, "gate_relabel_senders", (old, new), what)


# Irqs


def create_irq(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    irq = Irq(EIrq, caller.process)
    model.l4.new(irq)
    token = model.give(caller.process.table, irq)
    return comes_to(caller, "irq_create", (), token)


def bind_irq(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIrq)
    target, label = any_thread(model, caller, choose), choose.pick(LABELS)
    args = (handle, target, label)
    irq = find(caller, handle, Irq, KRightS)
    if isinstance(irq, int):
        return comes_to(caller, "irq_bind", args, irq)
    receiver = find_receiver(caller, target, label)
    if isinstance(receiver, int):
        return comes_to(caller, "irq_bind", args, receiver)
    model.l4.bind_irq(irq, receiver, label)
    return comes_to(caller, "irq_bind", args, 0)


def unbind_irq(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIrq)
    irq = find(caller, handle, Irq, KRightS)
    if not isinstance(irq, int):
        model.l4.unbind_irq(irq)
    code = irq if isinstance(irq, int) else 0
    return comes_to(caller, "irq_unbind", (handle,), code)


def trigger(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIrq)
    irq = find(caller, handle, Irq, int(Rights.W))
    if not isinstance(irq, int):
        model.l4.trigger(irq)
    code = irq if isinstance(irq, int) else 0
    return comes_to(caller, "irq_trigger", (handle,), code)


CAP_OPERATIONS: Final[tuple[Operation, ...]] = (
    ask_cap,
    compare_caps,
    release_cap,
    delete_cap,
    duplicate_cap,
    duplicate_cap,
    set_env,
    ask_env,
    remove_env,
    create_gate,
    create_gate,
    bind_gate,
    bind_gate,
    unbind_gate,
    ask_gate,
    let_gate_go,
    let_gate_go,
    watch_gates,
    watch_gates,
    relabel,
    create_irq,
    bind_irq,
    bind_irq,
    unbind_irq,
    trigger,
    trigger,
)
