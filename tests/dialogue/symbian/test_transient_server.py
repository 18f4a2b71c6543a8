"""Servers that are started when a client needs them: symbian-userlib 10.3."""

from collections.abc import Callable

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    CActiveScheduler,
    CSession2,
    CTransientServer,
    EExitKill,
    EExitPanic,
    KErrAlreadyExists,
    KErrDied,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    Leave,
    RMessage2,
    RProcess,
    RSemaphore,
    RSessionBase,
    RThread,
    TFindProcess,
    TRequestStatus,
    TVersion,
    User,
    connect_on_demand,
    trap,
)

SERVER = "transient"
SECOND_US = 1_000_000


class TransientSession(CSession2):
    def service(self, message: RMessage2) -> None:
        message.complete(KErrNone)


class TransientServer(CTransientServer):
    """Refuses versions above 1."""

    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        if version.major > 1:
            raise Leave(KErrNotSupported)
        return TransientSession()


def serve() -> int:
    return TransientServer().run(SERVER)


@pytest.mark.case("SU-79")
def test_a_server_that_fails_to_start_tells_its_starter(
    machine: Kernel, run: Run
) -> None:
    def program() -> None:
        with RProcess().create("failing") as server:
            status = TRequestStatus()
            server.request_rendezvous(status)
            server.resume()
            User.wait_for_request(status)
            assert status == -11
            assert server.exit_type() == EExitKill

    machine.register("failing", lambda: -11)
    run(program)


@pytest.mark.case("SU-80")
def test_a_server_that_panics_at_its_start_tells_its_starter(run: Run) -> None:
    def program() -> None:
        with RThread().create(
            "server", lambda: User.panic("Early", KErrDied)
        ) as server:
            status = TRequestStatus()
            server.request_rendezvous(status)
            server.resume()
            User.wait_for_request(status)
            assert status == -13
            assert server.exit_type() == EExitPanic

    run(program)


@pytest.mark.case("SU-81")
def test_clients_that_race_for_an_absent_server_start_it_once(
    machine: Kernel, run: Run
) -> None:
    served: list[int] = []

    def server() -> int:
        code = serve()
        served.append(code)
        return code

    def client() -> None:
        with RSessionBase() as session:
            connect_on_demand(session, SERVER, SERVER)
            assert session.send_receive(0) == KErrNone

    def program() -> None:
        clients = [RProcess().create("client") for _ in range(2)]
        statuses = [TRequestStatus() for _ in clients]
        for process, status in zip(clients, statuses, strict=True):
            process.logon(status)
            process.resume()
        for process, status in zip(clients, statuses, strict=True):
            User.wait_for_request(status)
            assert (process.exit_type(), status.value) == (EExitKill, KErrNone)
        # Whoever came too late with a second server has ended; one goes on serving.
        assert all(code == KErrAlreadyExists for code in served)
        assert running_servers() == [SERVER]

    machine.register(SERVER, server)
    machine.register("client", client)
    run(program)


def running_servers() -> list[str]:
    """Names of live processes of the server's program, without UID and number."""
    live = []
    for name in TFindProcess(f"{SERVER}.exe*"):
        with RProcess().open(name) as process:
            if process.exit_info().is_pending:
                live.append(name.partition(".exe")[0])
    return live


def launched(make: Callable[[], CTransientServer] = TransientServer) -> RThread:
    """A server in a thread, whose name is free again when it has ended."""
    return RThread().launch("", lambda: make().run(SERVER))


def end_of(thread: RThread) -> tuple[str, int]:
    """How it ended, and when, in microseconds from now."""
    begin, status = User.uptime_us(), TRequestStatus()
    thread.logon(status)
    User.wait_for_request(status)
    return str(thread.exit_info()), User.uptime_us() - begin


FINE = "exited with KErrNone"


def test_a_server_that_nobody_comes_to_leaves_after_two_seconds(run: Run) -> None:
    def program() -> None:
        with launched() as server:
            info, after_us = end_of(server)
            assert info == FINE
            assert 2 * SECOND_US <= after_us < 2.1 * SECOND_US
        assert trap(RSessionBase().create_session, SERVER) == KErrNotFound

    run(program)


def test_a_server_stays_as_long_as_it_has_sessions(run: Run) -> None:
    def program() -> None:
        with launched() as server:
            first = RSessionBase().create_session(SERVER)
            second = RSessionBase().create_session(SERVER)
            User.after(5 * SECOND_US)
            first.close()
            User.after(5 * SECOND_US)
            assert second.send_receive(0) == KErrNone
            second.close()
            info, after_us = end_of(server)
            assert info == FINE
            assert 2 * SECOND_US <= after_us < 2.1 * SECOND_US

    run(program)


def test_a_session_in_time_keeps_a_lingering_server(run: Run) -> None:
    def program() -> None:
        with launched() as server:
            for _ in range(3):
                User.after(19 * SECOND_US // 10)
                RSessionBase().create_session(SERVER).close()
            # Who is refused is none: the time goes on.
            User.after(SECOND_US)
            code = trap(RSessionBase().create_session, SERVER, TVersion(2))
            assert code == KErrNotSupported
            info, after_us = end_of(server)
            assert info == FINE
            assert SECOND_US * 9 // 10 < after_us < SECOND_US * 11 // 10

    run(program)


def test_a_client_that_meets_a_leaving_server_starts_another(run: Run) -> None:
    """Its connect is in the queue of a server that stops."""

    class Leaving(TransientServer):
        def on_unused(self) -> None:
            leaving.signal()
            User.after(SECOND_US)
            super().on_unused()

    leaving = RSemaphore()
    starts: list[str] = []

    def start() -> None:
        starts.append("another")
        launched().close()

    def program() -> None:
        leaving.create_local(0)
        with launched(Leaving) as first, RSessionBase() as session:
            leaving.wait()
            connect_on_demand(session, SERVER, start)
            assert end_of(first)[0] == FINE
            assert session.send_receive(0) == KErrNone
        assert starts == ["another"]
        leaving.close()

    run(program)


def test_a_server_that_is_never_there_is_started_twice(run: Run) -> None:
    starts: list[str] = []

    def program() -> None:
        def connect() -> None:
            connect_on_demand(RSessionBase(), SERVER, lambda: starts.append("start"))

        assert trap(connect) == KErrNotFound
        assert starts == ["start", "start"]

    run(program)


def test_what_else_goes_wrong_is_told_at_once(run: Run) -> None:
    def refuse(code: int) -> Callable[[], object]:
        def start() -> None:
            starts.append(code)
            raise Leave(code)

        return start

    starts: list[int] = []

    def program() -> None:
        absent, version = RSessionBase(), TVersion(2)
        assert trap(connect_on_demand, absent, SERVER, refuse(KErrDied)) == KErrDied
        assert (
            trap(connect_on_demand, absent, SERVER, "no such program") == KErrNotFound
        )
        code = trap(connect_on_demand, absent, SERVER, refuse(KErrAlreadyExists))
        assert code == KErrNotFound  # it was said to be there, and wasn't, each time
        with launched():
            code = trap(connect_on_demand, absent, SERVER, refuse(0), version)
            assert code == KErrNotSupported
        assert starts == [KErrDied, KErrAlreadyExists, KErrAlreadyExists]

    run(program)


def test_a_start_that_fails_may_be_tried_again(run: Run) -> None:
    def program() -> None:
        with launched():
            second = TransientServer()
            scheduler = CActiveScheduler()
            CActiveScheduler.install(scheduler)
            before = RThread().handle_count()
            assert second.try_start(SERVER) == KErrAlreadyExists
            assert RThread().handle_count() == before
            assert second.try_start("another") == KErrNone
            second.destroy()
            assert RThread().handle_count() == before
            scheduler.destroy()

    run(program)
