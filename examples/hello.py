"""A server, a session and a client, in one process.

    eka run examples/hello.py

prints

    hello, world
"""

from userlib import (
    CServer2,
    CSession2,
    KErrNone,
    RMessage2,
    RSessionBase,
    RThread,
    TBuf,
    TIpcArgs,
    TVersion,
)


class HelloSession(CSession2):
    """One client's session, in the server."""

    def service(self, message: RMessage2) -> None:
        """Read the client's argument 0, and write the answer to its argument 1."""
        message.write(1, f"hello, {message.read(0)}")
        message.complete(KErrNone)


class HelloServer(CServer2):
    """Makes a session for each client that connects."""

    def new_session(self, version: TVersion, message: RMessage2) -> HelloSession:
        return HelloSession()


class RHello(RSessionBase):
    """The client's end of a session."""

    def greet(self, name: str) -> str:
        """Send the name, wait for the answer."""
        reply = TBuf(80)
        self.send_receive(0, TIpcArgs(name, reply))
        return str(reply)


def e32main() -> None:
    """Start the server in a thread of its own, and be its client."""
    RThread().launch("server", lambda: HelloServer().run("hello"))
    with RHello().create_session("hello") as hello:
        print(hello.greet("world"))
