"""Calls on servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KernelError, KErrArgument, KErrBadName, KRequestPending
from kernel.abi.handles import EOwnerProcess, EOwnerThread
from kernel.abi.ipc import TIpcSessionType, TServerRole
from kernel.abi.names import is_valid_name
from kernel.abi.panics import TKernExec
from kernel.abi.security import TCapability
from kernel.events import TEvent
from kernel.ipc.server import DServer, Receive
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.identity import demand
from kernel.tasks.park import block
from kernel.tasks.request import complete
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.abi.ipc import MessageData
    from kernel.abi.memory import ClientCell, ClientStatus
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread


def server_create(core: Core, thread: DThread, name: str, mode: int, role: int) -> int:
    """A server; names that begin with `!` are for those with ProtServ."""
    if not is_valid_name(name):
        raise KernelError(KErrBadName)
    if name.startswith("!"):
        demand(
            core, thread, thread.process.identity.has(TCapability.ECapabilityProtServ)
        )
    if mode not in tuple(TIpcSessionType) or role not in tuple(TServerRole):
        raise KernelError(KErrArgument)
    server = DServer(core, thread, name, mode)
    core.event(TEvent.EServerCreate, thread, server.number, server.name)
    return new_handle(thread, server, EOwnerThread if name else EOwnerProcess)


def _resting(core: Core, thread: DThread, handle: int) -> DServer:
    server = resolve(core, thread, handle, DServer)
    if server.receive is not None:
        panic_current(core, thread, TKernExec.EMesAlreadyPending)
    return server


def server_receive(core: Core, thread: DThread, handle: int) -> MessageData | Park:
    """Accept a message, now or when there is one."""
    server = _resting(core, thread, handle)
    data = server.accept_next()
    if data is not None:
        return data
    receive = server.parked if thread is server.thread else Receive(server, thread)
    server.receive = receive
    return block(core, thread, receive, receive.resume)


def server_request_receive(
    core: Core, thread: DThread, handle: int, cell: ClientCell, status: ClientStatus
) -> None:
    """The same, asynchronously."""
    server = _resting(core, thread, handle)
    data = server.accept_next()
    if data is not None:
        cell.value = data
        complete(core, thread, status, 0)
        return
    status.value = KRequestPending
    server.receive = Receive(server, thread, cell, status)
    thread.receivers[server] = None


def server_receive_cancel(core: Core, thread: DThread, handle: int) -> None:
    """End an outstanding receive."""
    resolve(core, thread, handle, DServer).cancel_receive()
