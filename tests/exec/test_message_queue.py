"""Message queues."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    ExitInfo,
    KErrAlreadyExists,
    KErrCancel,
    KErrNoMemory,
    KErrNone,
    KErrOverflow,
    KErrUnderflow,
    Leave,
    RMsgQueue,
    RMsgQueueBase,
    RProcess,
    RThread,
    TBuf8,
    TRequestStatus,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]


def died(info: ExitInfo) -> tuple[str, int]:
    return (info.category, info.reason)


@pytest.mark.case("SK-163")
@pytest.mark.parametrize(("slots", "size"), [(1, 4), (5, 8), (10, 256)])
def test_a_queue_keeps_order_fills_and_empties(run: Run, slots: int, size: int) -> None:
    def program() -> None:
        with RMsgQueueBase().create_local(slots, size) as queue:
            assert queue.message_size() == size
            whole, half = bytes(range(256))[:size], b"x" * (size // 2)
            received = TBuf8(size)
            assert queue.try_send(whole) == KErrNone
            assert queue.try_receive(received) == KErrNone
            assert received == whole
            queue.send(half)
            assert queue.receive()[: size // 2] == half
            assert queue.try_receive(received) == KErrUnderflow
            messages = [bytes([number]) * size for number in range(slots)]
            assert [queue.try_send(m) for m in messages] == [KErrNone] * slots
            assert queue.try_send(whole) == KErrOverflow
            assert [queue.receive() for _ in messages] == messages

    run(program)


@pytest.mark.case("SK-164")
def test_notifications_come_at_once_later_or_are_cancelled(run: Run) -> None:
    def program() -> None:
        with RMsgQueueBase().create_local(1, 4) as queue:
            status = TRequestStatus()
            queue.notify_data_available(status)
            assert status.is_pending
            queue.cancel_data_available()
            assert status == KErrCancel
            queue.cancel_data_available()
            queue.notify_space_available(status)
            assert status == KErrNone

            queue.notify_data_available(status)
            queue.send(b"full")
            assert status == KErrNone
            queue.notify_space_available(status)
            assert status.is_pending
            queue.cancel_space_available()
            assert status == KErrCancel
            queue.notify_space_available(status)
            queue.receive()
            assert status == KErrNone
            assert RThread().request_count() == 5
            for _ in range(5):
                User.wait_for_any_request()

    run(program)


@pytest.mark.case("SK-165")
def test_wrong_sizes_and_bad_memory_panic(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RMsgQueueBase().create_local(2, 8) as queue:
            for data in (b"0123456789abcdef", b"012345678", b""):
                assert died(exit_of(queue.send, data)) == ("KERN-EXEC", 48)
            queue.send(b"one")
            assert died(exit_of(queue.receive, TBuf8(16))) == ("KERN-EXEC", 48)
            bad = TBuf8(8, b"nowhere")
            bad.client.bad = True
            assert died(exit_of(queue.send, bad)) == ("KERN-EXEC", 3)
            assert queue.receive() == b"one".ljust(8, b"\0")
            queue.send(b"gone")
            assert died(exit_of(queue.receive, bad)) == ("KERN-EXEC", 3)
            assert trap(queue.receive) == KErrUnderflow

    run(program)


@pytest.mark.case("SK-166")
def test_creation_looks_at_the_size_and_then_at_the_slots(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        def reason(slots: int, size: int) -> tuple[str, int]:
            return died(exit_of(RMsgQueueBase().create_local, slots, size))

        assert [reason(1, size) for size in (3, 5, 260)] == [("KERN-EXEC", 48)] * 3
        assert [reason(slots, 4) for slots in (0, -1)] == [("KERN-EXEC", 49)] * 2
        assert reason(0, 3) == ("KERN-EXEC", 48)
        assert trap(RMsgQueueBase().create_local, 0x7FFFFFFF, 256) == KErrNoMemory

    run(program)


@pytest.mark.case("SK-167")
def test_a_second_waiter_for_data_panics(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RMsgQueueBase().create_local(1, 4) as queue:
            status = TRequestStatus()
            queue.notify_data_available(status)
            second = TRequestStatus()
            info = exit_of(queue.notify_data_available, second)
            assert died(info) == ("KERN-EXEC", 47)
            assert status.is_pending
            queue.send(b"data")
            assert status == KErrNone
            assert second.is_pending
            User.wait_for_request(status)

    run(program)


def test_the_notification_of_a_dead_thread_is_replaced(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        with RMsgQueueBase().create_local(1, 4) as queue:
            assert exit_of(queue.notify_data_available, TRequestStatus()).reason == 0
            status = TRequestStatus()
            queue.notify_data_available(status)
            queue.send(b"data")
            User.wait_for_request(status)
            assert status == KErrNone

    run(program)


def test_the_end_of_a_queue_cancels_its_notifications(run: Run) -> None:
    def program() -> None:
        queue, status = RMsgQueueBase().create_local(1, 4), TRequestStatus()
        queue.notify_data_available(status)
        queue.close()
        User.wait_for_request(status)
        assert status == KErrCancel

    run(program)


def test_blocking_forms_wait_for_their_turn(run: Run) -> None:
    def program() -> None:
        with RMsgQueue().create_local(2) as queue:
            numbers = list(range(20))

            def produce() -> None:
                for number in numbers:
                    queue.send_blocking(number)

            with RThread().create("producer", produce) as producer:
                producer.resume()
                assert [queue.receive_blocking() for _ in numbers] == numbers
            assert RThread().request_count() == 0

    run(program)


def test_two_threads_that_block_for_data_are_one_too_many(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        with (
            RMsgQueueBase().create_local(1, 4) as queue,
            RThread().create("first", lambda: len(queue.receive_blocking())) as first,
        ):
            status = TRequestStatus()
            first.logon(status)
            first.resume()
            User.after(100_000)
            assert died(exit_of(queue.receive_blocking)) == ("KERN-EXEC", 47)
            queue.send(b"data")
            User.wait_for_request(status)
            assert status == 4

    run(program)


def test_a_typed_queue_carries_structures(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        with RMsgQueue("<iq4s").create_local(2) as queue:
            queue.send(1, -2, b"abcd")
            assert queue.message_size() == 16
            assert queue.receive() == (1, -2, b"abcd")
            assert trap(queue.receive) == KErrUnderflow
        assert died(exit_of(lambda: RMsgQueue("<h") and 0)) == ("USER", 180)
        assert died(exit_of(lambda: RMsgQueue("<260s") and 0)) == ("USER", 180)

    run(program)


def test_a_global_queue_is_shared_by_processes(machine: Kernel, run: Run) -> None:
    def other() -> None:
        with RMsgQueue().open_global("Numbers") as queue:
            queue.send(42)

    def program() -> None:
        with RMsgQueue().create_global("numbers", 1) as queue:
            with pytest.raises(Leave) as refused:
                RMsgQueue().create_global("NUMBERS", 1)
            assert refused.value.code == KErrAlreadyExists
            with RProcess().create("other") as process:
                status = TRequestStatus()
                process.logon(status)
                process.resume()
                assert queue.receive_blocking() == 42
                User.wait_for_request(status)

    machine.register("other", other)
    run(program)
