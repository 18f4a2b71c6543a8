"""Sessions that a client passes on, and what else a server learns of its client."""

from collections.abc import Callable

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    ECapabilityTCB,
    EIpcSession_GlobalSharable,
    EIpcSession_Sharable,
    KErrArgument,
    KErrBadHandle,
    KErrNone,
    KErrPermissionDenied,
    KErrServerTerminated,
    KProcessFlagJustInTime,
    KProcessFlagPriorityControl,
    RMessage2,
    RMessagePtr2,
    RProcess,
    RServer2,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRealtimeState,
    TRequestStatus,
    TSecurityPolicy,
    User,
    trap,
)

PING, PASS = 5, 6


def serve(on_pass: Callable[[RMessage2], None], name: str = "raw") -> RThread:
    """A globally sharable server: pings return 234, passed things go to a function."""

    def main() -> None:
        server = RServer2().create_global(name, EIpcSession_GlobalSharable)
        RThread.rendezvous(KErrNone)
        while True:
            message = server.receive()
            if message.function == PASS:
                on_pass(message)
            if not message.is_null:
                message.complete(234 if message.function == PING else KErrNone)

    return RThread().launch(name, main)


def nothing(message: RMessage2) -> None:
    assert message.function == PASS


def connected(name: str = "raw") -> RSessionBase:
    return RSessionBase().create_session(name, session_type=EIpcSession_Sharable)


@pytest.mark.case("SK-036")
def test_a_session_passed_in_a_message_opens_if_it_is_shared_as_protected(
    machine: Kernel, run: Run
) -> None:
    """The server that opens them is another process's."""
    pings = []

    def open_them(message: RMessage2) -> None:
        opened = RSessionBase(77)
        assert trap(opened.open, message, 0) == KErrBadHandle
        assert opened.handle == 0
        policy = TSecurityPolicy.of_capabilities(ECapabilityTCB)
        before = RThread().handle_count()
        assert trap(opened.open, message, 1, policy=policy) == KErrPermissionDenied
        assert opened.handle == 0
        assert RThread().handle_count() == before
        with opened.open(message, 1):
            pings.append(opened.send_receive(PING))
        with opened.open(message, 1, policy=TSecurityPolicy.always_pass()):
            pings.append(opened.send_receive(PING))
        assert trap(opened.open, message, 4) == KErrArgument

    def other() -> None:
        serve(open_them, "opener")
        RProcess.rendezvous(KErrNone)
        User.wait_for_any_request()

    def program() -> None:
        serve(nothing)
        with RProcess().launch("other"):
            automatic, protected = connected(), connected()
            automatic.share_auto()
            protected.share_protected()
            arguments = TIpcArgs(automatic, protected)
            assert connected("opener").send_receive(PASS, arguments) == KErrNone
        assert pings == [234, 234]

    machine.register("other", other)
    run(program)


def test_a_policy_cannot_be_checked_when_the_server_is_gone(run: Run) -> None:
    def program() -> None:
        server = serve(nothing)
        session = connected()
        ended = TRequestStatus()
        server.logon(ended)
        server.kill(KErrNone)
        User.wait_for_request(ended)
        policy = TSecurityPolicy.always_pass()
        returned = RSessionBase()
        code = trap(returned.set_returned_handle, session.handle, policy)
        assert code == KErrServerTerminated
        assert returned.handle == 0

    run(program)


def test_a_message_is_rebuilt_from_a_pointer(run: Run) -> None:
    seen = []

    def rebuild(message: RMessage2) -> None:
        again = RMessage2(RMessagePtr2(message))
        seen.append((again.function, again.args, again.session_ptr, again.int1))
        assert again.handle == message.handle
        assert RMessage2(RMessagePtr2()).is_null
        again.complete(9)
        message.handle = 0

    def program() -> None:
        serve(rebuild)
        assert connected().send_receive(PASS, TIpcArgs(1, -2, 3, 4)) == 9
        assert seen == [(PASS, (1, -2, 3, 4), 0, -2)]

    run(program)


def test_a_message_is_made_of_a_message_and_of_nothing_else() -> None:
    with pytest.raises(TypeError):
        RMessage2(7)  # type: ignore[arg-type]


def test_a_server_sees_the_clients_status_flags_and_realtime_state(run: Run) -> None:
    seen = []

    def look(message: RMessage2) -> None:
        seen.append(
            (
                message.client_status(),
                message.client_process_flags(),
                message.client_is_realtime(),
            )
        )

    def program() -> None:
        serve(look)
        session, status = connected(), TRequestStatus()
        session.send_receive(PASS)
        RProcess().set_priority_control(enable=True)
        RProcess().set_just_in_time(enable=False)
        User.set_realtime_state(TRealtimeState.ERealtimeStateWarn)
        session.request(PASS, TIpcArgs(), status)
        User.wait_for_request(status)
        assert seen == [
            (None, KProcessFlagJustInTime, False),
            (status.client, KProcessFlagPriorityControl, True),
        ]

    run(program)


def test_a_bad_realtime_state_panics(run: Run, exit_of: Callable[..., object]) -> None:
    def program() -> None:
        assert str(exit_of(User.set_realtime_state, 3)) == "panicked KERN-EXEC 62"

    run(program)
