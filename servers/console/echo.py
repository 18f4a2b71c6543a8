"""Shows the line that the console's own editor edits, in its window.

Only what is behind the first difference is written again. The cursor's place is counted
from the text's end, which stays right when the window scrolls.
"""

from collections.abc import Sequence
from typing import Protocol

from servers.console.editor import shared_start
from servers.console.line import LineRequest
from servers.console.window import CWindow
from userlib import RMessage2


class MWriter(Protocol):
    """Writes into windows, and to the terminal what they show."""

    def write(
        self, window: CWindow, text: str, message: RMessage2 | None = None
    ) -> bool:
        """Write *text* into *window*."""


def show_line(writer: MWriter, window: CWindow, line: LineRequest) -> None:
    """Bring the window up to date with the editor."""
    if line.shown is None:
        show_prompt(writer, window, line)
    old, new = line.shown or "", line.editor.text
    shared = len(shared_start((old, new)))
    _move(window, len(old) - line.shown_cursor)
    if shared < max(len(old), len(new)):
        writer.write(window, "\b" * (len(old) - shared) + new[shared:])
    line.shown, line.shown_cursor = new, line.editor.cursor
    _move(window, line.shown_cursor - len(new))


def show_prompt(writer: MWriter, window: CWindow, line: LineRequest) -> None:
    """The prompt, and nothing after it yet."""
    writer.write(window, line.prompt)
    line.shown, line.shown_cursor = "", 0


def show_candidates(
    writer: MWriter, window: CWindow, line: LineRequest, candidates: Sequence[str]
) -> None:
    """What there is to choose from, and the line once more; without a choice a bell."""
    if len(candidates) < 2:  # noqa: PLR2004 - a choice is between two
        writer.write(window, "\7")
        return
    _move(window, len(line.shown or "") - line.shown_cursor)
    writer.write(window, "\n" + "  ".join(candidates) + "\n")
    line.shown = None
    show_line(writer, window, line)


def _move(window: CWindow, characters: int) -> None:
    """Move the cursor along the text, over line ends."""
    grid = window.grid
    place = grid.y * grid.width + grid.x + characters
    grid.place(place % grid.width, place // grid.width)
