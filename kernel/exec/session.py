"""Calls on sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrBadName,
    KErrNotFound,
    KErrPermissionDenied,
    KErrServerTerminated,
    KRequestPending,
)
from kernel.abi.handles import EOwnerProcess, EOwnerThread, KHandleFlagLocal
from kernel.abi.ipc import KMessageDisconnect, TIpcSessionType
from kernel.abi.limits import KMaxMessageSlots
from kernel.abi.names import fold, is_valid_name
from kernel.abi.panics import TKernExec
from kernel.events import TEvent
from kernel.exec.arguments import demand_types
from kernel.ipc.message import EFree
from kernel.ipc.server import DServer
from kernel.ipc.session import DSession
from kernel.tasks.handles import resolve, table_of
from kernel.tasks.objects import TProtection
from kernel.tasks.park import block
from kernel.tasks.request import complete
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.abi.ipc import IpcArgs
    from kernel.abi.memory import ClientStatus
    from kernel.abi.security import SecurityPolicy
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread


def session_create(
    core: Core,
    thread: DThread,
    server: str | int,
    slots: int,
    mode: int,
    policy: SecurityPolicy | None,
) -> int:
    """A session, not yet connected. The checks stand in the order of 6.4."""
    if isinstance(server, str) and not is_valid_name(server):
        raise KernelError(KErrBadName)
    if not -1 <= slots <= KMaxMessageSlots or mode not in tuple(TIpcSessionType):
        raise KernelError(KErrArgument)
    found = _find_server(core, thread, server)
    if found.is_closing:
        raise KernelError(KErrServerTerminated)
    if policy is not None and not policy.check(found.process.identity):
        raise KernelError(KErrPermissionDenied)
    _demand_mode(core, thread, found.mode, mode)
    session = DSession(core, found, thread, slots, mode)
    try:
        handle = table_of(thread, EOwnerProcess if mode else EOwnerThread).add(session)
    except KernelError:
        session.detach(None)  # the server never hears of it
        session.close()
        raise
    core.event(TEvent.ESessionCreate, thread, session.number, found.label)
    return handle


def _find_server(core: Core, thread: DThread, server: str | int) -> DServer:
    if isinstance(server, int):
        return resolve(core, thread, server, DServer)
    for obj in core.containers[DServer.kind].with_key((None, fold(server))):
        if isinstance(obj, DServer) and obj.access_count > 0:
            return obj
    raise KernelError(KErrNotFound)


def _demand_mode(core: Core, thread: DThread, offered: int, wanted: int) -> None:
    if wanted <= offered:
        return
    if offered == TIpcSessionType.EIpcSession_Unsharable:
        panic_current(core, thread, TKernExec.EUnsharableSession)
    raise KernelError(KErrPermissionDenied)


def session_share(core: Core, thread: DThread, handle: int, mode: int) -> int:
    """Share further; a thread-owned handle is replaced by a process-owned one."""
    session = resolve(core, thread, handle, DSession)
    if session.server_mode == TIpcSessionType.EIpcSession_Unsharable:
        panic_current(core, thread, TKernExec.EUnsharableSession)
    if mode > session.server_mode:
        raise KernelError(KErrPermissionDenied)
    new = handle
    if handle & KHandleFlagLocal:
        new = thread.process.handles.add_opened(session)
        thread.handles.remove(handle)
    if mode > session.mode:
        session.mode = mode
        if mode == TIpcSessionType.EIpcSession_GlobalSharable:
            session.protection = TProtection.EProtected
    return new


def session_server_identity(
    core: Core, thread: DThread, handle: int
) -> tuple[int, int, frozenset[int]]:
    """Of the server's process."""
    server = resolve(core, thread, handle, DSession).server
    if server is None:
        raise KernelError(KErrServerTerminated)
    identity = server.process.identity
    return (identity.secure_id, identity.vendor_id, identity.capabilities)


def session_send_receive(
    core: Core, thread: DThread, handle: int, function: int, args: IpcArgs, types: int
) -> Park:
    """Send in the thread's own message, and park on it."""
    session = resolve(core, thread, handle, DSession)
    if args.__class__ is not tuple or types.__class__ is not int:
        demand_types("session_send_receive", handle, function, args, types)
    if function == KMessageDisconnect:
        raise KernelError(KErrArgument)
    message = thread.message
    if message is None or message.state is not EFree:
        message = session.own_message(thread)
    session.check_send(thread, function)
    session.send(thread, message, function, args, types, None)
    return block(core, thread, message, thread.take_reply)


def session_request(
    core: Core,
    thread: DThread,
    handle: int,
    function: int,
    args: IpcArgs,
    types: int,
    status: ClientStatus,
) -> None:
    """Send; what goes wrong goes into the status."""
    try:
        status.value = KRequestPending
        _send_in_slot(core, thread, handle, function, args, types, status)
    except KernelError as error:
        complete(core, thread, status, error.code)


def session_send(
    core: Core, thread: DThread, handle: int, function: int, args: IpcArgs, types: int
) -> None:
    """Send, and nobody learns how it ended."""
    _send_in_slot(core, thread, handle, function, args, types, None)


def _send_in_slot(
    core: Core,
    thread: DThread,
    handle: int,
    function: int,
    args: IpcArgs,
    types: int,
    status: ClientStatus | None,
) -> None:
    session = resolve(core, thread, handle, DSession)
    if function == KMessageDisconnect:
        raise KernelError(KErrArgument)
    session.check_slot()
    session.check_send(thread, function)
    message = session.new_message(thread)
    session.send(thread, message, function, args, types, status)
