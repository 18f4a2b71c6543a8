"""The console's own line editor, and how its line is shown."""

from hypothesis import given
from hypothesis import strategies as st

from servers.console.echo import show_line
from servers.console.editor import LineEditor, TEditStep, shared_start
from servers.console.keys import TKeyCode, TKeyEvent
from servers.console.line import LineRequest
from servers.console.modes import TWindowMode
from servers.console.protocol import TConsSize, TLineFlag
from servers.console.window import CWindow
from userlib import RMessage2

EDITING = (
    TKeyCode.EKeyBackspace,
    TKeyCode.EKeyDelete,
    TKeyCode.EKeyLeftArrow,
    TKeyCode.EKeyRightArrow,
    TKeyCode.EKeyHome,
    TKeyCode.EKeyEnd,
    TKeyCode.EKeyUpArrow,
    TKeyCode.EKeyDownArrow,
    TKeyCode.EKeyEscape,
)
KEYS = st.lists(st.sampled_from([*map(ord, "abcdefg"), *EDITING]), max_size=40)
HISTORY = ("first line", "", "the third")


class Writer:
    """Writes to the window only."""

    def write(
        self, window: CWindow, text: str, message: RMessage2 | None = None
    ) -> bool:
        window.grid.write(text)
        return False


@given(KEYS)
def test_cursor_is_always_in_the_text(keys: list[int]) -> None:
    editor = LineEditor(HISTORY)
    for key in keys:
        assert editor.feed(TKeyEvent(key)) is TEditStep.EGoesOn
        assert 0 <= editor.cursor <= len(editor.text)


@given(KEYS, st.integers(min_value=5, max_value=30))
def test_screen_shows_the_line_as_it_is(keys: list[int], width: int) -> None:
    """After every key, however the line wraps, and with the window scrolled."""
    window = CWindow(TConsSize(width, 20))
    window.control("+V")
    window.grid.write("\n" * 15)
    line = LineRequest(RMessage2(), "> ", "\n".join(HISTORY), TLineFlag.ENone)
    show_line(Writer(), window, line)
    for key in keys:
        line.editor.feed(TKeyEvent(key))
        show_line(Writer(), window, line)
        shown = "".join(window.grid.rows())
        assert shown.strip() == f"> {line.editor.text}".strip()
        place = window.grid.y * width + window.grid.x
        assert place == shown.index(">") + 2 + line.editor.cursor


@given(st.lists(st.text(alphabet="ab", max_size=6), max_size=5))
def test_shared_start_is_the_longest(texts: list[str]) -> None:
    shared = shared_start(texts)
    assert all(text.startswith(shared) for text in texts)
    longer = {text[: len(shared) + 1] for text in texts}
    assert not texts or len(longer) > 1 or longer == {shared}


def test_completion_replaces_what_was_typed_of_the_word() -> None:
    editor = LineEditor((), "type al")
    assert editor.complete(5, ("Alpha", "Alps"))
    assert (editor.text, editor.cursor) == ("type Alp", 8)
    assert not editor.complete(5, ("Alpha", "Alps"))
    assert not editor.complete(5, ())
    assert not editor.complete(99, ("x",))
    assert editor.complete(5, ("Alpine",))
    assert editor.text == "type Alpine"


def test_wrap_lock_keeps_a_long_line_in_its_row() -> None:
    window = CWindow(TConsSize(6, 3))
    window.control("+VW")
    assert window.mode & TWindowMode.EWrapLock
    line = LineRequest(RMessage2(), "> ", "", TLineFlag.ENone)
    for character in "abcdefgh":
        line.editor.insert(character)
        show_line(Writer(), window, line)
        window.grid.check()
    assert window.grid.rows() == ["> abch", "      ", "      "]
