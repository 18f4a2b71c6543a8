"""Calls on servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrBadName,
    KErrNone,
    KRequestPending,
)
from kernel.abi.handles import EOwnerProcess, EOwnerThread
from kernel.abi.ipc import KMessageConnect, TIpcSessionType, TServerRole
from kernel.abi.names import is_valid_name
from kernel.abi.panics import TKernExec
from kernel.abi.security import TCapability
from kernel.events import TEvent
from kernel.exec.arguments import demand_types
from kernel.exec.message import accepted_message
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
    server = DServer(core, thread, name, mode, role)
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
    receive = server.asked
    if receive is None or not receive.is_for(thread, cell, status):
        demand_types("server_request_receive", handle, cell, status)
        receive = server.asked = Receive(server, thread, cell, status)
    data = server.accept_next()
    if data is not None:
        cell.value = data
        complete(core, thread, status, 0)
        return
    status.value = KRequestPending
    server.receive = receive
    thread.receivers[server] = None


def server_transfer_session(
    core: Core, thread: DThread, slave: int, message: int
) -> None:
    """From a master to a slave. The checks stand in the order of 6.10."""
    target = resolve(core, thread, slave, DServer)
    connect = accepted_message(core, thread, message)
    session = connect.session
    if connect.function != KMessageConnect:
        panic_current(core, thread, TKernExec.ESessionInvalidCookieMsg)
    if not session.cookie:
        panic_current(core, thread, TKernExec.ESessionNullCookie)
    if not _may_transfer(session.server, target):
        panic_current(core, thread, TKernExec.ESessionInvalidCookieMsg)
    target.take_over(session)
    session.complete(connect, KErrNone)


def _may_transfer(master: DServer | None, slave: DServer) -> bool:
    return (
        master is not None
        and master.role == TServerRole.EServerRole_Master
        and slave.role == TServerRole.EServerRole_Slave
        and slave.process is master.process
        and not slave.is_closing
    )


def server_receive_cancel(core: Core, thread: DThread, handle: int) -> None:
    """End an outstanding receive."""
    resolve(core, thread, handle, DServer).cancel_receive()
