"""What may befall a server, its sessions and messages: symbian-userlib 10.1."""

from collections.abc import Callable

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    CActiveScheduler,
    CActiveSchedulerWait,
    CServer2,
    CSession2,
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrBadName,
    KErrCancel,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    KErrServerTerminated,
    KHeap,
    KRequestPending,
    Leave,
    RMessage2,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRequestStatus,
    TVersion,
    UHeap,
    User,
    trap,
)

ECHO, HOLD, EXIT, RELEASE, ASK = range(5)
KMessageConnect = -1


class Session(CSession2):
    """Echoes argument 0; what it holds its destructor cancels."""

    def __init__(self, story: list[str]) -> None:
        self.story = story
        self.held: list[RMessage2] = []

    def service(self, message: RMessage2) -> None:
        match message.function:
            case 1:
                self.held.append(message.copy())
            case 2:
                message.complete(KErrNone)
                CActiveScheduler.stop()
            case _:
                message.complete(message.int0)

    def destroy(self) -> None:
        self.story.append("destroyed")
        for message in self.held:
            message.complete(KErrCancel)
        super().destroy()


class Server(CServer2):
    """Makes sessions of the class it is told."""

    def __init__(
        self, session_class: type[Session] = Session, story: list[str] | None = None
    ) -> None:
        super().__init__()
        self.session_class = session_class
        self.story: list[str] = [] if story is None else story

    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        return self.session_class(self.story)


def launched(server: Callable[[], CServer2] = Server) -> RThread:
    return RThread().launch("server", lambda: server().run("life"))


def client(version: int = 1) -> RSessionBase:
    return RSessionBase().create_session("life", TVersion(version))


def call(session: RSessionBase, function: int, number: int = 0) -> int:
    return session.try_send_receive(function, TIpcArgs(number))


def requested(session: RSessionBase, function: int, number: int = 0) -> TRequestStatus:
    status = TRequestStatus()
    session.request(function, TIpcArgs(number), status)
    return status


def end_of(thread: RThread) -> str:
    status = TRequestStatus()
    thread.logon(status)
    User.wait_for_request(status)
    return str(thread.exit_info())


def end_of_thread(body: Callable[[], object]) -> str:
    with RThread().create("other", lambda: body() and None) as thread:
        status = TRequestStatus()
        thread.logon(status)
        thread.resume()
        User.wait_for_request(status)
        return str(thread.exit_info())


# Starting.


def test_start_tells_by_a_code_or_by_leaving(run: Run) -> None:
    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        first, second = Server(), Server()
        assert first.try_start("life") == KErrNone
        assert second.try_start("life") == KErrAlreadyExists
        assert trap(second.start, "li*e") == KErrBadName
        KHeap.fail_next(1)
        assert second.try_start("other") == KErrNoMemory
        KHeap.reset()
        assert not second.is_added
        assert second.try_start("other") == KErrNone
        first.destroy()
        second.destroy()

    run(program)


def test_an_absent_name_is_refused_at_once_and_nothing_is_queued(run: Run) -> None:
    def program() -> None:
        assert trap(client) == KErrNotFound
        served: list[str] = []
        launched(lambda: Server(Session, served))
        with client() as session:
            assert call(session, ECHO, 3) == 3
        assert trap(RSessionBase().create_session, "liffe") == KErrNotFound

    run(program)


def test_receiving_again_while_receiving_changes_nothing(run: Run) -> None:
    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        server = Server()
        server.start("life")
        server.restart()
        assert server.status == KRequestPending
        server.destroy()

    run(program)


# Connecting.


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (TVersion(2, 5, 0), KErrNone),
        (TVersion(2, 5, 999), KErrNone),  # builds are not looked at
        (TVersion(2, 4, 0), KErrNone),
        (TVersion(1, 99, 0), KErrNone),
        (TVersion(0, 0, 0), KErrNone),
        (TVersion(2, 6, 0), KErrNotSupported),
        (TVersion(3, 0, 0), KErrNotSupported),
    ],
    ids=str,
)
def test_a_version_is_supported_unless_it_is_newer(
    run: Run, asked: TVersion, code: int
) -> None:
    class Versioned(Server):
        def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
            assert version == asked
            if not User.query_version_supported(TVersion(2, 5, 7), version):
                raise Leave(KErrNotSupported)
            return super().new_session(version, message)

    def program() -> None:
        launched(Versioned)
        session = RSessionBase()
        assert trap(session.create_session, "life", asked) == code
        session.close()

    run(program)


def test_a_session_that_finds_no_memory_is_refused(run: Run) -> None:
    """The framework's own allocation, the server's, and Python's."""
    made: list[int] = []

    class Poor(Server):
        def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
            made.append(version.major)
            if version.major == 2:
                raise MemoryError
            return super().new_session(version, message)

    class PoorSession(Session):
        def service(self, message: RMessage2) -> None:
            if message.function == ASK:
                UHeap.fail_next(1)
                message.complete(KErrNone)
            else:
                raise MemoryError

    def program() -> None:
        launched(lambda: Poor(PoorSession))
        with client(1) as first:
            assert call(first, ASK) == KErrNone
            assert trap(client, 3) == KErrNoMemory
            assert trap(client, 2) == KErrNoMemory
            assert made == [1, 2]
            assert call(first, ECHO) == KErrNoMemory
            client(4).close()

    run(program)


def test_a_refused_session_leaves_no_memory_behind(run: Run) -> None:
    cells: list[int] = []

    class Refusing(Session):
        def create(self) -> None:
            if self.server.message.int0 & 0xFF == 2:
                raise Leave(KErrAccessDenied)

        def service(self, message: RMessage2) -> None:
            cells.append(UHeap.cells())
            super().service(message)

    def program() -> None:
        launched(lambda: Server(Refusing))
        with client(1) as session:
            call(session, ECHO)
            assert trap(client, 2) == KErrAccessDenied
            call(session, ECHO)
            other = client(3)
            call(session, ECHO)
            other.close()
            call(session, ECHO)
        first, refused, two, one = cells
        assert (refused, two, one) == (first, first + 1, first)

    run(program)


def test_a_server_may_panic_the_client_that_it_refuses(run: Run) -> None:
    class Strict(Server):
        def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
            if version.major == 2:
                message.panic("Strict", 7)
                raise Leave(KErrAccessDenied)
            return super().new_session(version, message)

    def program() -> None:
        launched(Strict)
        assert end_of_thread(lambda: client(2)) == "panicked Strict 7"
        with client() as session:
            assert call(session, ECHO, 4) == 4

    run(program)


def test_a_connect_on_a_session_that_exists_panics_its_client(run: Run) -> None:
    """The kernel refuses to send one; a server that is handed one, too."""

    class Misled(Server):
        def handle_message(self, message: RMessage2) -> None:
            if message.function == ASK:
                args = (message.handle, KMessageConnect, message.args)
                message.handle = 0
                message = RMessage2((*args, message.session_ptr))
            super().handle_message(message)

    def program() -> None:
        launched(Misled)
        with client() as session:
            end = end_of_thread(lambda: call(client(), ASK))
            assert end == "panicked CServer 2"
            assert call(session, ECHO, 4) == 4

    run(program)


# Messages that are kept.


def test_a_message_is_completed_once_whichever_copy_does_it(run: Run) -> None:
    class Hasty(Session):
        def service(self, message: RMessage2) -> None:
            copy = message.copy()
            message.complete(5)
            (message if message.int0 == 1 else copy).complete(6)

    def end_of_server(which: int) -> str:
        with launched(lambda: Server(Hasty)) as thread, client() as session:
            assert call(session, ECHO, which) == 5  # the first counts
            return end_of(thread)

    def program() -> None:
        assert end_of_server(1) == "panicked USER 70"
        assert end_of_server(2) == "panicked KERN-EXEC 44"

    run(program)


def test_a_service_may_wait_and_leave_with_others_served_meanwhile(run: Run) -> None:
    """The leave's code goes to the request that was served, not to the latest."""
    wait = CActiveSchedulerWait()

    class Waiting(Session):
        def service(self, message: RMessage2) -> None:
            if message.function == HOLD:
                self.server.restart()
                wait.start()
                raise Leave(KErrAccessDenied)
            if message.function == RELEASE:
                wait.async_stop()
            message.complete(message.int0)

    def program() -> None:
        launched(lambda: Server(Waiting))
        with client() as session, client() as other:
            held = requested(session, HOLD)
            assert call(other, ECHO, 8) == 8
            assert held == KRequestPending
            assert call(other, RELEASE, 9) == 9
            User.wait_for_request(held)
            assert held == KErrAccessDenied
            assert call(session, ECHO, 10) == 10

    run(program)


def test_the_destructor_answers_what_its_session_holds(run: Run) -> None:
    """What it does not hold, the kernel answers when the server is deleted."""

    class Stopping(Session):
        def service(self, message: RMessage2) -> None:
            if message.function == ASK:
                CActiveScheduler.stop()
            else:
                super().service(message)

    def program() -> None:
        story: list[str] = []
        with launched(lambda: Server(Stopping, story)) as thread:
            first, second = client(), client()
            held = [requested(first, HOLD), requested(second, HOLD)]
            left = requested(first, ASK)
            for status in (*held, left):
                User.wait_for_request(status)
            assert [status.value for status in held] == [KErrCancel, KErrCancel]
            assert left == KErrServerTerminated
            assert end_of(thread) == "exited with KErrNone"
            assert story == ["destroyed", "destroyed"]
            assert call(second, ECHO) == KErrServerTerminated
            first.close()
            second.close()
            assert story == ["destroyed", "destroyed"]

    run(program)


def test_the_destructor_may_complete_what_a_closed_session_left(run: Run) -> None:
    """Nobody is told any more, and the server goes on."""

    def program() -> None:
        story: list[str] = []
        launched(lambda: Server(Session, story))
        session, other = client(), client()
        held = requested(session, HOLD)
        assert call(session, ECHO, 1) == 1
        session.close()
        assert call(other, ECHO, 2) == 2
        assert story == ["destroyed"]
        assert held == KRequestPending
        other.close()

    run(program)


# Disconnecting.


def test_a_disconnect_may_be_completed_much_later(run: Run) -> None:
    """Until then its accepted requests are still the server's to complete."""

    class Slow(Session):
        def disconnect(self, message: RMessage2) -> None:
            self.story.append("disconnecting")
            server = self.server
            assert isinstance(server, SlowServer)
            server.leaving.append((self, message.copy()))

        def service(self, message: RMessage2) -> None:
            server = self.server
            assert isinstance(server, SlowServer)
            if message.function == RELEASE:
                session, disconnect = server.leaving.pop()
                server.end_session(session)
                disconnect.complete(KErrNone)
            super().service(message)

    class SlowServer(Server):
        def __init__(self) -> None:
            super().__init__(Slow, story)
            self.leaving: list[tuple[Slow, RMessage2]] = []

    story: list[str] = []

    def program() -> None:
        launched(SlowServer)
        other = client()
        call(other, ECHO)
        session = client()
        held = requested(session, HOLD)
        call(session, ECHO)
        session.close()
        call(other, ECHO)
        assert story == ["disconnecting"]
        call(other, RELEASE)
        assert story == ["disconnecting", "destroyed"]
        assert held == KRequestPending
        other.close()

    run(program)


def test_a_server_that_exits_on_request_answers_first(run: Run) -> None:
    def program() -> None:
        with launched() as thread:
            session = client()
            assert call(session, EXIT) == KErrNone
            assert end_of(thread) == "exited with KErrNone"
            assert call(session, ECHO) == KErrServerTerminated
            session.close()
        assert trap(client) == KErrNotFound

    run(program)


def test_sessions_are_not_sharable_unless_the_server_says_so(machine: Kernel) -> None:
    def program() -> None:
        launched()
        client().share_auto()

    assert str(machine.run(program)) == "panicked KERN-EXEC 23"
