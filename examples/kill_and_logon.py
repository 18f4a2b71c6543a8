"""How threads end, and who gets to know.

    eka run examples/kill_and_logon.py

prints

    returned: exited with 7
    killed: exited with KErrCancel
    panicked: panicked Demo 42
    left: panicked USER 175
    its client, still waiting, is told KErrServerTerminated
"""

from collections.abc import Callable

from userlib import (
    KErrCancel,
    KErrNone,
    KErrNotFound,
    RServer2,
    RSessionBase,
    RThread,
    TIpcArgs,
    TRequestStatus,
    User,
    code_name,
)


def sleep() -> None:
    """Longer than this program lives."""
    User.after(3_600_000_000)


def show_end(
    name: str, function: Callable[[], int | None], *, kill: bool = False
) -> None:
    """Run a thread, wait for its end, and say what its logon and its handle tell."""
    with RThread().create(name, function) as thread:
        ended = TRequestStatus()
        thread.logon(ended)
        thread.resume()
        if kill:
            thread.kill(KErrCancel)
        User.wait_for_request(ended)
        assert ended == thread.exit_reason()
        print(f"{name}: {thread.exit_info()}")


def serve() -> None:
    """A server that takes a request and never answers it."""
    server = RServer2().create_global("deaf")
    RThread.rendezvous(KErrNone)
    server.receive().complete(KErrNone)  # the connect message
    server.receive()
    RThread.rendezvous(KErrNone)
    sleep()


def kill_a_server() -> None:
    """A request that is waiting is answered when its server dies."""
    server = RThread().launch("server", serve)
    session = RSessionBase().create_session("deaf")
    reached, answer = TRequestStatus(), TRequestStatus()
    server.request_rendezvous(reached)
    session.request(1, TIpcArgs("are you there?"), answer)
    User.wait_for_request(reached)
    server.kill(KErrNone)
    User.wait_for_request(answer)
    print(f"its client, still waiting, is told {code_name(answer.value)}")
    session.close()
    server.close()


def e32main() -> None:
    """Four ways for a thread to end; then one whose end others wait for."""
    show_end("returned", lambda: 7)
    show_end("killed", sleep, kill=True)
    show_end("panicked", lambda: User.panic("Demo", 42))
    show_end("left", lambda: User.leave(KErrNotFound))
    kill_a_server()
