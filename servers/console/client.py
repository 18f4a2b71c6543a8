r"""What programs import: Console, CConsoleBase, RConsole, and the values with them.

    with Console.new("Greeter", 40, 10) as console:
        console.printf("%d keys, please\n", 3)
        first = console.getch()
        name = console.read_line("name: ")

Original: CConsoleBase, Console (e32cons.h); symbian-userlib 14.1.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from kernel.abi.current import panic
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from servers.console.client_line import Completer, read_line
from servers.console.client_session import RConsole, TKeyBuf
from servers.console.keys import TEventModifier, TKeyCode, TKeyEvent
from servers.console.modes import TTextAttribute, TVideoMode
from servers.console.protocol import (
    KConsFullScreen,
    KConsoleLibrary,
    KDefaultConsHeight,
    KDefaultConsWidth,
    KMaxPrintf,
    KNewConsole,
    TConsSize,
    TPlace,
)
from userlib import (
    EOwnerProcess,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    Leave,
    RLibrary,
    TRequestStatus,
    User,
)

__all__ = [
    "CConsoleBase",
    "Completer",
    "Console",
    "KConsFullScreen",
    "KDefaultConsHeight",
    "KDefaultConsWidth",
    "RConsole",
    "TConsSize",
    "TEventModifier",
    "TKeyBuf",
    "TKeyCode",
    "TKeyEvent",
    "TPlace",
    "TTextAttribute",
    "TVideoMode",
]


class CConsoleBase:
    """A console: a window of characters, and the keys pressed while it is in front.

    What it has in common with RConsole is called the same; `session` is that.

    Original: CConsoleBase.
    """

    def __init__(self) -> None:
        self.session: Final = RConsole()
        self.library: RLibrary | None = None  # that it came from; goes with it
        self._key: Final = TKeyBuf()

    def create(self, title: str, width: int, height: int) -> Self:
        """Connect and show the window. Original: CConsoleBase::Create.

        Raises: KErrNotFound without a console server; KErrArgument for a bad size.
        """
        self.session.connect()
        self.session.create_window()
        self.session.set(title, width, height)
        return self

    def close(self) -> None:
        """Take the window away. Original: CConsoleBase::~CConsoleBase."""
        self.session.close()
        library, self.library = self.library, None
        if library is not None:
            library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Output.

    def write(self, text: str) -> None:
        """Write at the cursor; see RConsole. Original: CConsoleBase::Write."""
        self.session.write(text)

    def printf(self, text: str, *args: object) -> None:
        """Write *text*, with *args* put in as by `%`; at most 256 characters of it.

        Original: CConsoleBase::Printf.
        """
        self.write((text % args if args else text)[:KMaxPrintf])

    def clear_screen(self) -> None:
        """Blanks, the cursor at the top left. Original: CConsoleBase::ClearScreen."""
        self.session.clear_screen()

    def clear_to_end_of_line(self) -> None:
        """Blanks from the cursor on. Original: CConsoleBase::ClearToEndOfLine."""
        self.session.clear_to_end_of_line()

    def control(self, control: str) -> None:
        """Switch modes by a control string. Original: RConsole::Control."""
        self.session.control(control)

    def set_title(self, title: str) -> None:
        """What the frame says. Original: CConsoleBase::SetTitle."""
        self.session.set_title(title)

    def set_size(self, width: int, height: int) -> None:
        """Raises: KErrNotSupported, always. Original: RConsole::SetSize."""
        self.session.set_size(width, height)

    def set_text_attribute(self, attribute: TTextAttribute) -> None:
        """How text looks from now on. Original: CConsoleBase::SetTextAttribute."""
        self.session.set_text_attribute(attribute)

    def set_text_colors(self, foreground: int, background: int) -> None:
        """Colours of text from now on, 0 to 15. Raises: KErrArgument.

        Original: none; RConsole::SetTextColors.
        """
        self.session.set_text_colors(foreground, background)

    def set_mode(self, mode: TVideoMode) -> None:
        """Whether colours show. Raises: KErrNotSupported.

        Original: CConsoleBase::SetMode.
        """
        self.session.set_mode(mode)

    # Places.

    def screen_size(self) -> TConsSize:
        """Of this console, without its frame. Original: CConsoleBase::ScreenSize."""
        return self.session.size()

    def cursor_pos(self) -> TPlace:
        """Where the cursor stands. Original: CConsoleBase::CursorPos."""
        return self.session.cursor_pos()

    def where_x(self) -> int:
        """The cursor's column. Original: CConsoleBase::WhereX."""
        return self.cursor_pos().x

    def where_y(self) -> int:
        """The cursor's line. Original: CConsoleBase::WhereY."""
        return self.cursor_pos().y

    def set_pos(self, x: int, y: int | None = None) -> None:
        """Place the cursor, in its line if there is no *y*.

        Original: CConsoleBase::SetPos.
        """
        self.set_cursor_pos_abs(x, self.where_y() if y is None else y)

    def set_cursor_pos_abs(self, x: int, y: int) -> None:
        """Place the cursor, at most at the edge.

        Original: CConsoleBase::SetCursorPosAbs.
        """
        self.session.set_cursor_pos_abs(x, y)

    def set_cursor_pos_rel(self, dx: int, dy: int) -> None:
        """Move the cursor, at most to the edge.

        Original: CConsoleBase::SetCursorPosRel.
        """
        self.session.set_cursor_pos_rel(dx, dy)

    def set_cursor_height(self, percent: int) -> None:
        """0 to 100, 0: no cursor. Original: CConsoleBase::SetCursorHeight."""
        self.session.set_cursor_height(percent)

    # Input.

    def read(self, status: TRequestStatus) -> None:
        """Complete with the next key: `key` has it. Original: CConsoleBase::Read."""
        self.session.read(self._key, status)

    def read_cancel(self) -> None:
        """Complete an outstanding read with KErrCancel.

        Original: CConsoleBase::ReadCancel.
        """
        self.session.read_cancel()

    @property
    def key(self) -> TKeyEvent:
        """The last key read. Original: CConsoleBase::KeyCode."""
        return self._key() if self._key.length else TKeyEvent(TKeyCode.EKeyNull)

    @property
    def key_code(self) -> int:
        """The code of the last key read. Original: CConsoleBase::KeyCode."""
        return self.key.code

    @property
    def key_modifiers(self) -> TEventModifier:
        """What was held down with it. Original: CConsoleBase::KeyModifiers."""
        return self.key.modifiers

    def getch(self) -> int:
        """Wait for a key; its code. A read that fails panics E32USER-CBase 77.

        Original: CConsoleBase::Getch.
        """
        status = TRequestStatus()
        self.read(status)
        User.wait_for_request(status)
        if status != KErrNone:
            panic(E32USER_CBASE, TCBasePanic.EGetchFailed)
        return self.key_code

    def read_line(
        self,
        prompt: str = "",
        history: Sequence[str] = (),
        complete: Completer | None = None,
    ) -> str:
        """A line that somebody entered after *prompt*, without its end.

        *history*, oldest first, is what the arrow keys lead to. *complete* is given the
        line up to the cursor and returns where in it its candidates begin, and these.

        Raises: KErrEof at the end of the input (Ctrl-D in an empty line); KErrAbort
            after Ctrl-C; KErrOverflow if it was longer than 4096 characters, and is
            lost; KErrReadOutstanding if another read is.
        Original: none; a convenience.
        """
        return read_line(self.session, prompt, history, complete)

    def request_break(self, status: TRequestStatus) -> None:
        """Complete when somebody presses Ctrl-C; see RConsole.

        Original: none; a key that ends a program.
        """
        self.session.request_break(status)

    def break_cancel(self) -> None:
        """Complete an outstanding `request_break` with KErrCancel.

        Original: none; a key that ends a program.
        """
        self.session.break_cancel()


class Console:
    """Makes consoles, by the first function of the DLL `econs`.

    Original: Console (e32cons.h).
    """

    @staticmethod
    def new(
        title: str = "",
        width: int = KDefaultConsWidth,
        height: int = KDefaultConsHeight,
    ) -> CConsoleBase:
        """A console on the screen; -1 for a side as long as the screen's.

        Raises: as CConsoleBase.create; KErrNotFound too if there is no such DLL.
        Original: Console::NewL.
        """
        library = _console_library()
        make = library.lookup(KNewConsole)
        if make is None:
            library.close()
            raise Leave(KErrNotSupported)
        console: CConsoleBase = make()
        console.library = library
        try:
            return console.create(title, width, height)
        except Leave:
            console.close()
            raise


def _console_library() -> RLibrary:
    try:
        return RLibrary().load(KConsoleLibrary, owner=EOwnerProcess)
    except Leave as leave:
        if leave.code != KErrNotFound:
            raise
        detail = "this machine has no console; that of `eka shell` has one"
        raise Leave(KErrNotFound, detail) from leave
