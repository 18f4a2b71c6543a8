"""One session, used by several threads.

    eka run examples/shared_session.py

prints

    another thread, before it is shared: panicked KERN-EXEC 0
    another thread, after: exited with KErrNone
    three at once: exited with KErrNone, exited with KErrNone, exited with KErrNone
    41 people came in
"""

from userlib import (
    CServer2,
    CSession2,
    ESharableSessions,
    RMessage2,
    RSessionBase,
    RThread,
    TRequestStatus,
    TVersion,
    User,
)


class TurnstileSession(CSession2):
    """Counts its requests, whichever thread they come from."""

    count = 0

    def service(self, message: RMessage2) -> None:
        """The server is one thread: no two requests are served at a time."""
        self.count += 1
        message.complete(self.count)


class TurnstileServer(CServer2):
    """Permits its clients to share a session between their threads."""

    def __init__(self) -> None:
        super().__init__(session_type=ESharableSessions)

    def new_session(self, version: TVersion, message: RMessage2) -> TurnstileSession:
        return TurnstileSession()


class RTurnstile(RSessionBase):
    """The client's side."""

    def enter(self) -> int:
        """How many have come in, this one included."""
        return self.send_receive(0)


def ten_people(turnstile: RTurnstile) -> None:
    """What each thread does, on a session that it has not opened itself."""
    for _ in range(10):
        turnstile.enter()


def run_threads(turnstile: RTurnstile, number: int) -> str:
    """Start so many threads at once, and tell how each of them ended."""
    threads = [
        RThread().create("", ten_people, args=(turnstile,)) for _ in range(number)
    ]
    ends = [TRequestStatus() for _ in threads]
    for thread, ended in zip(threads, ends, strict=True):
        thread.logon(ended)
        thread.resume()
    for ended in ends:
        User.wait_for_request(ended)
    how = ", ".join(str(thread.exit_info()) for thread in threads)
    for thread in threads:
        thread.close()
    return how


def e32main() -> None:
    """A session belongs to the thread that opened it, until that one shares it."""
    RThread().launch("server", lambda: TurnstileServer().run("turnstile"))
    with RTurnstile().create_session("turnstile") as turnstile:
        print(f"another thread, before it is shared: {run_threads(turnstile, 1)}")
        turnstile.share_auto()
        print(f"another thread, after: {run_threads(turnstile, 1)}")
        print(f"three at once: {run_threads(turnstile, 3)}")
        print(f"{turnstile.enter()} people came in")
