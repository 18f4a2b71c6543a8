"""Sub-sessions from the client's side: symbian-kernel 8."""

from collections.abc import Callable

import pytest

from eka import Kernel
from kernel.abi.handles import KHandleNoClose
from userlib import (
    CServer2,
    CSession2,
    EPriorityStandard,
    ESharableSessions,
    KErrNoMemory,
    KErrNone,
    RMessage2,
    RSessionBase,
    RSubSessionBase,
    RThread,
    TBuf8,
    TIpcArgs,
    TPckgBuf,
    TVersion,
    trap,
)

FINE = "exited with KErrNone"
CREATE, FAIL, USE, CLOSE = range(4)
SUB_SESSION = -0x789ABCDF  # 0x87654321 as a signed word


class NotingSession(CSession2):
    """Notes every request as (function, arguments 1 to 3)."""

    def __init__(self, seen: list[tuple[int, ...]]) -> None:
        self.seen = seen

    def service(self, message: RMessage2) -> None:
        if message.function in {CREATE, FAIL}:
            message.write(3, TPckgBuf(SUB_SESSION))
            message.complete(KErrNoMemory if message.function == FAIL else KErrNone)
            return
        self.seen.append((message.function, *message.args[1:]))
        message.complete(KErrNone)

    def disconnect(self, message: RMessage2) -> None:
        self.seen.append((message.function,))
        super().disconnect(message)


class NotingServer(CServer2):
    def __init__(self, seen: list[tuple[int, ...]]) -> None:
        super().__init__(EPriorityStandard, ESharableSessions)
        self.seen = seen

    def new_session(self, version: TVersion, message: RMessage2) -> NotingSession:
        return NotingSession(self.seen)


def end_with_server(
    machine: Kernel,
    seen: list[tuple[int, ...]],
    body: Callable[[RSessionBase], object],
) -> str:
    """How a process ends that calls *body* with a session to a noting server."""

    def program() -> None:
        RThread().launch("server", lambda: NotingServer(seen).run("noting"))
        body(RSessionBase().create_session("noting"))

    return str(machine.run(program))


@pytest.mark.case("SK-138")
def test_create_remembers_the_servers_handle_and_borrows_the_session(
    machine: Kernel,
) -> None:
    def body(session: RSessionBase) -> None:
        sub = RSubSessionBase().create_sub_session(session, CREATE)
        assert sub.sub_session_handle == SUB_SESSION
        assert sub.session_handle == session.handle | KHandleNoClose
        assert sub.session().handle == session.handle

    assert end_with_server(machine, [], body) == FINE


@pytest.mark.case("SK-139")
def test_argument_3_is_always_the_sub_sessions_handle(machine: Kernel) -> None:
    seen: list[tuple[int, ...]] = []

    def body(session: RSessionBase) -> None:
        sub = RSubSessionBase().create_sub_session(session, CREATE)
        sub.send_receive(USE, TIpcArgs(TBuf8(4), 123, 456, 789))
        sub.send_receive(USE)
        sub.send(USE)
        session.send_receive(USE)  # the blind one was served before

    assert end_with_server(machine, seen, body) == FINE
    assert seen == [
        (USE, 123, 456, SUB_SESSION),
        (USE, 0, 0, SUB_SESSION),
        (USE, 0, 0, SUB_SESSION),
        (USE, 0, 0, 0),
    ]


@pytest.mark.case("SK-140")
def test_close_tells_the_server_once_and_leaves_the_session_open(
    machine: Kernel,
) -> None:
    seen: list[tuple[int, ...]] = []

    def body(session: RSessionBase) -> None:
        sub = RSubSessionBase().create_sub_session(session, CREATE)
        sub.close_sub_session(CLOSE)
        assert (sub.sub_session_handle, sub.session_handle) == (0, 0)
        sub.close_sub_session(CLOSE)
        assert session.send_receive(USE) == KErrNone

    assert end_with_server(machine, seen, body) == FINE
    assert seen == [(CLOSE, 0, 0, SUB_SESSION), (USE, 0, 0, 0)]


@pytest.mark.case("SK-141")
def test_failed_create_leaves_no_sub_session(machine: Kernel) -> None:
    seen: list[tuple[int, ...]] = []

    def body(session: RSessionBase) -> None:
        sub = RSubSessionBase()
        assert trap(sub.create_sub_session, session, FAIL) == KErrNoMemory
        assert (sub.sub_session_handle, sub.session_handle) == (0, 0)
        taken = RSessionBase().create_session("noting")
        assert trap(sub.create_auto_close_sub_session, taken, FAIL) == KErrNoMemory
        session.send_receive(USE)
        assert seen == [(-2,), (USE, 0, 0, 0)]
        taken = RSessionBase().create_session("noting")
        sub.create_auto_close_sub_session(taken, CREATE)
        assert taken.handle == 0
        assert not sub.session_handle & KHandleNoClose
        seen.clear()
        sub.close_sub_session(CLOSE)
        session.send_receive(USE)
        assert seen == [(CLOSE, 0, 0, SUB_SESSION), (-2,), (USE, 0, 0, 0)]

    assert end_with_server(machine, seen, body) == FINE
