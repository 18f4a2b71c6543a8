"""What a client can ask for its window: one function for each request."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from servers.console.grid import TLook
from servers.console.line import LineRequest
from servers.console.modes import (
    KColours,
    TTextAttribute,
    TVideoMode,
    TWindowMode,
)
from servers.console.protocol import (
    PLACE,
    KConsFullScreen,
    KDefaultConsHeight,
    KDefaultConsWidth,
    KErrReadOutstanding,
    KMaxConsSize,
    KSeparator,
    TConsSize,
    TLineFlag,
    TWsMessage,
    TWsPanic,
)
from servers.console.window import CWindow, answer_read
from userlib import (
    KErrArgument,
    KErrCancel,
    KErrEof,
    KErrNone,
    KErrNotSupported,
    KRequestPending,
    Leave,
    RMessage2,
)

if TYPE_CHECKING:
    from servers.console.session import CConsoleSession

# Completes the message by the code it returns, or later if that is KRequestPending.
Serve: TypeAlias = "Callable[[CConsoleSession, RMessage2], int]"


def window_of(session: "CConsoleSession") -> CWindow:
    """The window, which is there: see the session's _serve."""
    assert session.window is not None
    return session.window


# The window.


def create(session: "CConsoleSession", _message: RMessage2) -> int:
    if session.window is not None:
        raise Leave(TWsPanic.EWindowExists)
    session.window = CWindow(TConsSize(KDefaultConsWidth, KDefaultConsHeight))
    session.desk.screen.add(session.window)
    return KErrNone


def set_window(session: "CConsoleSession", message: RMessage2) -> int:
    window = window_of(session)
    inside = session.desk.screen.inside
    size = TConsSize(
        _side(message.int1, inside.width), _side(message.int2, inside.height)
    )
    title = message.read16(0)
    if window.is_set:
        if (size.width, size.height) != (window.grid.width, window.grid.height):
            return KErrNotSupported
    else:
        window.resize(size)
        window.is_set = True
        window.control("+V")
        session.desk.screen.to_front(window)
    window.title = title
    return KErrNone


def _side(asked: int, room: int) -> int:
    side = room if asked == KConsFullScreen else asked
    if not 1 <= side <= KMaxConsSize:
        raise Leave(KErrArgument)
    return side


def destroy(session: "CConsoleSession", _message: RMessage2) -> int:
    session.destroy_window()
    return KErrNone


def set_title(session: "CConsoleSession", message: RMessage2) -> int:
    window_of(session).title = message.read16(0)
    return KErrNone


def set_size(_session: "CConsoleSession", _message: RMessage2) -> int:
    return KErrNotSupported


def size(session: "CConsoleSession", message: RMessage2) -> int:
    grid = window_of(session).grid
    message.write(0, PLACE.pack(grid.width, grid.height))
    return KErrNone


def screen_size(session: "CConsoleSession", message: RMessage2) -> int:
    size = session.desk.screen.size
    message.write(0, PLACE.pack(size.width, size.height))
    return KErrNone


# Text.


def write(session: "CConsoleSession", message: RMessage2) -> int:
    if session.desk.write(window_of(session), message.read16(0), message):
        session.hold(message)
        return KRequestPending
    return KErrNone


def clear(session: "CConsoleSession", message: RMessage2) -> int:
    if session.desk.clear(window_of(session), message):
        session.hold(message)
        return KRequestPending
    return KErrNone


def clear_to_end_of_line(session: "CConsoleSession", _message: RMessage2) -> int:
    window_of(session).grid.clear_to_end_of_line()
    return KErrNone


def set_cursor_abs(session: "CConsoleSession", message: RMessage2) -> int:
    window_of(session).grid.place(message.int0, message.int1)
    return KErrNone


def set_cursor_rel(session: "CConsoleSession", message: RMessage2) -> int:
    grid = window_of(session).grid
    grid.place(grid.x + message.int0, grid.y + message.int1)
    return KErrNone


def cursor(session: "CConsoleSession", message: RMessage2) -> int:
    grid = window_of(session).grid
    message.write(0, PLACE.pack(grid.x, grid.y))
    return KErrNone


def set_cursor_height(session: "CConsoleSession", message: RMessage2) -> int:
    if not 0 <= message.int0 <= 100:  # noqa: PLR2004 - per cent
        return KErrArgument
    window_of(session).cursor_height = message.int0
    return KErrNone


def control(session: "CConsoleSession", message: RMessage2) -> int:
    window = window_of(session)
    was_seen = bool(window.mode & TWindowMode.EVisible)
    window.control(message.read16(0))
    if not was_seen and window.mode & TWindowMode.EVisible:
        session.desk.screen.to_front(window)
    return KErrNone


def set_colours(session: "CConsoleSession", message: RMessage2) -> int:
    foreground, background = message.int0, message.int1
    if not (0 <= foreground < KColours and 0 <= background < KColours):
        return KErrArgument
    grid = window_of(session).grid
    grid.look = TLook(grid.look.attribute, foreground, background)
    return KErrNone


def set_attribute(session: "CConsoleSession", message: RMessage2) -> int:
    grid, asked = window_of(session).grid, message.int0
    if asked not in tuple(TTextAttribute):
        return KErrArgument
    look = grid.look
    grid.look = TLook(TTextAttribute(asked), look.foreground, look.background)
    return KErrNone


def set_mode(session: "CConsoleSession", message: RMessage2) -> int:
    if message.int0 not in tuple(TVideoMode):
        return KErrNotSupported
    window_of(session).video_mode = TVideoMode(message.int0)
    return KErrNone


# Keys.


def read(session: "CConsoleSession", message: RMessage2) -> int:
    window = window_of(session)
    if window.awaits_input:
        return KErrReadOutstanding
    if window.keys:
        if answer_read(message, window.keys[0]):
            window.keys.popleft()
    elif session.desk.at_end:
        return KErrEof
    else:
        window.read = message
    return KRequestPending


def read_cancel(session: "CConsoleSession", _message: RMessage2) -> int:
    window_of(session).end_read(KErrCancel)
    return KErrNone


def await_break(session: "CConsoleSession", message: RMessage2) -> int:
    window_of(session).await_break(message)
    return KRequestPending


def break_cancel(session: "CConsoleSession", _message: RMessage2) -> int:
    window_of(session).end_break(KErrCancel)
    return KErrNone


# Lines.


def read_line(session: "CConsoleSession", message: RMessage2) -> int:
    window = window_of(session)
    if window.line is not None:
        raise Leave(TWsPanic.ELineOutstanding)
    if window.read is not None:
        return KErrReadOutstanding
    prompt, history = message.read16(0), message.read16(1)
    window.line = LineRequest(message, prompt, history, TLineFlag(message.int3))
    return KRequestPending


def line_cancel(session: "CConsoleSession", _message: RMessage2) -> int:
    session.desk.withdraw(window_of(session), KErrCancel)
    return KErrNone


def query(session: "CConsoleSession", message: RMessage2) -> int:
    window = window_of(session)
    if window.line is None:
        return KErrCancel
    window.queries.wait(message)
    return KRequestPending


def query_cancel(session: "CConsoleSession", _message: RMessage2) -> int:
    window_of(session).queries.cancel()
    return KErrNone


def answer(session: "CConsoleSession", message: RMessage2) -> int:
    text = message.read16(0)
    candidates = tuple(text.split(KSeparator)) if text else ()
    window_of(session).queries.take_answer(message.int1, candidates)
    return KErrNone


OPERATIONS: Final[Mapping[int, Serve]] = MappingProxyType(
    {
        TWsMessage.ECreate: create,
        TWsMessage.ESet: set_window,
        TWsMessage.EDestroy: destroy,
        TWsMessage.EWrite: write,
        TWsMessage.ERead: read,
        TWsMessage.EReadCancel: read_cancel,
        TWsMessage.EClear: clear,
        TWsMessage.EClearToEndOfLine: clear_to_end_of_line,
        TWsMessage.ESetCursorAbs: set_cursor_abs,
        TWsMessage.ESetCursorRel: set_cursor_rel,
        TWsMessage.ECursor: cursor,
        TWsMessage.ESize: size,
        TWsMessage.EScreenSize: screen_size,
        TWsMessage.ESetTitle: set_title,
        TWsMessage.ESetCursorHeight: set_cursor_height,
        TWsMessage.EControl: control,
        TWsMessage.ESetColours: set_colours,
        TWsMessage.ESetAttribute: set_attribute,
        TWsMessage.ESetMode: set_mode,
        TWsMessage.ESetSize: set_size,
        TWsMessage.EReadLine: read_line,
        TWsMessage.EReadLineCancel: line_cancel,
        TWsMessage.EQuery: query,
        TWsMessage.EQueryCancel: query_cancel,
        TWsMessage.EAnswer: answer,
        TWsMessage.EBreak: await_break,
        TWsMessage.EBreakCancel: break_cancel,
    }
)

# What test mode leaves out.
OUTPUT: Final = frozenset(
    (TWsMessage.EWrite, TWsMessage.EClear, TWsMessage.EClearToEndOfLine)
)
