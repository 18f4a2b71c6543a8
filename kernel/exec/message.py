"""Calls that a server makes on a message it has accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrBadHandle,
    KErrDied,
    KErrPermissionDenied,
)
from kernel.abi.handles import EOwnerThread
from kernel.abi.ipc import (
    KMessageConnect,
    KMessageDisconnect,
    KProcessFlagJustInTime,
    KProcessFlagPriorityControl,
    TArgType,
)
from kernel.abi.limits import KCopyPiece, KMaxMessageArguments
from kernel.abi.panics import TKernExec
from kernel.abi.priorities import TProcessPriority, TRealtimeState
from kernel.events import TEvent
from kernel.exec.arguments import demand_types
from kernel.ipc.client_memory import arg_type, raw_values
from kernel.tasks.factory import set_process_priority
from kernel.tasks.handles import kind_of, look_up, open_handle, resolve_any
from kernel.tasks.objects import TProtection
from kernel.tasks.park import give_way
from kernel.tasks.thread_exit import end_thread, panic_current, wanted_exit_info

if TYPE_CHECKING:
    from kernel.abi.ipc import MessageData
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.ipc.client_memory import Descriptor
    from kernel.ipc.message import DMessage
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread

EMessageComplete: Final = TEvent.EMessageComplete


def accepted_message(core: Core, thread: DThread, handle: int) -> DMessage:
    """A message that a server of the caller's process has accepted."""
    message = core.messages.get(handle)
    server = None if message is None else message.session.server
    if message is None or server is None or server.process is not thread.process:
        panic_current(core, thread, TKernExec.EBadMessageHandle)
    return message


def _ordinary(core: Core, thread: DThread, handle: int) -> DMessage:
    """The same, and no disconnect message."""
    message = accepted_message(core, thread, handle)
    if message.function == KMessageDisconnect:
        panic_current(core, thread, TKernExec.EBadMessageHandle)
    return message


def message_complete(core: Core, thread: DThread, message: int, code: int) -> None:
    """Give the client its answer."""
    found = accepted_message(core, thread, message)
    if not isinstance(code, int):
        demand_types("message_complete", message, code)
    session = found.session
    if core.trace3 is not None:
        core.trace3(EMessageComplete, thread, session.number, message, code)
    session.complete(found, code)


def message_complete_handle(
    core: Core, thread: DThread, message: int, handle: int
) -> None:
    """The answer is a handle in the client's thread, or why there is none."""
    found = _ordinary(core, thread, message)
    obj = resolve_any(core, thread, handle)
    client = found.client
    try:
        is_foreign = client.process is not thread.process
        if is_foreign and obj.protection is TProtection.ELocal:
            raise KernelError(KErrPermissionDenied)  # noqa: TRY301 - one more refusal of open_handle's kind
        code = open_handle(client, obj, EOwnerThread)
    except KernelError as error:
        code = error.code
    core.event(EMessageComplete, thread, found.session.number, message, code)
    found.session.complete(found, code)


def _descriptor(core: Core, thread: DThread, message: int, index: int) -> Descriptor:
    found = _ordinary(core, thread, message)
    if not 0 <= index < KMaxMessageArguments:
        raise KernelError(KErrArgument)
    return found.descriptor(index)


def _check_memory(descriptor: Descriptor, client: DThread) -> None:
    descriptor.demand_memory()
    if client.dead:
        raise KernelError(KErrDied)


def message_read(
    core: Core,
    thread: DThread,
    message: int,
    index: int,
    offset: int,
    max_length: int,
    wide: bool | None,
) -> bytes | str | Park:
    """Items of a descriptor, large ones in pieces."""
    descriptor = _descriptor(core, thread, message, index)
    descriptor.demand_wide(wide)
    if offset < 0:
        raise KernelError(KErrArgument)
    _check_memory(descriptor, core.messages[message].client)
    count = max(0, min(max_length, descriptor.length - offset))
    if count <= KCopyPiece or isinstance(descriptor.value, bytes | str):
        return descriptor.read(offset, count)
    return _read_in_pieces(thread, descriptor, offset, offset + count)


def _read_in_pieces(
    thread: DThread, descriptor: Descriptor, start: int, end: int
) -> Park:
    """Copy piece by piece, letting others have the lock in between.

    The closure keeps the memory: completing the message meanwhile does no harm.
    """
    pieces: list[bytes] = []
    texts: list[str] = []
    at = start

    def resume() -> bytes | str | Park:
        nonlocal at
        piece = descriptor.read(at, min(KCopyPiece, end - at))
        if isinstance(piece, str):
            texts.append(piece)
        else:
            pieces.append(piece)
        at += KCopyPiece
        if at < end:
            return give_way(thread, resume)
        return "".join(texts) if texts else b"".join(pieces)

    return give_way(thread, resume)


def message_write(
    core: Core,
    thread: DThread,
    message: int,
    index: int,
    data: bytes | str,
    offset: int,
) -> Park | None:
    """Put data into a descriptor, large ones in pieces."""
    descriptor = _descriptor(core, thread, message, index)
    found = core.messages[message]
    descriptor.demand_writable(data, offset)
    if found.client.dead:
        raise KernelError(KErrDied)
    found.note_length(descriptor.value, offset + len(data))
    if len(data) <= KCopyPiece:
        descriptor.write(data, offset)
        return None
    at = 0

    def resume() -> Park | None:
        nonlocal at
        descriptor.write(data[at : at + KCopyPiece], offset + at)
        at += KCopyPiece
        return give_way(thread, resume) if at < len(data) else None

    return give_way(thread, resume)


def message_des_length(core: Core, thread: DThread, message: int, index: int) -> int:
    """Length in items."""
    return _descriptor(core, thread, message, index).length


def message_des_max_length(
    core: Core, thread: DThread, message: int, index: int
) -> int:
    """Capacity in items."""
    return _descriptor(core, thread, message, index).max_length()


def message_des_wide(core: Core, thread: DThread, message: int, index: int) -> bool:
    """Whether items are characters."""
    return _descriptor(core, thread, message, index).wide


def message_set_session_ptr(
    core: Core, thread: DThread, message: int, cookie: int
) -> None:
    """The server's word for the session."""
    found = _ordinary(core, thread, message)
    if cookie == 0:
        panic_current(core, thread, TKernExec.ESessionNullCookie)
    if found.function != KMessageConnect:
        panic_current(core, thread, TKernExec.ESessionInvalidCookieMsg)
    if found.session.cookie:
        panic_current(core, thread, TKernExec.ESessionCookieAlreadySet)
    found.session.set_cookie(cookie)


def message_client(core: Core, thread: DThread, message: int, owner: int) -> int:
    """A handle to the client thread."""
    return open_handle(thread, _ordinary(core, thread, message).client, owner)


def message_end_client(
    core: Core,
    thread: DThread,
    message: int,
    exit_type: int,
    category: str,
    reason: int,
) -> None:
    """End the client thread, then complete the message."""
    found = _ordinary(core, thread, message)
    end_thread(core, found.client, wanted_exit_info(exit_type, category, reason))
    if core.messages.get(message) is found:  # its end may have ended the session
        core.event(EMessageComplete, thread, found.session.number, message, reason)
        found.session.complete(found, reason)


def message_open_handle(
    core: Core, thread: DThread, message: int, index: int, kind: int, owner: int
) -> int:
    """Open what the client passed."""
    found = _ordinary(core, thread, message)
    wanted = kind_of(core, thread, kind)
    if not 0 <= index < KMaxMessageArguments:
        raise KernelError(KErrArgument)
    value = found.args[index] if index < len(found.args) else 0
    if arg_type(found.types, index) != TArgType.EHandle or not isinstance(value, int):
        raise KernelError(KErrBadHandle)
    obj = look_up(found.client, value)
    if obj is None or obj.kind != wanted or obj.protection is TProtection.ELocal:
        raise KernelError(KErrBadHandle)
    return open_handle(thread, obj, owner)


def message_identity(
    core: Core, thread: DThread, message: int
) -> tuple[int, int, frozenset[int]]:
    """Of the client's process."""
    identity = _ordinary(core, thread, message).client.process.identity
    return (identity.secure_id, identity.vendor_id, identity.capabilities)


def message_data(core: Core, thread: DThread, message: int) -> MessageData:
    """Function, raw arguments and cookie once more."""
    found = _ordinary(core, thread, message)
    return (message, found.function, raw_values(found.args), found.session.cookie)


def message_client_status(
    core: Core, thread: DThread, message: int
) -> ClientStatus | None:
    """Where the client will find its answer."""
    return _ordinary(core, thread, message).status


def message_client_process_flags(core: Core, thread: DThread, message: int) -> int:
    """As bits."""
    process = _ordinary(core, thread, message).client.process
    flags = KProcessFlagJustInTime if process.just_in_time else 0
    return flags | (KProcessFlagPriorityControl if process.priority_control else 0)


def message_client_is_realtime(core: Core, thread: DThread, message: int) -> bool:
    """Whether it has promised to be quick."""
    state = _ordinary(core, thread, message).client.realtime_state
    return state != TRealtimeState.ERealtimeStateOff


def message_set_process_priority(
    core: Core, thread: DThread, message: int, priority: int
) -> None:
    """If the client's process lets others."""
    process = _ordinary(core, thread, message).client.process
    allowed = (
        TProcessPriority.EPriorityBackground,
        TProcessPriority.EPriorityForeground,
    )
    if not process.priority_control or priority not in allowed:
        raise KernelError(KErrPermissionDenied)
    set_process_priority(process, priority)
