"""Starting a server: what its starter is told, and when several start it at once.

    eka run examples/launch_race.py

prints

    ready: KErrNone
    fails before it is ready: KErrNoMemory
    panics before it is ready: KErrGeneral
    4 clients who all start the server if it is not there: they found 1 server
"""

from userlib import (
    CServer2,
    CSession2,
    EExitPanic,
    KErrAlreadyExists,
    KErrGeneral,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    KErrServerTerminated,
    Leave,
    RMessage2,
    RProcess,
    RSessionBase,
    RThread,
    TRequestStatus,
    TVersion,
    User,
    code_name,
)

KServer = "WhoAreYou"
KClients = 4
KTries = 2  # how often a client starts the server


class WhoSession(CSession2):
    """Tells its client which process it is served by."""

    def service(self, message: RMessage2) -> None:
        message.complete(RProcess().id())


class WhoServer(CServer2):
    """Only one at a time can have the name."""

    def new_session(self, version: TVersion, message: RMessage2) -> WhoSession:
        return WhoSession()


def start(command_line: str) -> int:
    """Start this program again; what became of it. `RProcess.launch` does the same.

    The rendezvous is asked for before the process can run. One that ends without it
    completes it too, with its exit reason; and the reason of a panic may be 0.
    """
    with RProcess().create(RProcess().file_name(), command_line) as process:
        ready = TRequestStatus()
        process.request_rendezvous(ready)
        process.resume()
        User.wait_for_request(ready)
        return KErrGeneral if process.exit_type() == EExitPanic else ready.value


def connect() -> RSessionBase:
    """A session with the server, whoever started it.

    A starter that is too late is told KErrAlreadyExists: then there is a server.
    """
    for _ in range(KTries):
        try:
            return RSessionBase().create_session(KServer)
        except Leave as leave:
            if leave.code not in (KErrNotFound, KErrServerTerminated):
                raise
        code = start("serve")
        if code != KErrAlreadyExists:
            User.leave_if_error(code)
    return RSessionBase().create_session(KServer)


def client() -> int:
    """One of those who race; its exit reason is the server's process."""
    with connect() as session:
        return session.send_receive(0)


def race() -> set[int]:
    """Let all clients run at once; the servers they found."""
    threads = [RThread().create(f"client {n}", client) for n in range(KClients)]
    ends = [TRequestStatus() for _ in threads]
    for thread, ended in zip(threads, ends, strict=True):
        thread.logon(ended)
        thread.resume()
    for thread, ended in zip(threads, ends, strict=True):
        User.wait_for_request(ended)
        thread.close()
    return {ended.value for ended in ends}


def e32main() -> int | None:
    """One program: the command line says whose part it plays."""
    match User.command_line():
        case "serve":
            return WhoServer().run(KServer)  # its rendezvous, or KErrAlreadyExists
        case "be ready":
            RProcess.rendezvous(KErrNone)
        case "fail":
            return KErrNoMemory
        case "panic":
            User.panic("Demo", 0)
        case _:
            print(f"ready: {code_name(start('be ready'))}")
            print(f"fails before it is ready: {code_name(start('fail'))}")
            print(f"panics before it is ready: {code_name(start('panic'))}")
            print(f"{KClients} clients who all start the server", end=" ")
            print(f"if it is not there: they found {len(race())} server")
    return None
