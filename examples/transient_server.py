"""A server that is started when a client needs it, and leaves when none does.

    eka run examples/transient_server.py

prints

    nobody serves, so start ShoutServer
    HELLO
    IT IS HERE ALREADY
    both sessions are closed
    ShoutServer exited with KErrNone
"""

from userlib import (
    CActiveScheduler,
    CPeriodic,
    CServer2,
    CSession2,
    EPriorityStandard,
    KErrAlreadyExists,
    KErrNone,
    KErrNotFound,
    KErrServerTerminated,
    Leave,
    RMessage2,
    RProcess,
    RSessionBase,
    TBuf,
    TFindProcess,
    TIpcArgs,
    TRequestStatus,
    TVersion,
    User,
    trap,
)

KServer = "ShoutServer"
KLinger = 250_000  # microseconds that it stays without a session
KTries = 2  # how often a client starts it


class ShoutServer(CServer2):
    """Counts its sessions, and stops when there has been none for some time."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions = 0
        self.linger = CPeriodic(EPriorityStandard)
        self.on_session(0)  # whoever started it may have died meanwhile

    def new_session(self, version: TVersion, message: RMessage2) -> "ShoutSession":
        return ShoutSession(self)

    def on_session(self, change: int) -> None:
        """There is one more, or one less."""
        self.sessions += change
        self.linger.cancel()
        if not self.sessions:
            self.linger.start(KLinger, KLinger, CActiveScheduler.stop)

    def destroy(self) -> None:
        super().destroy()
        self.linger.destroy()


class ShoutSession(CSession2):
    """One client's."""

    def __init__(self, shouter: ShoutServer) -> None:
        self.shouter = shouter

    def create(self) -> None:
        """The client is let in."""
        self.shouter.on_session(+1)

    def service(self, message: RMessage2) -> None:
        message.write(1, message.read16(0).upper())
        message.complete(KErrNone)

    def destroy(self) -> None:
        """The client has gone."""
        super().destroy()
        self.shouter.on_session(-1)


def serve() -> int:
    """The server's process; what `CServer2.run` does, step by step."""
    CActiveScheduler.install(CActiveScheduler())
    server = ShoutServer()
    code = trap(server.start, KServer)  # KErrAlreadyExists if another was faster
    if code == KErrNone:
        User.rename_process(KServer)
        RProcess.rendezvous(KErrNone)
        CActiveScheduler.start()
    server.destroy()
    return code


class RShout(RSessionBase):
    """The client's side, which starts the server if it must."""

    def connect(self) -> "RShout":
        for _ in range(KTries):
            try:
                return self.create_session(KServer)
            except Leave as leave:  # the second code: it was just about to leave
                if leave.code not in (KErrNotFound, KErrServerTerminated):
                    raise
            start_server()
        return self.create_session(KServer)

    def shout(self, text: str) -> str:
        reply = TBuf(80)
        self.send_receive(0, TIpcArgs(text, reply))
        return str(reply)


def start_server() -> None:
    """Run this program again, as the server; if somebody else just did, fine."""
    print(f"nobody serves, so start {KServer}")
    server = RProcess()
    code = trap(server.launch, RProcess().file_name(), "serve")
    server.close()
    if code != KErrAlreadyExists:
        User.leave_if_error(code)


def e32main() -> int | None:
    """Two clients; then wait for the server to leave."""
    if User.command_line() == "serve":
        return serve()
    with RProcess(0) as server:
        ended = TRequestStatus()
        with RShout().connect() as one, RShout().connect() as other:
            print(one.shout("hello"))
            print(other.shout("it is here already"))
            server.open(TFindProcess(f"{KServer}*").next())
            server.logon(ended)
        print("both sessions are closed")
        User.wait_for_request(ended)
        print(f"{KServer} {server.exit_info()}")
    return KErrNone
