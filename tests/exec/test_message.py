"""Messages: what a server reads, writes and does with them.

The servers here are raw ones: they receive by hand and give each message to a function.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EExitKill,
    EExitPanic,
    EExitTerminate,
    EIpcSession_GlobalSharable,
    EIpcSession_Sharable,
    EPriorityBackground,
    EPriorityForeground,
    EPriorityHigh,
    ExitInfo,
    KErrArgument,
    KErrBadDescriptor,
    KErrBadHandle,
    KErrDied,
    KErrNone,
    KErrOverflow,
    KErrPermissionDenied,
    KErrServerBusy,
    KErrServerTerminated,
    KRequestPending,
    RMessage2,
    RMessagePtr2,
    RMutex,
    RProcess,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TBuf,
    TBuf8,
    TIpcArgs,
    TIpcSessionType,
    TPckgBuf,
    TRequestStatus,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]
Body: TypeAlias = Callable[[RMessage2], None]

FN = 1  # any function number


def serve(
    *bodies: Body, mode: TIpcSessionType = EIpcSession_Sharable, name: str = "raw"
) -> RThread:
    """Launch a thread that accepts one connection and gives each body one message."""

    def main() -> None:
        with RServer2().create_global(name, mode) as server:
            RThread.rendezvous(KErrNone)
            server.receive().complete(KErrNone)
            for body in bodies:
                body(server.receive())
            User.wait_for_any_request()

    return RThread().launch("server", main)


def connect(name: str = "raw") -> RSessionBase:
    return RSessionBase().create_session(name, session_type=EIpcSession_Sharable)


def ask(session: RSessionBase, *args: Any) -> int:
    return session.try_send_receive(FN, TIpcArgs(*args))


def answer(body: Callable[[RMessage2], int | None]) -> Body:
    """Complete with what *body* returns."""

    def serve_one(message: RMessage2) -> None:
        message.complete(body(message) or KErrNone)

    return serve_one


def end(info: ExitInfo) -> tuple[int, str, int]:
    return (info.type, info.category, info.reason)


def logged_on(target: RThread | RProcess) -> TRequestStatus:
    status = TRequestStatus()
    target.logon(status)
    return status


# Passing handles.


def test_a_server_opens_what_may_be_passed(run: Run) -> None:
    def program() -> None:
        local, public, protected = RMutex(), RMutex(), RMutex()
        local.create_local()
        public.create_global("Public")
        protected.create_global("")

        def open_all(message: RMessage2) -> None:
            opened = RMutex(77)
            assert trap(opened.open, message, 0) == KErrBadHandle
            assert opened.handle == 0
            assert opened.open(message, 1).name() == "Public"
            assert opened.open(message, 2).handle
            assert trap(RSemaphore().open, message, 1) == KErrBadHandle
            assert trap(RMutex().open, message, 3) == KErrBadHandle
            assert trap(RMutex().open, message, 4) == KErrArgument

        serve(answer(open_all))
        assert ask(connect(), local, public, protected) == KErrNone

    run(program)


@pytest.mark.case("SK-034")
def test_a_server_answers_with_a_handle(run: Run) -> None:
    def program() -> None:
        protected = RMutex().create_global("")

        def give(message: RMessage2) -> None:
            message.complete_handle(protected)
            assert message.is_null

        serve(give)
        code = ask(connect())
        assert code > 0
        with RMutex().set_returned_handle(code) as adopted:
            assert adopted.handle != protected.handle
            assert adopted.full_name() == protected.full_name()

    run(program)


@pytest.mark.case("SK-037")
def test_a_session_is_not_shared_further_than_its_server_says(run: Run) -> None:
    def program() -> None:
        serve(mode=EIpcSession_Sharable)
        session = RSessionBase().create_session("raw")
        assert trap(session.share_protected) == KErrPermissionDenied
        session.share_auto()

    run(program)


# Completing.


@pytest.mark.case("SK-105")
def test_a_session_has_as_many_requests_outstanding_as_slots(run: Run) -> None:
    def program() -> None:
        go_on = RSemaphore().create_local(0)

        def main() -> None:
            server = RServer2().create_global("raw")
            RThread.rendezvous(KErrNone)
            server.receive().complete(KErrNone)
            go_on.wait()
            for _ in range(5):
                server.receive().complete(7)
            User.wait_for_any_request()

        RThread().launch("server", main)
        session = RSessionBase().create_session("raw", slots=5)
        statuses = [TRequestStatus() for _ in range(7)]
        for status in statuses:
            session.request(FN, TIpcArgs(), status)
        assert [status.value for status in statuses] == [KRequestPending] * 5 + [
            KErrServerBusy
        ] * 2
        assert RThread().request_count() == 2
        go_on.signal()
        for status in statuses:
            User.wait_for_request(status)
        assert [status.value for status in statuses[:5]] == [7] * 5

    run(program)


@pytest.mark.case("SK-106")
def test_messages_are_completed_in_any_order(run: Run) -> None:
    def program() -> None:
        def main() -> None:
            server = RServer2().create_global("raw")
            RThread.rendezvous(KErrNone)
            server.receive().complete(KErrNone)
            held = [server.receive() for _ in range(5)]
            for index, message in reversed(list(enumerate(held))):
                message.complete(5 - index)
            User.wait_for_any_request()

        RThread().launch("server", main)
        session = RSessionBase().create_session("raw")
        statuses = [TRequestStatus() for _ in range(5)]
        for status in statuses:
            session.request(FN, TIpcArgs(), status)
        for status in statuses:
            User.wait_for_request(status)
        assert [status.value for status in statuses] == [5, 4, 3, 2, 1]

    run(program)


@pytest.mark.case("SK-107")
def test_using_a_completed_message_panics_the_server(run: Run, exit_of: ExitOf) -> None:
    def twice(message: RMessage2) -> None:
        message.complete(KErrNone)
        message.complete(KErrNone)

    def then_panic(message: RMessage2) -> None:
        message.complete(KErrNone)
        message.panic("Late", 1)

    def stale_copy(message: RMessage2) -> None:
        copy = message.copy()
        message.complete(KErrNone)
        copy.complete(KErrNone)

    def program() -> None:
        for misuse, expected in (
            (twice, (EExitPanic, "USER", 70)),
            (then_panic, (EExitPanic, "KERN-EXEC", 44)),
            (stale_copy, (EExitPanic, "KERN-EXEC", 44)),
        ):
            with serve(misuse) as server:
                status = logged_on(server)
                assert ask(connect()) == KErrNone
                User.wait_for_request(status)
                assert end(server.exit_info()) == expected
        info = exit_of(RMessage2().panic, "Never", 1)
        assert end(info) == (EExitPanic, "KERN-EXEC", 44)

    run(program)


@pytest.mark.case("SK-108")
def test_a_message_carries_integers_and_knows_its_client(run: Run) -> None:
    def program() -> None:
        seen: list[object] = []

        def look(message: RMessage2) -> None:
            seen.append((message.int0, message.int1, message.int2, message.int3))
            with message.client() as client:
                seen.append(client.full_name())

        serve(answer(look))
        assert ask(connect(), -3866, 30566, 0, 200) == KErrNone
        assert seen == [(-3866, 30566, 0, 200), RThread().full_name()]

    run(program)


@pytest.mark.case("SK-109")
def test_a_server_ends_its_client(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        for index, (fate, expected) in enumerate(
            (
                (lambda m: m.kill(999), (EExitKill, "Kill", 999)),
                (lambda m: m.terminate(999), (EExitTerminate, "Terminate", 999)),
                (lambda m: m.panic("TEST PANIC", 999), (EExitPanic, "TEST PANIC", 999)),
            )
        ):
            name = f"raw {index}"
            server = serve(fate, name=name)
            assert end(exit_of(lambda name=name: ask(connect(name)))) == expected
            assert server.exit_info().is_pending
            server.kill(KErrNone)
            server.close()

    run(program)


@pytest.mark.case("SK-182")
def test_words_cross_signed_and_nothing_else_crosses(run: Run) -> None:
    def program() -> None:
        def complete_with(code: int) -> Body:
            def body(message: RMessage2) -> None:
                if code == -(1 << 31):
                    assert message.int0 == -1
                    with pytest.raises(OverflowError):
                        message.complete(1 << 32)
                message.complete(code)

            return body

        received: list[int] = []
        serve(
            complete_with(-(1 << 31)),
            complete_with((1 << 31) - 1),
            lambda message: received.append(message.function),
        )
        session = connect()
        assert ask(session, 0xFFFFFFFF) == -(1 << 31)
        assert ask(session) == (1 << 31) - 1
        status = TRequestStatus()
        for argument in (1 << 32, -(1 << 31) - 1):
            with pytest.raises(OverflowError):
                session.request(FN, TIpcArgs(argument), status)
        with pytest.raises(OverflowError):
            session.request(1 << 32, TIpcArgs(), status)
        User.after(100_000)
        assert received == []
        assert RThread().request_count() == 0

    run(program)


@pytest.mark.case("SK-185")
def test_absent_arguments_are_zero_and_no_descriptors(run: Run) -> None:
    def program() -> None:
        def look(message: RMessage2) -> None:
            assert (message.int0, message.int1, message.int2, message.int3) == (
                0,
                0,
                0,
                0,
            )
            for index in range(4):
                assert message.try_get_des_length(index) == KErrBadDescriptor

        serve(answer(look))
        assert connect().send_receive(FN) == KErrNone

    run(program)


# Descriptors.


@pytest.mark.case("SK-110")
def test_a_server_reads_and_writes_from_an_offset(run: Run) -> None:
    def use(message: RMessage2) -> None:
        is_wide = message.function == 16
        text = "2345678" if is_wide else b"2345678"
        assert message.get_des_length(0) == 8
        assert message.read(0, offset=1) == text
        assert message.get_des_max_length(2) == 20
        digits = message.read(0)
        message.write(2, digits, 0)
        message.write(2, digits, 1)

    def program() -> None:
        serve(answer(use), answer(use))
        session = connect()
        narrow, wide = TBuf8(20), TBuf(20)
        session.send_receive(8, TIpcArgs(b"12345678", None, narrow))
        assert (narrow.length, bytes(narrow)) == (9, b"112345678")
        session.send_receive(16, TIpcArgs("12345678", None, wide))
        assert (wide.length, str(wide)) == (9, "112345678")

    run(program)


@pytest.mark.case("SK-111")
def test_an_integer_is_no_descriptor(run: Run) -> None:
    def program() -> None:
        def try_all(message: RMessage2) -> None:
            index = message.function
            for code in (
                message.try_get_des_length(index),
                message.try_get_des_max_length(index),
                message.try_read(index, TBuf(8)),
                message.try_read(index, TBuf8(8)),
                message.try_write(index, "x"),
                message.try_write(index, b"x"),
            ):
                assert code == KErrBadDescriptor

        serve(*[answer(try_all)] * 4)
        session = connect()
        for index in range(4):
            args = [0, 0, 0, 0]
            args[index] = 0x1234
            assert session.send_receive(index, TIpcArgs(*args)) == KErrNone

    run(program)


@pytest.mark.case("SK-112")
def test_width_and_constness_are_respected(run: Run) -> None:
    def program() -> None:
        def use(message: RMessage2) -> None:
            narrow, wide = TBuf8(8), TBuf(8)
            assert message.try_read(0, narrow) == KErrNone
            assert narrow == b"const"
            assert message.try_read(0, wide) == KErrBadDescriptor
            assert message.try_write(0, b"x") == KErrBadDescriptor
            assert message.try_write(0, "x") == KErrBadDescriptor
            assert message.try_read(1, wide) == KErrNone
            assert wide == "text"
            assert message.try_write(1, "x") == KErrNone
            assert message.try_read(1, narrow) == KErrBadDescriptor
            assert message.try_write(1, b"x") == KErrBadDescriptor

        serve(answer(use))
        buffer = TBuf(8, "text")
        assert ask(connect(), b"const", buffer) == KErrNone
        assert str(buffer) == "x"

    run(program)


@pytest.mark.case("SK-113")
def test_only_what_can_be_modified_has_a_maximum(run: Run) -> None:
    def program() -> None:
        def use(message: RMessage2) -> None:
            assert message.try_get_des_max_length(0) == -38
            assert message.get_des_max_length(1) == 20
            assert message.try_write(1, "x") == KErrBadDescriptor

        serve(answer(use))
        assert ask(connect(), "literal", TBuf(20, "abc").as_const()) == KErrNone

    run(program)


@pytest.mark.case("SK-114")
def test_indexes_and_offsets_are_checked(run: Run) -> None:
    def program() -> None:
        def use(message: RMessage2) -> None:
            des = TBuf(8, "before")
            assert message.try_get_des_length(4) == KErrArgument
            assert message.try_read(-1, des) == KErrArgument
            assert message.try_read(0, des, -1) == KErrArgument
            assert message.try_read(0, des, 4) == KErrNone
            assert str(des) == ""

        serve(answer(use))
        assert ask(connect(), "abc") == KErrNone

    run(program)


@pytest.mark.case("SK-115")
def test_a_write_that_does_not_fit_changes_nothing(run: Run) -> None:
    def program() -> None:
        def too_far(message: RMessage2) -> None:
            assert message.try_write(0, b"x" * 15, 6) == KErrOverflow

        def fits(message: RMessage2) -> None:
            assert message.try_write(0, b"y" * 15, 5) == KErrNone

        serve(answer(too_far), answer(fits))
        session, buffer = connect(), TBuf8(20, b"unchanged")
        assert ask(session, buffer) == KErrNone
        assert bytes(buffer) == b"unchanged"
        assert ask(session, buffer) == KErrNone
        assert bytes(buffer) == b"uncha" + b"y" * 15

    run(program)


@pytest.mark.case("SK-116")
def test_memory_that_is_not_there(run: Run) -> None:
    def program() -> None:
        def clients(message: RMessage2) -> None:
            assert message.try_read(0, TBuf8(8)) == KErrBadDescriptor
            assert message.try_write(0, b"x") == KErrBadDescriptor

        def servers(message: RMessage2) -> None:
            own = TBuf8(8)
            own.client.bad = True
            message.read(0, own)

        bad = TBuf8(8, b"abc")
        bad.client.bad = True
        with serve(answer(clients), servers) as server:
            status, session = logged_on(server), connect()
            assert ask(session, bad) == KErrNone
            assert server.exit_info().is_pending
            assert ask(session, b"abc") == KErrServerTerminated
            User.wait_for_request(status)
            assert end(server.exit_info()) == (EExitPanic, "KERN-EXEC", 3)

    run(program)


@pytest.mark.case("SU-75")
def test_writing_beyond_the_maximum_overflows(run: Run) -> None:
    def program() -> None:
        serve(answer(lambda message: message.try_write(0, "12345")))
        buffer = TBuf(4, "abcd")
        assert ask(connect(), buffer) == KErrOverflow
        assert str(buffer) == "abcd"

    run(program)


@pytest.mark.case("SU-76")
def test_the_other_width_fails_and_reading_past_the_end_is_empty(run: Run) -> None:
    def program() -> None:
        def use(message: RMessage2) -> None:
            assert message.try_write(0, b"8-bit") == KErrBadDescriptor
            des = TBuf(8, "before")
            assert message.try_read(0, des, 100) == KErrNone
            assert des.length == 0
            assert message.read(0, offset=100) == ""

        serve(answer(use))
        assert ask(connect(), TBuf(8, "abc")) == KErrNone

    run(program)


@pytest.mark.case("SU-93")
def test_a_package_buffer_takes_a_value_of_exactly_its_size(run: Run) -> None:
    def program() -> None:
        serve(
            answer(lambda message: message.write(0, TPckgBuf(42))),
            answer(lambda message: message.try_write(0, b"12345")),
        )
        session, package = connect(), TPckgBuf(5)
        assert (package.length, package.max_length) == (4, 4)
        assert bytes(package) == b"\x05\x00\x00\x00"
        assert ask(session, package) == KErrNone
        assert package() == 42
        assert ask(session, package) == KErrOverflow
        assert package() == 42

    run(program)


def test_a_read_takes_as_much_as_there_is_room_for(run: Run) -> None:
    def program() -> None:
        def use(message: RMessage2) -> None:
            small = TBuf(3)
            assert message.read(0, small, 1) == "bcd"
            assert str(small) == "bcd"
            assert message.read16(0, 1, 2) == "bc"
            assert message.read8(1) == b"bytes"
            assert trap(message.read8, 0) == KErrBadDescriptor
            assert (message.read(0), message.read(1)) == ("abcdef", b"bytes")

        serve(answer(use))
        assert ask(connect(), "abcdef", b"bytes") == KErrNone

    run(program)


def test_the_length_is_the_clients_only_when_the_message_is_completed(
    run: Run,
) -> None:
    def program() -> None:
        written, go_on = RSemaphore().create_local(0), RSemaphore().create_local(0)

        def use(message: RMessage2) -> None:
            message.write(0, b"long enough")
            assert message.get_des_length(0) == 11
            assert message.get_des_length(1) == 11
            written.signal()
            go_on.wait()

        serve(answer(use))
        session, buffer, status = connect(), TBuf8(20, b"abc"), TRequestStatus()
        session.request(FN, TIpcArgs(buffer, buffer), status)
        written.wait()
        assert bytes(buffer) == b"lon"
        go_on.signal()
        User.wait_for_request(status)
        assert bytes(buffer) == b"long enough"

    run(program)


# The client.


@pytest.mark.case("SK-130")
def test_a_server_may_go_on_with_the_message_of_a_dead_client(run: Run) -> None:
    def program() -> None:
        accepted, dead = RSemaphore().create_local(0), RSemaphore().create_local(0)

        def use(message: RMessage2) -> None:
            accepted.signal()
            dead.wait()
            assert message.try_read(0, TBuf(8)) in (KErrDied, KErrBadDescriptor)
            with message.client() as client:
                assert client.exit_reason() == 5
            message.complete(KErrNone)

        serve(use, answer(lambda _: 1234))
        session = connect()
        with RThread().create("client", lambda: ask(session, "text")) as client:
            status = logged_on(client)
            client.resume()
            accepted.wait()
            client.kill(5)
            User.wait_for_request(status)
            dead.signal()
        assert ask(session) == 1234

    run(program)


@pytest.mark.case("SK-132")
def test_a_server_sets_the_priority_of_a_client_that_allows_it(run: Run) -> None:
    def program() -> None:
        def refused(message: RMessage2) -> None:
            code = trap(message.set_process_priority, EPriorityForeground)
            assert code == KErrPermissionDenied

        def allowed(message: RMessage2) -> None:
            for priority in (EPriorityForeground, EPriorityBackground):
                message.set_process_priority(priority)
                assert RProcess().priority() == priority
            code = trap(message.set_process_priority, EPriorityHigh)
            assert code == KErrPermissionDenied

        serve(answer(refused), answer(allowed))
        session = connect()
        assert ask(session) == KErrNone
        RProcess().set_priority_control(enable=True)
        assert ask(session) == KErrNone

    run(program)


@pytest.mark.case("SK-085")
def test_panicking_a_client_whose_process_is_gone_has_no_effect(
    machine: Kernel, run: Run
) -> None:
    def client() -> None:
        session = RSessionBase().create_session("raw")
        session.request(FN, TIpcArgs(), TRequestStatus())

    def program() -> None:
        accepted = RSemaphore().create_local(0)
        gone = RSemaphore().create_local(0)

        def use(message: RMessage2) -> None:
            accepted.signal()
            gone.wait()
            message.panic("Too late", 1)
            assert message.is_null

        server = serve(use, mode=EIpcSession_GlobalSharable)
        with RProcess().create("client") as process:
            status = logged_on(process)
            process.resume()
            User.wait_for_request(status)
            accepted.wait()
            gone.signal()
            User.after(100_000)
            assert end(process.exit_info()) == (EExitKill, "Kill", 0)
        assert server.exit_info().is_pending

    machine.register("client", client)
    run(program)


def test_a_message_variable_is_a_copy_of_its_own(run: Run) -> None:
    def program() -> None:
        def use(message: RMessage2) -> None:
            pointer, copy = RMessagePtr2(message), message.copy()
            assert (pointer.handle, copy.handle) == (message.handle, message.handle)
            assert (copy.function, copy.int0) == (FN, 7)
            pointer.complete(11)
            assert pointer.is_null
            assert not message.is_null

        serve(use)
        assert ask(connect(), 7) == 11
        assert RMessage2().is_null
        assert RMessagePtr2().is_null

    run(program)


def test_a_message_tells_who_its_client_is(run: Run) -> None:
    def program() -> None:
        def use(message: RMessage2) -> None:
            assert (message.secure_id(), message.vendor_id()) == (0, 0)
            assert message.has_capability(-1)
            assert not message.has_capability(8)

        serve(answer(use))
        assert ask(connect()) == KErrNone

    run(program)
