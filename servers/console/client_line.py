"""Reading an edited line, with candidates from the program while it is edited."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from servers.console.client_session import RConsole
from servers.console.protocol import KMaxLine, TLineFlag
from userlib import KErrNone, Leave, TBuf, TRequestStatus, User

# From a line up to the cursor to where in it the candidates begin, and these.
Completer: TypeAlias = Callable[[str], tuple[int, Sequence[str]]]


def read_line(
    console: RConsole,
    prompt: str,
    history: Sequence[str] = (),
    complete: Completer | None = None,
) -> str:
    """A line as it was entered, without its end; see CConsoleBase.read_line.

    Original: none; the shell's own line editor.
    """
    return _LineEdit(console, complete).run(prompt, history)


class _LineEdit:
    """The line that is awaited, and the query that goes with it."""

    def __init__(self, console: RConsole, complete: Completer | None) -> None:
        self._console: Final = console
        self._complete: Final = complete
        self._line: Final = TBuf(KMaxLine)
        self._line_status: Final = TRequestStatus()
        self._text: Final = TBuf(KMaxLine)
        self._query_status: Final = TRequestStatus()

    def run(self, prompt: str, history: Sequence[str]) -> str:
        flags = TLineFlag.ENone if self._complete is None else TLineFlag.ECompletes
        self._console.request_line(
            prompt, history, self._line, flags, self._line_status
        )
        if self._complete is not None:
            self._answer_queries(self._complete)
        else:
            User.wait_for_request(self._line_status)
        if self._line_status != KErrNone:
            raise Leave(self._line_status.value)
        return str(self._line)

    def _answer_queries(self, complete: Completer) -> None:
        """Until the line is there; the query ends with it, cancelled."""
        while True:
            self._console.request_query(self._text, self._query_status)
            User.wait_for_request(self._line_status, self._query_status)
            if not self._line_status.is_pending:
                self._end_query()
                return
            if self._query_status == KErrNone:
                self._answer(complete)

    def _answer(self, complete: Completer) -> None:
        try:
            start, candidates = complete(str(self._text))
        except Leave:
            self._console.line_cancel()
            User.wait_for_request(self._line_status)
            raise
        self._console.answer(start, candidates)

    def _end_query(self) -> None:
        self._console.query_cancel()
        User.wait_for_request(self._query_status)
