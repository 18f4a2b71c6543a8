"""The server framework and its clients: symbian-kernel 7.2, symbian-userlib 10."""

from collections.abc import Callable

import pytest

from eka import Kernel
from kernel.abi.current import current_exec
from userlib import (
    CActive,
    CActiveScheduler,
    CServer2,
    CSession2,
    EPriorityStandard,
    EPriorityUserInput,
    ESharableSessions,
    EUnsharableSessions,
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    KErrServerTerminated,
    KRequestPending,
    Leave,
    RMessage2,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRequestStatus,
    TServerType,
    TVersion,
    User,
    trap,
)

FINE = "exited with KErrNone"
ECHO, LEAVE, HOLD, STOP, MARK, UNMARKED, COMPLETE_AND_LEAVE = range(7)


class StorySession(CSession2):
    """Does what the function number says, with argument 0."""

    def __init__(self, story: list[str]) -> None:
        self.story = story
        self.held: list[RMessage2] = []
        self.resources = 0

    def create(self) -> None:
        self.story.append("create")

    def destroy(self) -> None:
        self.story.append("destroy")
        super().destroy()

    def count_resources(self) -> int:
        return self.resources

    def service(self, message: RMessage2) -> None:
        match message.function:
            case 0:
                message.complete(message.int0)
            case 1:
                raise Leave(message.int0)
            case 2:
                self.held.append(message)
            case 3:
                CActiveScheduler.stop()
            case 4:
                self.measured(message, grows_by=0)
            case 5:
                self.measured(message, grows_by=1)
            case _:
                message.complete(message.int0)
                raise Leave(KErrAccessDenied)

    def measured(self, message: RMessage2, *, grows_by: int) -> None:
        self.resource_count_mark_start()
        self.resources += grows_by
        self.resource_count_mark_end(message)
        if not message.is_null:
            message.complete(message.int0)


class StoryServer(CServer2):
    """Refuses versions above 1."""

    def __init__(
        self,
        story: list[str] | None = None,
        session_class: type[StorySession] = StorySession,
        session_type: TServerType = ESharableSessions,
    ) -> None:
        super().__init__(EPriorityStandard, session_type)
        self.story: list[str] = [] if story is None else story
        self.session_class = session_class

    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        if not User.query_version_supported(TVersion(1), version):
            raise Leave(KErrNotSupported)
        return self.session_class(self.story)


def serve(
    story: list[str] | None = None,
    session_class: type[StorySession] = StorySession,
    session_type: TServerType = ESharableSessions,
) -> Callable[[], int]:
    return lambda: StoryServer(story, session_class, session_type).run("story")


def client(version: int = 1) -> RSessionBase:
    return RSessionBase().create_session("story", TVersion(version))


def call(session: RSessionBase, function: int, number: int = 0) -> int:
    return session.try_send_receive(function, TIpcArgs(number))


def end_of_thread(body: Callable[[], int | None]) -> str:
    status = TRequestStatus()
    with RThread().create("other", body) as thread:
        thread.logon(status)
        thread.resume()
        User.wait_for_request(status)
        return str(thread.exit_info())


def end_of(machine: Kernel, program: Callable[[], int | None]) -> str:
    return str(machine.run(program))


@pytest.mark.case("SU-72")
def test_leave_from_service_is_the_clients_answer(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", serve())
        with client() as session:
            assert call(session, LEAVE, -21) == -21
            assert call(session, ECHO, 5) == 5
            assert call(session, COMPLETE_AND_LEAVE, 8) == 8
            assert call(session, ECHO, 5) == 5

    assert end_of(machine, program) == FINE


@pytest.mark.case("SU-73")
def test_refused_version_leaves_no_session(machine: Kernel) -> None:
    story: list[str] = []

    def program() -> None:
        RThread().launch("server", serve(story))
        session = RSessionBase()
        assert trap(session.create_session, "story", TVersion(2)) == KErrNotSupported
        assert session.handle == 0
        with client() as session:
            call(session, ECHO)

    assert end_of(machine, program) == FINE
    assert story[:1] == ["create"]  # of the second client


def test_leave_from_create_destroys_the_session_and_refuses(machine: Kernel) -> None:
    story: list[str] = []

    class Refusing(StorySession):
        def create(self) -> None:
            super().create()
            raise Leave(KErrAccessDenied)

    def program() -> None:
        RThread().launch("server", serve(story, Refusing))
        code = trap(RSessionBase().create_session, "story")
        assert code == KErrAccessDenied

    assert end_of(machine, program) == FINE
    assert story == ["create", "destroy"]


@pytest.mark.case("SU-74")
def test_destroying_the_server_answers_all_who_wait(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", serve())
        session = client()
        waiting = [TRequestStatus(), TRequestStatus()]
        for status in waiting:
            session.request(HOLD, TIpcArgs(), status)
        stopped = TRequestStatus()
        session.request(STOP, TIpcArgs(), stopped)
        for status in (*waiting, stopped):
            User.wait_for_request(status)
            assert status == KErrServerTerminated
        assert call(session, ECHO, 1) == KErrServerTerminated
        session.close()

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-091")
def test_server_that_stops_while_it_serves_answers_its_client(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", serve())
        with client() as session:
            assert call(session, STOP) == KErrServerTerminated
        assert trap(client) == KErrNotFound

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-095")
def test_overrides_may_change_the_code_on_its_way(machine: Kernel) -> None:
    class Session(StorySession):
        def service_error(self, message: RMessage2, code: int) -> None:
            super().service_error(message, code + 20)

    class Server(StoryServer):
        def run_error(self, code: int) -> int:
            return super().run_error(code + 3)

    def program() -> None:
        RThread().launch("server", lambda: Server([], Session).run("story"))
        with client() as session:
            assert call(session, LEAVE, 555) == 578

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-096")
def test_session_that_grew_panics_its_client(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", serve())
        with client() as session:
            assert call(session, MARK, 7) == 7
            end = end_of_thread(lambda: call(client(), UNMARKED, 7))
            assert end == "panicked CSession 2"
            assert call(session, ECHO, 9) == 9

    assert end_of(machine, program) == FINE


def test_resources_that_are_not_counted_panic_the_server(machine: Kernel) -> None:
    class Session(StorySession):
        count_resources = CSession2.count_resources

    def program() -> None:
        server = RThread().launch("server", serve([], Session))
        with client() as session:
            assert call(session, MARK) == KErrServerTerminated
        assert str(server.exit_info()) == "panicked CSession 1"
        server.close()

    assert end_of(machine, program) == FINE


def test_bad_messages_panic_the_client_only(machine: Kernel) -> None:
    def raw(function: int) -> Callable[[], int]:
        def body() -> int:
            kernel = current_exec.get()
            session = kernel.session_create("story", -1, 0, None)
            return kernel.session_send_receive(session, function, (), 0)

        return body

    def connect_again() -> int:
        handle = client().handle
        return current_exec.get().session_send_receive(handle, -1, (0,), 0)

    def program() -> None:
        RThread().launch("server", serve())
        assert end_of_thread(raw(ECHO)) == "panicked CServer 1"
        assert end_of_thread(raw(-3)) == "panicked CServer 0"
        assert end_of_thread(connect_again) == "panicked KERN-EXEC 57"
        with client() as session:
            assert call(session, ECHO, 9) == 9

    assert end_of(machine, program) == FINE


@pytest.mark.case("SU-94")
def test_start_creates_the_server_and_begins_to_receive(machine: Kernel) -> None:
    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        first, second = StoryServer(), StoryServer()
        first.start("story")
        assert (first.is_added, first.is_active) == (True, True)
        assert first.status == KRequestPending
        assert trap(second.start, "story") == KErrAlreadyExists
        assert (second.is_added, second.is_active) == (False, False)
        first.destroy()
        second.start("story")
        second.destroy()

    def without_scheduler() -> None:
        StoryServer().start("story")

    def pinned_too_late() -> None:
        CActiveScheduler.install(CActiveScheduler())
        server = StoryServer()
        server.set_pin_client_descriptors(True)
        server.start("story")
        server.set_pin_client_descriptors(True)

    assert end_of(machine, program) == FINE
    assert end_of(machine, without_scheduler) == "panicked E32USER-CBase 44"
    assert end_of(machine, pinned_too_late) == "panicked E32USER-CBase 106"


@pytest.mark.case("SU-95")
def test_session_is_destroyed_once_before_the_disconnect_completes(
    machine: Kernel,
) -> None:
    story: list[str] = []

    class Session(StorySession):
        def disconnect(self, message: RMessage2) -> None:
            super().disconnect(message)
            story.append(f"message is null: {message.is_null}")

        def destroy(self) -> None:
            story.append(f"message is null: {self.server.message.is_null}")
            super().destroy()

    told = ["message is null: False", "destroy", "message is null: True"]

    def close_it(session_type: TServerType) -> None:
        thread = RThread().launch("server", serve(story, Session, session_type))
        session, other = client(), client()
        session.close()
        call(other, ECHO)  # when this is answered, the disconnect was handled
        assert story == ["create", "create", *told]
        story.clear()
        if session_type is ESharableSessions:
            share_it(other)
        kill(thread)

    def share_it(other: RSessionBase) -> None:
        session = client()
        session.share_auto()
        duplicate = RSessionBase(session.handle).duplicate(RThread())
        session.close()
        call(other, ECHO)
        assert story == ["create"]
        duplicate.close()
        call(other, ECHO)
        assert story == ["create", *told]

    def kill(thread: RThread) -> None:
        status = TRequestStatus()
        thread.logon(status)
        thread.kill(KErrNone)
        User.wait_for_request(status)
        thread.close()

    def program() -> None:
        close_it(EUnsharableSessions)
        close_it(ESharableSessions)

    assert end_of(machine, program) == FINE


@pytest.mark.case("SU-96")
def test_server_goes_before_an_object_of_lower_priority(machine: Kernel) -> None:
    story: list[str] = []

    class Other(CActive):
        def run(self) -> None:
            story.append("other")
            CActiveScheduler.stop()

    class Session(StorySession):
        def service(self, message: RMessage2) -> None:
            story.append("server")
            message.complete(KErrNone)

    def program() -> None:
        CActiveScheduler.install(CActiveScheduler())
        other, server = Other(0), StoryServer([], Session)
        server.set_priority(EPriorityUserInput)  # 10
        CActiveScheduler.add(other)
        server.start("story")
        session = RSessionBase()
        connected = TRequestStatus()
        session.create_session("story", status=connected)
        assert CActiveScheduler.run_if_ready(0) == (True, KErrNone)
        User.wait_for_request(connected)
        # The object's request first, then the message: both wait when the loop begins.
        other.status.value = KRequestPending
        other.set_active()
        User.request_complete(other.status, KErrNone)
        answered = TRequestStatus()
        session.request(ECHO, TIpcArgs(), answered)
        CActiveScheduler.start()
        assert story == ["server", "other"]

    assert end_of(machine, program) == FINE


def test_message_kept_is_answered_later_in_any_order(machine: Kernel) -> None:
    class Session(StorySession):
        def service(self, message: RMessage2) -> None:
            if message.function == HOLD:
                self.held.append(message)
                return
            for code, held in enumerate(reversed(self.held)):
                held.complete(code)
            message.complete(KErrNone)

    def program() -> None:
        RThread().launch("server", serve([], Session))
        with client() as session:
            statuses = [TRequestStatus() for _ in range(3)]
            for status in statuses:
                session.request(HOLD, TIpcArgs(), status)
            assert call(session, ECHO) == KErrNone
            assert [status.value for status in statuses] == [2, 1, 0]
            for status in statuses:
                User.wait_for_request(status)

    assert end_of(machine, program) == FINE


def test_early_restart_receives_while_the_message_is_still_served(
    machine: Kernel,
) -> None:
    class Session(StorySession):
        def service(self, message: RMessage2) -> None:
            self.server.restart()
            assert self.server.is_active
            super().service(message)

    def program() -> None:
        RThread().launch("server", serve([], Session))
        with client() as session:
            assert [call(session, ECHO, n) for n in range(5)] == list(range(5))

    assert end_of(machine, program) == FINE


def test_run_returns_why_it_could_not_start(machine: Kernel) -> None:
    def program() -> None:
        RThread().launch("server", serve())
        second = RThread()
        code = trap(second.launch, "second", serve())
        assert code == KErrAlreadyExists

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-121")
def test_requests_end_well_while_the_server_comes_and_goes(machine: Kernel) -> None:
    codes: set[int] = set()
    refusals: set[int] = set()

    def one_client() -> None:
        for round_ in range(30):
            session = RSessionBase()
            refusal = trap(session.create_session, "story")
            refusals.add(refusal)
            if refusal != KErrNone:
                User.after_high_res(1_000)
                continue
            function = STOP if round_ % 5 == 0 else ECHO
            codes.add(call(session, function))
            session.close()

    def keep_serving() -> None:
        while True:
            StoryServer().run("story")

    def program() -> None:
        server = RThread().create("server", keep_serving)
        server.resume()
        statuses = []
        for number in range(4):
            status = TRequestStatus()
            with RThread().create(f"client{number}", one_client) as thread:
                thread.logon(status)
                thread.resume()
            statuses.append(status)
        for status in statuses:
            User.wait_for_request(status)
            assert status == KErrNone
        server.close()

    assert end_of(machine, program) == FINE
    assert codes <= {KErrNone, KErrServerTerminated}
    assert refusals <= {KErrNone, KErrNotFound, KErrServerTerminated}
