"""A line that a program waits for: by whom it is edited, and how it ends."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from servers.console.device import KNoTicket
from servers.console.editor import LineEditor
from servers.console.protocol import (
    KFieldSeparator,
    KMaxOrder,
    KSeparator,
    TicketT,
    TLineFlag,
    TWsPanic,
)
from userlib import KErrCancel, KErrNone, Leave, RMessage2

# Is told where in the text the candidates begin, and these.
Answer: TypeAlias = Callable[[int, Sequence[str]], None]


class Queries:
    """What the editor of a line asks its program: candidates for a text.

    The program keeps a request outstanding, which a question completes; its answer
    comes in another. One question at a time: a later one replaces an earlier one.
    """

    def __init__(self) -> None:
        self._request: RMessage2 | None = None  # of the program
        self._text = ""
        self._answer: Answer | None = None  # of the question that is open
        self._is_asked = False  # the program owes an answer
        self._is_stale = False  # nobody wants that answer any more

    def wait(self, message: RMessage2) -> None:
        """The program waits for questions. Raises: Leave(EQueryOutstanding).

        Whoever waits again will not answer what was asked before.
        """
        if self._request is not None:
            raise Leave(TWsPanic.EQueryOutstanding)
        if self._is_asked:
            self.drop()
        self._is_asked = self._is_stale = False
        self._request = message
        self._pass_on()

    def cancel(self) -> None:
        """The program waits no more."""
        message, self._request = self._request, None
        if message is not None:
            message.complete(KErrCancel)

    def ask(self, text: str, answer: Answer) -> None:
        """Ask the program, now or when it waits."""
        self.drop()
        self._text, self._answer = text, answer
        self._pass_on()

    def drop(self) -> None:
        """The open question is answered with nothing."""
        answer, self._answer = self._answer, None
        self._is_stale = self._is_asked
        if answer is not None:
            answer(0, ())

    def take_answer(self, start: int, candidates: Sequence[str]) -> None:
        """The program's answer. Raises: Leave(ENoQuery) if it was not asked."""
        if not self._is_asked:
            raise Leave(TWsPanic.ENoQuery)
        self._is_asked = False
        if self._is_stale:
            self._is_stale = False
            self._pass_on()
            return
        answer, self._answer = self._answer, None
        if answer is not None:
            answer(start, candidates)

    def _pass_on(self) -> None:
        if self._request is None or self._answer is None or self._is_asked:
            return
        message, self._request = self._request, None
        try:
            message.write(0, self._text)
        except Leave as leave:
            message.complete(leave.code)
            self.drop()
            return
        self._is_asked = True
        message.complete(KErrNone)


class LineRequest:
    """One line that is to be entered."""

    def __init__(
        self, message: RMessage2, prompt: str, history: str, flags: TLineFlag
    ) -> None:
        # Fixed for life:
        self.message: Final = message
        self.prompt: Final = prompt
        self.completes: Final = bool(flags & TLineFlag.ECompletes)
        self._history: Final = history.split(KSeparator) if history else []

        self.editor = LineEditor(self._history)
        self.ticket = KNoTicket  # under which a device has it edited
        self.is_stopping = False  # the device was told to give it back
        self.is_asking = False  # our own editor waits for candidates
        self.shown: str | None = None  # what stands on the screen after the prompt
        self.shown_cursor = 0

    @property
    def is_with_device(self) -> bool:
        """Whether a device has it, rather than the server's own editor."""
        return self.ticket != KNoTicket

    def give(self, ticket: TicketT) -> str:
        """A device edits it; the text of its order, as much history as fits."""
        self.ticket = ticket
        fields = KFieldSeparator.join((self.prompt, self.editor.text, ""))
        room = KMaxOrder - len(fields)
        kept: list[str] = []
        for line in reversed(self._history):
            room -= len(line) + len(KSeparator)
            if room < 0:
                break
            kept.append(line)
        return fields + KSeparator.join(reversed(kept))

    def take_back(self, text: str) -> None:
        """The device edits it no more; so far it was *text*."""
        self.ticket = KNoTicket
        self.is_stopping = False
        self.editor.set_text(text)

    def finish(self, code: int) -> None:
        """Give the program its line, or why there is none."""
        try:
            if code == KErrNone:
                self.message.write(2, self.editor.text)
        except Leave as leave:
            code = leave.code
        self.message.complete(code)
