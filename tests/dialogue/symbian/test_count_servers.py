"""The documentation's two count servers, and their clients."""

from collections.abc import Callable

import pytest

from eka import Executable, Kernel
from kernel.abi.current import current_exec
from servers.count.complex import client as complex_client
from servers.count.complex import protocol as complex_protocol
from servers.count.complex import server as complex_server
from servers.count.counter import ENonNumericString
from servers.count.simple import client, protocol, server
from userlib import (
    KErrBadDescriptor,
    KErrNone,
    KErrNotSupported,
    KErrOverflow,
    KMaxTInt,
    KMinTInt,
    RMessage2,
    RProcess,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRequestStatus,
    TVersion,
    User,
    trap,
)

FINE = "exited with KErrNone"


def end_of(machine: Kernel, program: Callable[[], int | None]) -> str:
    return str(machine.run(program))


def end_of_thread(body: Callable[[], int | None]) -> str:
    status = TRequestStatus()
    with RThread().create("other", body) as thread:
        thread.logon(status)
        thread.resume()
        User.wait_for_request(status)
        return str(thread.exit_info())


def simple() -> client.RCountServSession:
    return client.RCountServSession().connect()


@pytest.mark.case("SU-97")
def test_session_of_the_simple_server_is_a_counter(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", server.e32main)
        with simple() as counter, simple() as other:
            assert counter.counter_value() == 0
            counter.increase()
            counter.increase_by(7)
            counter.decrease()
            counter.decrease_by(3)
            assert counter.counter_value() == 4
            counter.set_from_string("123")
            assert counter.counter_value() == 123
            assert trap(counter.set_from_string, "") == ENonNumericString
            assert trap(counter.set_from_string, "12a") == ENonNumericString
            assert counter.counter_value() == 123
            counter.reset()
            assert counter.counter_value() == 0
            other.increase_by(42)
            end = end_of_thread(lambda: simple().try_send_receive(1234))
            assert end == "panicked CountServer 1"
            assert other.counter_value() == 42

    assert end_of(machine, program) == FINE


def test_counter_is_a_word_and_numbers_beyond_are_refused(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", server.e32main)
        with simple() as counter:
            counter.set_from_string(str(KMaxTInt))
            counter.increase()
            assert counter.counter_value() == KMinTInt
            counter.decrease()
            assert counter.counter_value() == KMaxTInt
            for text in (str(KMaxTInt + 1), "9" * 5000):
                assert trap(counter.set_from_string, text) == KErrOverflow
            counter.set_from_string("0" * 5000 + "7")
            assert counter.counter_value() == 7

    assert end_of(machine, program) == FINE


def test_arguments_of_the_wrong_kind_cannot_hurt_the_server(machine: Kernel) -> None:
    rqst = protocol.TCountServRqst

    def program() -> None:
        RThread().launch("server", server.e32main)

        def send(function: int, argument: int | bytes) -> Callable[[], int]:
            return lambda: simple().try_send_receive(function, TIpcArgs(argument))

        assert send(rqst.ECountServSetFromString, b"1")() == KErrBadDescriptor
        assert send(rqst.ECountServSetFromString, 1)() == KErrBadDescriptor
        end = end_of_thread(send(rqst.ECountServValue, b"    "))
        assert end == "panicked CountServer 2"
        with simple() as counter:
            assert counter.counter_value() == 0

    assert end_of(machine, program) == FINE


def test_newer_client_is_refused(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", server.e32main)
        session = RSessionBase()
        name = protocol.KCountServerName
        code = trap(session.create_session, name, TVersion(1, 1, 0))
        assert code == KErrNotSupported
        session.create_session(name, TVersion(0, 127, 0)).close()

    assert end_of(machine, program) == FINE


@pytest.mark.parametrize("name", ["simple", "complex"])
def test_server_is_a_program_that_another_process_starts(
    machine: Kernel, name: str
) -> None:
    machine.register("countserver", Executable(f"servers.count.{name}.server"))

    def program() -> None:
        RProcess().launch("countserver").close()
        if name == "simple":
            simple().close()
        else:
            complex_client.RCountServSession().connect().close()

    assert end_of(machine, program) == FINE


# The complex server.


def connected() -> complex_client.RCountServSession:
    return complex_client.RCountServSession().connect()


def opened(
    session: complex_client.RCountServSession,
) -> complex_client.RCountServSubSession:
    return complex_client.RCountServSubSession().open(session)


def test_each_sub_session_is_a_counter(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", complex_server.e32main)
        with connected() as session:
            assert session.resource_count() == 0
            one, other = opened(session), opened(session)
            assert session.resource_count() == 2
            one.increase_by(7)
            one.decrease()
            other.decrease_by(3)
            other.increase()
            assert (one.counter_value(), other.counter_value()) == (6, -2)
            one.set_from_string("99")
            assert trap(one.set_from_string, "9x") == ENonNumericString
            other.reset()
            assert (one.counter_value(), other.counter_value()) == (99, 0)
            one.close()
            assert session.resource_count() == 1
            one.close()  # nothing to close any more
            assert other.counter_value() == 0
            other.close()

    assert end_of(machine, program) == FINE


def test_sub_session_handle_is_good_in_its_own_session_only(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", complex_server.e32main)
        with connected() as session:
            stale = opened(session)
            handle = stale.sub_session_handle
            stale.close()
            again = opened(session)
            assert again.sub_session_handle != handle

            def send_with(bad_handle: int) -> str:
                function = complex_protocol.TCountServRqst.ECountServIncrease
                args = TIpcArgs(0, 0, 0, bad_handle)
                return end_of_thread(lambda: connected().send_receive(function, args))

            for bad in (handle, again.sub_session_handle, 0, -1):
                assert send_with(bad) == "panicked CountServerX 3"
            assert again.counter_value() == 0
            again.close()

    assert end_of(machine, program) == FINE


def test_session_closes_what_its_client_left_open(machine: Kernel) -> None:
    servers: list[complex_server.CCountServServer] = []

    def serve() -> int:
        servers.append(complex_server.CCountServServer())
        return servers[0].run(complex_protocol.KCountServerName)

    def program() -> None:
        RThread().launch("server", serve)
        with connected() as session:
            with connected() as other:
                for _ in range(10):
                    opened(other)
                opened(session)
                assert servers[0].counters.count == 11
            assert session.resource_count() == 1  # served after the disconnect
            assert servers[0].counters.count == 1

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-184")
def test_connections_are_independent_and_sub_sessions_cost_no_handle(
    machine: Kernel,
) -> None:
    made: list[int] = []
    ended: list[int] = []

    class Session(complex_server.CCountServSession):
        def destroy(self) -> None:
            ended.append(id(self))
            super().destroy()

    class Server(complex_server.CCountServServer):
        def new_session(self, version: TVersion, message: RMessage2) -> Session:
            session = Session(self.counters)
            made.append(id(session))
            sessions.append(session)  # so that no two have one id
            return session

    sessions: list[Session] = []

    def serve() -> int:
        return Server().run(complex_protocol.KCountServerName)

    def program() -> None:
        RThread().launch("server", serve)
        one, other = connected(), connected()
        assert len(set(made)) == 2
        before = RThread().handle_count()
        counters = [opened(other) for _ in range(10)]
        assert RThread().handle_count() == before
        one.close()
        assert counters[0].counter_value() == 0  # served after the disconnect
        assert ended == made[:1]
        before = RThread().handle_count()
        more = [connected() for _ in range(10)]
        after = RThread().handle_count()
        assert (after[0] - before[0], after[1] - before[1]) == (0, 10)
        for session in more:
            session.close()
        never_connected = complex_client.RCountServSession()
        assert end_of_thread(never_connected.resource_count) == ("panicked KERN-EXEC 0")

    assert end_of(machine, program) == FINE


def test_bad_place_for_the_handle_leaves_no_counter(machine: Kernel) -> None:
    function = complex_protocol.TCountServRqst.ECountServCreateSubSession

    def program() -> None:
        RThread().launch("server", complex_server.e32main)

        def create_without_a_buffer() -> int:
            return connected().send_receive(function)

        assert end_of_thread(create_without_a_buffer) == "panicked CountServerX 2"
        with connected() as session:
            assert session.resource_count() == 0

    assert end_of(machine, program) == FINE


def test_unknown_request_panics_the_client(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", complex_server.e32main)

        def send() -> int:
            counter = opened(connected())
            return counter.send_receive(1234)

        assert end_of_thread(send) == "panicked CountServerX 1"

    assert end_of(machine, program) == FINE


def test_connect_counts_as_no_request_of_the_thread(machine: Kernel) -> None:
    """All calls here are synchronous, so no signal may be left over."""

    def program() -> None:
        RThread().launch("server", complex_server.e32main)
        with connected() as session:
            opened(session).close()
        count = current_exec.get().request_count(RThread().handle)
        assert count == KErrNone

    assert end_of(machine, program) == FINE
