"""Our own contestants: an emulated client asks an emulated server, in two processes.

`Raw` is the least a server can do, kernel calls and nothing else; `Framework` is what
programs are written with, a session object over CServer2.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final, Self

from kernel.abi.config import MachineConfig
from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNone
from kernel.abi.exit import TExitType
from kernel.abi.ipc import (
    KMessageConnect,
    TIpcSessionType,
    TServerRole,
)
from kernel.debug.sinks import JsonLinesSink
from kernel.machine import Kernel
from userlib import CServer2, CSession2, RMessage2, RSessionBase, TVersion

KServerName: Final = "bench"
KCookie: Final = 1  # what the raw server calls its only session


def raw_server() -> None:
    """Receive and complete, for ever."""
    call = current_exec.get()
    server = call.server_create(
        KServerName,
        TIpcSessionType.EIpcSession_Unsharable,
        TServerRole.EServerRole_Standalone,
    )
    receive, complete = call.server_receive, call.message_complete
    while True:
        message, function, _, _ = receive(server)
        if function == KMessageConnect:
            call.message_set_session_ptr(message, KCookie)
        complete(message, KErrNone)


def raw_client(count: int) -> float:
    """Ask *count* times by kernel calls; seconds taken."""
    call = current_exec.get()
    session = call.session_create(
        KServerName, -1, TIpcSessionType.EIpcSession_Unsharable, None
    )
    ask = call.session_send_receive
    ask(session, KMessageConnect, (), 0)
    begin = perf_counter()
    for _ in range(count):
        ask(session, 0, (), 0)
    taken = perf_counter() - begin
    call.handle_close(session)
    return taken


class BenchSession(CSession2):
    """Completes whatever it is asked."""

    def service(self, message: RMessage2) -> None:
        """Say that all is well."""
        message.complete(KErrNone)


class BenchServer(CServer2):
    """The server of the framework's rows."""

    def new_session(self, _version: TVersion, _message: RMessage2) -> BenchSession:
        """Everybody is welcome."""
        return BenchSession()


def framework_server() -> None:
    """Serve, for ever."""
    BenchServer().run(KServerName)


def framework_client(count: int) -> float:
    """Ask *count* times by RSessionBase; seconds taken."""
    with RSessionBase().create_session(KServerName) as session:
        ask = session.send_receive
        begin = perf_counter()
        for _ in range(count):
            ask(0)
        return perf_counter() - begin


class Requests:
    """A machine of its own with a server in it; a round is a process that asks."""

    def __init__(
        self,
        name: str,
        server: Callable[[], None],
        client: Callable[[int], float],
        *,
        backend: str = "threads",
        recorder: bool = True,
        json_sink: bool = False,
    ) -> None:
        config = MachineConfig() if recorder else MachineConfig(recorder_size=0)
        self.name = name
        self._server = server
        self._client = client
        self._json_sink = json_sink
        self.machine: Final = Kernel(config, backend=backend)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self.machine)
        self.prepare()
        self.machine.start(self._server)
        self.machine.wait_idle()
        if self._json_sink:
            folder = self._stack.enter_context(TemporaryDirectory(prefix="eka-bench-"))
            sink = JsonLinesSink(Path(folder, "log.jsonl"))
            self._stack.callback(sink.close)
            self.machine.debug.add_sink(sink)
        return self

    def prepare(self) -> None:
        """What the server or the clients need to find; here nothing."""

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def round(self, count: int) -> float:
        """Run a client that asks *count* times."""
        taken: list[float] = []
        ended = self.machine.run(lambda: taken.append(self._client(count)))
        if ended.type is not TExitType.EExitKill or not taken:
            raise RuntimeError(f"the client of {self.name} {ended}\n{ended.exception}")
        return taken[0]
