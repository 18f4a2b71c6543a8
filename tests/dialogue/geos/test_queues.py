"""Unbound queues: a procedural way to wait for messages."""

import pytest

from tools.pytest_plugin import Run
from userlib import KErrDied, RThread, TRequestStatus, User, trap
from userlib.geos import (
    MF_CALL,
    MSG_META_DUMMY,
    MSG_META_QUIT,
    GeosFatalError,
    GeosTimeout,
    Optr,
    geode_alloc_queue,
    geode_flush_queue,
    geode_free_queue,
    geode_info_queue,
    message_dispatch,
    obj_free_message,
    obj_get_message_info,
    obj_message,
    queue_get_message,
    queue_post_message,
    record,
)

SOMEBODY = Optr(500, 1, 500)


def test_a_queue_stores_what_is_sent_to_it(run: Run) -> None:
    def program() -> None:
        queue = geode_alloc_queue()
        obj_message(queue, MSG_META_QUIT, quit_level=3)
        message_dispatch(record(queue, MSG_META_DUMMY))
        assert geode_info_queue(queue) == 2
        first, second = queue_get_message(queue), queue_get_message(queue)
        assert obj_get_message_info(first) == (MSG_META_QUIT.number, queue)
        assert first.values == (3, None)
        assert second.message == MSG_META_DUMMY.number
        obj_free_message(first)
        assert geode_info_queue(queue) == 0
        geode_free_queue(queue)

    run(program)


def test_a_posted_message_keeps_its_destination(run: Run) -> None:
    def program() -> None:
        queue = geode_alloc_queue()
        event = record(SOMEBODY, MSG_META_DUMMY)
        queue_post_message(event, queue)
        assert event.is_consumed
        queue_post_message(record(7, MSG_META_QUIT), queue, at_front=True)
        taken = [obj_get_message_info(queue_get_message(queue)) for _ in range(2)]
        assert taken == [(MSG_META_QUIT.number, 7), (MSG_META_DUMMY.number, SOMEBODY)]

    run(program)


def test_a_freed_queue_discards_everything(run: Run) -> None:
    def program() -> None:
        queue = geode_alloc_queue()
        obj_message(queue, MSG_META_DUMMY)
        geode_free_queue(queue)
        obj_message(queue, MSG_META_DUMMY)
        queue_post_message(record(queue, MSG_META_DUMMY), queue)
        for use in (geode_free_queue, geode_info_queue, queue_get_message):
            with pytest.raises(GeosFatalError) as raised:
                use(queue)
            assert raised.value.name == "ILLEGAL_HANDLE"
        assert trap(obj_message, queue, MSG_META_DUMMY, MF_CALL) == KErrDied
        assert geode_alloc_queue() > queue

    run(program)


def test_who_waits_at_a_queue_that_is_freed_is_told(run: Run) -> None:
    codes: list[int] = []

    def program() -> None:
        queue = geode_alloc_queue()
        waiter = lambda: codes.append(trap(queue_get_message, queue))  # noqa: E731
        with RThread().create("waiter", waiter) as thread:
            status = TRequestStatus()
            thread.logon(status)
            thread.resume()
            User.after(1_000)  # time passes once it waits
            geode_free_queue(queue)
            User.wait_for_request(status)

    run(program)
    assert codes == [KErrDied]


def test_a_wait_can_end_by_time(run: Run) -> None:
    def program() -> None:
        with pytest.raises(GeosTimeout, match="no event in queue"):
            queue_get_message(geode_alloc_queue(), timeout_us=5_000)

    run(program)


def test_a_flush_moves_events_to_another_queue(run: Run) -> None:
    def program() -> None:
        source, target = geode_alloc_queue(), geode_alloc_queue()
        for level in (1, 2):
            obj_message(source, MSG_META_QUIT, quit_level=level)
        obj_message(target, MSG_META_QUIT, quit_level=3)
        geode_flush_queue(source, target, at_front=True)
        assert geode_info_queue(source) == 0
        levels = [queue_get_message(target).values[0] for _ in range(3)]
        assert levels == [1, 2, 3]

    run(program)


def test_a_caller_does_not_wait_for_a_queue_that_nobody_answers_for(run: Run) -> None:
    done: list[object] = []

    def program() -> None:
        queue = geode_alloc_queue()
        call = lambda: done.append(obj_message(queue, MSG_META_DUMMY, MF_CALL))  # noqa: E731
        with RThread().create("caller", call) as thread:
            status = TRequestStatus()
            thread.logon(status)
            thread.resume()
            assert queue_get_message(queue).message == MSG_META_DUMMY.number
            User.wait_for_request(status)

    run(program)
    assert done == [None]
