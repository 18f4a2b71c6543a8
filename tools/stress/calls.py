"""Random kernel calls, each with what the model expects of it.

An operation draws its arguments and says which outcomes are right, and what the call
changes if it returns. Handles are right ones, wrong ones, stale ones, other processes'
and any number at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from kernel.abi.errors import (
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrNotFound,
    KErrPermissionDenied,
    KErrTimedOut,
)
from kernel.abi.handles import (
    EOwnerProcess,
    EOwnerThread,
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    KHandleFlagLocal,
    KHandleFlagSpecial,
    KHandleNoClose,
    TObjectType,
)
from kernel.abi.ipc import TIpcSessionType
from kernel.abi.memory import ClientStatus
from kernel.abi.panics import TKernExec
from tools.stress.model import Model
from tools.stress.things import (
    ANYTHING,
    NOTHING,
    Caller,
    KFull,
    Outcome,
    Puppet,
    Refused,
    Thing,
    Value,
    WrongType,
    panics,
)

T = TypeVar("T")

ESemaphore: Final = TObjectType.ESemaphore
EMutex: Final = TObjectType.EMutex
ETimer: Final = TObjectType.ETimer
EThread: Final = TObjectType.EThread
EServer: Final = TObjectType.EServer
ESession: Final = TObjectType.ESession

KPoll: Final = -1
KNames: Final = ("a", "b", "c")
KKinds: Final = (
    ESemaphore,
    EMutex,
    ETimer,
    EThread,
    EServer,
    ESession,
    TObjectType.EIpcGate,
    TObjectType.EIrq,
    TObjectType.EReplyCap,
    TObjectType.EFpage,
    TObjectType.EEventQueue,
)
BAD_HANDLE: Final = panics(TKernExec.EBadHandle)


class NothingToDo(Exception):
    """The operation needs something that the puppet does not have."""


class Chooser(Protocol):
    """Where choices come from: a seed, or hypothesis."""

    def pick(self, options: Sequence[T]) -> T:
        """One of *options*."""


@dataclass(frozen=True, slots=True)
class Call:
    """A kernel call about to be made by *caller*.

    What it changes in the model is done already, or done by *effect* with what it
    returns. *then* makes further calls that belong to it, and returns in its place.
    """

    caller: Caller
    name: str
    args: tuple[object, ...]
    expected: tuple[Outcome, ...]
    effect: Callable[[object], None] = lambda _: None  # with the result
    settles: bool = False  # other threads have to run before it shows
    then: Callable[[Any, object], object] | None = None  # with the caller's Exec


Operation = Callable[[Model, Puppet, Chooser], Call]


# Choosing


def any_handle(model: Model, puppet: Caller, choose: Chooser, kind: TObjectType) -> int:
    """Mostly a right one. Raises: NothingToDo."""
    own = [*puppet.table.items(), *puppet.process.table.items()]
    right = [handle for handle, thing in own if thing.kind is kind]
    others = [handle for table in model.tables() for handle in table]
    if not right and choose.pick(range(20)):
        raise NothingToDo
    pools: list[Sequence[int]] = [right] * 40
    pools += [
        [handle for handle, _ in own],
        [handle | KHandleNoClose for handle in right],
        puppet.stale[-5:],
        others,
        (0, -1, 1, 7, 0x10000, KHandleFlagLocal, 1 << 31, 1 << 40, KHandleNoClose),
        (KCurrentThreadHandle, KCurrentProcessHandle, KHandleFlagSpecial | 5),
    ]
    pool = choose.pick(pools)
    return choose.pick(pool) if pool else 0


def found(puppet: Caller, handle: int, kind: TObjectType) -> Thing | None:
    """What the handle names, if that is of the kind."""
    thing = puppet.look_up(handle)
    return thing if thing is not None and thing.kind is kind else None


def any_owner(choose: Chooser) -> int:
    return choose.pick((EOwnerProcess, EOwnerThread))


def any_name(choose: Chooser) -> str | None:
    return choose.pick((None, None, "", *KNames, "bad*name"))


def creation(
    model: Model, puppet: Puppet, kind: TObjectType, name: str | None
) -> tuple[Outcome, Callable[[object], Thing]]:
    """What comes of creating something of that name, and how the model makes it."""

    def effect(result: object) -> Thing:
        thing = model.new_thing(kind, puppet.process, name)
        assert isinstance(result, int)
        model.open(puppet, result, thing)
        return thing

    return creation_outcome(model, kind, name), effect


def creation_outcome(model: Model, kind: TObjectType, name: str | None) -> Outcome:
    """What comes of creating something of that name."""
    if name and "*" in name:
        return Refused(KErrBadName)
    if (kind, name) in model.named:
        return Refused(KErrAlreadyExists)
    return ANYTHING


# Handles


def close(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, choose.pick(KKinds))
    is_nothing = handle == 0 or handle & (KHandleFlagSpecial | KHandleNoClose)
    thing = puppet.look_up(handle)
    expected: Outcome = NOTHING if is_nothing or thing is not None else BAD_HANDLE

    def effect(_: object) -> None:
        if not is_nothing:
            model.close(puppet, handle)

    return Call(puppet, "handle_close", (handle,), (expected,), effect)


def duplicate(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, choose.pick(KKinds))
    owner = any_owner(choose)
    thing = puppet.look_up(handle)
    rights = KFull if thing is None else puppet.rights_of(handle)
    expected: Outcome = ANYTHING if thing is not None else BAD_HANDLE
    if thing is not None and not may_open(thing, owner):
        expected = Refused(KErrPermissionDenied)

    def effect(result: object) -> None:
        assert isinstance(result, int)
        assert thing is not None
        model.open(puppet, result, thing, rights)

    args = (KCurrentThreadHandle, handle, owner)
    return Call(puppet, "handle_duplicate", args, (expected,), effect)


def may_open(thing: Thing, owner: int) -> bool:
    """Timers, and sessions that cannot be shared, are their creator's alone."""
    is_private = thing.kind is ETimer
    if thing.server is not None:
        is_private = thing.server.count == TIpcSessionType.EIpcSession_Unsharable
    return not is_private or owner == EOwnerThread


def open_global(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    kind, name, owner = choose.pick((ESemaphore, EMutex)), choose.pick(KNames), 0
    thing = model.named.get((kind, name))
    expected: Outcome = Refused(KErrNotFound) if thing is None else ANYTHING

    def effect(result: object) -> None:
        assert isinstance(result, int)
        assert thing is not None
        model.open(puppet, result, thing)

    args = (kind, name, owner)
    return Call(puppet, "handle_open_global", args, (expected,), effect)


def find(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    kind = choose.pick((ESemaphore, EMutex))
    names = [name for thing_kind, name in model.named if thing_kind is kind]
    expected: Outcome = ANYTHING if names else Refused(KErrNotFound)

    def effect(result: object) -> None:
        assert isinstance(result, tuple)
        assert result[1] == names[0], (result, names)

    args = (kind, 0, "*")
    return Call(puppet, "handle_find_next", args, (expected,), effect)


def count_handles(_: Model, puppet: Puppet, __: Chooser) -> Call:
    expected = Value((len(puppet.process.table), len(puppet.table)))
    return Call(puppet, "handle_count", (KCurrentThreadHandle,), (expected,))


def name_of(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, choose.pick(KKinds))
    thing = puppet.look_up(handle)
    expected: Outcome = ANYTHING if thing is not None else BAD_HANDLE
    if thing is not None and thing.name:
        expected = Value(thing.name)
    return Call(puppet, "handle_name", (handle, 200), (expected,))


# Semaphores and mutexes


def create_semaphore(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    name, count = any_name(choose), choose.pick((0, 0, 1, 3, -1))
    expected, make = creation(model, puppet, ESemaphore, name)

    def effect(result: object) -> None:
        make(result).count = count

    args = (name, count, any_owner(choose))
    refused = Refused(KErrArgument)
    return Call(
        puppet,
        "semaphore_create",
        args,
        (refused if count < 0 else expected,),
        effect,
    )


def signal_semaphore(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, ESemaphore)
    count = choose.pick((1, 1, 2, 0, -1))
    thing = found(puppet, handle, ESemaphore)
    expected: Outcome = BAD_HANDLE
    if thing is not None:
        expected = NOTHING if count >= 0 else Refused(KErrArgument)

    def effect(_: object) -> None:
        assert thing is not None
        model.wake(thing, count)

    return Call(puppet, "semaphore_signal", (handle, count), (expected,), effect)


def poll_semaphore(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, ESemaphore)
    timeout = choose.pick((KPoll, KPoll, KPoll, -7))
    thing = found(puppet, handle, ESemaphore)
    expected: Outcome = BAD_HANDLE
    if thing is not None and timeout == KPoll:
        expected = NOTHING if thing.count else Refused(KErrTimedOut)
    elif thing is not None:
        expected = Refused(KErrArgument)

    def effect(_: object) -> None:
        assert thing is not None
        thing.count -= 1

    return Call(puppet, "semaphore_wait", (handle, timeout), (expected,), effect)


def create_mutex(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    name = any_name(choose)
    expected, make = creation(model, puppet, EMutex, name)
    args = (name, any_owner(choose))
    return Call(
        puppet,
        "mutex_create",
        args,
        (expected,),
        lambda result: (make(result), None)[1],
    )


def poll_mutex(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EMutex)
    thing = found(puppet, handle, EMutex)
    expected: Outcome = BAD_HANDLE
    if thing is not None:
        is_free = thing.holder in (None, puppet)
        expected = NOTHING if is_free else Refused(KErrTimedOut)

    def effect(_: object) -> None:
        assert thing is not None
        thing.holder = puppet
        thing.count += 1

    return Call(puppet, "mutex_wait", (handle, KPoll), (expected,), effect)


def signal_mutex(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EMutex)
    thing = found(puppet, handle, EMutex)
    expected: Outcome = BAD_HANDLE
    if thing is not None:
        is_own = thing.holder is puppet
        expected = NOTHING if is_own else panics(TKernExec.EAccessDenied)

    def effect(_: object) -> None:
        assert thing is not None
        thing.count -= 1
        thing.holder = puppet if thing.count else None

    return Call(puppet, "mutex_signal", (handle,), (expected,), effect)


# Requests and timers


def count_requests(_: Model, puppet: Puppet, __: Chooser) -> Call:
    expected = Value(puppet.request_count())
    return Call(puppet, "request_count", (KCurrentThreadHandle,), (expected,))


def signal_request(_: Model, puppet: Puppet, choose: Chooser) -> Call:
    count = choose.pick((0, 1, 5))

    def effect(__: object) -> None:
        puppet.signals += count

    args = (KCurrentThreadHandle, count)
    return Call(puppet, "request_signal", args, (NOTHING,), effect)


def take_request(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Waits if there is a signal; else it only counts."""
    if not puppet.request_count():
        return count_requests(model, puppet, choose)

    def effect(_: object) -> None:
        puppet.signals -= 1

    return Call(puppet, "request_wait_any", (), (NOTHING,), effect)


def create_timer(model: Model, puppet: Puppet, _: Chooser) -> Call:
    expected, make = creation(model, puppet, ETimer, None)
    return Call(
        puppet, "timer_create", (), (expected,), lambda result: (make(result), None)[1]
    )


def start_timer(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, ETimer)
    delay_us = choose.pick((0, 1_000, 50_000, -1))
    thing, status = found(puppet, handle, ETimer), ClientStatus()
    expected: Outcome = BAD_HANDLE
    if thing is not None and thing.is_pending:
        expected = panics(TKernExec.ETimerAlreadyPending)
    elif thing is not None:
        expected = Refused(KErrArgument) if delay_us < 0 else NOTHING

    def effect(_: object) -> None:
        assert thing is not None
        thing.status = status
        puppet.statuses.append(status)

    args = (handle, status, delay_us)
    name = choose.pick(("timer_after", "timer_high_res"))
    return Call(puppet, name, args, (expected,), effect)


def cancel_timer(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, ETimer)
    thing = found(puppet, handle, ETimer)
    expected: Outcome = NOTHING if thing is not None else BAD_HANDLE
    return Call(puppet, "timer_cancel", (handle,), (expected,))


# Wrong types


def wrong_type(_: Model, puppet: Puppet, choose: Chooser) -> Call:
    """No handle at all: a TypeError, and nothing has happened."""
    name = choose.pick(("handle_close", "semaphore_signal", "timer_cancel"))
    junk: tuple[object, ...] = (choose.pick((None, "text", 1.5, b"bytes", ())),)
    args = junk if name != "semaphore_signal" else (*junk, 1)
    return Call(puppet, name, args, (WrongType(),))


HANDLE_OPERATIONS: Final[tuple[Operation, ...]] = (
    close,
    close,
    duplicate,
    open_global,
    find,
    count_handles,
    name_of,
)
OBJECT_OPERATIONS: Final[tuple[Operation, ...]] = (
    create_semaphore,
    signal_semaphore,
    poll_semaphore,
    create_mutex,
    poll_mutex,
    signal_mutex,
    count_requests,
    signal_request,
    take_request,
    create_timer,
    start_timer,
    cancel_timer,
    wrong_type,
)
