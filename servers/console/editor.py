"""The console's own line editor, for where no terminal edits lines.

It holds the text, the cursor and a place in the history; showing them is another's.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from servers.console.keys import TKeyCode, TKeyEvent


class TEditStep(Enum):
    """What a key means to whoever waits for the line."""

    EGoesOn = auto()
    EEntered = auto()
    EEndOfInput = auto()
    EBreak = auto()
    ECompletion = auto()


def shared_start(texts: Sequence[str]) -> str:
    """What all of *texts* begin with."""
    first, last = min(texts, default=""), max(texts, default="")
    for index, (one, other) in enumerate(zip(first, last, strict=False)):
        if one != other:
            return first[:index]
    return first[: len(last)]


class LineEditor:
    """A line that is being edited, key by key."""

    def __init__(self, history: Sequence[str] = (), text: str = "") -> None:
        self.text = text
        self.cursor = len(text)
        self._lines: Final = [*history, text]  # the last one is the line itself
        self._index: int = len(history)

    def feed(self, event: TKeyEvent) -> TEditStep:
        """Do what a key does; keys without a meaning do nothing."""
        special = _SPECIAL.get(event.code)
        if special is not None:
            return special(self)
        if event.character:
            self.insert(event.character)
        return TEditStep.EGoesOn

    def insert(self, text: str) -> None:
        """Put *text* in at the cursor, which goes behind it."""
        self.text = self.text[: self.cursor] + text + self.text[self.cursor :]
        self.cursor += len(text)

    def set_text(self, text: str) -> None:
        """Have another text, with the cursor at its end."""
        self.text = text
        self.cursor = len(text)

    def complete(self, start: int, candidates: Sequence[str]) -> bool:
        """Replace the text from *start* to the cursor by what all candidates share.

        Whether the line changed: if not, there is a choice to make, or none at all.
        """
        shared = shared_start(candidates)
        if not 0 <= start <= self.cursor or not shared:
            return False
        typed = self.text[start : self.cursor]
        if not shared.casefold().startswith(typed.casefold()) or shared == typed:
            return False
        self.text = self.text[:start] + self.text[self.cursor :]
        self.cursor = start
        self.insert(shared)
        return True

    # The keys.

    def backspace(self) -> TEditStep:
        """Take out the character before the cursor."""
        if self.cursor > 0:
            self.text = self.text[: self.cursor - 1] + self.text[self.cursor :]
            self.cursor -= 1
        return TEditStep.EGoesOn

    def delete(self) -> TEditStep:
        """Take out the character at the cursor."""
        self.text = self.text[: self.cursor] + self.text[self.cursor + 1 :]
        return TEditStep.EGoesOn

    def clear(self) -> TEditStep:
        """Take out everything."""
        self.set_text("")
        return TEditStep.EGoesOn

    def left(self) -> TEditStep:
        """One character to the left."""
        self.cursor = max(0, self.cursor - 1)
        return TEditStep.EGoesOn

    def right(self) -> TEditStep:
        """One character to the right."""
        self.cursor = min(len(self.text), self.cursor + 1)
        return TEditStep.EGoesOn

    def home(self) -> TEditStep:
        """To the begin."""
        self.cursor = 0
        return TEditStep.EGoesOn

    def end(self) -> TEditStep:
        """To the end."""
        self.cursor = len(self.text)
        return TEditStep.EGoesOn

    def older(self) -> TEditStep:
        """The line before, in the history."""
        return self._go_to(self._index - 1)

    def newer(self) -> TEditStep:
        """The line after, in the history; after the last the new one."""
        return self._go_to(self._index + 1)

    def enter(self) -> TEditStep:
        """That is the line."""
        return TEditStep.EEntered

    def end_of_input(self) -> TEditStep:
        """Nothing more will come, if the line is empty; else as delete."""
        return self.delete() if self.text else TEditStep.EEndOfInput

    def give_up(self) -> TEditStep:
        """The line is not wanted."""
        return TEditStep.EBreak

    def ask(self) -> TEditStep:
        """Candidates are wanted."""
        return TEditStep.ECompletion

    def _go_to(self, index: int) -> TEditStep:
        if 0 <= index < len(self._lines):
            self._lines[self._index] = self.text  # edits last as long as the editor
            self._index = index
            self.set_text(self._lines[index])
        return TEditStep.EGoesOn


_SPECIAL: Final[Mapping[int, Callable[[LineEditor], TEditStep]]] = MappingProxyType(
    {
        TKeyCode.EKeyBreak: LineEditor.give_up,
        TKeyCode.EKeyEndOfInput: LineEditor.end_of_input,
        TKeyCode.EKeyBackspace: LineEditor.backspace,
        TKeyCode.EKeyTab: LineEditor.ask,
        TKeyCode.EKeyLineFeed: LineEditor.enter,
        TKeyCode.EKeyEnter: LineEditor.enter,
        TKeyCode.EKeyEscape: LineEditor.clear,
        TKeyCode.EKeyDelete: LineEditor.delete,
        TKeyCode.EKeyHome: LineEditor.home,
        TKeyCode.EKeyEnd: LineEditor.end,
        TKeyCode.EKeyLeftArrow: LineEditor.left,
        TKeyCode.EKeyRightArrow: LineEditor.right,
        TKeyCode.EKeyUpArrow: LineEditor.older,
        TKeyCode.EKeyDownArrow: LineEditor.newer,
    }
)
