"""Random calls on event queues, with what the model expects of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrArgument,
    KErrInUse,
    KErrNotFound,
    KErrPermissionDenied,
    KErrTimedOut,
)
from kernel.abi.event_queue import TMerge
from kernel.abi.handles import TObjectType
from tools.stress.calls import (
    BAD_HANDLE,
    Call,
    KPoll,
    NothingToDo,
    any_handle,
    any_name,
    any_owner,
    creation_outcome,
)
from tools.stress.cast import any_caller, comes_to, so_far
from tools.stress.event_model import Event, EventQueue
from tools.stress.things import (
    ANYTHING,
    NOTHING,
    Puppet,
    Refused,
    Value,
    WrongType,
)

if TYPE_CHECKING:
    from tools.stress.calls import Chooser, Operation
    from tools.stress.event_model import Data
    from tools.stress.model import Model
    from tools.stress.things import Caller, Outcome

EEventQueue: Final = TObjectType.EEventQueue
NOT_FOUND: Final = Refused(KErrNotFound)
DATA: Final = (("a", 1), ("a", 1, "more"), ("a", 2), ("b", 1), ("b", 1, None), ())
JUNK: Final[tuple[object, ...]] = (("a", []), ["a"], ("a", object()))
TIMES: Final = (0, 0, 0, 20_000, 50_000, KPoll)
CALL_TIMES: Final = (0, 0, 0, 20_000, 50_000)
KAllMerges: Final = 8


def any_queue(
    model: Model, choose: Chooser, caller: Caller | None = None
) -> tuple[int, EventQueue | None]:
    """Mostly one that there is, and that *caller* may drain: its id, and itself."""
    queues = model.events.queues
    ids = [i for i, q in queues.items() if caller is None or may_take(q, caller)]
    if not ids and choose.pick(range(20)):
        raise NothingToDo
    pool = choose.pick((*([ids] if ids else []) * 20, (0, -1, 1 << 40)))
    queue_id = choose.pick(pool)
    return queue_id, queues.get(queue_id)


def may_take(queue: EventQueue, caller: Caller) -> bool:
    """Whether the caller may take events of that queue."""
    return queue.bound in (None, caller.thread)


def create_queue(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    name, owner = any_name(choose), any_owner(choose)
    refused = creation_outcome(model, EEventQueue, name)
    if isinstance(refused, Refused):
        return Call(caller, "event_queue_create", (name, owner), (refused,))

    def ask_id(exec_: Any, handle: Any) -> object:  # noqa: ANN401 - calls by name
        return (handle, exec_.event_queue_id(handle))

    def effect(result: object) -> None:
        assert isinstance(result, tuple)
        handle, queue_id = result
        assert queue_id > max(model.events.queues, default=0), result
        queue = model.events.created(caller.process, name, queue_id)
        model.open(caller, handle, queue)
        queue.home = (caller.table_of(handle), handle)

    args = (name, owner)
    return Call(caller, "event_queue_create", args, (ANYTHING,), effect, then=ask_id)


def ask_id(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EEventQueue)
    queue = caller.look_up(handle)
    expected: Outcome = BAD_HANDLE
    if isinstance(queue, EventQueue):
        expected = Value(queue.id if queue.id in model.events.queues else 0)
    return Call(caller, "event_queue_id", (handle,), (expected,))


def bind(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    handle = any_handle(model, caller, choose, EEventQueue)
    queue = caller.look_up(handle)
    expected: Outcome = BAD_HANDLE
    if isinstance(queue, EventQueue):
        expected = _bind(model, caller, queue)
    if expected is NOTHING and isinstance(queue, EventQueue):
        table = caller.table_of(handle)
        queue.bound, queue.belongs_to = caller.thread, caller.process
        queue.home = (table, handle)
    return Call(caller, "event_queue_bind", (handle,), (expected,))


def _bind(model: Model, caller: Caller, queue: EventQueue) -> Outcome:
    if queue.id not in model.events.queues:
        return NOT_FOUND
    others = [q.bound for q in model.events.queues.values()]
    if queue.bound is not None or queue.getters or caller.thread in others:
        return Refused(KErrInUse)
    return NOTHING


def free(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    expected = _owned(caller, queue)
    if queue is not None and expected is NOTHING:
        model.events.free(queue)
    return Call(caller, "event_queue_free", (queue_id,), (expected,), settles=True)


def _owned(caller: Caller, queue: EventQueue | None) -> Outcome:
    if queue is None:
        return NOT_FOUND
    is_own = queue.belongs_to is caller.process
    return NOTHING if is_own else Refused(KErrPermissionDenied)


def set_label(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    label = choose.pick(DATA)
    expected = _owned(caller, queue)
    if queue is not None and expected is NOTHING:
        queue.label = label
    return Call(caller, "event_queue_set_label", (queue_id, label), (expected,))


def ask(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Label, length, or the list of those that are bound."""
    caller = any_caller(model, puppet, choose)
    what = choose.pick(("label", "length", "list"))
    if what == "list":
        bound = [i for i, q in model.events.queues.items() if q.bound is not None]
        return comes_to(caller, "event_queue_list", (), tuple(bound))
    queue_id, queue = any_queue(model, choose)
    expected: Outcome = NOT_FOUND
    if queue is not None:
        expected = Value(queue.label if what == "label" else len(queue.events))
    return Call(caller, f"event_queue_{what}", (queue_id,), (expected,))


def ask_process(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    owner = any_owner(choose)
    process = None if queue is None else queue.belongs_to
    if process is None or process.thing.is_dead:
        return Call(caller, "event_queue_process", (queue_id, owner), (NOT_FOUND,))
    table = caller.table if owner else caller.process.table
    token = model.give(table, process.thing)
    return comes_to(caller, "event_queue_process", (queue_id, owner), token)


def post(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    data, at_front = choose.pick(DATA), choose.pick((False, False, True))
    expected: Outcome = NOT_FOUND if queue is None else NOTHING
    if queue is not None and not choose.pick(range(30)):
        junk = (queue_id, choose.pick(JUNK), at_front)
        return Call(caller, "event_queue_post", junk, (WrongType(),))
    if queue is not None:
        model.events.put(queue, Event(data), at_front=at_front)
    args = (queue_id, data, at_front)
    return Call(caller, "event_queue_post", args, (expected,), settles=True)


def merge(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    data = choose.pick(DATA)
    how = choose.pick((*range(KAllMerges), KAllMerges))
    args = (queue_id, data, how)
    expected: Outcome = NOT_FOUND
    if queue is not None and how & ~int(TMerge(KAllMerges - 1)):
        expected = Refused(KErrArgument)
    elif queue is not None:
        expected = Value(model.events.merge(queue, data, how))
    return Call(caller, "event_queue_merge", args, (expected,), settles=True)


def call(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Not by a puppet, which cannot wait."""
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    data, us = choose.pick(DATA), choose.pick(CALL_TIMES)
    if isinstance(caller, Puppet):
        us = -1 if queue is not None else us
    args = (queue_id, data, us)
    if queue is None:
        return Call(caller, "event_queue_call", args, (NOT_FOUND,))
    if us < 0:
        return Call(caller, "event_queue_call", args, (Refused(KErrArgument),))
    model.events.call(queue, caller, data, us)
    return Call(caller, "event_queue_call", args, (so_far(caller),), settles=True)


def get(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose, caller)
    us = KPoll if isinstance(caller, Puppet) else choose.pick(TIMES)
    us = us if choose.pick(range(30)) else -2
    args = (queue_id, us)
    refusal = _refusal(caller, queue, us)
    if refusal is not None:
        return Call(caller, "event_queue_get", args, (refusal,))
    assert queue is not None
    if queue.events:
        model.events.take(queue, caller)
    else:
        model.events.wait(queue, caller, us)
    return Call(caller, "event_queue_get", args, (so_far(caller),), settles=True)


def _refusal(caller: Caller, queue: EventQueue | None, us: int) -> Refused | None:
    if queue is None:
        return NOT_FOUND
    if not may_take(queue, caller):
        return Refused(KErrAccessDenied)
    if us < KPoll:
        return Refused(KErrArgument)
    return Refused(KErrTimedOut) if us == KPoll and not queue.events else None


def answer(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """A call that was taken, one that is over, or none."""
    caller = any_caller(model, puppet, choose)
    waiting = [c for c in model.events.calls if c.number]
    if not waiting and choose.pick(range(10)):
        raise NothingToDo
    pool = choose.pick((*([waiting] if waiting else []) * 15, (None,)))
    found = choose.pick(pool)
    result: object = choose.pick((*DATA, None, "answer", 7))
    if found is None:
        number = choose.pick((0, -1, 1 << 40))
        return Call(caller, "event_queue_reply", (number, result), (NOT_FOUND,))
    model.events.answer(found, result)
    args = (found.number, result)
    return Call(caller, "event_queue_reply", args, (NOTHING,), settles=True)


def flush(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    (queue_id, queue), (to_id, to) = (any_queue(model, choose) for _ in range(2))
    at_front = choose.pick((False, True))
    args = (queue_id, to_id, at_front)
    if queue is None or to is None:
        return Call(caller, "event_queue_flush", args, (NOT_FOUND,))
    if queue is not to:
        model.events.flush(queue, to, at_front=at_front)
    return Call(caller, "event_queue_flush", args, (NOTHING,), settles=True)


def list_events(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    if queue is None:
        return Call(caller, "event_queue_events", (queue_id,), (NOT_FOUND,))
    picture = tuple((event, event.data) for event in queue.events)
    return comes_to(caller, "event_queue_events", (queue_id,), picture)


def exchange(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    caller = any_caller(model, puppet, choose)
    queue_id, queue = any_queue(model, choose)
    data: Data = choose.pick(DATA)
    everywhere = [e for q in model.events.queues.values() for e in q.events if e.number]
    event = choose.pick(everywhere) if everywhere else None
    args = (queue_id, 0 if event is None else event.number, data)
    if queue is None:
        return Call(caller, "event_queue_exchange", args, (NOT_FOUND,))
    is_there = event is not None and event in queue.events
    if event is not None and is_there:
        event.data = data
    return comes_to(caller, "event_queue_exchange", args, is_there)


EVENT_OPERATIONS: Final[tuple[Operation, ...]] = (
    create_queue,
    create_queue,
    ask_id,
    bind,
    bind,
    free,
    set_label,
    ask,
    ask_process,
    post,
    post,
    post,
    merge,
    call,
    call,
    call,
    get,
    get,
    get,
    get,
    answer,
    answer,
    flush,
    list_events,
    exchange,
)
