"""Servers as the kernel has them: symbian-kernel 6.1 to 6.3 and 6.8.

The servers here are raw: they receive, set the cookie and complete by themselves. Most
are their own clients, in one thread, so that every order is made and none is hoped for.
"""

from collections.abc import Callable

import pytest

from eka import Executable, Image, Kernel
from kernel.abi.current import current_exec
from userlib import (
    ECapabilityProtServ,
    EIpcSession_Unsharable,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrCancel,
    KErrNone,
    KErrServerTerminated,
    KRequestPending,
    RMessage2,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TBuf8,
    TIpcArgs,
    Trap,
    TRequestStatus,
    User,
)

FINE = "exited with KErrNone"
CONNECT, DISCONNECT = -1, -2
COOKIE = 0x12345


class RawSession(RSessionBase):
    """A session that sends its connect message only when told."""

    __slots__ = ()

    def create(self, slots: int = -1) -> "RawSession":
        self.handle = current_exec.get().session_create(
            "raw", slots, EIpcSession_Unsharable, None
        )
        return self

    def request_connect(self) -> TRequestStatus:
        return self.request_raw(CONNECT)

    def request_raw(self, function: int) -> TRequestStatus:
        status = TRequestStatus()
        current_exec.get().session_request(self.handle, function, (), 0, status.start())
        return status


def created() -> tuple[RServer2, RawSession]:
    return RServer2().create_global("raw"), RawSession().create()


def end_of(machine: Kernel, program: Callable[[], int | None]) -> str:
    return str(machine.run(program))


def nothing_waits(server: RServer2) -> bool:
    """Whether no message is queued; the outstanding receive is cancelled again."""
    status = TRequestStatus()
    server.request_receive(status)
    was_pending = status.is_pending
    server.cancel()
    User.wait_for_request(status)
    return was_pending


def seen(message: RMessage2) -> tuple[int, int]:
    return message.function, message.session_ptr


# Creating, receiving, closing.


@pytest.mark.case("SK-089")
def test_name_with_an_exclamation_mark_needs_prot_serv(machine: Kernel) -> None:
    def program() -> None:
        RServer2().create_global("!x").close()

    trusted = Image(capabilities=frozenset([ECapabilityProtServ]))
    machine.register("trusted", Executable(program, trusted))
    assert end_of(machine, program) == "panicked KERN-EXEC 46"
    assert str(machine.run("trusted")) == FINE


def test_name_must_be_legal_and_not_in_use_whatever_its_case(machine: Kernel) -> None:
    codes: list[int] = []

    def program() -> None:
        with RServer2().create_global("raw"):
            for name in ("a:b", "a*", "RAW", "raw"):
                with Trap() as result:
                    RServer2().create_global(name)
                codes.append(result.code)
        RServer2().create_global("Raw").close()

    assert end_of(machine, program) == FINE
    assert codes == [KErrBadName, KErrBadName, KErrAlreadyExists, KErrAlreadyExists]


def test_modes_are_three(machine: Kernel) -> None:
    def program() -> None:
        for mode in (-1, 3):
            with Trap() as result:
                current_exec.get().server_create("raw", mode, 0)
            assert result.code == KErrArgument

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-128")
def test_second_receive_panics_and_cancel_completes_the_first(machine: Kernel) -> None:
    def receive_twice() -> None:
        server = RServer2().create_global("raw")
        server.request_receive(TRequestStatus())
        server.request_receive(TRequestStatus())

    def cancel_twice() -> None:
        server = RServer2().create_global("raw")
        status = TRequestStatus()
        server.request_receive(status)
        assert status.is_pending
        server.cancel()
        assert status == KErrCancel
        assert RThread().request_count() == 1
        server.cancel()
        assert status == KErrCancel
        assert RThread().request_count() == 1

    assert end_of(machine, receive_twice) == "panicked KERN-EXEC 19"
    assert end_of(machine, cancel_twice) == FINE


def test_close_of_the_server_cancels_its_receive(machine: Kernel) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RServer2().create_global("raw") as server:
            server.request_receive(status)
        User.wait_for_request(status)
        assert status == KErrCancel

    assert end_of(machine, program) == FINE


def test_close_of_the_server_answers_what_it_has_not(machine: Kernel) -> None:
    def program() -> None:
        server, session = created()
        accepted, delivered = session.request_raw(1), session.request_raw(2)
        message = server.receive()
        server.close()
        User.wait_for_request(accepted)
        User.wait_for_request(delivered)
        assert (accepted.value, delivered.value) == (KErrServerTerminated,) * 2
        assert session.try_send(3) == KErrServerTerminated
        RServer2().create_global("raw").close()  # the name is free
        message.complete(KErrNone)  # too late

    assert end_of(machine, program) == "panicked KERN-EXEC 44"


@pytest.mark.case("SK-129")
def test_death_of_the_server_thread_frees_client_and_name(machine: Kernel) -> None:
    def serve() -> None:
        server = RServer2().create_global("raw")
        RThread.rendezvous(KErrNone)
        server.receive()
        RThread.rendezvous(KErrNone)
        server.receive()

    def program() -> None:
        for _ in range(2):
            thread = RThread().launch("server", serve)
            ended, reached = TRequestStatus(), TRequestStatus()
            thread.logon(ended)
            session = RawSession().create()
            thread.request_rendezvous(reached)
            request = session.request_raw(1)
            User.wait_for_request(reached)
            thread.kill(7)
            User.wait_for_request(request)
            User.wait_for_request(ended)
            assert (request.value, ended.value) == (KErrServerTerminated, 7)
            session.close()
            thread.close()

    assert end_of(machine, program) == FINE


# The order of connect, requests and disconnect.


@pytest.mark.case("SK-098")
def test_close_withdraws_a_connect_that_was_not_received(machine: Kernel) -> None:
    def program() -> None:
        server, session = created()
        connect, request = session.request_connect(), session.request_raw(1)
        session.close()
        assert seen(server.receive()) == (1, 0)
        assert seen(server.receive()) == (DISCONNECT, 0)
        assert nothing_waits(server)
        assert (connect.value, request.value) == (KRequestPending, KRequestPending)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-099")
def test_disconnect_waits_for_the_cookie_of_an_accepted_connect(
    machine: Kernel,
) -> None:
    def program() -> None:
        server, session = created()
        session.request_connect()
        session.request_raw(1)
        connect, request = server.receive(), server.receive()
        assert (seen(connect), seen(request)) == ((CONNECT, 0), (1, 0))
        session.close()
        received = TRequestStatus()
        server.request_receive(received)
        assert received.is_pending
        connect.set_session_ptr(COOKIE)
        User.wait_for_request(received)
        assert received == KErrNone
        assert seen(server.received()) == (DISCONNECT, COOKIE)
        connect.complete(KErrNone)
        assert nothing_waits(server)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-100")
def test_disconnect_comes_when_a_connect_ends_without_a_cookie(
    machine: Kernel,
) -> None:
    def program() -> None:
        server, session = created()
        session.request_connect()
        session.request_raw(1)
        connect = server.receive()
        server.receive()
        session.close()
        received = TRequestStatus()
        server.request_receive(received)
        assert received.is_pending
        connect.complete(KErrNone)
        User.wait_for_request(received)
        assert seen(server.received()) == (DISCONNECT, 0)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-101")
def test_messages_after_the_cookie_carry_it(machine: Kernel) -> None:
    def program() -> None:
        server, session = created()
        session.request_connect()
        server.receive().set_session_ptr(COOKIE)
        session.request_raw(1)
        assert seen(server.receive()) == (1, COOKIE)
        session.close()
        assert seen(server.receive()) == (DISCONNECT, COOKIE)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-102")
def test_close_withdraws_a_connect_from_among_other_messages(machine: Kernel) -> None:
    def program() -> None:
        server, session = created()
        session.request_raw(1)
        session.request_connect()
        session.request_raw(2)
        assert seen(server.receive()) == (1, 0)
        session.close()
        assert seen(server.receive()) == (2, 0)
        assert seen(server.receive()) == (DISCONNECT, 0)
        assert nothing_waits(server)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-103")
def test_second_connect_panics_the_client(machine: Kernel) -> None:
    def connect_twice(*, complete_first: bool) -> None:
        server, session = created()
        session.request_connect()
        connect = server.receive()
        connect.set_session_ptr(COOKIE)
        if complete_first:
            connect.complete(KErrNone)
        session.request_connect()

    assert end_of(machine, lambda: connect_twice(complete_first=False)) == (
        "panicked KERN-EXEC 9"
    )
    assert end_of(machine, lambda: connect_twice(complete_first=True)) == (
        "panicked KERN-EXEC 57"
    )


@pytest.mark.case("SK-104")
def test_cookie_must_not_be_null_and_comes_from_the_connect(machine: Kernel) -> None:
    def null_cookie() -> None:
        server, session = created()
        session.request_connect()
        server.receive().set_session_ptr(0)

    def other_message() -> None:
        server, session = created()
        session.request_raw(1)
        server.receive().set_session_ptr(COOKIE)

    assert end_of(machine, null_cookie) == "panicked KERN-EXEC 58"
    assert end_of(machine, other_message) == "panicked KERN-EXEC 60"


def test_cookie_is_set_once(machine: Kernel) -> None:
    def program() -> None:
        server, session = created()
        session.request_connect()
        connect = server.receive()
        connect.set_session_ptr(COOKIE)
        connect.set_session_ptr(COOKIE + 1)

    assert end_of(machine, program) == "panicked KERN-EXEC 59"


@pytest.mark.case("SK-118")
def test_close_leaves_an_accepted_request_pending_for_ever(machine: Kernel) -> None:
    def program() -> None:
        server, session = created()
        status = session.request_raw(1)
        message = server.receive()
        session.close()
        message.complete(KErrNone)
        assert status == KRequestPending
        assert RThread().request_count() == 0
        server.receive().complete(KErrNone)  # the disconnect
        assert status == KRequestPending
        assert RThread().request_count() == 0

    assert end_of(machine, program) == FINE


def test_disconnect_message_can_only_be_completed(machine: Kernel) -> None:
    def program() -> None:
        server, session = created()
        session.close()
        server.receive().get_des_length(0)

    assert end_of(machine, program) == "panicked KERN-EXEC 44"


@pytest.mark.case("SK-117")
def test_thread_can_be_its_own_client(machine: Kernel) -> None:
    def program() -> None:
        with RServer2().create_global("") as server, RSessionBase() as session:
            connected = TRequestStatus()
            session.create_session(server, status=connected)
            connect = server.receive()
            connect.set_session_ptr(COOKIE)
            connect.complete(KErrNone)
            User.wait_for_request(connected)
            assert connected == KErrNone
            session.send(5, TIpcArgs("a blind message"))
            message = server.receive()
            assert seen(message) == (5, COOKIE)
            assert message.read(0) == "a blind message"
            message.complete(KErrNone)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-119")
def test_read_under_way_ends_well_when_its_message_is_completed(
    machine: Kernel,
) -> None:
    text = bytes(range(256)) * 1024
    reads: list[bytes] = []
    ends: set[str] = set()

    def read_while_completing(server: RServer2, session: RawSession) -> None:
        begins = RSemaphore().create_local(0)
        status, ended = TRequestStatus(), TRequestStatus()
        session.request(1, TIpcArgs(TBuf8(len(text), text)), status)
        message = server.receive()

        def read() -> None:
            copy = message.copy()
            begins.signal()
            reads.append(copy.read8(0))

        with RThread().create("helper", read) as helper:
            helper.logon(ended)
            helper.resume()
            begins.wait()
            message.complete(KErrNone)
            User.wait_for_request(ended)
            User.wait_for_request(status)
            assert status == KErrNone
            ends.add(str(helper.exit_info()))
        begins.close()

    def program() -> None:
        server, session = created()
        for _ in range(30):
            read_while_completing(server, session)

    assert end_of(machine, program) == FINE
    # A read that begins after the completion finds its message stale.
    assert {FINE} <= ends <= {FINE, "panicked KERN-EXEC 44"}
    assert set(reads) == {text}
