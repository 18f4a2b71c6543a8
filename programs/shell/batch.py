"""A batch file that runs: its lines, and what it was called with."""

from collections.abc import Iterator
from typing import Final

from programs.shell.line import split_words


class Batch:
    """One run of a batch file, read whole before it begins."""

    def __init__(self, name: str, text: str, contents: str) -> None:
        self.name: Final = name
        self._text: Final = text.strip()
        self._words: Final = split_words(text)
        self._contents: Final = contents

    def lines(self) -> Iterator[str]:
        """The lines that are not empty."""
        return (line for line in self._contents.splitlines() if line.strip())

    def argument(self, name: str) -> str:
        """`0` is its own name, `1` to `9` its words, `*` all of them."""
        if name == "*":
            return self._text
        place = int(name)
        if place == 0:
            return self.name
        return self._words[place - 1] if place <= len(self._words) else ""
