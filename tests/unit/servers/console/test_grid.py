"""The text model of a window, beside a reference that is too simple to be wrong."""

from hypothesis import given
from hypothesis import strategies as st

from servers.console.grid import TextGrid
from servers.console.modes import TWindowMode

TEXT = st.text(alphabet="abc \n\r\b\t\f\x00\x0b\x07\x7f", max_size=60)
MODES = st.sampled_from(
    [
        TWindowMode.ENewLine,
        TWindowMode(0),
        TWindowMode.ENewLine | TWindowMode.EWrapLock,
        TWindowMode.ENewLine | TWindowMode.EScrollLock,
        TWindowMode.EWrapLock | TWindowMode.EScrollLock,
    ]
)
SIDE = st.integers(min_value=1, max_value=12)


class Reference:
    """One long text of cells; a place in it is a number."""

    def __init__(self, width: int, height: int, mode: TWindowMode) -> None:
        self.width, self.height, self.mode = width, height, mode
        self.cells = " " * (width * height)
        self.at = 0

    def put(self, character: str) -> None:
        self.cells = self.cells[: self.at] + character + self.cells[self.at + 1 :]

    def to(self, place: int) -> None:
        """Go there; below the last line everything moves up, or nothing does."""
        if place >= len(self.cells):
            place -= self.width
            if not self.mode & TWindowMode.EScrollLock:
                self.cells = self.cells[self.width :] + " " * self.width
        self.at = place

    def write(self, character: str) -> None:
        column = self.at % self.width
        match character:
            case "\0" | "\x0b" | "\x07":
                pass
            case "\b" | "\x7f":
                if self.at:
                    self.at -= 1
                    self.put(" ")
            case "\t":
                for _ in range(min(8 - column % 8, self.width - column)):
                    self.write(" ")
            case "\n":
                returns = column if self.mode & TWindowMode.ENewLine else 0
                self.to(self.at - returns + self.width)
            case "\r":
                self.at -= column
            case "\f":
                self.cells, self.at = " " * len(self.cells), 0
            case _:
                self.put(character)
                self.advance(column)

    def advance(self, column: int) -> None:
        is_last_cell = self.at + 1 == len(self.cells)
        if column + 1 < self.width:
            self.at += 1
        elif self.mode & TWindowMode.EWrapLock:
            return
        elif not (is_last_cell and self.mode & TWindowMode.EScrollLock):
            self.to(self.at + 1)


@given(SIDE, SIDE, MODES, TEXT)
def test_text_is_where_the_reference_has_it(
    width: int, height: int, mode: TWindowMode, text: str
) -> None:
    grid, reference = TextGrid(width, height), Reference(width, height, mode)
    grid.mode = mode
    for character in text:
        grid.write(character)
        grid.check()
        reference.write(character)
        assert "".join(grid.rows()) == reference.cells
        assert grid.y * width + grid.x == reference.at
    assert grid.bells == text.count("\x07")


@given(SIDE, SIDE, MODES, TEXT)
def test_text_may_come_in_pieces(
    width: int, height: int, mode: TWindowMode, text: str
) -> None:
    at_once, piecemeal = TextGrid(width, height), TextGrid(width, height)
    at_once.mode = piecemeal.mode = mode
    at_once.write(text)
    for character in text:
        piecemeal.write(character)
    assert at_once.rows() == piecemeal.rows()
    assert (at_once.x, at_once.y) == (piecemeal.x, piecemeal.y)


@given(SIDE, SIDE, st.integers(), st.integers())
def test_cursor_is_always_inside(width: int, height: int, x: int, y: int) -> None:
    grid = TextGrid(width, height)
    grid.place(x, y)
    grid.check()
    assert (grid.x == x) == (0 <= x < width)
    assert (grid.y == y) == (0 <= y < height)


def test_clearing_to_the_end_of_the_line_leaves_the_cursor() -> None:
    grid = TextGrid(4, 2)
    grid.write("abcdefg")
    grid.place(1, 0)
    grid.clear_to_end_of_line()
    assert grid.rows() == ["a   ", "efg "]
    assert (grid.x, grid.y) == (1, 0)
