"""One window: its text, its modes, and who waits for what is typed in it."""

from collections import deque
from typing import Final

from servers.console.grid import TextGrid
from servers.console.keys import TConsoleEventType, TKeyEvent
from servers.console.line import LineRequest, Queries
from servers.console.modes import (
    KDefaultMode,
    TVideoMode,
    TWindowMode,
    apply_control,
)
from servers.console.protocol import TConsSize, TWsPanic
from userlib import KErrCancel, KErrNone, Leave, RMessage2

KMaxKeys: Final = 1024  # that wait to be read; the rest are lost
KFullHeight: Final = 100

_KPointer: Final = (
    TConsoleEventType.EEventPointerDown,
    TConsoleEventType.EEventPointerUp,
)
_KRaw: Final = (
    TConsoleEventType.EEventRawKeyDown,
    TConsoleEventType.EEventRawKeyUp,
)


class CWindow:
    """A window and its input. Threads: the server's."""

    def __init__(self, size: TConsSize) -> None:
        # Fixed for life:
        self.queries: Final = Queries()
        self.keys: Final[deque[TKeyEvent]] = deque()

        self.title = ""
        self.grid = TextGrid(size.width, size.height)
        self.mode = KDefaultMode & ~TWindowMode.EVisible
        self.video_mode = TVideoMode.EColor
        self.cursor_height = KFullHeight
        self.step = 0  # its place among windows that overlap
        self.is_set = False  # it has got its title and size
        self.read: RMessage2 | None = None
        self.line: LineRequest | None = None
        self.break_request: RMessage2 | None = None

    @property
    def awaits_input(self) -> bool:
        """Whether its program waits for a key or a line."""
        return self.read is not None or self.line is not None

    def resize(self, size: TConsSize) -> None:
        """Begin anew, in another size."""
        self.grid = TextGrid(size.width, size.height)

    def control(self, control: str) -> None:
        """Switch modes. Raises: Leave(KErrArgument)."""
        self.mode = apply_control(self.mode, control)
        self.grid.mode = self.mode

    def wants(self, event: TKeyEvent) -> bool:
        """Whether its modes let an event of this kind through."""
        mode = self.mode
        if event.type in _KRaw:
            return bool(mode & TWindowMode.ERawEvents)
        if event.type in _KPointer:
            return bool(mode & TWindowMode.EPointerEvents)
        if event.type is TConsoleEventType.EEventPointerMove:
            moves = TWindowMode.EPointerEvents | TWindowMode.EPointerMoves
            return mode & moves == moves
        return True

    # Keys.

    def put(self, event: TKeyEvent) -> bool:
        """Give an event to the read that waits, or keep it for the next.

        Whether a read got it; one that has a bad buffer, or a dead thread, does not.
        """
        message, self.read = self.read, None
        if message is not None and answer_read(message, event):
            return True
        if len(self.keys) < KMaxKeys:
            self.keys.append(event)
        return False

    def end_read(self, code: int) -> None:
        """Complete the read that waits, if there is one."""
        message, self.read = self.read, None
        if message is not None:
            message.complete(code)

    # Breaks.

    def await_break(self, message: RMessage2) -> None:
        """Raises: Leave(EBreakOutstanding) for a second one."""
        if self.break_request is not None:
            raise Leave(TWsPanic.EBreakOutstanding)
        self.break_request = message

    def end_break(self, code: int) -> None:
        """Complete the request for a break, if there is one."""
        message, self.break_request = self.break_request, None
        if message is not None:
            message.complete(code)

    # Lines.

    def end_line(self, code: int) -> None:
        """Complete the line that is awaited, and the queries for it."""
        line, self.line = self.line, None
        if line is not None:
            line.finish(code)
            self.queries.drop()
            self.queries.cancel()

    def destroy(self) -> None:
        """Nobody gets anything from it any more."""
        self.end_read(KErrCancel)
        self.end_break(KErrCancel)
        self.end_line(KErrCancel)
        self.queries.cancel()


def answer_read(message: RMessage2, event: TKeyEvent) -> bool:
    """Complete a read with a key, or why it cannot get it; whether it got it."""
    try:
        message.write(0, event.pack())
    except Leave as leave:
        message.complete(leave.code)
        return False
    message.complete(KErrNone)
    return True
