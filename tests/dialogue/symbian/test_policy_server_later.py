"""Policy servers that decide later, or go wrong: symbian-kernel 7.4, userlib 10.2."""

from collections.abc import Callable

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    CPolicyServer,
    CSession2,
    ECapabilityTCB,
    EPriorityStandard,
    KErrAccessDenied,
    KErrGeneral,
    KErrNoMemory,
    KErrNone,
    KErrNotSupported,
    KErrPermissionDenied,
    KErrServerTerminated,
    KRequestPending,
    Leave,
    RMessage2,
    RSessionBase,
    RThread,
    TCustomResult,
    TIpcArgs,
    TPolicy,
    TPolicyCheck,
    TPolicyElement,
    TRequestStatus,
    TSecurityPolicy,
    TVersion,
    User,
    trap,
)

PASS, NOT_SUPPORTED, CUSTOM = 253, 254, 255
EPass, EFail = CPolicyServer.EPass, CPolicyServer.EFail
EAsync = CPolicyServer.EAsync
OWN_ACTION = -5

# Functions.
KConnect, KDisconnect = -1, -2
CHECKED, OWN, DECIDE, LEAVE_IN_SERVICE, PANICKED = range(5)

TCB = TSecurityPolicy.of_capabilities(ECapabilityTCB)  # that no client here has
TABLE = TPolicy(
    on_connect=PASS,
    ranges=(CHECKED, OWN, DECIDE, LEAVE_IN_SERVICE, PANICKED),
    element_indexes=(CUSTOM, 0, PASS, CUSTOM, 1),
    elements=(
        TPolicyElement(TCB, OWN_ACTION),
        TPolicyElement(TCB, CPolicyServer.EPanicClient),
    ),
)


class Session(CSession2):
    def __init__(self, served: list[int]) -> None:
        self.served = served

    def service(self, message: RMessage2) -> None:
        self.served.append(message.function)
        if message.function == LEAVE_IN_SERVICE:
            raise Leave(KErrGeneral)
        message.complete(message.int0)

    def service_error(self, message: RMessage2, code: int) -> None:
        message.complete(code - 1000)

    def destroy(self) -> None:
        self.served.append(KDisconnect)
        super().destroy()


class Server(CPolicyServer):
    """Keeps what is to be decided; DECIDE has its argument do it."""

    def __init__(self, served: list[int], table: TPolicy = TABLE) -> None:
        super().__init__(EPriorityStandard, table)
        self.served = served
        self.waiting: list[RMessage2] = []

    def new_session(self, version: TVersion, message: RMessage2) -> CSession2:
        if version.major == 2:
            raise Leave(KErrAccessDenied)
        return Session(self.served)

    def keep(self, message: RMessage2) -> TCustomResult:
        self.waiting.append(message.copy())
        return EAsync

    def custom_security_check(
        self, message: RMessage2, check: TPolicyCheck
    ) -> TCustomResult:
        return self.keep(message)

    def custom_failure_action(
        self, message: RMessage2, action: int, missing: frozenset[int]
    ) -> TCustomResult:
        assert (action, missing) == (OWN_ACTION, {ECapabilityTCB})
        return self.keep(message)

    def handle_message(self, message: RMessage2) -> None:
        super().handle_message(message)
        if message.function == DECIDE:
            waiting, self.waiting = self.waiting, []
            for kept in waiting:
                code = trap(self.decide, kept)
                if code != KErrNone:
                    self.process_error(kept, code)

    def decide(self, message: RMessage2) -> None:
        """As argument 1 says."""
        if message.args[1] == 0:
            self.process(message)
        else:
            self.check_failed(message, message.args[2])


def launched(make: Callable[[], CPolicyServer]) -> RThread:
    return RThread().launch("server", lambda: make().run("later"))


def client(version: int = 0) -> RSessionBase:
    return RSessionBase().create_session("later", TVersion(version))


def requested(
    session: RSessionBase, function: int, number: int, *how: int
) -> TRequestStatus:
    status = TRequestStatus()
    session.request(function, TIpcArgs(number, *how), status)
    return status


def end_of_thread(body: Callable[[], object]) -> str:
    status = TRequestStatus()
    with RThread().create("other", lambda: body() and None) as thread:
        thread.logon(status)
        thread.resume()
        User.wait_for_request(status)
        return str(thread.exit_info())


@pytest.mark.parametrize(
    ("function", "how", "code"),
    [
        (CHECKED, (0,), 7),
        (CHECKED, (1, CPolicyServer.EFailClient), KErrPermissionDenied),
        (OWN, (0,), 7),
        (OWN, (1, CPolicyServer.EFailClient), KErrPermissionDenied),
        # What leaves after it has passed is the session's, else it is the server's.
        (LEAVE_IN_SERVICE, (0,), KErrGeneral - 1000),
    ],
)
def test_a_hook_may_decide_later(
    run: Run, function: int, how: tuple[int, ...], code: int
) -> None:
    served: list[int] = []

    def program() -> None:
        launched(lambda: Server(served))
        with client() as session, client() as other:
            asked = requested(session, function, 7, *how)
            assert asked == KRequestPending
            assert other.send_receive(DECIDE) == 0
            User.wait_for_request(asked)
            assert asked == code

    run(program)
    passed = how == (0,)
    assert (function in served) is passed


def test_connecting_may_be_decided_later(run: Run) -> None:
    """It passes, its session refuses, or it fails; the next client is not kept."""
    table = TPolicy(CUSTOM, (0,), (PASS,))
    served: list[int] = []

    class Chooser(Server):
        def custom_security_check(
            self, message: RMessage2, check: TPolicyCheck
        ) -> TCustomResult:
            assert message.function == KConnect
            major = TVersion.unpack(message.int0).major
            return EPass if major == 1 else self.keep(message)

        def decide(self, message: RMessage2) -> None:
            if TVersion.unpack(message.int0).major == 3:
                self.check_failed(message, self.EFailClient)
            else:
                self.process(message)

    def program() -> None:
        launched(lambda: Chooser(served, table))
        with client(1) as ready:
            sessions = [RSessionBase() for _ in range(3)]
            statuses = [TRequestStatus() for _ in sessions]
            for version, (session, status) in enumerate(
                zip(sessions, statuses, strict=True)
            ):
                asked = TVersion(version + (version > 0))
                session.create_session("later", asked, status=status)
            assert ready.send_receive(DECIDE) == 0
            for status in statuses:
                User.wait_for_request(status)
            codes = [status.value for status in statuses]
            assert codes == [KErrNone, KErrAccessDenied, KErrPermissionDenied]
            assert sessions[0].send_receive(6, TIpcArgs(9)) == 9
            for session in sessions:
                session.close()
            assert ready.send_receive(6, TIpcArgs(8)) == 8  # all of that was handled
            assert served == [DECIDE, 6, KDisconnect, 6]  # of the one there was

    run(program)


def test_disconnecting_is_never_checked(run: Run) -> None:
    served: list[int] = []
    table = TPolicy(PASS, (0,), (NOT_SUPPORTED,))

    def program() -> None:
        launched(lambda: Server(served, table))
        with client() as session:
            client().close()
            assert session.try_send_receive(6) == KErrNotSupported
            assert served == [KDisconnect]

    run(program)


def test_an_element_may_panic_whom_it_refuses(run: Run) -> None:
    def program() -> None:
        launched(lambda: Server([]))
        end = end_of_thread(lambda: client().send_receive(PANICKED))
        assert end == "panicked E32USER-CBase 103"

    run(program)


def test_connecting_may_be_what_a_client_is_panicked_for(run: Run) -> None:
    table = TPolicy(0, (0,), (PASS,), (TPolicyElement(TCB, 1),))

    def program() -> None:
        launched(lambda: Server([], table))
        assert end_of_thread(client) == "panicked E32USER-CBase 103"

    run(program)


@pytest.mark.parametrize("error", [Leave(KErrGeneral), MemoryError()], ids=repr)
def test_a_leave_from_a_hook_is_the_answer(run: Run, error: Exception) -> None:
    class Leaving(Server):
        def custom_security_check(
            self, message: RMessage2, check: TPolicyCheck
        ) -> TCustomResult:
            raise error

        custom_failure_action = custom_security_check  # type: ignore[assignment] # raises all the same

    def program() -> None:
        launched(lambda: Leaving([]))
        code = KErrGeneral if isinstance(error, Leave) else KErrNoMemory
        with client() as session:
            assert session.try_send_receive(CHECKED) == code

    run(program)


def test_a_failure_hook_that_is_missing_or_answers_nonsense_panics(run: Run) -> None:
    class Bare(Server):
        custom_failure_action = CPolicyServer.custom_failure_action

    class Nonsense(Server):
        def custom_failure_action(
            self, message: RMessage2, action: int, missing: frozenset[int]
        ) -> TCustomResult:
            return 3  # type: ignore[return-value] # that is the point

    def end_of_server(make: Callable[[], CPolicyServer]) -> str:
        with launched(make) as thread:
            with client() as session:
                assert session.try_send_receive(OWN) == KErrServerTerminated
            return str(thread.exit_info())

    def program() -> None:
        assert end_of_server(lambda: Bare([])) == "panicked E32USER-CBase 95"
        assert end_of_server(lambda: Nonsense([])) == "panicked E32USER-CBase 101"

    run(program)


def test_an_error_of_what_is_never_checked_panics_the_server(machine: Kernel) -> None:
    def program() -> None:
        Server([]).process_error(
            RMessage2((0, KDisconnect, (0, 0, 0, 0), 0)), KErrGeneral
        )

    assert str(machine.run(program)) == "panicked CPolicyServer 2"
