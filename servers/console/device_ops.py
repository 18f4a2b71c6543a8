"""What a terminal can ask: one function for each request. All need SwEvent."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from servers.console.device import Device
from servers.console.keys import TKeyEvent
from servers.console.protocol import (
    START,
    KMaxConsSize,
    KMaxLine,
    KSeparator,
    TAbility,
    TConsSize,
    TicketT,
    TWsMessage,
    TWsPanic,
)
from userlib import (
    KErrArgument,
    KErrInUse,
    KErrNone,
    KErrNotFound,
    KErrOverflow,
    KRequestPending,
    Leave,
    RMessage2,
)

if TYPE_CHECKING:
    from servers.console.session import CConsoleSession

Serve: TypeAlias = "Callable[[CConsoleSession, RMessage2], int]"


def open_device(session: "CConsoleSession", message: RMessage2) -> int:
    if session.desk.device is not None:
        return KErrInUse
    resize(session, message, 1)
    session.device = Device(TAbility(message.int0))
    session.desk.open_device(session.device)
    return KErrNone


def next_order(session: "CConsoleSession", message: RMessage2) -> int:
    device = session.device
    if device is None:
        raise Leave(TWsPanic.ENoDevice)
    if not device.ask(message):
        raise Leave(TWsPanic.EOrderOutstanding)
    return KRequestPending


def next_cancel(session: "CConsoleSession", _message: RMessage2) -> int:
    if session.device is not None:
        session.device.ask_cancel()
    return KErrNone


def event(session: "CConsoleSession", message: RMessage2) -> int:
    try:
        event = TKeyEvent.unpack(message.read8(0))
    except ValueError as error:
        raise Leave(TWsPanic.EBadEvent) from error
    return int(session.desk.post(event))


def end_of_input(session: "CConsoleSession", _message: RMessage2) -> int:
    session.desk.end_input()
    return KErrNone


def line(session: "CConsoleSession", message: RMessage2) -> int:
    text = message.read16(2, max_length=KMaxLine + 1)
    if len(text) > KMaxLine:
        return KErrOverflow
    session.desk.take_line(TicketT(message.int0), message.int1, text)
    return KErrNone


def complete(session: "CConsoleSession", message: RMessage2) -> int:
    """Candidates from the line's program; none if it offers none, or has gone."""
    window = session.desk.line_of(TicketT(message.int0))
    if window is None or window.line is None:
        return KErrNotFound
    text = message.read16(1, max_length=KMaxLine)

    def answer(start: int, candidates: Sequence[str]) -> None:
        try:
            message.write(2, KSeparator.join(candidates))
            message.write(3, START.pack(start))
        except Leave as leave:
            message.complete(leave.code)
        else:
            message.complete(KErrNone)

    if window.line.completes:
        window.queries.ask(text, answer)
    else:
        answer(0, ())
    return KRequestPending


def resize(session: "CConsoleSession", message: RMessage2, first: int = 0) -> int:
    width, height = message.args[first : first + 2]
    if not (1 <= width <= KMaxConsSize and 1 <= height <= KMaxConsSize):
        raise Leave(KErrArgument)
    session.desk.screen.size = TConsSize(width, height)
    return KErrNone


def screen(session: "CConsoleSession", message: RMessage2) -> int:
    return session.view.answer_whole(message, session.desk.screen)


def update(session: "CConsoleSession", message: RMessage2) -> int:
    return session.view.wait(message, session.desk.screen)


def update_cancel(session: "CConsoleSession", _message: RMessage2) -> int:
    session.view.cancel()
    return KErrNone


DEVICE_OPERATIONS: Final[Mapping[int, Serve]] = MappingProxyType(
    {
        TWsMessage.EDeviceOpen: open_device,
        TWsMessage.EDeviceNext: next_order,
        TWsMessage.EDeviceNextCancel: next_cancel,
        TWsMessage.EDeviceEvent: event,
        TWsMessage.EDeviceEndOfInput: end_of_input,
        TWsMessage.EDeviceLine: line,
        TWsMessage.EDeviceComplete: complete,
        TWsMessage.EDeviceResize: resize,
        TWsMessage.EDeviceScreen: screen,
        TWsMessage.EDeviceUpdate: update,
        TWsMessage.EDeviceUpdateCancel: update_cancel,
    }
)
