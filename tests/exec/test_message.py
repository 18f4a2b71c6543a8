"""Messages as a server sees them: symbian-kernel 6.6, 6.7 and 6.9.

Most servers here are raw and their own clients, in one thread.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Self

import pytest

from eka import Kernel
from kernel.abi.current import current_exec
from userlib import (
    EIpcSession_Unsharable,
    EPriorityBackground,
    EPriorityForeground,
    EPriorityHigh,
    KErrArgument,
    KErrBadDescriptor,
    KErrDied,
    KErrNone,
    KErrOverflow,
    KErrPermissionDenied,
    KErrServerBusy,
    KErrServerTerminated,
    KMaxTInt,
    KMinTInt,
    KRequestPending,
    RMessage2,
    RProcess,
    RServer2,
    RSessionBase,
    RThread,
    TBuf,
    TBuf8,
    TBufC8,
    TIpcArgs,
    TPckgBuf,
    TPtrC,
    TRequestStatus,
    User,
    trap,
)

FINE = "exited with KErrNone"


def create_raw_session(slots: int = -1) -> RSessionBase:
    kernel = current_exec.get()
    return RSessionBase(
        kernel.session_create("raw", slots, EIpcSession_Unsharable, None)
    )


class Loop:
    """A raw server with a session of its own to it."""

    def __init__(self, slots: int = -1) -> None:
        self.server = RServer2().create_global("raw")
        self.session = create_raw_session(slots)

    def request(self, *args: object, function: int = 1) -> TRequestStatus:
        status = TRequestStatus()
        self.session.request(function, TIpcArgs(*args), status)  # type: ignore[arg-type] # what a test likes
        return status

    def received(self, *args: object) -> RMessage2:
        self.request(*args)
        return self.server.receive()

    def answered(self, message: RMessage2, code: int = KErrNone) -> None:
        """Complete a message, and take the signal that comes of it."""
        message.complete(code)
        User.wait_for_any_request()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.session.close()
            self.server.close()


def end_of(machine: Kernel, program: Callable[[], int | None]) -> str:
    return str(machine.run(program))


# Slots, order, completion.


@pytest.mark.case("SK-105")
def test_requests_beyond_the_slots_find_the_server_busy(machine: Kernel) -> None:
    def program() -> None:
        with Loop(slots=5) as loop:
            statuses = [loop.request() for _ in range(7)]
            values = [status.value for status in statuses]
            assert values == [KRequestPending] * 5 + [KErrServerBusy] * 2
            for _ in range(5):
                loop.server.receive().complete(KErrNone)
            assert [status.value for status in statuses[:5]] == [KErrNone] * 5
            assert RThread().request_count() == 7

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-106")
def test_messages_are_completed_in_any_order(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            statuses = [loop.request() for _ in range(5)]
            held = [loop.server.receive() for _ in range(5)]
            for i in reversed(range(5)):
                held[i].complete(5 - i)
            assert [status.value for status in statuses] == [5, 4, 3, 2, 1]

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-107")
def test_completed_and_null_messages_panic_whoever_uses_them(machine: Kernel) -> None:
    def complete_twice() -> None:
        message = Loop().received()
        message.complete(KErrNone)
        message.complete(KErrNone)

    def panic_after_complete() -> None:
        message = Loop().received()
        message.complete(KErrNone)
        message.panic("too late", 1)

    def panic_on_null() -> None:
        RMessage2().panic("null", 1)

    assert end_of(machine, complete_twice) == "panicked USER 70"
    assert end_of(machine, panic_after_complete) == "panicked KERN-EXEC 44"
    assert end_of(machine, panic_on_null) == "panicked KERN-EXEC 44"


def test_copy_of_a_completed_message_is_stale(machine: Kernel) -> None:
    def program() -> None:
        message = Loop().received()
        copy = message.copy()
        message.complete(KErrNone)
        assert (message.is_null, copy.is_null) == (True, False)
        copy.complete(KErrNone)

    assert end_of(machine, program) == "panicked KERN-EXEC 44"


# Integers.


@pytest.mark.case("SK-108")
def test_integers_and_client_arrive(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            message = loop.received(-3866, 30566, 0, 200)
            ints = (message.int0, message.int1, message.int2, message.int3)
            assert ints == (-3866, 30566, 0, 200)
            with message.client() as client:
                assert client.full_name() == RThread().full_name()
            loop.answered(message)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-185")
def test_absent_arguments_are_0_and_no_descriptors(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            message = loop.received()
            assert message.args == (0, 0, 0, 0)
            codes = [message.try_get_des_length(i) for i in range(4)]
            assert codes == [KErrBadDescriptor] * 4
            loop.answered(message)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-182")
def test_numbers_are_words(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            message = loop.received(0xFFFFFFFF)
            assert message.int0 == -1
            loop.answered(message)
            for code in (KMinTInt, KMaxTInt):
                status = loop.request()
                loop.answered(loop.server.receive(), code)
                assert status == code
            for number in (1 << 32, KMinTInt - 1):
                with pytest.raises(OverflowError):
                    loop.request(number)
            nothing = TRequestStatus()
            loop.server.request_receive(nothing)
            assert nothing.is_pending
            assert RThread().request_count() == 0

    assert end_of(machine, program) == FINE


def test_code_that_is_no_word_leaves_the_message_as_it_was(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            status = loop.request()
            message = loop.server.receive()
            with pytest.raises(OverflowError):
                message.complete(1 << 32)
            assert (status.is_pending, message.is_null) == (True, False)
            loop.answered(message, 1)

    assert end_of(machine, program) == FINE


# Descriptors.


@pytest.mark.case("SK-110")
@pytest.mark.parametrize("wide", [False, True], ids=["8 bits", "16 bits"])
def test_server_reads_and_writes_the_clients_buffers(
    machine: Kernel, *, wide: bool
) -> None:
    text: str | bytes = "12345678" if wide else b"12345678"
    new: str | bytes = "abcdefgh" if wide else b"abcdefgh"
    both: str | bytes = "aabcdefgh" if wide else b"aabcdefgh"

    def program() -> None:
        buffer = TBuf(20) if wide else TBuf8(20)
        with Loop() as loop:
            message = loop.received(text, None, buffer)
            assert message.get_des_length(0) == 8
            assert message.read(0, offset=1) == text[1:]
            assert message.get_des_max_length(2) == 20
            message.write(2, new)
            message.write(2, new, 1)
            assert message.get_des_length(2) == 9
            assert buffer.length == 0
            loop.answered(message)
            assert buffer.length == 9
            assert buffer == both

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-111")
def test_integer_is_no_descriptor_in_any_position(machine: Kernel) -> None:
    def codes(message: RMessage2, index: int) -> list[int]:
        return [
            message.try_get_des_length(index),
            message.try_get_des_max_length(index),
            message.try_read(index, TBuf8(4)),
            message.try_read(index, TBuf(4)),
            message.try_write(index, b"x"),
            message.try_write(index, "x"),
        ]

    def program() -> None:
        with Loop() as loop:
            message = loop.received(0x400000, 0x400004, 0x400008, 0x40000C)
            for index in range(4):
                assert codes(message, index) == [KErrBadDescriptor] * 6
            loop.answered(message)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-112")
def test_width_and_constancy_decide_what_can_be_done(machine: Kernel) -> None:
    def codes(message: RMessage2, index: int) -> list[int]:
        return [
            message.try_read(index, TBuf8(9)),
            message.try_read(index, TBuf(9)),
            message.try_write(index, b"x"),
            message.try_write(index, "x"),
        ]

    bad = KErrBadDescriptor

    def program() -> None:
        with Loop() as loop:
            message = loop.received(b"constant", TBuf(9))
            assert codes(message, 0) == [KErrNone, bad, bad, bad]
            assert codes(message, 1) == [bad, KErrNone, bad, KErrNone]
            loop.answered(message)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-113")
def test_only_what_can_be_written_has_a_maximum(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            message = loop.received(
                b"literal", "literal", TPtrC("view"), TBufC8(4, b"c")
            )
            codes = [message.try_get_des_max_length(i) for i in range(4)]
            assert codes == [KErrBadDescriptor] * 4
            loop.answered(message)
            message = received_as_const(loop, TBuf8(12))
            assert message.get_des_max_length(0) == 12
            assert message.try_write(0, b"x") == KErrBadDescriptor
            loop.answered(message)

    def received_as_const(loop: Loop, buffer: TBuf8) -> RMessage2:
        status = TRequestStatus()
        current_exec.get().session_request(
            loop.session.handle, 1, (buffer.client,), 6, status.start()
        )
        return loop.server.receive()

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-114")
def test_index_and_offset_are_checked(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            message = loop.received("text")
            target = TBuf(9)
            assert message.try_get_des_length(4) == KErrArgument
            assert message.try_read(-1, target) == KErrArgument
            assert message.try_read(0, target, -1) == KErrArgument
            target.copy("before")
            assert message.try_read(0, target, 5) == KErrNone
            assert target.length == 0
            loop.answered(message)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-115", "SU-75")
def test_write_beyond_the_maximum_writes_nothing(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            buffer, small = TBuf8(20, b"unchanged"), TBuf8(4, b"same")
            message = loop.received(buffer, small)
            assert message.try_write(0, bytes(15), 6) == KErrOverflow
            assert message.try_write(1, bytes(5)) == KErrOverflow
            assert (buffer.contents(), small.contents()) == (b"unchanged", b"same")
            assert message.try_write(0, b"x" * 15, 5) == KErrNone
            loop.answered(message)
            assert buffer.contents() == b"uncha" + b"x" * 15
            assert small.contents() == b"same"

    assert end_of(machine, program) == FINE


@pytest.mark.case("SU-76")
def test_8_bit_write_into_16_bits_is_refused_and_late_reads_are_empty(
    machine: Kernel,
) -> None:
    def program() -> None:
        with Loop() as loop:
            message = loop.received(TBuf(4), "text")
            assert message.try_write(0, b"x") == KErrBadDescriptor
            target = TBuf(4, "old")
            assert message.try_read(1, target, 5) == KErrNone
            assert target.length == 0
            loop.answered(message)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SU-93")
def test_package_carries_a_structure_both_ways(machine: Kernel) -> None:
    def program() -> None:
        package = TPckgBuf(5)
        assert (package.length, package.max_length) == (4, 4)
        assert package.contents() == b"\x05\x00\x00\x00"
        with Loop() as loop:
            message = loop.received(package)
            message.write(0, TPckgBuf(42))
            assert message.try_write(0, bytes(5)) == KErrOverflow
            loop.answered(message)
        assert package() == 42

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-116")
def test_memory_that_is_not_there_is_a_bad_descriptor(machine: Kernel) -> None:
    def client_memory() -> None:
        with Loop() as loop:
            buffer = TBuf8(8)
            buffer.client.bad = True
            message = loop.received(buffer)
            assert message.try_read(0, TBuf8(8)) == KErrBadDescriptor
            assert message.try_write(0, b"x") == KErrBadDescriptor
            loop.answered(message)

    def serve() -> None:
        server = RServer2().create_global("raw")
        RThread.rendezvous(KErrNone)
        target = TBuf8(8)
        target.client.bad = True
        server.receive().read(0, target)

    def server_memory() -> None:
        with RThread().launch("server", serve) as server:
            code = create_raw_session().try_send_receive(1, TIpcArgs(b"text"))
            assert code == KErrServerTerminated
            assert str(server.exit_info()) == "panicked KERN-EXEC 3"

    assert end_of(machine, client_memory) == FINE
    assert end_of(machine, server_memory) == FINE


@pytest.mark.case("SK-119")
def test_read_under_way_ends_well_when_its_message_is_completed(
    machine: Kernel,
) -> None:
    text = bytes(range(256)) * 1024

    def program() -> None:
        with Loop() as loop:
            status = loop.request(text)
            message = loop.server.receive()
            ended = TRequestStatus()
            results: list[bytes] = []
            begun: list[None] = []

            def read() -> None:
                copy = message.copy()
                begun.append(None)
                results.append(copy.read8(0))

            with RThread().create("helper", read) as helper:
                helper.logon(ended)
                helper.resume()
                while not begun:
                    User.after_high_res(1)
                message.complete(KErrNone)
                User.wait_for_request(ended)
                # Completed before the read began, it would find a stale message.
                assert str(helper.exit_info()) in {FINE, "panicked KERN-EXEC 44"}
            User.wait_for_request(status)
            assert status == KErrNone
            assert all(result == text for result in results)

    assert end_of(machine, program) == FINE


# The client.


@pytest.mark.case("SK-109")
def test_server_can_end_its_client_in_three_ways(machine: Kernel) -> None:
    ways: list[tuple[Callable[[RMessage2], None], str]] = [
        (lambda message: message.kill(999), "exited with 999"),
        (lambda message: message.terminate(999), "terminated with 999"),
        (lambda message: message.panic("TEST PANIC", 999), "panicked TEST PANIC 999"),
    ]

    def send_one() -> int:
        return create_raw_session().send_receive(1)

    def program() -> None:
        server = RServer2().create_global("raw")
        for end_client, expected in ways:
            status = TRequestStatus()
            client = RThread().create("client", send_one)
            client.logon(status)
            client.resume()
            end_client(server.receive())
            User.wait_for_request(status)
            assert status == 999
            assert str(client.exit_info()) == expected
            client.close()
            server.receive().complete(KErrNone)  # its session's disconnect

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-130")
def test_message_of_a_dead_client_can_be_freed_and_no_more(machine: Kernel) -> None:
    def program() -> None:
        loop = Loop()
        session = RSessionBase(loop.session.handle).duplicate(RThread())
        victim = RThread().create(
            "victim", lambda: session.send_receive(1, TIpcArgs("text"))
        )
        ended = TRequestStatus()
        victim.logon(ended)
        victim.resume()
        message = loop.server.receive()
        victim.kill(KErrNone)
        User.wait_for_request(ended)
        assert message.try_read(0, TBuf(9)) in {KErrDied, KErrBadDescriptor}
        with message.client() as client:
            assert client.id() == victim.id()
        message.complete(KErrNone)
        status = TRequestStatus()
        session.request(2, TIpcArgs(), status)
        loop.server.receive().complete(7)
        User.wait_for_request(status)
        assert status == 7
        victim.close()

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-132")
def test_priority_of_the_clients_process_needs_its_consent(machine: Kernel) -> None:
    def program() -> None:
        with Loop() as loop:
            message = loop.received()

            def set_to(priority: int) -> int:
                return trap(message.set_process_priority, priority)

            assert set_to(EPriorityBackground) == KErrPermissionDenied
            RProcess().set_priority_control(enable=True)
            assert set_to(EPriorityForeground) == KErrNone
            assert set_to(EPriorityBackground) == KErrNone
            assert RProcess().priority() == EPriorityBackground
            assert set_to(EPriorityHigh) == KErrPermissionDenied
            loop.answered(message)

    assert end_of(machine, program) == FINE
