"""Sub-sessions: objects of a server's, reached through one session."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    EIpcSession_Sharable,
    KErrNoMemory,
    KErrNone,
    KHandleNoClose,
    KMessageDisconnect,
    Leave,
    RMessage2,
    RServer2,
    RSessionBase,
    RSubSessionBase,
    RThread,
    TIpcArgs,
    TPckgBuf,
    TRequestStatus,
    User,
)

Seen: TypeAlias = list[tuple[int, tuple[int, int, int, int]]]

CREATE, USE, CLOSE, REFUSE, REFUSE_POSITIVELY = range(5)
HANDLE = 0x87654321
HANDLE_AS_INT = HANDLE - (1 << 32)


def handle_one(message: RMessage2) -> int:
    match message.function:
        case 0:
            message.write(3, TPckgBuf("<I", HANDLE))
        case 3:
            return KErrNoMemory
        case 4:
            return 17
    return KErrNone


def launched(seen: Seen) -> RThread:
    """A server that notes every message, and makes one sub-session handle."""

    def serve() -> None:
        server = RServer2().create_global("raw")
        RThread.rendezvous(KErrNone)
        while True:
            message = server.receive()
            if message.function >= 0 or message.function == KMessageDisconnect:
                seen.append((message.function, message.args))
            message.complete(handle_one(message))

    return RThread().launch("server", serve)


def connect() -> RSessionBase:
    return RSessionBase().create_session("raw", session_type=EIpcSession_Sharable)


def leave_code(call: Callable[[], object]) -> int:
    with pytest.raises(Leave) as left:
        call()
    return left.value.code


def sent(seen: Seen, function: int) -> list[tuple[int, int, int, int]]:
    return [args for sent_function, args in seen if sent_function == function]


@pytest.mark.case("SK-138")
def test_the_server_chooses_the_handle(run: Run) -> None:
    def program() -> None:
        launched([])
        session = connect()
        sub_session = RSubSessionBase().create_sub_session(session, CREATE)
        assert sub_session.sub_session_handle & 0xFFFFFFFF == HANDLE
        assert sub_session.session_handle == session.handle | KHandleNoClose

    run(program)


@pytest.mark.case("SK-139")
def test_every_request_carries_the_handle_as_argument_3(run: Run) -> None:
    def program() -> None:
        seen: Seen = []
        launched(seen)
        sub_session = RSubSessionBase().create_sub_session(connect(), CREATE)
        assert sub_session.send_receive(USE, TIpcArgs(b"text", 123, 456, 789)) == 0
        assert sub_session.send_receive(USE) == 0
        assert sub_session.try_send(USE) == KErrNone
        status = TRequestStatus()
        sub_session.request(USE, TIpcArgs(1), status)
        User.wait_for_request(status)
        first, second, blind, last = sent(seen, USE)
        assert first[1:] == (123, 456, HANDLE_AS_INT)
        assert second == blind == (0, 0, 0, HANDLE_AS_INT)
        assert last == (1, 0, 0, HANDLE_AS_INT)

    run(program)


@pytest.mark.case("SK-140")
def test_closing_a_sub_session_leaves_a_borrowed_session_open(run: Run) -> None:
    def program() -> None:
        seen: Seen = []
        launched(seen)
        session = connect()
        sub_session = RSubSessionBase().create_sub_session(session, CREATE)
        sub_session.close_sub_session(CLOSE)
        assert sent(seen, CLOSE) == [(0, 0, 0, HANDLE_AS_INT)]
        assert (sub_session.sub_session_handle, sub_session.session_handle) == (0, 0)
        sub_session.close_sub_session(CLOSE)
        assert len(sent(seen, CLOSE)) == 1
        assert session.send_receive(USE) == KErrNone

    run(program)


@pytest.mark.case("SK-141")
def test_a_sub_session_may_own_its_session(run: Run) -> None:
    def program() -> None:
        seen: Seen = []
        launched(seen)
        session, sub_session = connect(), RSubSessionBase()
        code = leave_code(lambda: sub_session.create_sub_session(session, REFUSE))
        assert code == KErrNoMemory
        assert (sub_session.sub_session_handle, sub_session.session_handle) == (0, 0)
        assert sent(seen, KMessageDisconnect) == []

        code = leave_code(
            lambda: sub_session.create_auto_close_sub_session(session, REFUSE)
        )
        assert (code, session.handle) == (KErrNoMemory, 0)
        User.after(100_000)
        assert len(sent(seen, KMessageDisconnect)) == 1

        session = connect()
        sub_session.create_auto_close_sub_session(session, CREATE)
        assert session.handle == 0
        sub_session.close_sub_session(CLOSE)
        User.after(100_000)
        assert len(sent(seen, KMessageDisconnect)) == 2

    run(program)


def test_a_positive_code_is_no_sub_session_either(run: Run) -> None:
    def program() -> None:
        launched([])
        sub_session = RSubSessionBase()
        code = leave_code(
            lambda: sub_session.create_sub_session(connect(), REFUSE_POSITIVELY)
        )
        assert code == 17
        assert sub_session.sub_session_handle == 0

    run(program)


def test_session_gives_the_handle_with_its_no_close_bit_inverted(run: Run) -> None:
    def program() -> None:
        launched([])
        session = connect()
        borrowed = RSubSessionBase().create_sub_session(session, CREATE)
        assert borrowed.session().handle == session.handle
        handle = session.handle
        owned = RSubSessionBase().create_auto_close_sub_session(session, CREATE)
        assert owned.session().handle == handle | KHandleNoClose

    run(program)
