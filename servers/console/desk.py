"""Where windows and the terminal meet: who gets what is typed, what is printed where.

    program ── write ──► CWindow ──► Device: text to print, in order
    program ── read ───► CWindow ◄── Desk ◄── events of the terminal
    program ── line ───► CWindow ──► the terminal's editor, or our own

`arrange` is called after every request that may have changed who waits for input: it
gives the line of the window in front to the terminal, or shows it, and takes back what
the terminal should not edit any more.
"""

from collections.abc import Sequence
from typing import Final

from servers.console.device import Device, Order
from servers.console.echo import show_candidates, show_line
from servers.console.editor import TEditStep
from servers.console.keys import (
    KNextWindowKey,
    TConsoleEventType,
    TKeyCode,
    TKeyEvent,
)
from servers.console.line import LineRequest
from servers.console.modes import TWindowMode
from servers.console.protocol import TicketT, TOrder
from servers.console.screen import Screen
from servers.console.window import CWindow
from userlib import KErrAbort, KErrEof, KErrNone, KErrOverflow, RMessage2


class Desk:
    """The screen, its windows' input, and the terminal, if there is one.

    Threads: the server's.
    """

    def __init__(self) -> None:
        self.screen: Final = Screen()
        self.device: Device | None = None
        self.at_end = False  # the terminal has no more input
        self._last_ticket = 0

    # The terminal.

    def open_device(self, device: Device) -> None:
        """A terminal takes orders from now on."""
        self.device = device
        self.at_end = False
        self.arrange()

    def close_device(self) -> None:
        """It is gone; what it had under way is ours again."""
        device, self.device = self.device, None
        for window in self.screen.windows:
            if window.line is not None and window.line.is_with_device:
                window.line.take_back(window.line.editor.text)
        if device is not None:
            device.close()
        self.arrange()

    # Output.

    def write(
        self, window: CWindow, text: str, message: RMessage2 | None = None
    ) -> bool:
        """Write into *window*; whether *message* is complete once it is printed."""
        window.grid.write(text)
        device = self._stream_for(window)
        if device is None or not text:
            return False
        device.print(text, message)
        return message is not None

    def clear(self, window: CWindow, message: RMessage2) -> bool:
        """Clear *window*; as write."""
        window.grid.clear()
        device = self._stream_for(window)
        if device is None:
            return False
        device.order(Order(TOrder.EClearScreen, messages=[message]))
        return True

    def _stream_for(self, window: CWindow) -> Device | None:
        """The terminal, if it prints what is written into *window*."""
        device = self.device
        is_seen = bool(window.mode & TWindowMode.EVisible)
        return device if device is not None and device.streams and is_seen else None

    # Input.

    def focus(self) -> CWindow | None:
        """The window that gets what is typed: the one in front.

        A terminal that only prints shows no windows, so there it is the foremost of
        those that wait for input.
        """
        front = self.screen.front
        if self.device is None or not self.device.streams:
            return front
        waiting = [one for one in self.screen.visible() if one.awaits_input]
        return waiting[-1] if waiting else front

    def post(self, event: TKeyEvent) -> bool:
        """Something was typed; whether somebody heard of it at once."""
        is_key = event.type is TConsoleEventType.EEventKey
        if is_key and event.code == KNextWindowKey:
            self.screen.raise_rearmost()
            is_heard = True
        else:
            is_heard = self._deliver(event, self.focus(), is_key=is_key)
        self.arrange()
        return is_heard

    def _deliver(
        self, event: TKeyEvent, focus: CWindow | None, *, is_key: bool
    ) -> bool:
        line = None if focus is None else focus.line
        is_break = is_key and event.code == TKeyCode.EKeyBreak
        if is_break and line is None and self._break():
            return True
        if focus is None or not focus.wants(event):
            return False
        if line is None or not is_key:
            return focus.put(event)
        if is_break and line.is_with_device:
            self._stop(line)
            focus.end_line(KErrAbort)
        elif line.is_with_device or (line.is_asking and not is_break):
            focus.put(event)
        else:
            self._feed(focus, line, event)
        return True

    def _break(self) -> bool:
        """Tell the foremost window that wants to know; whether there is one."""
        for window in reversed(self.screen.visible()):
            if window.break_request is not None:
                window.end_break(KErrNone)
                return True
        return False

    def end_input(self) -> None:
        """Nothing more will be typed."""
        self.at_end = True
        self.arrange()

    # Lines.

    def line_of(self, ticket: TicketT) -> CWindow | None:
        """The window whose line the terminal edits under *ticket*."""
        for window in self.screen.windows:
            if window.line is not None and window.line.ticket == ticket:
                return window
        return None

    def take_line(self, ticket: TicketT, code: int, text: str) -> None:
        """The terminal is done with a line: it was entered, or not, or is returned."""
        window = self.line_of(ticket)
        if window is None or window.line is None:
            return  # its program has gone meanwhile
        line = window.line
        ends = (KErrNone, KErrEof, KErrAbort, KErrOverflow)
        if line.is_stopping and code not in ends:
            line.take_back(text)
        else:
            line.editor.set_text(text)
            window.grid.write(f"{line.prompt}{text}\n")
            window.end_line(code)
        self.arrange()

    def withdraw(self, window: CWindow, code: int) -> None:
        """The program does not want its line any more."""
        line = window.line
        if line is None:
            return
        if line.is_with_device:
            self._stop(line)
        elif line.shown is not None:
            self.write(window, "\n")
        window.end_line(code)

    # Arranging.

    def arrange(self) -> None:
        """See to it that input goes where it should."""
        focus = self.focus()
        given = [
            one.line
            for one in self.screen.windows
            if one.line is not None and one.line.is_with_device
        ]
        for line in given:
            if (focus is None or line is not focus.line) and not line.is_stopping:
                line.is_stopping = True
                self._stop(line)
        if focus is not None:
            self._begin_line(focus, is_device_free=not given)
        if self.at_end:
            self._end_waits()
        self._tell_wants_keys(focus)

    def _begin_line(self, window: CWindow, *, is_device_free: bool) -> None:
        line = window.line
        if line is None or line.is_with_device:
            return
        while window.keys and window.line is line and not line.is_asking:
            self._feed(window, line, window.keys.popleft())
        if window.line is not line or self.at_end:
            return
        if self._edits_itself:
            show_line(self, window, line)
        elif is_device_free and self.device is not None:
            self._last_ticket += 1
            text = line.give(TicketT(self._last_ticket))
            self.device.order(Order(TOrder.EEditLine, text, line.ticket))

    def _stop(self, line: LineRequest) -> None:
        if self.device is not None:
            self.device.order(Order(TOrder.EStopLine, ticket=line.ticket))

    def _end_waits(self) -> None:
        """At the end of the input nobody waits for it; a line's end comes first."""
        for window in self.screen.windows:
            window.end_read(KErrEof)
            if window.line is not None and not window.line.is_with_device:
                window.end_line(KErrEof)

    def _tell_wants_keys(self, focus: CWindow | None) -> None:
        if self.device is None:
            return
        if focus is not None and focus.line is not None and self._edits_itself:
            self.device.want_keys(focus.line)
        else:
            self.device.want_keys(None if focus is None else focus.read)

    # Our own editor.

    @property
    def _edits_itself(self) -> bool:
        return self.device is None or not self.device.edits_lines

    def _feed(self, window: CWindow, line: LineRequest, event: TKeyEvent) -> None:
        """One key for the line, as far as we edit it."""
        match line.editor.feed(event):
            case TEditStep.EEntered:
                self._end_line(window, line, KErrNone, "\n")
            case TEditStep.EEndOfInput:
                self._end_line(window, line, KErrEof, "\n")
            case TEditStep.EBreak:
                self._end_line(window, line, KErrAbort, "^C\n")
            case TEditStep.ECompletion:
                self._complete(window, line)
            case TEditStep.EGoesOn if self._edits_itself:
                show_line(self, window, line)
            case _:
                pass  # the terminal will show it

    def _end_line(
        self, window: CWindow, line: LineRequest, code: int, last: str
    ) -> None:
        line.editor.end()
        show_line(self, window, line)
        self.write(window, last)
        window.end_line(code)

    def _complete(self, window: CWindow, line: LineRequest) -> None:
        """Ask the program what the text could go on with; keys wait meanwhile."""
        if not line.completes or not self._edits_itself:
            return
        line.is_asking = True

        def take(start: int, candidates: Sequence[str]) -> None:
            line.is_asking = False
            if window.line is not line or line.is_with_device:
                return
            if line.editor.complete(start, candidates):
                show_line(self, window, line)
            else:
                show_candidates(self, window, line, candidates)

        window.queries.ask(line.editor.text[: line.editor.cursor], take)
