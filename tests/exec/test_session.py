"""Sessions from the client's side: symbian-kernel 6.4 to 6.6."""

from collections.abc import Callable

import pytest

from eka import Executable, Image, Kernel
from kernel.abi.current import current_exec
from userlib import (
    CServer2,
    CSession2,
    ECapabilityProtServ,
    EExitPending,
    EGlobalSharableSessions,
    EIpcSession_GlobalSharable,
    EIpcSession_Sharable,
    EIpcSession_Unsharable,
    EOwnerProcess,
    EOwnerThread,
    EPriorityStandard,
    ESharableSessions,
    EUnsharableSessions,
    KErrArgument,
    KErrBadName,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    KErrOverflow,
    KErrPermissionDenied,
    KErrServerBusy,
    Leave,
    RMessage2,
    RSemaphore,
    RServer2,
    RSessionBase,
    RThread,
    TIpcArgs,
    Trap,
    TRequestStatus,
    TSecurityPolicy,
    TServerType,
    TVersion,
    User,
)

FINE = "exited with KErrNone"
THREAD_OWNED = 0x40000000  # bit 30 of a handle
PING, HOLD, RELEASE = range(3)


class PingSession(CSession2):
    """Answers with its argument, or keeps the message until told to answer."""

    def service(self, message: RMessage2) -> None:
        server = self.server
        assert isinstance(server, PingServer)
        match message.function:
            case 0:
                message.complete(message.int0)
            case 1:
                server.held.append(message)
            case _:
                for held in server.held:
                    held.complete(KErrNone)
                server.held.clear()
                message.complete(KErrNone)


class PingServer(CServer2):
    """Supports version 1 and notes how many sessions it made."""

    def __init__(self, session_type: TServerType = ESharableSessions) -> None:
        super().__init__(EPriorityStandard, session_type)
        self.held: list[RMessage2] = []
        self.made = 0

    def new_session(self, version: TVersion, message: RMessage2) -> PingSession:
        if version.major > 1:
            raise Leave(KErrNotSupported)
        self.made += 1
        return PingSession()


def launched(session_type: TServerType = ESharableSessions) -> RThread:
    """A thread that serves as "ping"; the process's end takes it along."""
    return RThread().launch("server", lambda: PingServer(session_type).run("ping"))


def connected(session_type: TServerType = ESharableSessions) -> RSessionBase:
    launched(session_type)
    return RSessionBase().create_session("ping")


def ping(session: RSessionBase, number: int) -> int:
    return session.try_send_receive(PING, TIpcArgs(number))


def end_of(machine: Kernel, program: Callable[[], int | None]) -> str:
    return str(machine.run(program))


def end_of_thread(body: Callable[[], int | None]) -> str:
    """How another thread of the process ends."""
    status = TRequestStatus()
    with RThread().create("other", body) as thread:
        thread.logon(status)
        thread.resume()
        User.wait_for_request(status)
        return str(thread.exit_info())


def code_of(call: Callable[[], object]) -> int:
    with Trap() as result:
        call()
    return result.code


# Creating.


@pytest.mark.case("SK-090")
def test_anonymous_server_is_reached_by_its_handle_only(machine: Kernel) -> None:
    handles: list[RServer2] = []

    class Anonymous(PingServer):
        def start(self, name: str) -> None:
            super().start(name)
            handles.append(self.server)

    def serve() -> int:
        return Anonymous(EGlobalSharableSessions).run("")

    def program() -> None:
        RThread().launch("server", serve)
        session = RSessionBase()
        assert code_of(lambda: session.create_session("")) == KErrNotFound
        session.create_session(handles[0])
        assert ping(session, 1234) == 1234
        session.share_protected()
        assert ping(session, 1234) == 1234
        session.close()

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-097")
def test_slots_are_at_most_512(machine: Kernel) -> None:
    def program() -> None:
        RServer2().create_global("raw")

        def create(slots: int) -> None:
            handle = current_exec.get().session_create(
                "raw", slots, EIpcSession_Unsharable, None
            )
            RSessionBase(handle).close()

        codes = [code_of(lambda n=n: create(n)) for n in (1000, -2, 512, -1, 0)]
        assert codes == [KErrArgument, KErrArgument, KErrNone, KErrNone, KErrNone]

    assert end_of(machine, program) == FINE


def test_checks_of_a_new_session_come_in_their_order(machine: Kernel) -> None:
    def program() -> None:
        kernel = current_exec.get()

        def create(name: str, slots: int, mode: int) -> int:
            return code_of(lambda: kernel.session_create(name, slots, mode, None))

        assert create("a:b", 1000, 3) == KErrBadName
        assert create("absent", 1000, 0) == KErrArgument
        assert create("absent", -1, 3) == KErrArgument
        assert create("absent", -1, 0) == KErrNotFound

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-092")
def test_connect_can_be_asynchronous(machine: Kernel) -> None:
    def program() -> None:
        server = launched()
        server.suspend()  # so that it cannot answer before we look
        session, status = RSessionBase(), TRequestStatus()
        session.create_session("ping", status=status)
        assert status.is_pending
        server.resume()
        User.wait_for_request(status)
        assert status == KErrNone
        assert ping(session, 5) == 5
        session.close()

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-093")
def test_refused_asynchronous_connect_leaves_a_handle_to_close(
    machine: Kernel,
) -> None:
    def refused() -> RSessionBase:
        launched()
        session, status = RSessionBase(), TRequestStatus()
        session.create_session("ping", TVersion(2), status=status)
        User.wait_for_request(status)
        assert status == KErrNotSupported
        return session

    assert end_of(machine, lambda: refused().close()) == FINE
    assert end_of(machine, lambda: ping(refused(), 1)) == "panicked CServer 1"


@pytest.mark.case("SK-094")
def test_client_policy_says_which_server_will_do(machine: Kernel) -> None:
    image = Image(
        uid3=0x1234,
        vendor_id=0x5678,
        capabilities=frozenset([ECapabilityProtServ]),
    )
    policies: list[tuple[TSecurityPolicy | None, int]] = [
        (TSecurityPolicy.of_secure_id(0x1235), KErrPermissionDenied),
        (TSecurityPolicy.of_vendor_id(0x5679), KErrPermissionDenied),
        (TSecurityPolicy.of_capabilities(0), KErrPermissionDenied),
        (TSecurityPolicy.of_secure_id(0x1234), KErrNone),
        (TSecurityPolicy.of_vendor_id(0x5678), KErrNone),
        (TSecurityPolicy.of_capabilities(ECapabilityProtServ), KErrNone),
        (TSecurityPolicy.of_capabilities(-1), KErrNone),
        (None, KErrNone),
    ]

    def program() -> None:
        launched()
        for policy, expected in policies:
            with RSessionBase() as session:
                code = code_of(
                    lambda s=session, p=policy: s.create_session("ping", policy=p)
                )
                assert (policy, code) == (policy, expected)

    machine.register("server", Executable(program, image))
    assert str(machine.run("server")) == FINE


@pytest.mark.case("SK-123")
def test_session_without_slots_is_only_synchronous(machine: Kernel) -> None:
    def program() -> None:
        launched()
        with RSessionBase().create_session("ping", slots=0) as session:
            status = TRequestStatus()
            session.request(PING, TIpcArgs(1), status)
            assert status == KErrServerBusy
            User.wait_for_request(status)
            assert session.try_send(PING) == KErrServerBusy
            assert ping(session, 6) == 6

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-124")
def test_session_has_at_most_512_messages_not_yet_freed(machine: Kernel) -> None:
    def program() -> None:
        with connected() as session:
            statuses = [TRequestStatus() for _ in range(513)]
            for status in statuses:
                session.request(HOLD, TIpcArgs(), status)
            assert all(status.is_pending for status in statuses[:512])
            assert statuses[512] == KErrOverflow

    assert end_of(machine, program) == FINE


# Sending.


@pytest.mark.case("SK-125")
def test_negative_function_panics_user_72(machine: Kernel) -> None:
    for function in (-1, -2):
        end = end_of(machine, lambda f=function: connected().try_send_receive(f))
        assert end == "panicked USER 72"


# Sharing.


@pytest.mark.case("SK-126")
def test_type_beyond_the_servers_is_refused(machine: Kernel) -> None:
    def create(server: TServerType, session_type: int) -> Callable[[], int]:
        def program() -> int:
            launched(server)
            session = RSessionBase()
            return code_of(
                lambda: session.create_session("ping", session_type=session_type)
            )

        return program

    assert end_of(machine, create(EUnsharableSessions, EIpcSession_Sharable)) == (
        "panicked KERN-EXEC 23"
    )
    assert end_of(machine, lambda: connected(EUnsharableSessions).share_auto()) == (
        "panicked KERN-EXEC 23"
    )
    assert end_of(machine, create(ESharableSessions, EIpcSession_GlobalSharable)) == (
        "exited with KErrPermissionDenied"
    )


@pytest.mark.case("SK-127")
def test_share_auto_replaces_a_thread_owned_handle(machine: Kernel) -> None:
    def program() -> None:
        session = connected()
        old = session.handle
        session.share_auto()
        shared = session.handle
        assert shared != old
        assert (old & THREAD_OWNED, shared & THREAD_OWNED) == (THREAD_OWNED, 0)
        session.share_auto()
        assert session.handle == shared
        assert ping(session, 3) == 3
        ping(RSessionBase(old), 3)

    assert end_of(machine, program) == "panicked KERN-EXEC 0"


def test_share_protected_needs_a_global_server(machine: Kernel) -> None:
    def program() -> None:
        with connected() as session:
            assert code_of(session.share_protected) == KErrPermissionDenied

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-120")
def test_session_of_a_sharable_server_can_be_duplicated_for_the_process(
    machine: Kernel,
) -> None:
    def program() -> None:
        original = connected()
        duplicate = RSessionBase(original.handle)
        duplicate.duplicate(RThread(), EOwnerProcess)
        original.close()
        assert ping(duplicate, 8) == 8
        assert end_of_thread(lambda: ping(duplicate, 9)) == "exited with 9"
        duplicate.close()

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-122")
def test_users_of_a_shared_handle_panic_when_it_is_closed(machine: Kernel) -> None:
    def program() -> None:
        session = connected()
        session.share_auto()
        copy = RSessionBase(session.handle)
        assert end_of_thread(lambda: ping(copy, 4)) == "exited with 4"
        session.close()
        assert end_of_thread(lambda: ping(copy, 4)) == "panicked KERN-EXEC 0"

    def server_goes() -> None:
        server = launched()
        session = RSessionBase().create_session("ping")
        session.share_auto()
        server.kill(KErrNone)
        end = end_of_thread(lambda: ping(RSessionBase(session.handle), 4))
        assert end == "exited with KErrServerTerminated"

    assert end_of(machine, program) == FINE
    assert end_of(machine, server_goes) == FINE


@pytest.mark.case("SK-183")
def test_session_of_an_unsharable_server_is_its_threads_own(machine: Kernel) -> None:
    def program() -> None:
        session = connected(EUnsharableSessions)
        main = RThread().duplicate(RThread())
        other = RSessionBase(session.handle)
        assert end_of_thread(lambda: ping(other, 1)) == "panicked KERN-EXEC 0"

        def duplicate(thread: RThread, owner: int) -> int:
            other = RSessionBase(session.handle)
            code = code_of(lambda: other.duplicate(thread, owner))
            assert bool(other.handle) == (code == KErrNone)
            other.close()
            return code

        end = end_of_thread(lambda: duplicate(main, EOwnerThread))
        assert end == "exited with KErrPermissionDenied"
        assert duplicate(RThread(), EOwnerProcess) == KErrPermissionDenied
        assert duplicate(RThread(), EOwnerThread) == KErrNone
        assert ping(session, 2) == 2
        session.close()

    assert end_of(machine, program) == FINE


@pytest.mark.case("SK-181")
def test_at_most_255_live_threads_use_a_session(machine: Kernel) -> None:
    def program() -> None:
        session = connected()
        session.share_auto()
        leave = RSemaphore().create_local(0)
        used = RSemaphore().create_local(0)

        def user() -> int:
            code = ping(RSessionBase(session.handle), 5)
            used.signal()
            leave.wait()
            return code

        assert ping(session, 5) == 5
        threads = [RThread().create(f"user{i}", user) for i in range(254)]
        for thread in threads:
            thread.resume()
        for _ in threads:
            used.wait()
        assert end_of_thread(user) == "panicked KERN-EXEC 31"
        assert ping(session, 6) == 6
        status = TRequestStatus()
        threads[0].logon(status)
        threads[0].kill(5)
        User.wait_for_request(status)
        assert end_of_thread(lambda: ping(RSessionBase(session.handle), 5)) == (
            "exited with 5"
        )

    assert end_of(machine, program) == FINE


def test_invariants_hold_while_a_server_is_slow_to_hear_of_a_disconnect(
    machine: Kernel,
) -> None:
    """Its client's request is in use until then, though the session is closed."""

    class Slow(CSession2):
        def service(self, message: RMessage2) -> None:
            self.held = message
            User.after(1_000_000)

        def disconnect(self, message: RMessage2) -> None:
            self.held.complete(KErrNone)
            super().disconnect(message)

    class SlowServer(CServer2):
        def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
            return Slow()

    def client() -> None:
        session = RSessionBase().create_session("slow")
        session.request(0, TIpcArgs(), TRequestStatus())

    server = machine.start(lambda: SlowServer().run("slow"))
    machine.wait_idle()
    assert str(machine.run(client)) == FINE
    machine.debug.check()
    assert server.exit_info.type == EExitPending
    machine.advance(1_000_000)
    machine.debug.check()
    server.kill()
