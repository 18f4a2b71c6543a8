"""A server whose sessions are served by several threads: symbian-kernel 6.10, 7.3."""

from collections.abc import Callable

import pytest

from eka import Kernel
from kernel.abi.current import current_exec
from tools.pytest_plugin import Run
from userlib import (
    CActiveScheduler,
    CServer2,
    CSession2,
    EIpcSession_Sharable,
    EServerRole_Master,
    EServerRole_Slave,
    EServerRole_Standalone,
    ESharableSessions,
    KErrNone,
    RMessage2,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRequestStatus,
    TServerRole,
    TVersion,
    User,
)

WAIT, WHO, STOP = 0, 1, 2
SECOND = 1_000_000


class WaitingSession(CSession2):
    """Answers after argument 0 microseconds, holding its thread up meanwhile."""

    def service(self, message: RMessage2) -> None:
        match message.function:
            case 0:
                User.after_high_res(message.int0)
                message.complete(KErrNone)
            case 1:
                message.complete(RThread().id())
            case _:
                message.complete(KErrNone)
                CActiveScheduler.stop()


class WaitingServer(CServer2):
    """Serves every second session in another thread, if it has one."""

    def __init__(self) -> None:
        super().__init__(session_type=ESharableSessions)
        self.slave: WaitingServer | None = None
        self.count = 0

    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        session = WaitingSession()
        self.count += 1
        if self.slave is not None and self.count % 2 == 0:
            session.set_server(self.slave)
        return session


def serve_alone() -> None:
    server = WaitingServer()
    server.set_master(None)
    server.run("waiting")


def serve_as_two() -> None:
    """A master whose slave runs in a thread of its own, until that is told to stop."""
    scheduler = CActiveScheduler()
    CActiveScheduler.install(scheduler)
    master = WaitingServer()
    master.set_master(master)
    started = RSemaphore().create_local(0)

    def serve_as_slave() -> None:
        slave_scheduler = CActiveScheduler()
        CActiveScheduler.install(slave_scheduler)
        slave = WaitingServer()
        slave.set_master(master)
        slave.start("")
        master.slave = slave
        started.signal()
        CActiveScheduler.start()
        slave.destroy()
        slave_scheduler.destroy()

    with RThread().create("slave", serve_as_slave) as thread:
        thread.resume()
        started.wait()
        master.start("waiting")
        RThread.rendezvous(KErrNone)
        CActiveScheduler.start()
        over = TRequestStatus()
        thread.logon(over)
        User.wait_for_request(over)
        assert thread.exit_info().reason == KErrNone
    master.destroy()
    scheduler.destroy()
    started.close()


def connect() -> RSessionBase:
    return RSessionBase().create_session("waiting", session_type=EIpcSession_Sharable)


def order_of_answers(serve: Callable[[], None]) -> str:
    """A takes five seconds on one session; B, on another, comes a moment later."""
    with RThread().launch("server", serve) as server:
        one, two = connect(), connect()
        a, b = TRequestStatus(), TRequestStatus()
        one.request(WAIT, TIpcArgs(5 * SECOND), a)
        User.after_high_res(1_000)
        two.request(WAIT, TIpcArgs(0), b)
        User.wait_for_request(a, b)
        first = "B" if a.is_pending else "A"
        User.wait_for_request(b if first == "A" else a)
        assert (a.value, b.value) == (KErrNone, KErrNone)
        over = TRequestStatus()
        server.logon(over)
        for session in (two, one):
            session.try_send_receive(STOP)
            session.close()
            if serve is serve_alone:
                break
        one.close()
        User.wait_for_request(over)
        assert server.exit_info().reason == KErrNone
    return first


@pytest.mark.case("SK-131")
def test_a_slave_serves_its_sessions_beside_the_master(run: Run) -> None:
    def program() -> None:
        assert order_of_answers(serve_alone) == "A"
        assert order_of_answers(serve_as_two) == "B"

    run(program)


def test_each_session_stays_with_its_thread(run: Run) -> None:
    def program() -> None:
        with RThread().launch("server", serve_as_two) as server:
            sessions = [connect() for _ in range(4)]
            ids = [session.send_receive(WHO) for session in sessions]
            assert ids == [ids[0], ids[1]] * 2
            assert ids[0] == server.id() != ids[1]
            assert [session.send_receive(WHO) for session in sessions] == ids
            for session in sessions:
                session.close()

    run(program)


def test_the_master_is_chosen_before_the_start(run: Run) -> None:
    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        server = WaitingServer()
        server.start("waiting")
        with pytest.raises(RuntimeError, match="before start"):
            server.set_master(server)
        server.destroy()

    run(program)


# The kernel call alone.


class Raw:
    """A master and a slave in one thread, and a session whose connect is accepted."""

    def __init__(
        self,
        role: TServerRole = EServerRole_Master,
        slave_role: TServerRole = EServerRole_Slave,
        cookie: int = 7,
    ) -> None:
        mode = EIpcSession_Sharable
        self.master = RServer2().create_global("raw", mode, role)
        self.slave = RServer2().create_global("", mode, slave_role)
        self.connected, self.asked = TRequestStatus(), [TRequestStatus() for _ in "ab"]
        self.session = RSessionBase().create_session("raw", status=self.connected)
        for number, status in enumerate(self.asked):
            self.session.request(number, TIpcArgs(), status)
        self.connect = self.master.receive()
        if cookie:
            self.connect.set_session_ptr(cookie)

    def transfer(self, message: RMessage2 | None = None) -> None:
        handle = (message or self.connect).handle
        current_exec.get().server_transfer_session(self.slave.handle, handle)


def test_what_is_queued_moves_along_in_order(machine: Kernel) -> None:
    def program() -> None:
        raw = Raw()
        other = RSessionBase().create_session("raw", status=TRequestStatus())
        raw.transfer()
        User.wait_for_request(raw.connected)
        assert raw.connected == KErrNone
        for number, status in enumerate(raw.asked):
            message = raw.slave.receive()
            assert (message.function, message.session_ptr) == (number, 7)
            message.complete(number)
            User.wait_for_request(status)
            assert status == number
        assert raw.master.receive().function == -1  # the other session's connect
        other.close()
        raw.session.close()
        disconnect = raw.slave.receive()
        assert disconnect.function == -2
        disconnect.complete(KErrNone)

    info = machine.run(program)
    assert (info.category, info.reason) == ("Kill", KErrNone), info


def test_an_outstanding_receive_of_the_slave_gets_the_first(run: Run) -> None:
    def program() -> None:
        raw = Raw()
        received = TRequestStatus()
        raw.slave.request_receive(received)
        raw.transfer()
        User.wait_for_request(received)
        assert raw.slave.received().function == 0

    run(program)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Raw(cookie=0), 58),
        (lambda: Raw(role=EServerRole_Standalone), 60),
        (lambda: Raw(slave_role=EServerRole_Standalone), 60),
        (lambda: Raw(role=EServerRole_Slave), 60),
    ],
)
def test_only_a_master_gives_to_a_slave(
    machine: Kernel, make: Callable[[], Raw], reason: int
) -> None:
    info = machine.run(lambda: make().transfer())
    assert (info.category, info.reason) == ("KERN-EXEC", reason)


def test_only_a_connect_message_carries_its_session_over(machine: Kernel) -> None:
    def program() -> None:
        raw = Raw()
        raw.connect.complete(KErrNone)
        raw.transfer(raw.master.receive())

    info = machine.run(program)
    assert (info.category, info.reason) == ("KERN-EXEC", 60)


def test_a_completed_connect_is_no_message_any_more(machine: Kernel) -> None:
    def program() -> None:
        raw = Raw()
        handle = raw.connect.handle
        raw.transfer()
        current_exec.get().server_transfer_session(raw.slave.handle, handle)

    info = machine.run(program)
    assert (info.category, info.reason) == ("KERN-EXEC", 44)
