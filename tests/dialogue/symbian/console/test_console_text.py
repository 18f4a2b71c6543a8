"""What a console shows of what is written: control codes, modes, cursor, places."""

from collections.abc import Callable
from typing import Any

import pytest

from eka import Executable, Kernel
from kernel.abi.config import Service
from servers.console.client import (
    CConsoleBase,
    Console,
    KConsFullScreen,
    RConsole,
    TConsSize,
    TKeyBuf,
    TPlace,
    TTextAttribute,
    TVideoMode,
)
from servers.console.client_device import RConsoleDevice, TScreenBuf
from servers.console.econs import IMAGE
from servers.console.protocol import (
    KConsoleProgram,
    KErrReadOutstanding,
    KTestModeArgument,
    TWsMessage,
)
from userlib import (
    KErrArgument,
    KErrBadDescriptor,
    KErrCancel,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    RThread,
    TIpcArgs,
    TRequestStatus,
    User,
    trap,
)

Tell = Callable[[Callable[[], None]], None]
ExitOf = Callable[[Callable[[], object]], str]


@pytest.mark.case("SU-91")
def test_backspace_erases_and_a_second_read_is_told_so(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage() as stage:
            console = stage.console
            console.write("ab")
            console.write(chr(8))
            console.write("c")
            assert stage.text() == ["ac"]
            first, second = TRequestStatus(), TRequestStatus()
            first_key, second_key = TKeyBuf(), TKeyBuf()
            console.session.read(first_key, first)
            console.session.read(second_key, second)
            User.wait_for_request(second)
            assert second == KErrReadOutstanding == 7
            assert first.is_pending
            stage.device.send_key(ord("x"))
            User.wait_for_request(first)
            assert (first.value, first_key().code) == (KErrNone, ord("x"))
            assert second_key.length == 0

    tell(story)


def test_control_codes_act(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(20, 4) as stage:
            console = stage.console
            console.write("one\ntwo\rT\n\0\vthree\tx\x7fy\7")
            assert stage.text() == ["one", "Two", "three   y"]
            assert console.cursor_pos() == TPlace(9, 2)
            assert stage.device.read_screen(TScreenBuf()).bells == 1
            console.write("\fgone")
            assert stage.text() == ["gone"]
            console.write("\b" * 10)
            assert (stage.text(), console.cursor_pos()) == ([], TPlace(0, 0))

    tell(story)


def test_text_wraps_and_scrolls_unless_it_is_locked(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage(4, 3) as stage:
            stage.console.write("abcdefghijklm")
            assert stage.text() == ["efgh", "ijkl", "m"]
            stage.console.write("\fab")
            stage.console.control("+WL")
            stage.console.write("cdefg\n1\n2\n3")
            assert stage.text() == ["abcg", "1", "3"]
            stage.console.control("-N")
            stage.console.write("\r\f1\n2")
            assert stage.text() == ["1", " 2"]

    tell(story)


def test_bad_control_string_switches_nothing(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(4, 2) as stage:
            for bad in ("W", "+W?", "+WQ"):
                assert trap(stage.console.control, bad) == KErrArgument
            stage.console.control("")
            stage.console.control("+sp-sp+lia-l")
            stage.console.write("abcde")
            assert stage.text() == ["abcd", "e"]

    tell(story)


def test_cursor_stays_inside_the_frame(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(10, 5) as stage:
            console = stage.console
            console.set_cursor_pos_abs(100, -3)
            assert console.cursor_pos() == TPlace(9, 0)
            console.set_cursor_pos_rel(-2, 100)
            assert (console.where_x(), console.where_y()) == (7, 4)
            console.set_pos(3)
            assert console.cursor_pos() == TPlace(3, 4)
            console.set_pos(1, 2)
            console.write("abc")
            console.set_pos(2)
            console.clear_to_end_of_line()
            assert stage.text() == ["", "", " a"]
            assert console.cursor_pos() == TPlace(2, 2)
            console.clear_screen()
            assert (stage.text(), console.cursor_pos()) == ([], TPlace(0, 0))

    tell(story)


def test_printf_is_cut_at_256_characters(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(60, 6) as stage:
            stage.console.printf("%s", "x" * 300)
            assert "".join(stage.text()) == "x" * 256
            stage.console.clear_screen()
            stage.console.printf("%d of %s 100%%", 3, "them")
            assert stage.text() == ["3 of them 100%"]
            stage.console.clear_screen()
            stage.console.printf("100%")
            assert stage.text() == ["100%"]
            stage.console.clear_screen()
            stage.console.write("y" * 300)
            assert "".join(stage.text()) == "y" * 300

    tell(story)


def test_sizes_are_default_full_screen_or_as_asked(tell: Tell) -> None:
    def story() -> None:
        with Console.new("one") as console:
            assert console.screen_size() == TConsSize(78, 18)
            assert console.session.screen_size() == TConsSize(80, 25)
            assert trap(console.set_size, 10, 10) == KErrNotSupported
            assert console.screen_size() == TConsSize(78, 18)
        with RConsoleDevice().connect() as device:
            device.resize(100, 40)
            with Console.new("two", KConsFullScreen, KConsFullScreen) as console:
                assert console.screen_size() == TConsSize(98, 38)
            assert trap(device.resize, 0, 5) == KErrArgument
        for width, height in ((0, 5), (5, -2), (1001, 5)):
            assert trap(Console.new, "", width, height) == KErrArgument

    tell(story)


def test_window_has_its_title_in_a_frame(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(8, 2) as stage:
            stage.console.set_title("Tea")
            stage.console.write("hot")
            assert stage.device.screen_text()[:5] == [
                "+- Tea --+",
                "|hot     |",
                "|        |",
                "+--------+",
                "",
            ]
            stage.console.set_title("much too long")
            assert stage.device.screen_text()[0] == "+ much to+"
            stage.console.control("+S")
            assert stage.device.screen_text()[2:4] == ["|        #", "+========+"]

    tell(story)


def test_looks_of_text_reach_the_terminal(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(4, 1) as stage:
            console = stage.console
            console.set_text_attribute(TTextAttribute.ETextAttributeBold)
            console.set_text_colors(4, 15)
            console.write("a")
            console.set_text_attribute(TTextAttribute.ETextAttributeNormal)
            console.set_text_colors(7, 0)
            console.write("b")
            looks = stage.device.read_screen(TScreenBuf()).looks[1]
            assert looks[4:12] == bytes((1, 4, 15, 0, 0, 7, 0, 0))
            console.set_mode(TVideoMode.EMono)
            looks = stage.device.read_screen(TScreenBuf()).looks[1]
            assert looks[4:8] == bytes((1, 7, 0, 0))
            session = console.session
            assert trap(session.set_text_colors, 16, 0) == KErrArgument
            wrong = TIpcArgs(99)
            assert session.try_send_receive(TWsMessage.ESetAttribute, wrong) == (
                KErrArgument
            )
            assert session.try_send_receive(TWsMessage.ESetMode, wrong) == (
                KErrNotSupported
            )

    tell(story)


def test_cursor_is_shown_at_its_height_until_switched_off(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage(4, 2) as stage:
            stage.console.write("ab")

            def cursor() -> tuple[TPlace, int]:
                state = stage.device.read_screen(TScreenBuf())
                return state.cursor, state.cursor_height

            assert cursor() == (TPlace(3, 1), 100)
            stage.console.set_cursor_height(20)
            assert cursor() == (TPlace(3, 1), 20)
            stage.console.control("-C")
            assert cursor() == (TPlace(0, 0), 0)
            assert trap(stage.console.set_cursor_height, 101) == KErrArgument

    tell(story)


def test_operations_before_the_window_do_nothing(tell: Tell) -> None:
    def story() -> None:
        with RConsole().connect() as session:
            session.write("lost")
            status, key = TRequestStatus(), TKeyBuf()
            session.read(key, status)
            User.wait_for_request(status)
            assert (status.value, key.length) == (KErrNone, 0)
            assert session.size() == TConsSize(0, 0)
            session.create_window()
            assert session.size() == TConsSize(78, 18)
            session.set("now", 10, 2)
            session.set("still", 10, 2)
            assert trap(session.set, "other", 11, 2) == KErrNotSupported
            session.read(key, status)
            session.destroy()
            User.wait_for_request(status)
            assert status == KErrCancel
            assert session.size() == TConsSize(0, 0)

    tell(story)


def test_mistakes_panic_the_client_and_bad_descriptors_are_told(
    tell: Tell, exit_of: ExitOf
) -> None:
    def story() -> None:
        def unknown() -> None:
            RConsole().connect().try_send_receive(999)

        assert exit_of(unknown) == "panicked WServ panic 1"

        def two_windows() -> None:
            Console.new().session.create_window()

        assert exit_of(two_windows) == "panicked WServ panic 2"

        def unasked() -> None:
            Console.new().session.answer(0, ("x",))

        assert exit_of(unasked) == "panicked WServ panic 3"

        with Console.new() as console:
            send = console.session.try_send_receive
            for function in (TWsMessage.EWrite, TWsMessage.ECursor):
                assert send(function, TIpcArgs(b"8 bits")) == KErrBadDescriptor
            console.write("still there")
            assert console.where_x() == 11

    tell(story)


@pytest.mark.machine_config(
    services=(Service(KConsoleProgram, (KTestModeArgument,)),),
)
def test_test_mode_suppresses_output(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(10, 2) as stage:
            stage.console.write("nothing")
            assert (stage.text(), stage.console.where_x()) == ([], 0)
            stage.device.send_key(ord("k"))
            assert stage.console.getch() == ord("k")

    tell(story)


def test_consoles_come_from_a_library_that_can_be_another(
    machine: Kernel, tell: Tell
) -> None:
    class Loud(CConsoleBase):
        def write(self, text: str) -> None:
            super().write(text.upper())

    def loud() -> tuple[Callable[[], CConsoleBase], ...]:
        return (Loud,)

    machine.register("econs.dll", Executable(loud, IMAGE))

    def story() -> None:
        with Console.new("", 10, 2) as console, RConsoleDevice().connect() as device:
            console.write("quiet")
            assert device.screen_text()[1] == "|QUIET     |"
            with Console.new("", 10, 2) as other:
                assert type(other) is Loud
        assert RThread().handle_count() == (0, 0)

    tell(story)


@pytest.mark.machine_config(services=())
def test_missing_console_server_is_told(run: Any) -> None:
    codes: list[int] = []

    def program() -> None:
        codes.append(trap(Console.new))
        assert RThread().handle_count() == (0, 0)

    run(program)
    assert codes == [KErrNotFound]
