"""What the compiler has to say about a description, and where."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unicodedata import combining, east_asian_width

WIDTH: Final = 100  # columns of a source line that are shown


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning: a code, a text, and the token it is about."""

    path: Path
    line: int  # both from 1
    column: int
    code: str
    text: str
    length: int = 1
    source: str = ""  # the line itself

    @property
    def is_error(self) -> bool:
        """Whether nothing may be generated; warnings begin with W."""
        return self.code.startswith("E")

    def __str__(self) -> str:
        kind = "error" if self.is_error else "warning"
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: {kind}: {self.code}: {self.text}"

    def excerpt(self) -> str:
        """The line, and below it a caret; a long line is cut around the place."""
        start = max(0, self.column - 1 - WIDTH // 2)
        shown = printable(self.source[start : start + WIDTH])
        before = shown[: self.column - 1 - start]
        pad = "".join(map(blank, before))
        room = max(1, len(shown) - len(before))
        marks = "^" + "~" * (min(self.length, room) - 1)
        return f"    {shown}\n    {pad}{marks}"


def blank(character: str) -> str:
    """Spaces as wide as a character is on a terminal; a tab is as wide as itself."""
    if character == "\t":
        return "\t"
    if combining(character):
        return ""
    return "  " if east_asian_width(character) in {"W", "F"} else " "


def printable(text: str) -> str:
    """The text without characters that would disturb a terminal."""
    return "".join(
        character
        if character.isprintable() or character == "\t"
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def quoted(text: str) -> str:
    """A word of the source, as a message names it."""
    shown = printable(text if len(text) <= WIDTH // 2 else f"{text[: WIDTH // 2]}…")
    return f"'{shown}'"
