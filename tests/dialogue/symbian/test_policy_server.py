"""Servers that check their clients by a table: symbian-kernel 7.4."""

from collections.abc import Callable

import pytest

from eka import Executable, Image, Kernel
from userlib import (
    CPolicyServer,
    CSession2,
    ECapabilityAllFiles,
    ECapabilityTCB,
    EPriorityStandard,
    ESharableSessions,
    KErrGeneral,
    KErrNone,
    KErrNotSupported,
    KErrPermissionDenied,
    KErrServerTerminated,
    KMaxTInt,
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

FINE = "exited with KErrNone"
PASS, NOT_SUPPORTED, CUSTOM = 253, 254, 255
CUSTOM_ACTION = -3

HELD = TPolicyElement(TSecurityPolicy.of_capabilities(ECapabilityAllFiles))
LACKING = TPolicyElement(TSecurityPolicy.of_capabilities(ECapabilityTCB))
LACKING_CUSTOM = TPolicyElement(LACKING.policy, CUSTOM_ACTION)
LACKING_PANIC = TPolicyElement(LACKING.policy, CPolicyServer.EPanicClient)
ALWAYS_FAIL = TPolicyElement(TSecurityPolicy.always_fail())

RANGES = {
    0: NOT_SUPPORTED,
    1: CUSTOM,
    6: PASS,
    7: NOT_SUPPORTED,
    8: 0,  # HELD
    10: 1,  # LACKING
    11: 2,  # LACKING_CUSTOM, two functions
    13: 3,  # LACKING_PANIC
    14: PASS,
    100: PASS,
    101: NOT_SUPPORTED,
}
ELEMENTS = (HELD, LACKING, LACKING_CUSTOM, LACKING_PANIC, ALWAYS_FAIL)


def policy(on_connect: int = PASS, ranges: dict[int, int] = RANGES) -> TPolicy:
    return TPolicy(on_connect, tuple(ranges), tuple(ranges.values()), ELEMENTS)


class Session(CSession2):
    """Notes what it serves; function 14 leaves."""

    def __init__(self, served: list[int]) -> None:
        self.served = served

    def service(self, message: RMessage2) -> None:
        self.served.append(message.function)
        if message.function == 14:
            raise Leave(KErrGeneral)
        message.complete(message.int0)

    def service_error(self, message: RMessage2, code: int) -> None:
        super().service_error(message, code - 1000)


class Server(CPolicyServer):
    """The custom checks of the conformance cases, by function number."""

    def __init__(self, served: list[int], table: TPolicy) -> None:
        super().__init__(EPriorityStandard, table, ESharableSessions)
        self.served = served
        self.waiting: list[RMessage2] = []

    def new_session(self, version: TVersion, message: RMessage2) -> Session:
        return Session(self.served)

    def custom_security_check(
        self, message: RMessage2, check: TPolicyCheck
    ) -> TCustomResult:
        if message.function in {3, 4, 5}:
            check.action = CUSTOM_ACTION
        fails = message.function in {1, 3, 4}
        return self.EFail if fails else self.EPass

    def custom_failure_action(
        self, message: RMessage2, action: int, missing: frozenset[int]
    ) -> TCustomResult:
        assert action == CUSTOM_ACTION
        if message.function in {11, 12}:
            assert missing == {ECapabilityTCB}
        passes = message.function in {4, 12}
        return self.EPass if passes else self.EFail


def launched(
    served: list[int], table: TPolicy, server: type[Server] = Server
) -> RThread:
    return RThread().launch("server", lambda: server(served, table).run("policy"))


def call(session: RSessionBase, function: int) -> int:
    return session.try_send_receive(function, TIpcArgs(function))


def end_of_thread(body: Callable[[], int | None]) -> str:
    status = TRequestStatus()
    with RThread().create("other", body) as thread:
        thread.logon(status)
        thread.resume()
        User.wait_for_request(status)
        return str(thread.exit_info())


def end_with_capability(machine: Kernel, program: Callable[[], int | None]) -> str:
    """How a process ends that has AllFiles, and not TCB."""
    image = Image(capabilities=frozenset([ECapabilityAllFiles]))
    machine.register("program", Executable(program, image))
    return str(machine.run("program"))


@pytest.mark.case("SK-133", "SU-77")
def test_table_decides_what_is_served(machine: Kernel) -> None:
    served: list[int] = []
    codes: dict[int, int] = {}

    def program() -> None:
        launched(served, policy())
        with RSessionBase().create_session("policy") as session:
            for function in (0, 6, 7, 8, 10, 100, 101, KMaxTInt):
                codes[function] = call(session, function)

    assert end_with_capability(machine, program) == FINE
    assert codes == {
        0: KErrNotSupported,
        6: 6,
        7: KErrNotSupported,
        8: 8,
        10: KErrPermissionDenied,
        100: 100,
        101: KErrNotSupported,
        KMaxTInt: KErrNotSupported,
    }
    assert served == [6, 8, 100]


@pytest.mark.case("SK-134", "SU-78")
def test_custom_check_passes_or_fails_by_the_action_it_sets(machine: Kernel) -> None:
    served: list[int] = []
    codes: list[int] = []

    def program() -> None:
        launched(served, policy())
        with RSessionBase().create_session("policy") as session:
            codes.extend(call(session, function) for function in (1, 2, 3, 4, 5))

    assert end_with_capability(machine, program) == FINE
    assert codes == [KErrPermissionDenied, 2, KErrPermissionDenied, 4, 5]
    assert served == [2, 4, 5]


@pytest.mark.case("SK-135")
def test_elements_own_action_passes_or_fails(machine: Kernel) -> None:
    served: list[int] = []
    codes: list[int] = []

    def program() -> None:
        launched(served, policy())
        with RSessionBase().create_session("policy") as session:
            codes.extend(call(session, function) for function in (11, 12))

    assert end_with_capability(machine, program) == FINE
    assert codes == [KErrPermissionDenied, 12]
    assert served == [12]


@pytest.mark.case("SK-136")
@pytest.mark.parametrize(
    ("on_connect", "code"),
    [(NOT_SUPPORTED, KErrNotSupported), (4, KErrPermissionDenied), (CUSTOM, KErrNone)],
    ids=["not supported", "always failing", "custom check that passes"],
)
def test_connecting_has_an_entry_of_its_own(
    machine: Kernel, on_connect: int, code: int
) -> None:
    def program() -> None:
        launched([], policy(on_connect))
        with RSessionBase() as session:
            assert trap(session.create_session, "policy") == code

    assert end_with_capability(machine, program) == FINE


@pytest.mark.case("SK-137")
def test_action_panic_ends_the_client_only(machine: Kernel) -> None:
    def program() -> None:
        launched([], policy())

        def bad_client() -> int:
            return call(RSessionBase().create_session("policy"), 13)

        assert end_of_thread(bad_client) == "panicked E32USER-CBase 103"
        with RSessionBase().create_session("policy") as session:
            assert call(session, 6) == 6

    assert end_with_capability(machine, program) == FINE


def test_leave_from_service_goes_to_the_session_and_from_a_check_does_not(
    machine: Kernel,
) -> None:
    class Leaving(Server):
        def custom_security_check(
            self, message: RMessage2, check: TPolicyCheck
        ) -> TCustomResult:
            raise Leave(-message.function)

    def program() -> None:
        launched([], policy(), Leaving)
        with RSessionBase().create_session("policy") as session:
            assert call(session, 14) == KErrGeneral - 1000
            assert call(session, 2) == -2
            assert call(session, 6) == 6

    assert end_with_capability(machine, program) == FINE


def test_asynchronous_check_decides_later(machine: Kernel) -> None:
    served: list[int] = []

    class Later(Server):
        """Keeps 1 and 2; function 6 has 1 pass and 2 fail."""

        def custom_security_check(
            self, message: RMessage2, check: TPolicyCheck
        ) -> TCustomResult:
            self.waiting.append(message.copy())
            return self.EAsync

        def handle_message(self, message: RMessage2) -> None:
            super().handle_message(message)
            if message.function == 6:
                self.process(self.waiting[0])
                self.check_failed(self.waiting[1], self.EFailClient)

    def program() -> None:
        launched(served, policy(), Later)
        statuses = [TRequestStatus(), TRequestStatus()]
        with RSessionBase().create_session("policy") as session:
            for function, status in zip((1, 2), statuses, strict=True):
                session.request(function, TIpcArgs(function), status)
            assert call(session, 6) == 6
            for status in statuses:
                User.wait_for_request(status)
            codes = [status.value for status in statuses]
            assert codes == [1, KErrPermissionDenied]

    assert end_with_capability(machine, program) == FINE
    assert served == [6, 1]


def test_hook_that_is_missing_or_answers_nonsense_panics_the_server(
    machine: Kernel,
) -> None:
    class Bare(Server):
        custom_security_check = CPolicyServer.custom_security_check

    class Nonsense(Server):
        def custom_security_check(
            self, message: RMessage2, check: TPolicyCheck
        ) -> TCustomResult:
            return 7  # type: ignore[return-value] # that is the point

    def end_of_server(server: type[Server], function: int, table: TPolicy) -> str:
        with launched([], table, server) as thread:
            with RSessionBase().create_session("policy") as session:
                assert call(session, function) == KErrServerTerminated
            return str(thread.exit_info())

    def program() -> None:
        unknown = policy(ranges={0: 252})
        assert end_of_server(Bare, 1, policy()) == "panicked E32USER-CBase 95"
        assert end_of_server(Nonsense, 1, policy()) == "panicked E32USER-CBase 101"
        assert end_of_server(Server, 1, unknown) == "panicked E32USER-CBase 100"

    assert end_with_capability(machine, program) == FINE


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (TPolicy(PASS, (1,), (PASS,)), 96),
        (TPolicy(PASS, (0, 5, 5), (PASS, PASS, PASS)), 97),
        (TPolicy(PASS, (0,), (1,), (HELD,)), 98),
        (TPolicy(0, (0,), (PASS,)), 99),
        (TPolicy(PASS, (0, 1), (PASS,)), 102),
        (TPolicy(PASS, (), ()), 102),
    ],
)
def test_malformed_table_panics_whoever_makes_the_server(
    machine: Kernel, table: TPolicy, reason: int
) -> None:
    def program() -> None:
        Server([], table)

    assert str(machine.run(program)) == f"panicked E32USER-CBase {reason}"
