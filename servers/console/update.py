"""What one terminal knows of the screen, and what has changed since.

A change is the number of each line that looks otherwise, their texts and their looks;
after a change of the screen's size that is all of them.
"""

from servers.console.protocol import LINE_NUMBER, SCREEN, TScreenState
from servers.console.screen import Screen
from userlib import KErrCancel, KErrInUse, KErrNone, KRequestPending, Leave, RMessage2


class ScreenView:
    """One session's view of the screen."""

    def __init__(self) -> None:
        self._known: TScreenState = TScreenState()
        self._waiting: RMessage2 | None = None  # for a change

    @property
    def is_waiting(self) -> bool:
        """Whether its terminal wants to know of the next change."""
        return self._waiting is not None

    def answer_whole(self, message: RMessage2, screen: Screen) -> int:
        """Put the whole screen into the message's buffers. Raises: as answer."""
        self._known = TScreenState()
        return self.answer(message, screen)

    def answer(self, message: RMessage2, screen: Screen) -> int:
        """Put what has changed into the message's buffers.

        Raises: Leave(KErrOverflow) if they are too small; then nothing is taken as
            known.
        """
        state = screen.state()
        numbers = changed_lines(self._known, state)
        place = state.cursor
        height, bells = state.cursor_height, state.bells
        width = len(state.rows[0])
        values = (width, len(state.rows), place.x, place.y, height, bells)
        head = SCREEN.pack(*values, len(numbers))
        message.write(2, head + b"".join(map(LINE_NUMBER.pack, numbers)))
        message.write(1, b"".join(state.looks[y] for y in numbers))
        message.write(0, "".join(state.rows[y] for y in numbers))
        self._known = state
        return KErrNone

    def wait(self, message: RMessage2, screen: Screen) -> int:
        """Answer as soon as anything differs from what is known."""
        if self._waiting is not None:
            return KErrInUse
        if screen.state() != self._known:
            return self.answer(message, screen)
        self._waiting = message
        return KRequestPending

    def update(self, screen: Screen) -> None:
        """Something may have changed."""
        message = self._waiting
        if message is None or screen.state() == self._known:
            return
        self._waiting = None
        try:
            code = self.answer(message, screen)
        except Leave as leave:
            code = leave.code
        message.complete(code)

    def cancel(self) -> None:
        """Its terminal waits no more."""
        message, self._waiting = self._waiting, None
        if message is not None:
            message.complete(KErrCancel)


def changed_lines(old: TScreenState, new: TScreenState) -> list[int]:
    """The numbers of the lines that look otherwise in *new*."""
    is_resized = [len(row) for row in old.rows] != [len(row) for row in new.rows]
    return [
        y
        for y in range(len(new.rows))
        if is_resized or (old.rows[y], old.looks[y]) != (new.rows[y], new.looks[y])
    ]
