"""Exposing an object as a server, in one call: on this thread, or on one of its own.

Original: libipc's ipc/server.h; l4re-idl 5.1, 5.3.
"""

from typing import TYPE_CHECKING, Final

from userlib.l4re.cap import Cap
from userlib.l4re.dispatch import ServerConfig
from userlib.l4re.env import Env
from userlib.l4re.errors import L4Error
from userlib.l4re.interface import Interface
from userlib.l4re.irq import Irq
from userlib.l4re.server import OnError, ServerLoop, checked_config, ignore
from userlib.symbian.leave import trap
from userlib.symbian.thread import RThread
from userlib.symbian.user import User

if TYPE_CHECKING:
    from types import TracebackType

__all__ = [
    "_ipc_server_loop_for",
    "ipc_server_loop_for",
    "ipc_server_new_for",
    "stop_server_loop",
]

LOOP_NAME: Final = "server loop "  # in the environment, of what stops one


def ipc_server_loop_for(
    interface: type[Interface],
    obj: Interface,
    name: str,
    *,
    on_error: OnError = ignore,
) -> int:
    """Serve *obj* on the calling thread behind the gate that is called *name*.

    *on_error* is told of mistakes that clients see as a code only, as by ServerLoop.

    Returns: 0 after `stop_server_loop`; -L4_ENOENT without such a name, -L4_EPERM if
        the capability is not one to serve.
    Raises: TypeError if *obj* is none of *interface*, before anything is bound.
    Blocks: until stopped.
    Original: ipc_server_loop_for (libipc's ipc/server.h), a macro.
    """
    config = checked_config(interface, obj)
    return _ipc_server_loop_for(obj, config, name, on_error=on_error)


def _ipc_server_loop_for(
    obj: object, config: ServerConfig, name: str, *, on_error: OnError = ignore
) -> int:
    """The same without a look at what *obj* is. Original: _ipc_server_loop_for."""
    with ServerLoop(on_error) as loop:
        try:
            loop.register_config(obj, config, name)
        except L4Error as error:
            return -error.code
        with Stoppable(loop):
            return loop.run()


class Stoppable:
    """While it lasts, any thread of the program can stop the loop by its name."""

    def __init__(self, loop: ServerLoop) -> None:
        self._loop: Final = loop
        self._name = ""

    def __enter__(self) -> None:
        irq = self._loop.register_irq(self._loop.stop)
        self._name = f"{LOOP_NAME}{RThread().id()}"
        Env.current().set_cap(self._name, irq)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        Env.current().remove_cap(self._name)


def stop_server_loop() -> None:
    """Let `ipc_server_loop_for` return in the calling program; its gate is unbound.

    Original: none; libipc's loop has no end.
    """
    env = Env.current()
    for name in env.names():
        if name.startswith(LOOP_NAME):
            Irq.of(env.get_cap(name)).trigger()


def ipc_server_new_for(
    interface: type[Interface], obj: Interface, *, on_error: OnError = ignore
) -> Cap:
    """Serve *obj* behind a new gate, on a new thread.

    The thread ends when the last client has let the gate go; `gate_deleted` is told.

    Returns: the capability to hand out. It does not keep the gate alive itself.
    Raises: TypeError as ipc_server_loop_for; KErrNoMemory.
    Original: ipc_server_new_for (libipc).
    """
    config = checked_config(interface, obj)
    caps: list[Cap] = []

    def serve() -> None:
        with ServerLoop(on_error) as loop:
            cap = loop.register_config(obj, config)
            # So that a report of who waits for whom says which object it is.
            User.rename_thread(f"{interface.__name__[:40]}-{cap.handle << 2:x}")
            caps.append(cap)
            RThread.rendezvous(0)
            loop.run_until_deleted()

    # A thread that cannot begin says why by its exit code.
    with RThread().launch("", lambda: trap(serve)):
        return caps[0]
