"""The screen of all windows: order, frames, what covers what."""

from hypothesis import given
from hypothesis import strategies as st

from servers.console.keys import KEY_EVENT, TKeyCode, TKeyEvent
from servers.console.modes import KDefaultMode, apply_control
from servers.console.protocol import TConsSize
from servers.console.screen import Screen
from servers.console.update import changed_lines
from servers.console.window import CWindow
from userlib import KErrArgument, trap

CONTROLS = st.text(alphabet="+-SWPLVCMNOIRA", max_size=8)


def window(screen: Screen, text: str, control: str, size: TConsSize) -> CWindow:
    made = CWindow(size)
    made.grid.write(text)
    made.control(f"+V{control}")
    screen.add(made)
    return made


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 12), CONTROLS), max_size=5),
    st.integers(1, 40),
    st.integers(1, 15),
)
def test_picture_has_the_screens_size_whatever_is_on_it(
    windows: list[tuple[int, int, str]], width: int, height: int
) -> None:
    screen = Screen()
    screen.size = TConsSize(width, height)
    for columns, lines, control in windows:
        made = window(screen, "x" * 50, "", TConsSize(columns, lines))
        if trap(apply_control, made.mode, control) == 0:
            made.control(control)
    state = screen.state()
    assert [len(row) for row in state.rows] == [width] * height
    assert [len(looks) for looks in state.looks] == [width * 4] * height
    assert 0 <= state.cursor.x < width
    assert 0 <= state.cursor.y < height


def test_rearmost_comes_to_the_front_but_not_before_one_on_top() -> None:
    screen, size = Screen(), TConsSize(3, 1)
    first, second, top = (window(screen, "", c, size) for c in ("", "", "+O"))
    assert screen.visible() == [first, second, top]
    screen.raise_rearmost()
    assert screen.visible() == [second, first, top]
    top.control("-V")
    assert screen.front is first
    first.control("-V")
    screen.raise_rearmost()
    assert screen.front is second


def test_bells_of_a_window_that_is_gone_have_rung() -> None:
    screen = Screen()
    rung = window(screen, "\7\7", "", TConsSize(3, 1))
    screen.remove(rung)
    assert screen.state().bells == 2


def test_only_lines_that_changed_are_told() -> None:
    screen = Screen()
    shown = window(screen, "", "", TConsSize(5, 3))
    before = screen.state()
    shown.grid.place(0, 1)
    shown.grid.write("x")
    assert changed_lines(before, screen.state()) == [2]
    screen.size = TConsSize(10, 4)
    assert changed_lines(before, screen.state()) == [0, 1, 2, 3]


@given(st.integers(0, 0x10FFFF), st.integers(-(2**31), 2**31 - 1))
def test_key_event_crosses_as_it_is(code: int, x: int) -> None:
    event = TKeyEvent(code, x=x)
    assert TKeyEvent.unpack(event.pack()) == event


def test_keys_that_make_no_character() -> None:
    codes = (TKeyCode.EKeyF1, TKeyCode.EKeyDelete, TKeyCode.EKeyEnter)
    assert [TKeyEvent(code).character for code in codes] == ["", "", ""]
    assert TKeyEvent(ord("ä")).character == "ä"
    assert len(TKeyEvent(1).pack()) == KEY_EVENT.size


def test_control_letters_need_a_sign() -> None:
    for bad in ("V", "+?", "+VX"):
        assert trap(apply_control, KDefaultMode, bad) == KErrArgument
