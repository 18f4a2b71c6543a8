"""Event queues: events, answers, labels, and what becomes of them when somebody ends.

No class of the Symbian library stands before these calls: GEOS' user library is built
on them (tests/dialogue/geos).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.current import current_exec
from kernel.abi.event_queue import TMerge, TMerged
from kernel.abi.handles import KCurrentThreadHandle
from userlib import (
    EOwnerProcess,
    EOwnerThread,
    KErrAccessDenied,
    KErrArgument,
    KErrDied,
    KErrInUse,
    KErrNone,
    KErrNotFound,
    KErrPermissionDenied,
    KErrTimedOut,
    RProcess,
    RSemaphore,
    RThread,
    TRequestStatus,
    TThreadPriority,
    User,
    trap,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eka import Kernel
    from tools.pytest_plugin import Run

FOR_EVER = 0
POLL = -1


def kernel() -> Any:
    return current_exec.get()


def new_queue() -> int:
    """The id of a queue of the calling process."""
    queue: int = kernel().event_queue_id(
        kernel().event_queue_create(None, EOwnerProcess)
    )
    return queue


def post(queue: int, *events: tuple[object, ...]) -> None:
    for event in events:
        kernel().event_queue_post(queue, event, False)


def take_all(queue: int) -> list[tuple[object, ...]]:
    taken = []
    while kernel().event_queue_length(queue):
        taken.append(kernel().event_queue_get(queue, POLL)[0])
    return taken


@contextmanager
def running(name: str, function: Callable[[], int | None]) -> Iterator[RThread]:
    with RThread().create(name, function) as thread:
        status = TRequestStatus()
        thread.logon(status)
        thread.resume()
        yield thread
        User.wait_for_request(status)


def test_events_come_in_order_and_those_for_the_front_first(run: Run) -> None:
    def program() -> None:
        queue = new_queue()
        post(queue, (1, "one"), (2, b"two", None, (3.0, True)))
        kernel().event_queue_post(queue, (0,), True)
        assert kernel().event_queue_length(queue) == 3
        assert take_all(queue) == [(0,), (1, "one"), (2, b"two", None, (3.0, True))]
        assert trap(kernel().event_queue_get, queue, POLL) == KErrTimedOut
        before = kernel().time_uptime()
        assert trap(kernel().event_queue_get, queue, 1_000) == KErrTimedOut
        assert kernel().time_uptime() - before >= 1_000

    run(program)


def test_ids_are_known_in_every_process_and_never_used_again(machine: Kernel) -> None:
    seen: list[object] = []

    def owner() -> None:
        first, second = new_queue(), new_queue()
        kernel().event_queue_free(first)
        third = new_queue()
        assert first < second < third
        assert trap(kernel().event_queue_post, first, (), False) == KErrNotFound
        kernel().event_queue_set_label(second, ("geode", 7))
        with RProcess().create("poster", str(second)) as poster:
            status = TRequestStatus()
            poster.logon(status)
            poster.resume()
            User.wait_for_request(status)
        seen.append(take_all(second))

    def poster() -> None:
        queue = int(RProcess().command_line())
        post(queue, ("from", "afar"))
        seen.append(kernel().event_queue_label(queue))
        for refused in (
            lambda: kernel().event_queue_free(queue),
            lambda: kernel().event_queue_set_label(queue, ()),
        ):
            assert trap(refused) == KErrPermissionDenied

    machine.register("poster", poster)
    machine.run(owner)
    assert seen == [("geode", 7), [("from", "afar")]]


def test_the_queues_of_a_dead_process_are_gone(machine: Kernel) -> None:
    queues: list[int] = []

    def owner() -> None:
        queues.append(new_queue())
        post(queues[0], (1,))

    def poster() -> int:
        return trap(kernel().event_queue_post, queues[0], (2,), False)

    machine.run(owner)
    assert machine.run(poster).reason == KErrNotFound


def test_waiting_threads_get_events_by_priority_and_arrival(run: Run) -> None:
    def program() -> None:
        queue, order = new_queue(), []
        names = ("first", "second", "urgent")
        with RSemaphore().create_local(0) as ready:

            def wait(name: str) -> Callable[[], None]:
                def body() -> None:
                    ready.signal()
                    event, call = kernel().event_queue_get(queue, FOR_EVER)
                    order.append((name, event, call))

                return body

            statuses = []
            for name in names:
                with RThread().create(name, wait(name)) as thread:
                    if name == "urgent":
                        thread.set_priority(TThreadPriority.EPriorityMore)
                    statuses.append(TRequestStatus())
                    thread.logon(statuses[-1])
                    thread.resume()
                ready.wait()
                User.after(1_000)  # time passes once all of them wait
            for number in range(3):
                post(queue, (number,))
                User.after(1_000)
            for status in statuses:
                User.wait_for_request(status)
        assert order == [("urgent", (0,), 0), ("first", (1,), 0), ("second", (2,), 0)]

    run(program)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(([1],), id="a list"),
        pytest.param((TMerge.EReplace,), id="an enumerator"),
        pytest.param((object(),), id="an object"),
        pytest.param(((((lambda: None),),),), id="a function far inside"),
    ],
)
def test_only_plain_data_travels(run: Run, event: tuple[object, ...]) -> None:
    def program() -> None:
        queue = new_queue()
        for call in (
            lambda: kernel().event_queue_post(queue, event, False),
            lambda: kernel().event_queue_merge(queue, event, 0),
            lambda: kernel().event_queue_call(queue, event, 1_000),
            lambda: kernel().event_queue_set_label(queue, event),
        ):
            with pytest.raises(TypeError, match="plain data"):
                call()
        assert kernel().event_queue_length(queue) == 0
        assert kernel().event_queue_label(queue) == ()

    run(program)


def test_data_that_is_nested_too_deep_is_refused(run: Run) -> None:
    def program() -> None:
        event: tuple[object, ...] = ()
        for _ in range(5_000):
            event = (event,)
        with pytest.raises(TypeError, match="deeper than 32"):
            kernel().event_queue_post(new_queue(), event, False)

    run(program)


def test_an_event_is_merged_with_the_newest_of_its_kind(run: Run) -> None:
    def program() -> None:
        queue = new_queue()

        def merge(
            event: tuple[object, ...], how: int = 0
        ) -> tuple[TMerged, tuple[object, ...] | None]:
            merged, gone = kernel().event_queue_merge(queue, event, how)
            return TMerged(merged), gone

        post(queue, (1, 5, "a"), (2, 5, "b"), (1, 5, "c"), (2, 6, "d"))
        assert merge((1, 5, "x")) == (TMerged.EDropped, (1, 5, "x"))
        assert merge((1, 5, "y"), TMerge.EReplace) == (TMerged.EReplaced, (1, 5, "c"))
        assert merge((1, 7, "z"), TMerge.EDiscard) == (TMerged.EDiscarded, (1, 7, "z"))
        assert merge((2, 5, "w"), TMerge.ELastOnly) == (TMerged.EAppended, None)
        assert trap(merge, (1,), 8) == KErrArgument
        assert take_all(queue) == [
            (1, 5, "a"),
            (2, 5, "b"),
            (1, 5, "y"),
            (2, 6, "d"),
            (2, 5, "w"),
        ]

    run(program)


def test_an_event_is_exchanged_while_it_is_queued(run: Run) -> None:
    def program() -> None:
        queue = new_queue()
        post(queue, (1, "old"), (2, "kept"))
        (number, event), (kept, _) = kernel().event_queue_events(queue)
        assert event == (1, "old")
        assert kernel().event_queue_exchange(queue, number, (1, "new"))
        assert kernel().event_queue_get(queue, POLL) == ((1, "new"), 0)
        assert not kernel().event_queue_exchange(queue, number, (1, "late"))
        assert kernel().event_queue_events(queue) == ((kept, (2, "kept")),)

    run(program)


@pytest.mark.parametrize(
    ("at_front", "expected"), [(False, ["x", 1, 2]), (True, [1, 2, "x"])]
)
def test_a_flush_moves_all_events_in_order(
    run: Run, at_front: bool, expected: list[object]
) -> None:
    def program() -> None:
        source, target = new_queue(), new_queue()
        post(source, (1,), (2,))
        post(target, ("x",))
        kernel().event_queue_flush(source, target, at_front)
        assert take_all(source) == []
        assert [event[0] for event in take_all(target)] == expected
        kernel().event_queue_flush(target, target, at_front)

    run(program)


def test_a_call_waits_for_its_answer(run: Run) -> None:
    def program() -> None:
        queue = new_queue()

        def double() -> None:
            event, call = kernel().event_queue_get(queue, FOR_EVER)
            kernel().event_queue_reply(call, (event[0] * 2, "done"))
            assert trap(kernel().event_queue_reply, call, 0) == KErrNotFound

        with running("double", double):
            assert kernel().event_queue_call(queue, (21,), FOR_EVER) == (42, "done")

    run(program)


def test_a_call_goes_with_its_event_to_another_queue(run: Run) -> None:
    def program() -> None:
        first, second = new_queue(), new_queue()
        answers: list[object] = []

        def call() -> None:
            answers.append(kernel().event_queue_call(first, ("?",), FOR_EVER))

        with running("call", call):
            while not kernel().event_queue_length(first):
                User.after(1_000)
            kernel().event_queue_flush(first, second, False)
            event, number = kernel().event_queue_get(second, POLL)
            kernel().event_queue_reply(number, event)
        assert answers == [("?",)]

    run(program)


def _free(queue: int) -> None:
    kernel().event_queue_free(queue)


def _take_and_end(queue: int) -> None:
    def take() -> None:
        kernel().event_queue_get(queue, FOR_EVER)

    with running("take", take):
        pass


@pytest.mark.parametrize("end", [_free, _take_and_end])
def test_a_call_that_nobody_can_answer_any_more_fails(
    run: Run, end: Callable[[int], None]
) -> None:
    def program() -> None:
        queue, codes = new_queue(), []

        def call() -> None:
            codes.append(trap(kernel().event_queue_call, queue, (), FOR_EVER))

        with running("call", call):
            while not kernel().event_queue_length(queue):
                User.after(1_000)
            end(queue)
        assert codes == [KErrDied]

    run(program)


def test_a_call_that_timed_out_leaves_an_event_that_nobody_waits_for(run: Run) -> None:
    def program() -> None:
        queue = new_queue()
        code = trap(kernel().event_queue_call, queue, ("late",), 5_000)
        assert code == KErrTimedOut
        assert kernel().event_queue_get(queue, POLL) == (("late",), 0)

    run(program)


def test_a_caller_may_die_while_its_event_is_handled(run: Run) -> None:
    def program() -> None:
        queue = new_queue()

        def call() -> None:
            kernel().event_queue_call(queue, ("mine",), FOR_EVER)

        with running("call", call) as caller:
            event, number = kernel().event_queue_get(queue, FOR_EVER)
            caller.kill(KErrNone)
        assert event == ("mine",)
        assert trap(kernel().event_queue_reply, number, 1) == KErrNotFound

    run(program)


def test_a_bound_queue_is_its_threads_own_and_goes_with_it(run: Run) -> None:
    def program() -> None:
        handle = kernel().event_queue_create(None, EOwnerProcess)
        queue = kernel().event_queue_id(handle)
        other = kernel().event_queue_create(None, EOwnerProcess)
        taken = []

        def loop() -> None:
            kernel().event_queue_bind(handle)
            assert trap(kernel().event_queue_bind, other) == KErrInUse
            taken.append(kernel().event_queue_get(queue, FOR_EVER)[0])

        post(queue, ("before it was bound",))
        with running("loop", loop):
            pass
        assert taken == [("before it was bound",)]
        assert trap(kernel().event_queue_post, queue, (), False) == KErrNotFound
        assert kernel().event_queue_id(handle) == 0
        assert trap(kernel().event_queue_bind, handle) == KErrNotFound

    run(program)


@pytest.mark.parametrize("owner", [EOwnerProcess, EOwnerThread])
def test_freeing_a_bound_queue_closes_the_handle_it_was_bound_by(
    run: Run, owner: int
) -> None:
    def program() -> None:
        handle = kernel().event_queue_create(None, owner)
        before = kernel().handle_count(KCurrentThreadHandle)
        kernel().event_queue_bind(handle)
        kernel().event_queue_free(kernel().event_queue_id(handle))
        after = kernel().handle_count(KCurrentThreadHandle)
        closed = [one - other for one, other in zip(before, after, strict=True)]
        assert closed == ([0, 1] if owner else [1, 0])

    run(program)


def test_nobody_else_takes_events_of_a_bound_queue(run: Run) -> None:
    def program() -> None:
        handle = kernel().event_queue_create(None, EOwnerProcess)
        queue = kernel().event_queue_id(handle)
        with RSemaphore().create_local(0) as bound:

            def loop() -> None:
                kernel().event_queue_bind(handle)
                bound.signal()
                kernel().event_queue_get(queue, FOR_EVER)

            with running("loop", loop):
                bound.wait()
                assert kernel().event_queue_list() == (queue,)
                code = trap(kernel().event_queue_get, queue, POLL)
                assert code == KErrAccessDenied
                assert trap(kernel().event_queue_bind, handle) == KErrInUse
                post(queue, ("end",))

    run(program)


def test_an_event_given_to_a_thread_that_dies_first_goes_to_the_next(run: Run) -> None:
    """Nothing is lost between the wake and the thread's first step."""

    def program() -> None:
        queue, taken = new_queue(), []
        with RSemaphore().create_local(0) as ready:

            def wait() -> None:
                ready.signal()
                taken.append(kernel().event_queue_get(queue, FOR_EVER)[0])

            with running("dies", wait) as dies:
                ready.wait()
                User.after(1_000)
                dies.set_priority(TThreadPriority.EPriorityLess)
                post(queue, ("event",))
                dies.kill(KErrNone)
        left = take_all(queue)
        assert [*taken, *left] == [("event",)]

    run(program)


def test_an_idle_event_loop_is_no_deadlock_but_a_lonely_wait_is(
    machine: Kernel,
) -> None:
    from eka import Deadlock  # noqa: PLC0415 - beside what it is about

    def lonely() -> None:
        kernel().event_queue_get(new_queue(), FOR_EVER)

    def calls_itself() -> None:
        handle = kernel().event_queue_create(None, EOwnerProcess)
        kernel().event_queue_bind(handle)
        kernel().event_queue_call(kernel().event_queue_id(handle), (), FOR_EVER)

    def loop() -> None:
        handle = kernel().event_queue_create(None, EOwnerProcess)
        kernel().event_queue_bind(handle)
        kernel().event_queue_get(kernel().event_queue_id(handle), FOR_EVER)

    with pytest.raises(Deadlock, match="unbound, 0 events"):
        machine.run(lonely)
    with pytest.raises(Deadlock, match="the answer to an event in <eventqueue"):
        machine.run(calls_itself)
    process = machine.start(loop)
    machine.wait_idle()
    (thread,) = (
        thread for thread in machine.debug.snapshot().threads if "loop" in thread.name
    )
    assert thread.is_idle_server
    process.kill()
