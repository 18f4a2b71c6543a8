"""Random calls on servers, sessions and messages, with what the model expects.

The model follows messages only as far as they are accepted. Where it cannot know
whether one has been freed meanwhile, both outcomes are right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KErrBadDescriptor,
    KErrNone,
    KErrNotFound,
    KErrPermissionDenied,
    KErrServerBusy,
    KErrServerTerminated,
)
from kernel.abi.handles import TObjectType
from kernel.abi.ipc import KMessageDisconnect, TIpcSessionType
from kernel.abi.memory import ClientCell, ClientStatus
from kernel.abi.panics import TKernExec
from tools.stress.calls import (
    BAD_HANDLE,
    Call,
    KNames,
    NothingToDo,
    any_handle,
    creation,
    found,
)
from tools.stress.things import ANYTHING, NOTHING, Message, Refused, panics

if TYPE_CHECKING:
    from tools.stress.calls import Chooser, Operation
    from tools.stress.model import Model
    from tools.stress.things import Outcome, Puppet, Thing

EServer: Final = TObjectType.EServer
ESession: Final = TObjectType.ESession
KFunction: Final = 5
KSlots: Final = 2
BAD_MESSAGE: Final = panics(TKernExec.EBadMessageHandle)


def create_server(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    name = choose.pick(("", *KNames, "bad*name"))
    mode = choose.pick(tuple(TIpcSessionType))
    expected, make = creation(model, puppet, EServer, name)

    def effect(result: object) -> None:
        make(result).count = mode

    return Call(puppet, "server_create", (name, mode, 0), (expected,), effect)


def create_session(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    mode = choose.pick(tuple(TIpcSessionType))
    where: str | int = choose.pick(KNames)
    if choose.pick((True, False, False)):
        where = any_handle(model, puppet, choose, EServer)
    server = (
        found(puppet, where, EServer)
        if isinstance(where, int)
        else model.named.get((EServer, where))
    )
    expected: Outcome = ANYTHING
    if server is None:
        expected = BAD_HANDLE if isinstance(where, int) else Refused(KErrNotFound)
    elif mode > server.count:
        is_unsharable = server.count == TIpcSessionType.EIpcSession_Unsharable
        expected = Refused(KErrPermissionDenied)
        if is_unsharable:
            expected = panics(TKernExec.EUnsharableSession)

    def effect(result: object) -> None:
        assert isinstance(result, int)
        session = model.new_thing(ESession, puppet.process, None)
        session.server = server
        model.open(puppet, result, session)

    args = (where, KSlots, mode, None)
    return Call(puppet, "session_create", args, (expected,), effect)


def send(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """Its first argument tells the model which session a message came by."""
    handle = any_handle(model, puppet, choose, ESession)
    session = found(puppet, handle, ESession)
    args = (handle, KFunction, (model.number_of(session),), 0)
    expected: tuple[Outcome, ...] = (BAD_HANDLE,)
    if session is not None:
        codes = (KErrServerBusy, KErrServerTerminated)
        expected = (NOTHING, *(Refused(code) for code in codes))
    if choose.pick((True, False)):
        return Call(puppet, "session_send", args, expected)
    status = ClientStatus()

    def effect(_: object) -> None:
        puppet.statuses.append(status)

    return Call(puppet, "session_request", (*args, status), expected[:1], effect)


def receive(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EServer)
    server, cell, status = found(puppet, handle, EServer), ClientCell(), ClientStatus()
    expected: Outcome = NOTHING if server is not None else BAD_HANDLE
    if server is not None and server.is_pending:
        expected = panics(TKernExec.EMesAlreadyPending)

    def effect(_: object) -> None:
        assert server is not None
        take_message(model, server)
        server.status, server.cell = status, cell
        puppet.statuses.append(status)

    return Call(
        puppet, "server_request_receive", (handle, cell, status), (expected,), effect
    )


def take_message(model: Model, server: Thing) -> None:
    """If the last receive has ended, note the message it brought."""
    cell, status = server.cell, server.status
    if cell is None or status is None or status.value != KErrNone:
        return
    server.cell = None
    assert isinstance(cell.value, tuple)
    handle, function, raw, _ = cell.value
    session = model.sessions.get(raw[0]) if function != KMessageDisconnect else None
    is_sure = session is None or not session.is_gone
    server.process.messages.append(
        Message(handle, session, server, is_sure, function == KMessageDisconnect)
    )


def cancel_receive(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle = any_handle(model, puppet, choose, EServer)
    server = found(puppet, handle, EServer)
    expected: Outcome = NOTHING if server is not None else BAD_HANDLE
    return Call(puppet, "server_receive_cancel", (handle,), (expected,))


def any_message(
    model: Model, puppet: Puppet, choose: Chooser
) -> tuple[int, Message | None]:
    """Mostly one of the puppet's own."""
    for thing in puppet.things():
        if thing.kind is EServer:
            take_message(model, thing)
    own = puppet.process.messages
    is_known = bool(own) and choose.pick(range(40)) > 0
    if is_known:
        known = choose.pick(own)
        return known.handle, known
    if not own and choose.pick(range(20)):
        raise NothingToDo
    others = [m.handle for p in model.processes for m in p.messages]
    handle = choose.pick((0, -1, 1 << 20, *others, *puppet.spent[-3:]))
    return handle, next((m for m in own if m.handle == handle), None)


def outcomes(message: Message | None, good: Outcome) -> tuple[Outcome, ...]:
    """What may come of a call on it."""
    if message is None:
        return (BAD_MESSAGE,)
    return (good,) if message.is_sure else (good, BAD_MESSAGE)


def complete(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    handle, message = any_message(model, puppet, choose)

    def effect(_: object) -> None:
        assert message is not None
        puppet.process.messages.remove(message)
        puppet.spent.append(handle)
        if message.is_disconnect:
            model.doubt(None)  # the rest of its session is freed with it

    args = (handle, choose.pick((0, 1, -3)))
    return Call(puppet, "message_complete", args, outcomes(message, NOTHING), effect)


def ask_length(model: Model, puppet: Puppet, choose: Chooser) -> Call:
    """No message here has a descriptor."""
    handle, message = any_message(model, puppet, choose)
    expected = outcomes(message, Refused(KErrBadDescriptor))
    if message is not None and message.is_disconnect:
        expected = (BAD_MESSAGE,)
    return Call(puppet, "message_des_length", (handle, 0), expected)


IPC_OPERATIONS: Final[tuple[Operation, ...]] = (
    create_server,
    create_session,
    create_session,
    send,
    send,
    send,
    receive,
    receive,
    cancel_receive,
    complete,
    complete,
    ask_length,
)
