"""What the shell needs of the console it talks to: part of CConsoleBase."""

from collections.abc import Sequence
from typing import Protocol

from servers.console.client import Completer, TConsSize
from userlib import TRequestStatus


class MConsole(Protocol):
    """A text console: written to in order, read from a line at a time."""

    def write(self, text: str) -> None:
        """Show *text*; a line feed begins a new line.

        Blocks: until a terminal has printed it.
        """

    def read_line(
        self,
        prompt: str = "",
        history: Sequence[str] = (),
        complete: Completer | None = None,
    ) -> str:
        """What the user enters, without its line feed.

        Raises: KErrEof if there will be no more lines, KErrAbort if the user gave this
            one up, KErrOverflow if it was too long. Blocks: until there is a line.
        """

    def read(self, status: TRequestStatus) -> None:
        """Complete *status* when there is a key; `key_code` has it then."""

    def read_cancel(self) -> None:
        """Complete an outstanding read with KErrCancel."""

    @property
    def key_code(self) -> int:
        """The code of the last key read."""

    def clear_screen(self) -> None:
        """Begin at the top of an empty screen."""

    def screen_size(self) -> TConsSize:
        """Its columns and lines."""

    def request_break(self, status: TRequestStatus) -> None:
        """Complete *status* with KErrNone when the user breaks what is running."""

    def break_cancel(self) -> None:
        """Complete that request with KErrCancel, if it still waits."""
