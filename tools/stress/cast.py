"""Who makes a call: the puppet, or an actor; and how further actors are hired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.abi.exit import ExitInfo, TExitType
from kernel.abi.handles import (
    EOwnerProcess,
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    TObjectType,
)
from kernel.abi.image import KNullUids
from kernel.abi.l4 import Rights
from kernel.abi.panics import TKernExec
from tools.stress.actors import Actor
from tools.stress.calls import (
    BAD_HANDLE,
    Call,
    NothingToDo,
    any_handle,
    found,
)
from tools.stress.l4_transfer import may_receive
from tools.stress.task_calls import touches
from tools.stress.things import (
    ANYTHING,
    BLOCKED,
    NOTHING,
    Caller,
    Died,
    Process,
    Puppet,
    Thing,
    Value,
    panics,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.stress.calls import Chooser, Operation
    from tools.stress.model import Model
    from tools.stress.things import Outcome

EThread: Final = TObjectType.EThread
EProcess: Final = TObjectType.EProcess
EIpcGate: Final = TObjectType.EIpcGate
KProgram: Final = "actor"  # under this name the machine knows what children run
KSeed: Final = "seed"  # the capability that they start with
KStack: Final = 4096
KMaxActors: Final = 10
KMaxChildren: Final = 2
SETTABLE: Final = (-20, -10, 0, 0, 10, 20)


def any_caller(model: Model, puppet: Puppet, choose: Chooser) -> Caller:
    """Mostly an actor that is free."""
    actors = [c for c in model.callers() if isinstance(c, Actor) and c.is_free]
    return choose.pick([puppet, *actors])


def fit_caller(
    model: Model, puppet: Puppet, choose: Chooser, is_fit: Callable[[Caller], object]
) -> Caller:
    """Mostly one that *is_fit* to do something: else little would ever come of it."""
    actors = [c for c in model.callers() if isinstance(c, Actor) and c.is_free]
    fit = [caller for caller in (*actors, puppet) if is_fit(caller)]
    if fit and mostly(choose):
        return choose.pick(fit)
    return choose.pick([*actors, puppet])


def mostly(choose: Chooser) -> bool:
    """Five times out of six."""
    return choose.pick(range(6)) > 0


def now_and_then(choose: Chooser, often: int) -> None:
    """Raises: NothingToDo, but once in so often: not to end what has just begun."""
    if choose.pick(range(often)):
        raise NothingToDo


def any_thread(model: Model, caller: Caller, choose: Chooser) -> int:
    """A handle of a thread, often the caller's own."""
    if choose.pick((True, False)):
        return KCurrentThreadHandle
    try:
        return any_handle(model, caller, choose, EThread)
    except NothingToDo:
        return KCurrentThreadHandle


def so_far(caller: Caller) -> Outcome:
    """What its call has come to at once."""
    if caller.wait is not None:
        return BLOCKED
    assert caller.due is not None
    return caller.due


def comes_to(caller: Caller, name: str, args: tuple[object, ...], what: object) -> Call:
    """A call that returns that, and has done all it does."""
    return Call(caller, name, args, (Value(what),))


def hire_thread(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """A further thread of the caller's process, which does as it is told."""
    caller = any_caller(model, puppet, choose)
    _demand_room(model)
    actor = Actor(caller.process, Thing(EThread, caller.process))
    actor.thread.is_started = True
    priority = choose.pick(SETTABLE)

    def resume(exec_: Any, handle: Any) -> object:  # noqa: ANN401 - calls by name
        exec_.thread_set_priority(handle, priority)
        exec_.thread_resume(handle)
        return handle

    def effect(handle: object) -> None:
        assert isinstance(handle, int)
        actor.thread.priority = priority
        caller.process.threads.append(actor.thread)
        model.open(caller, handle, actor.thread)

    args = ("", actor.act, KStack, EOwnerProcess)
    return Call(
        caller, "thread_create", args, (ANYTHING,), effect, settles=True, then=resume
    )


def _demand_room(model: Model) -> None:
    actors = [caller for caller in model.callers() if isinstance(caller, Actor)]
    if len(actors) >= KMaxActors:
        raise NothingToDo


def hire_child(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """A process whose Main does as it is told; it starts with a capability."""
    _demand_room(model)
    if len(model.processes) - len(model.puppets) >= KMaxChildren:
        raise NothingToDo
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EIpcGate)
    child = Process()
    actor = Actor(child, child.main)
    child.main.is_started = True
    seed = caller.look_up(handle)
    if seed is not None and not may_receive(seed, child):
        raise NothingToDo
    rights = choose.pick((int(Rights.RWS), 0xFF, int(Rights.R)))
    model.cast.append(actor)

    def resume(exec_: Any, process: Any) -> object:  # noqa: ANN401 - calls by name
        exec_.env_set(process, KSeed, handle, rights)
        exec_.process_resume(process)
        return process

    def effect(result: object) -> None:
        assert isinstance(result, int)
        model.processes.append(child)
        model.open(caller, result, child.thing)
        if seed is None or not caller.rights_of(handle) & rights & Rights.R:
            assert actor.seed == 0, actor.seed
            return
        passed = caller.rights_of(handle) & rights
        model.open(actor, actor.seed, seed, passed)
        child.environment[KSeed] = actor.seed

    args = (KProgram, str(len(model.cast) - 1), EOwnerProcess, KNullUids, 0)
    return Call(
        caller, "process_create", args, (ANYTHING,), effect, settles=True, then=resume
    )


def any_end(choose: Chooser) -> ExitInfo:
    """A way to end."""
    exit_type = choose.pick(tuple(TExitType)[:3])
    categories = {TExitType.EExitKill: "Kill", TExitType.EExitTerminate: "Terminate"}
    category = categories.get(exit_type, "ACTOR")
    return ExitInfo(exit_type, choose.pick((0, 1, -5)), category)


def end_child(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Puppets are trusted to end any process; now and then it is their own."""
    now_and_then(choose, 4)
    handle = any_handle(model, puppet, choose, EProcess)
    if handle == KCurrentProcessHandle and choose.pick(range(10)):
        raise NothingToDo
    return _end_process(model, puppet, handle, any_end(choose))


def _end_process(model: Model, caller: Caller, handle: int, info: ExitInfo) -> Call:
    thing = found(caller, handle, EProcess)
    expected: Outcome = NOTHING if thing is not None else BAD_HANDLE
    if thing is caller.process.thing:
        expected = Died(info)
    elif thing is not None and not thing.is_dead:
        if isinstance(caller, Puppet):
            model.end_process(thing.process, info)
        else:
            expected = panics(TKernExec.EPlatformSecurityTrap)
    args = (handle, info.type, info.category, info.reason)
    return Call(caller, "process_end", args, (expected,), settles=True)


def end_actor(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """A thread of its own process, or itself; whatever that is waiting for."""
    now_and_then(choose, 4)
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EThread)
    info = any_end(choose)
    thread = found(caller, handle, EThread)
    if thread is caller.thread and choose.pick(range(5)):
        raise NothingToDo
    expected = touches(caller, thread)
    if thread is not None and thread in (caller.thread, caller.process.main):
        expected = Died(info)
    is_own = thread is not None and thread.process is caller.process
    if thread is not None and is_own and thread is not caller.thread:
        model.end_thread(thread, info)
    args = (handle, info.type, info.category, info.reason)
    return Call(caller, "thread_end", args, (expected,), settles=True)


def leave(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """An actor ends by itself, which it does not do often."""
    caller = any_caller(model, puppet, choose)
    if caller is puppet or choose.pick(range(8)):
        raise NothingToDo
    reason = choose.pick((0, 3, -2))
    model.close_all(caller.table)
    died = Died(ExitInfo(TExitType.EExitKill, reason, "Kill"))
    return Call(caller, "thread_exit", (reason,), (died,), settles=True)


def count(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Anybody's handles."""
    caller = any_caller(model, puppet, choose)
    own = len(caller.table) + isinstance(caller, Actor)  # the queue of its cues
    what = (len(caller.process.table), own)
    return comes_to(caller, "handle_count", (KCurrentThreadHandle,), what)


def set_priority(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Who is served first depends on it."""
    caller = any_caller(model, puppet, choose)
    priority = choose.pick(SETTABLE)
    caller.thread.priority = priority
    args = (KCurrentThreadHandle, priority)
    return comes_to(caller, "thread_set_priority", args, None)


def close_any(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Close one of the caller's handles; else an actor never would."""
    now_and_then(choose, 4)
    caller = any_caller(model, puppet, choose)
    own = [*caller.table, *caller.process.table]
    if not own:
        raise NothingToDo
    handle = choose.pick(own)
    model.close(caller, handle)
    return comes_to(caller, "handle_close", (handle,), None)


CAST_OPERATIONS: Final[tuple[Operation, ...]] = (
    hire_thread,
    hire_thread,
    hire_child,
    hire_child,
    end_child,
    end_actor,
    leave,
    count,
    set_priority,
    close_any,
)
