"""The screen that all windows share: who is in front, and what is to be seen.

A window stands in a frame one character wide. A maximised one has the screen to itself;
the others overlap, each a step further from the corner.
"""

from typing import Final

from servers.console.grid import KPlainLook, TLook
from servers.console.modes import TTextAttribute, TVideoMode, TWindowMode
from servers.console.protocol import (
    KScreenHeight,
    KScreenWidth,
    TConsSize,
    TPlace,
    TScreenState,
)
from servers.console.window import CWindow

KFrame: Final = 2  # what a frame adds to either side's length
_KSteps: Final = 8  # windows until the next begins in the corner again


class Picture:
    """Cells to draw on; what is outside is lost."""

    def __init__(self, size: TConsSize) -> None:
        self._size: Final = size
        self.clear()

    def clear(self) -> None:
        """Nothing drawn."""
        self._texts = [[" "] * self._size.width for _ in range(self._size.height)]
        self._looks = [
            [KPlainLook] * self._size.width for _ in range(self._size.height)
        ]

    def draw(self, place: TPlace, text: str, looks: list[TLook] | None = None) -> None:
        """Draw one line's *text* at *place*."""
        if not 0 <= place.y < self._size.height:
            return
        shown = max(0, self._size.width - place.x)
        end = place.x + min(len(text), shown)
        self._texts[place.y][place.x : end] = text[:shown]
        drawn = [KPlainLook] * len(text) if looks is None else looks
        self._looks[place.y][place.x : end] = drawn[:shown]

    def rows(self) -> tuple[str, ...]:
        """The text of each line."""
        return tuple("".join(line) for line in self._texts)

    def looks(self) -> tuple[bytes, ...]:
        """The look of each cell, packed, for each line."""
        return tuple(b"".join(look.pack() for look in line) for line in self._looks)


class Screen:
    """The windows, rearmost first, and the size of what they are on."""

    def __init__(self) -> None:
        self.size = TConsSize(KScreenWidth, KScreenHeight)
        self.windows: list[CWindow] = []
        self._past_bells = 0  # of windows that are gone

    @property
    def inside(self) -> TConsSize:
        """The largest window there is room for."""
        return TConsSize(
            max(1, self.size.width - KFrame), max(1, self.size.height - KFrame)
        )

    @property
    def front(self) -> CWindow | None:
        """The window that gets the keys: the foremost of those to be seen."""
        seen = self.visible()
        return seen[-1] if seen else None

    def visible(self) -> list[CWindow]:
        """Those to be seen, rearmost first; those always on top last."""
        seen = [one for one in self.windows if one.mode & TWindowMode.EVisible]
        return sorted(seen, key=lambda one: bool(one.mode & TWindowMode.EOnTop))

    def add(self, window: CWindow) -> None:
        """A new window, in front of the others."""
        window.step = len(self.windows) % _KSteps
        self.windows.append(window)

    def remove(self, window: CWindow) -> None:
        """It is gone."""
        self.windows.remove(window)
        self._past_bells += window.grid.bells

    def raise_rearmost(self) -> None:
        """Bring the rearmost of the visible windows to the front."""
        seen = self.visible()
        if len(seen) > 1:
            self.to_front(seen[0])

    def to_front(self, window: CWindow) -> None:
        """Before all others, but for those always on top."""
        self.windows.remove(window)
        self.windows.append(window)

    def state(self) -> TScreenState:
        """What is to be seen."""
        picture = Picture(self.size)
        for window in self.visible():
            _draw_window(picture, window)
        return TScreenState(
            picture.rows(), picture.looks(), *self._cursor(), self._bells()
        )

    def _bells(self) -> int:
        return self._past_bells + sum(one.grid.bells for one in self.windows)

    def _cursor(self) -> tuple[TPlace, int]:
        front = self.front
        if front is None or not front.mode & TWindowMode.ECursor:
            return TPlace(0, 0), 0
        corner = _corner(front)
        x = min(corner.x + 1 + front.grid.x, self.size.width - 1)
        y = min(corner.y + 1 + front.grid.y, self.size.height - 1)
        return TPlace(x, y), front.cursor_height


def _corner(window: CWindow) -> TPlace:
    is_maximised = window.mode & TWindowMode.EMaximised
    return TPlace(0, 0) if is_maximised else TPlace(window.step * 2, window.step)


def _draw_window(picture: Picture, window: CWindow) -> None:
    if window.mode & TWindowMode.EMaximised:
        picture.clear()
    corner, grid = _corner(window), window.grid
    title = f" {window.title} " if window.title else ""
    bar = "#" if window.mode & TWindowMode.EScrollBars else "|"
    foot = "=" if window.mode & TWindowMode.EScrollBars else "-"
    picture.draw(corner, f"+{title[: grid.width]:-^{grid.width}}+")
    for y, row in enumerate(grid.rows()):
        looks = [KPlainLook, *_shown(window, grid.looks(y)), KPlainLook]
        picture.draw(TPlace(corner.x, corner.y + 1 + y), f"|{row}{bar}", looks)
    bottom = TPlace(corner.x, corner.y + 1 + grid.height)
    picture.draw(bottom, f"+{foot * grid.width}+")


def _shown(window: CWindow, looks: list[TLook]) -> list[TLook]:
    """Without colours in a window of mono mode."""
    if window.video_mode is TVideoMode.EColor:
        return looks
    return [TLook(TTextAttribute(look.attribute)) for look in looks]
