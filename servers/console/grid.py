"""The characters of one window, and the cursor that writes them.

Every cell has a character and a look. The cursor is always inside: after the last
column it goes on in the next line at once, or stays where wrapping is locked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from servers.console.modes import (
    KBackground,
    KForeground,
    TTextAttribute,
    TWindowMode,
)
from servers.console.protocol import LOOK

KTabWidth: Final = 8
_KBlank: Final = " "


@dataclass(frozen=True, slots=True)
class TLook:
    """How one character is shown."""

    attribute: TTextAttribute = TTextAttribute.ETextAttributeNormal
    foreground: int = KForeground
    background: int = KBackground

    def pack(self) -> bytes:
        """As a device gets it."""
        return LOOK.pack(self.attribute, self.foreground, self.background)


KPlainLook: Final = TLook()


class TextGrid:
    """Lines of equal length; what is written appears at the cursor."""

    def __init__(self, width: int, height: int) -> None:
        # Fixed for life:
        self.width: Final = width
        self.height: Final = height

        self.mode = TWindowMode.ENewLine
        self.look = KPlainLook  # of what is written from now on
        self.bells = 0  # that have rung
        self.x = 0
        self.y = 0
        self._texts = [self._blanks() for _ in range(height)]
        self._looks = [self._plain() for _ in range(height)]

    def rows(self) -> list[str]:
        """The text of every line, at full width."""
        return ["".join(line) for line in self._texts]

    def looks(self, y: int) -> list[TLook]:
        """How the characters of line *y* are shown."""
        return list(self._looks[y])

    def write(self, text: str) -> None:
        """Write *text*; its control codes act."""
        for character in text:
            control = _CONTROLS.get(character)
            if control is None:
                self._print(character)
            else:
                control(self)

    def place(self, x: int, y: int) -> None:
        """Put the cursor there, or at the nearest edge."""
        self.x = min(max(x, 0), self.width - 1)
        self.y = min(max(y, 0), self.height - 1)

    def clear(self) -> None:
        """Blanks everywhere, the cursor at the origin."""
        self._texts = [self._blanks() for _ in range(self.height)]
        self._looks = [self._plain() for _ in range(self.height)]
        self.x = self.y = 0

    def clear_to_end_of_line(self) -> None:
        """Blanks from the cursor on; it stays."""
        for x in range(self.x, self.width):
            self._put(x, self.y, _KBlank, KPlainLook)

    def check(self) -> None:
        """Assert that the cursor is inside, and every line of full width."""
        assert 0 <= self.x < self.width, self.x
        assert 0 <= self.y < self.height, self.y
        assert len(self._texts) == len(self._looks) == self.height
        assert all(len(line) == self.width for line in self._texts)
        assert all(len(line) == self.width for line in self._looks)

    def _print(self, character: str) -> None:
        self._put(self.x, self.y, character, self.look)
        if self.x + 1 < self.width:
            self.x += 1
        elif not self.mode & TWindowMode.EWrapLock:
            self._wrap()

    def _wrap(self) -> None:
        """To the next line's begin; with a locked last line the cursor stays."""
        is_last = self.y + 1 == self.height
        if is_last and self.mode & TWindowMode.EScrollLock:
            return
        self.x = 0
        self._down()

    def _down(self) -> None:
        if self.y + 1 < self.height:
            self.y += 1
        elif not self.mode & TWindowMode.EScrollLock:
            self._scroll()

    def _scroll(self) -> None:
        self._texts = [*self._texts[1:], self._blanks()]
        self._looks = [*self._looks[1:], self._plain()]

    def _put(self, x: int, y: int, character: str, look: TLook) -> None:
        self._texts[y][x] = character
        self._looks[y][x] = look

    def _blanks(self) -> list[str]:
        return [_KBlank] * self.width

    def _plain(self) -> list[TLook]:
        return [KPlainLook] * self.width

    # The control codes.

    def ignore(self) -> None:
        """Codes without a meaning."""

    def bell(self) -> None:
        """Ring."""
        self.bells += 1

    def back(self) -> None:
        """Erase the character before the cursor, over line ends up to the origin."""
        if self.x == self.y == 0:
            return
        if self.x > 0:
            self.x -= 1
        else:
            self.x, self.y = self.width - 1, self.y - 1
        self._put(self.x, self.y, _KBlank, KPlainLook)

    def tab(self) -> None:
        """Blanks up to the next column that eight divides, or the line's end."""
        for _ in range(min(KTabWidth - self.x % KTabWidth, self.width - self.x)):
            self._print(_KBlank)

    def line_feed(self) -> None:
        """One line down, in new-line mode to its begin."""
        if self.mode & TWindowMode.ENewLine:
            self.x = 0
        self._down()

    def carriage_return(self) -> None:
        """To the line's begin."""
        self.x = 0


_CONTROLS: Final[Mapping[str, Callable[[TextGrid], None]]] = MappingProxyType(
    {
        "\0": TextGrid.ignore,
        "\7": TextGrid.bell,
        "\b": TextGrid.back,
        "\t": TextGrid.tab,
        "\n": TextGrid.line_feed,
        "\v": TextGrid.ignore,
        "\f": TextGrid.clear,
        "\r": TextGrid.carriage_return,
        "\x7f": TextGrid.back,
    }
)
