"""RConsole: a session with the console server, thus a window of one's own.

Original: RConsole, the client of the text window server; symbian-userlib 14.1.
"""

from collections.abc import Iterable
from typing import Self

from servers.console.keys import KEY_EVENT, TKeyEvent
from servers.console.modes import TTextAttribute, TVideoMode
from servers.console.protocol import (
    PLACE,
    KConsoleServerName,
    KConsoleVersion,
    KSeparator,
    TConsSize,
    TLineFlag,
    TPlace,
    TWsMessage,
)
from userlib import (
    KErrNone,
    Leave,
    RSessionBase,
    TBuf,
    TBuf8,
    TIpcArgs,
    TRequestStatus,
)
from userlib.symbian.ipc_args import Argument


class TKeyBuf(TBuf8):
    """Where a read puts its key event; calling it gives the event.

    Original: none; TPckgBuf<SConsoleKey>.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(KEY_EVENT.size)

    def __call__(self) -> TKeyEvent:
        return TKeyEvent.unpack(bytes(self))


class RConsole(RSessionBase):
    """A session with the console server and, from `create` on, its window.

    Until then every operation does nothing, with code 0. A mistake that no client may
    make panics it `WServ panic`.

    Original: RConsole.
    """

    __slots__ = ()

    def connect(self) -> Self:
        """Connect; there is no window yet. Original: RConsole::Init.

        Raises: KErrNotFound if the machine has no console server.
        """
        return self.create_session(KConsoleServerName, KConsoleVersion)

    # The window.

    def create_window(self) -> None:
        """Make the window, unseen; a second one panics. Original: RConsole::Create."""
        self._ask(TWsMessage.ECreate)

    def set(self, title: str, width: int, height: int) -> None:
        """Give the window title and size, and show it in front.

        -1 for width or height is as large as the screen has room for.

        Raises: KErrArgument for a size below 1 or above 1000; KErrNotSupported for
            another size than it has, the second time.
        Original: RConsole::Set.
        """
        self._ask(TWsMessage.ESet, title, width, height)

    def destroy(self) -> None:
        """Take the window away; reads complete with KErrCancel.

        Original: RConsole::Destroy.
        """
        self._ask(TWsMessage.EDestroy)

    def set_title(self, title: str) -> None:
        """What the frame says. Original: RConsole::SetTitle."""
        self._ask(TWsMessage.ESetTitle, title)

    def set_size(self, width: int, height: int) -> None:
        """Raises: KErrNotSupported, always. Original: RConsole::SetSize."""
        self._ask(TWsMessage.ESetSize, width, height)

    def size(self) -> TConsSize:
        """Of the window, without its frame. Original: RConsole::Size."""
        return TConsSize(*self._pair(TWsMessage.ESize))

    def screen_size(self) -> TConsSize:
        """Of the screen that all windows share. Original: RConsole::ScreenSize."""
        return TConsSize(*self._pair(TWsMessage.EScreenSize))

    # Text.

    def write(self, text: str) -> None:
        """Write at the cursor; control codes act.

        Blocks: until a terminal that prints what is written has printed it.
        Original: RConsole::Write.
        """
        self._ask(TWsMessage.EWrite, text)

    def clear_screen(self) -> None:
        """Blanks everywhere, the cursor at the top left.

        Original: RConsole::ClearScreen.
        """
        self._ask(TWsMessage.EClear)

    def clear_to_end_of_line(self) -> None:
        """Blanks from the cursor on. Original: RConsole::ClearToEndOfLine."""
        self._ask(TWsMessage.EClearToEndOfLine)

    def cursor_pos(self) -> TPlace:
        """Where the cursor stands. Original: RConsole::CursorPos."""
        return TPlace(*self._pair(TWsMessage.ECursor))

    def set_cursor_pos_abs(self, x: int, y: int) -> None:
        """Place the cursor, at most at the edge.

        Original: RConsole::SetCursorPosAbs.
        """
        self._ask(TWsMessage.ESetCursorAbs, x, y)

    def set_cursor_pos_rel(self, dx: int, dy: int) -> None:
        """Move the cursor, at most to the edge. Original: RConsole::SetCursorPosRel."""
        self._ask(TWsMessage.ESetCursorRel, dx, dy)

    def set_cursor_height(self, percent: int) -> None:
        """0 to 100, 0: no cursor. Original: RConsole::SetCursorHeight."""
        self._ask(TWsMessage.ESetCursorHeight, percent)

    def set_text_attribute(self, attribute: TTextAttribute) -> None:
        """How text looks from now on. Original: CConsoleBase::SetTextAttribute."""
        self._ask(TWsMessage.ESetAttribute, attribute)

    def set_text_colors(self, foreground: int, background: int) -> None:
        """Colours of text from now on, 0 to 15. Raises: KErrArgument.

        Original: RConsole::SetTextColors.
        """
        self._ask(TWsMessage.ESetColours, foreground, background)

    def set_mode(self, mode: TVideoMode) -> None:
        """Whether colours show. Raises: KErrNotSupported.

        Original: RConsole::SetMode.
        """
        self._ask(TWsMessage.ESetMode, mode)

    def control(self, control: str) -> None:
        """Switch modes: `+` or `-`, then letters of SWPLVCMNOIRA.

        Raises: KErrArgument, with nothing switched. Original: RConsole::Control.
        """
        self._ask(TWsMessage.EControl, control)

    # Keys.

    def read(self, key: TKeyBuf, status: TRequestStatus) -> None:
        """Complete with the next key. Original: RConsole::Read.

        A second read meanwhile completes with KErrReadOutstanding; at the end of a
        terminal's input every read completes with KErrEof.
        """
        self.request(TWsMessage.ERead, TIpcArgs(key), status)

    def read_cancel(self) -> None:
        """Complete the outstanding read, if there is one, with KErrCancel.

        Original: RConsole::ReadCancel.
        """
        self._ask(TWsMessage.EReadCancel)

    def request_break(self, status: TRequestStatus) -> None:
        """Complete with KErrNone when somebody presses Ctrl-C.

        While such a request is outstanding Ctrl-C is no key, and ends no line. A second
        one panics. Original: none; the shell's break.
        """
        self.request(TWsMessage.EBreak, TIpcArgs(), status)

    def break_cancel(self) -> None:
        """Complete the outstanding `request_break`, if any, with KErrCancel.

        Original: none; a key that ends a program.
        """
        self._ask(TWsMessage.EBreakCancel)

    # Lines. `servers.console.client_line` makes a single call of these.

    def request_line(
        self,
        prompt: str,
        history: Iterable[str],
        line: TBuf,
        flags: TLineFlag,
        status: TRequestStatus,
    ) -> None:
        """Have a line edited after *prompt*; *line* gets it, without its end.

        Completes with KErrEof at the end of the input, KErrAbort after Ctrl-C,
        KErrOverflow if *line* is too short for it, KErrReadOutstanding if a key or line
        is already awaited. A second one panics.
        Original: none; lines edited by the server.
        """
        args = TIpcArgs(prompt, KSeparator.join(history), line, flags)
        self.request(TWsMessage.EReadLine, args, status)

    def line_cancel(self) -> None:
        """Complete the outstanding line, if any, with KErrCancel.

        Original: none; lines edited by the server.
        """
        self._ask(TWsMessage.EReadLineCancel)

    def request_query(self, text: TBuf, status: TRequestStatus) -> None:
        """Complete when whoever edits the line wants candidates for *text*.

        The text is the line up to the cursor; `answer` comes next. Completes with
        KErrCancel when the line ends.

        Original: none; lines edited by the server.
        """
        self.request(TWsMessage.EQuery, TIpcArgs(text), status)

    def query_cancel(self) -> None:
        """Complete the outstanding query, if any, with KErrCancel.

        Original: none; lines edited by the server.
        """
        self._ask(TWsMessage.EQueryCancel)

    def answer(self, start: int, candidates: Iterable[str]) -> None:
        """What could stand in the text from *start* on. Nothing asked panics.

        Original: none; lines edited by the server.
        """
        args = (KSeparator.join(candidates), start)
        self._ask(TWsMessage.EAnswer, *args)

    def _ask(self, function: TWsMessage, *args: Argument) -> None:
        code = self.send_receive(function, TIpcArgs(*args))
        if code != KErrNone:
            raise Leave(code)

    def _pair(self, function: TWsMessage) -> tuple[int, int]:
        buffer = TBuf8(PLACE.size, PLACE.pack(0, 0))
        self._ask(function, buffer)
        first, second = PLACE.unpack(bytes(buffer))
        return first, second
