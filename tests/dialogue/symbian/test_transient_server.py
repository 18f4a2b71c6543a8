"""Servers that are started when a client needs them: symbian-userlib 10.3."""

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    CServer2,
    CSession2,
    EExitKill,
    EExitPanic,
    KErrAlreadyExists,
    KErrDied,
    KErrNone,
    KErrNotFound,
    KErrServerTerminated,
    Leave,
    RMessage2,
    RProcess,
    RSessionBase,
    RThread,
    TFindProcess,
    TRequestStatus,
    TVersion,
    User,
    trap,
)

SERVER = "transient"
KTries = 2


class TransientSession(CSession2):
    def service(self, message: RMessage2) -> None:
        message.complete(KErrNone)


class TransientServer(CServer2):
    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        return TransientSession()


def serve() -> int:
    return TransientServer().run(SERVER)


def connect(session: RSessionBase) -> None:
    """The customary loop of a client."""
    tries = KTries
    while True:
        code = trap(session.create_session, SERVER)
        if code not in (KErrNotFound, KErrServerTerminated) or tries == 0:
            User.leave_if_error(code)
            return
        tries -= 1
        code = trap(start_server)
        if code not in (KErrNone, KErrAlreadyExists):
            raise Leave(code)


def start_server() -> None:
    RProcess().launch(SERVER).close()


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
            connect(session)
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
