"""Our L4Re contestants: a client in one process calls a component in another.

`GateCalls` with the raw pair is the least there is, kernel calls and nothing else; with
the typed pair it is what programs are written with, a generated kind of client and a
server loop.

Each round starts a component, and who calls it then waits until it serves its gate. So
both callers begin with a call that is not in the figure, as a session's connect is not.
"""

from abc import abstractmethod
from collections.abc import Callable
from time import perf_counter
from typing import Final

from kernel.abi.current import current_exec
from kernel.abi.handles import KCurrentThreadHandle
from tools.bench.ours import Requests
from userlib.l4re.cap import Cap
from userlib.l4re.client import Client, Stub
from userlib.l4re.exposing import ipc_server_loop_for, stop_server_loop
from userlib.l4re.interface import Interface, InterfaceInfo, OperationInfo
from userlib.l4re.loader import Loader

KGate: Final = "server"
KProgram: Final = "bench_component"
KStop: Final = 1  # the raw server's protocol for good-bye; all else is answered
KNever: Final = -1


def raw_component() -> None:
    """Receive and reply until told to stop."""
    call = current_exec.get()
    call.gate_bind(call.env_get(KGate), KCurrentThreadHandle, 0)
    reply_and_wait = call.ipc_reply_and_wait
    request = call.ipc_wait((), KNever, 0)
    while request[1] != KStop:
        request = reply_and_wait(0, b"", (), (), KNever)
    call.ipc_reply(0, 0, b"", ())


def raw_caller(gate: Cap, count: int) -> float:
    """Call *count* times by kernel calls; seconds taken."""
    call = current_exec.get().ipc_call
    handle = gate.handle
    call(handle, 0, b"", (), (), KNever, KNever)
    begin = perf_counter()
    for _ in range(count):
        call(handle, 0, b"", (), (), KNever, KNever)
    taken = perf_counter() - begin
    call(handle, KStop, b"", (), (), KNever, KNever)
    return taken


class Ping(Interface):
    """What `eka idl` makes of an interface with two empty operations."""

    __slots__ = ()

    INFO = InterfaceInfo("Ping", 5, (OperationInfo("ping", 0), OperationInfo("end", 1)))

    @abstractmethod
    def ping(self) -> None:
        """Nothing."""

    @abstractmethod
    def end(self) -> None:
        """Stop the server."""


class ClientPing(Client, Ping):
    """Its client."""

    __slots__ = ()

    def ping(self) -> None:
        """As Ping."""
        _ping(self)

    def end(self) -> None:
        """As Ping."""
        _end(self)


_ping: Final = Stub[None](Ping.INFO, "ping")
_end: Final = Stub[None](Ping.INFO, "end")


class ServerPing(Ping):
    """Its component."""

    def ping(self) -> None:
        """As Ping."""

    def end(self) -> None:
        """As Ping."""
        stop_server_loop()


def typed_component() -> None:
    """Serve until told to stop."""
    ipc_server_loop_for(Ping, ServerPing(), KGate)


def typed_caller(gate: Cap, count: int) -> float:
    """Call *count* times by a client object; seconds taken."""
    component = ClientPing(gate)
    ask = component.ping
    ask()
    begin = perf_counter()
    for _ in range(count):
        ask()
    taken = perf_counter() - begin
    component.end()
    return taken


class GateCalls(Requests):
    """A round is a process that starts a component and calls it."""

    def __init__(
        self,
        name: str,
        component: Callable[[], None],
        caller: Callable[[Cap, int], float],
    ) -> None:
        def client(count: int) -> float:
            loader = Loader()
            with (
                loader.new_channel() as gate,
                loader.start(KProgram, caps={KGate: gate.svr()}) as app,
            ):
                taken = caller(gate, count)
                app.wait()
                return taken

        super().__init__(name, lambda: None, client)
        self._component: Final = component

    def prepare(self) -> None:
        """The component's program is one that the client can start."""
        self.machine.register(KProgram, self._component)
