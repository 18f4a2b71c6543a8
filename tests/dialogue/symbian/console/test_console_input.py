"""Keys and lines: who gets what is typed, in which window."""

from collections.abc import Callable
from typing import Any

import pytest

from eka import Deadlock, Kernel
from servers.console.client import Console, TKeyBuf, TKeyCode, TKeyEvent
from servers.console.client_device import (
    RConsoleDevice,
    TOrderBuf,
    TScreenBuf,
)
from servers.console.keys import TConsoleEventType, TEventModifier
from servers.console.protocol import TAbility, TLineFlag, TOrder, TWsMessage
from userlib import (
    KErrAbort,
    KErrArgument,
    KErrCancel,
    KErrEof,
    KErrInUse,
    KErrNone,
    KErrNotFound,
    KErrOverflow,
    KErrPermissionDenied,
    Leave,
    RProcess,
    RThread,
    TBuf,
    TIpcArgs,
    TRequestStatus,
    User,
    trap,
)

Tell = Callable[[Callable[[], None]], None]
ExitOf = Callable[[Callable[[], object]], str]

NO_LINE = TLineFlag.ENone


def end_of_process(name: str) -> str:
    status = TRequestStatus()
    with RProcess().create(name) as process:
        process.logon(status)
        process.resume()
        User.wait_for_request(status)
        return str(process.exit_info())


def waited(status: TRequestStatus) -> int:
    User.wait_for_request(status)
    return status.value


def test_keys_wait_until_they_are_read(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage() as stage:
            stage.device.send_text("ab")
            stage.device.send_key(TKeyCode.EKeyUpArrow, TEventModifier.EModifierShift)
            console = stage.console
            assert (console.key_code, console.getch()) == (0, ord("a"))
            assert console.getch() == ord("b")
            assert console.getch() == TKeyCode.EKeyUpArrow
            assert console.key_modifiers == TEventModifier.EModifierShift

    tell(story)


def test_cancelled_read_leaves_the_key_for_the_next(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage() as stage:
            status = TRequestStatus()
            stage.console.read_cancel()  # there is none
            stage.console.read(status)
            stage.console.read_cancel()
            assert waited(status) == KErrCancel
            stage.device.send_text("x")
            assert stage.console.getch() == ord("x")

    tell(story)


def test_getch_panics_if_the_read_fails(
    tell: Tell, open_stage: Any, exit_of: ExitOf
) -> None:
    def story() -> None:
        with open_stage() as stage:

            def second_read() -> None:
                console = Console.new()
                console.read(TRequestStatus())
                console.getch()

            assert exit_of(second_read) == "panicked E32USER-CBase 77"
            stage.device.end_input()

            def at_the_end() -> None:
                Console.new().getch()

            assert exit_of(at_the_end) == "panicked E32USER-CBase 77"

    tell(story)


def test_end_of_input_completes_reads_and_lines(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage() as stage, Console.new("", 5, 5) as other:
            status = TRequestStatus()
            other.read(status)
            stage.device.end_input()
            assert waited(status) == KErrEof
            assert trap(stage.console.read_line, ">") == KErrEof

    tell(story)


def test_events_of_other_kinds_come_only_when_asked_for(
    tell: Tell, open_stage: Any
) -> None:
    kinds = TConsoleEventType
    events = [TKeyEvent(0, x=3, y=4, type=kind) for kind in kinds]

    def story() -> None:
        with open_stage() as stage:
            for control, expected in (
                ("", [kinds.EEventKey]),
                ("+R", [*list(kinds)[:3]]),
                ("-R+P", [kinds.EEventKey, *list(kinds)[3:5]]),
                ("+I", [kinds.EEventKey, *list(kinds)[3:]]),
                ("-P", [kinds.EEventKey]),
            ):
                stage.console.control(control)
                for event in events:
                    stage.device.send_event(event)
                got = []
                for _ in expected:
                    stage.console.getch()
                    got.append(stage.console.key)
                assert got == [TKeyEvent(0, x=3, y=4, type=kind) for kind in expected]

    tell(story)


def test_keys_go_to_the_window_in_front(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(10, 2) as stage:
            device = stage.device
            stage.console.write("rear")
            with Console.new("top", 10, 2) as top:
                top.write("front")
                assert device.screen_text()[:2] == ["+-- top ---+", "|front     |"]
                device.send_text("1")
                device.send_key(TKeyCode.EKeyF12)
                assert device.screen_text()[:2] == ["+----------+", "|rear      |"]
                device.send_text("2")
                assert stage.console.getch() == ord("2")
                assert top.getch() == ord("1")
                top.control("-M+O")
                assert device.screen_text()[:3] == [
                    "+----------+",
                    "|r+-- top ---+",
                    "| |front     |",
                ]
                device.send_text("3")
                assert top.getch() == ord("3")
                top.control("-V")
                device.send_text("4")
                assert stage.console.getch() == ord("4")
                top.control("+V")
                assert device.screen_text()[2] == "| |front     |"
            assert device.screen_text()[:2] == ["+----------+", "|rear      |"]

    tell(story)


def test_dead_program_leaves_no_window(
    machine: Kernel, tell: Tell, open_stage: Any
) -> None:
    def dies() -> None:
        console = Console.new("gone", 10, 2)
        console.read(TRequestStatus())
        console.request_break(TRequestStatus())
        console.cursor_pos()  # served after these
        User.exit(3)

    machine.register("dies", dies)

    def story() -> None:
        with open_stage(10, 2) as stage:
            assert end_of_process("dies") == "exited with 3"
            stage.device.send_text("k")
            assert stage.console.getch() == ord("k")
            assert stage.device.screen_text()[0] == "+----------+"

    tell(story)


# Lines, edited by the server itself.


def enter(stage: Any, prompt: str, *keys: int | str, **more: Any) -> str:
    """The line that comes of typing *keys*; what they do is seen while waiting."""
    for key in keys:
        if isinstance(key, str):
            stage.device.send_text(key)
        else:
            stage.device.send_key(key)
    line: str = stage.console.read_line(prompt, **more)
    return line


def test_own_editor_edits_and_shows_the_line(tell: Tell, open_stage: Any) -> None:
    keys = TKeyCode

    def story() -> None:
        with open_stage(20, 6) as stage:
            assert enter(stage, "> ", "helo", keys.EKeyLeftArrow, "l\r") == "hello"
            assert stage.text() == ["> hello"]
            home, delete = keys.EKeyHome, keys.EKeyDelete
            assert enter(stage, "> ", "abc", home, delete, "x\n") == "xbc"
            back, end = keys.EKeyBackspace, keys.EKeyEnd
            assert enter(stage, "> ", "abc", home, end, back, back, "\r") == "a"
            escape = keys.EKeyEscape
            assert enter(stage, "> ", "abc", escape, keys.EKeyF1, "d\r") == "d"
            assert stage.text() == ["> hello", "> xbc", "> a", "> d"]
            assert trap(enter, stage, "> ", "no", keys.EKeyBreak) == KErrAbort
            assert trap(enter, stage, "> ", keys.EKeyEndOfInput) == KErrEof
            assert stage.text()[-2:] == ["> no^C", ">"]

    tell(story)


def test_history_is_gone_through_and_edits_in_it_are_kept(
    tell: Tell, open_stage: Any
) -> None:
    up, down = TKeyCode.EKeyUpArrow, TKeyCode.EKeyDownArrow

    def story() -> None:
        with open_stage(30, 6) as stage:
            past = ("first", "second")
            assert enter(stage, "", up, "\r", history=past) == "second"
            assert enter(stage, "", up, up, up, "\r", history=past) == "first"
            assert enter(stage, "", "new", up, down, "er\r", history=past) == "newer"
            keys = (up, "X", up, down, "\r")
            assert enter(stage, "", *keys, history=past) == "secondX"

    tell(story)


def test_line_is_edited_while_it_is_awaited(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(10, 4) as stage:
            session, line = stage.console.session, TBuf(100)
            status = TRequestStatus()
            session.request_line("long? ", (), line, NO_LINE, status)
            stage.device.send_text("a line over")
            assert stage.text() == ["long? a li", "ne over"]
            for _ in range(4):
                stage.device.send_key(TKeyCode.EKeyLeftArrow)
            stage.device.send_text("s")
            state = stage.device.read_screen(TScreenBuf())
            assert (state.cursor.x, state.cursor.y) == (4 + 1, 1 + 1)
            for _ in range(5):
                stage.device.send_key(TKeyCode.EKeyLeftArrow)
            stage.device.send_key(TKeyCode.EKeyBackspace)
            assert stage.text() == ["long? a in", "e sover"]
            stage.device.send_key(TKeyCode.EKeyEnter)
            assert (waited(status), str(line)) == (KErrNone, "a ine sover")
            assert stage.console.cursor_pos().y == 2

    tell(story)


def test_tab_asks_the_program_how_the_line_goes_on(tell: Tell, open_stage: Any) -> None:
    names = ("Alpha.txt", "Alpine.txt", "beta")
    asked: list[str] = []

    def complete(text: str) -> tuple[int, list[str]]:
        asked.append(text)
        start = text.rfind(" ") + 1
        typed = text[start:].casefold()
        return start, [name for name in names if name.casefold().startswith(typed)]

    def story() -> None:
        with open_stage(40, 6) as stage:

            def typist() -> None:
                with RConsoleDevice().connect() as device:
                    for text in ("type a\t", "\t", "h\t", " zz\t", "\r"):
                        device.send_text(text)

            with RThread().create("typist", typist) as thread:
                thread.resume()
                line = stage.console.read_line(">", complete=complete)
            assert line == "type Alpha.txt zz"
            assert asked[-1] == "type Alpha.txt zz"

    tell(story)


def test_cancelled_line_can_be_asked_for_again(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(20, 6) as stage:
            session, line = stage.console.session, TBuf(3)
            status, query = TRequestStatus(), TRequestStatus()
            session.line_cancel()  # there is none
            session.request_query(line, query)
            assert waited(query) == KErrCancel
            session.request_line("a>", (), line, TLineFlag.ECompletes, status)
            session.request_query(TBuf(10), query)
            session.line_cancel()
            assert (waited(status), waited(query)) == (KErrCancel, KErrCancel)
            session.request_line("b>", (), line, NO_LINE, status)
            stage.device.send_text("toolong\r")
            assert waited(status) == KErrOverflow
            assert stage.text() == ["a>", "b>toolong"]

    tell(story)


def test_completer_that_leaves_takes_the_line_with_it(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        def complete(_text: str) -> tuple[int, list[str]]:
            raise Leave(KErrNotFound)

        with open_stage() as stage:
            code = trap(enter, stage, ">", "a\t", complete=complete)
            assert code == KErrNotFound
            assert enter(stage, ">", "again\r") == "again"
            assert RThread().request_count() == 0

    tell(story)


def test_line_or_key_is_awaited_one_at_a_time(
    tell: Tell, open_stage: Any, exit_of: ExitOf
) -> None:
    def story() -> None:
        with open_stage() as stage:
            status, other = TRequestStatus(), TRequestStatus()
            session = stage.console.session
            session.read(TKeyBuf(), status)
            session.request_line("", (), TBuf(9), NO_LINE, other)
            assert waited(other) == 7
            session.read_cancel()
            assert waited(status) == KErrCancel

            def two_lines() -> None:
                console = Console.new()
                for _ in range(2):
                    line, status = TBuf(9), TRequestStatus()
                    console.session.request_line("", (), line, NO_LINE, status)
                User.wait_for_request(TRequestStatus())

            assert exit_of(two_lines) == "panicked WServ panic 6"

    tell(story)


def test_break_is_told_to_who_asked_and_is_a_key_to_others(
    tell: Tell, open_stage: Any, exit_of: ExitOf
) -> None:
    def story() -> None:
        with open_stage() as stage, Console.new("child") as child:
            status = TRequestStatus()
            stage.console.request_break(status)
            stage.device.send_key(TKeyCode.EKeyBreak)
            assert waited(status) == KErrNone
            stage.device.send_key(TKeyCode.EKeyBreak)
            assert child.getch() == TKeyCode.EKeyBreak
            stage.console.request_break(status)
            stage.console.break_cancel()
            assert waited(status) == KErrCancel

            def two_breaks() -> None:
                console = Console.new()
                for _ in range(2):
                    console.request_break(TRequestStatus())
                User.wait_for_request(TRequestStatus())

            assert exit_of(two_breaks) == "panicked WServ panic 5"

    tell(story)


# The terminal's side.


def test_terminal_needs_a_capability(machine: Kernel) -> None:
    codes: list[int] = []

    def program() -> None:
        with RConsoleDevice().connect() as device:
            codes.append(trap(device.open_device, TAbility.EStream))
            codes.append(trap(device.send_key, 65))

    assert str(machine.run(program)) == "exited with KErrNone"
    assert codes == [KErrPermissionDenied] * 2


def test_write_is_complete_when_the_terminal_has_printed_it(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage() as stage:
            device, buffer, order = stage.device, TOrderBuf(), TRequestStatus()
            device.open_device(TAbility.EStream)
            send, write = stage.console.session.request, TWsMessage.EWrite
            written, again = TRequestStatus(), TRequestStatus()
            send(write, TIpcArgs("one "), written)
            send(write, TIpcArgs("two"), again)
            device.request_order(buffer, order)
            got = buffer.order(waited(order))
            assert (got.kind, got.text) == (TOrder.EPrint, "one two")
            assert written.is_pending
            assert again.is_pending
            device.request_order(buffer, order)
            assert (waited(written), waited(again)) == (KErrNone, KErrNone)
            device.order_cancel()
            assert waited(order) == KErrCancel

    tell(story)


def test_terminal_that_goes_away_keeps_nobody_waiting(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage(20, 3) as stage:
            session = stage.console.session
            written, line_status = TRequestStatus(), TRequestStatus()
            line = TBuf(20)
            with RConsoleDevice().connect() as device:
                device.open_device(TAbility.EStream | TAbility.EEditLine)
                with RConsoleDevice().connect() as second:
                    assert trap(second.open_device, TAbility.EStream) == KErrInUse
                session.request(TWsMessage.EWrite, TIpcArgs("x"), written)
                session.request_line("> ", (), line, NO_LINE, line_status)
                assert device.next_order().text == "x"
                assert device.next_order().kind == TOrder.EEditLine
                assert waited(written) == KErrNone
                session.request(TWsMessage.EWrite, TIpcArgs("y"), written)
            assert waited(written) == KErrNone
            stage.device.send_text("ours\r")  # the server's own editor took over
            assert (waited(line_status), str(line)) == (KErrNone, "ours")
            assert stage.text() == ["xy> ours"]

    tell(story)


def test_program_that_dies_takes_its_line_from_the_terminal(
    machine: Kernel, tell: Tell, open_stage: Any
) -> None:
    def dies() -> None:
        console = Console.new()
        line, status = TBuf(9), TRequestStatus()
        console.session.request_line("?", (), line, NO_LINE, status)
        console.cursor_pos()  # served after it

    machine.register("dies", dies)

    def story() -> None:
        with open_stage() as stage:
            device = stage.device
            device.open_device(TAbility.EEditLine)

            assert end_of_process("dies") == "exited with KErrNone"
            given, stopped = device.next_order(), device.next_order()
            assert (given.kind, given.prompt) == (TOrder.EEditLine, "?")
            assert (stopped.kind, stopped.ticket) == (TOrder.EStopLine, given.ticket)
            device.send_line(given.ticket, KErrNone, "too late")
            assert trap(device.complete, given.ticket, "x") == KErrNotFound

    tell(story)


def test_line_goes_back_when_another_window_comes_to_the_front(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage() as stage:
            device, line = stage.device, TBuf(20)
            status = TRequestStatus()
            device.open_device(TAbility.EEditLine)
            stage.device.send_text("ty")
            session = stage.console.session
            session.request_line("> ", ("old",), line, NO_LINE, status)
            first = device.next_order()
            assert (first.prompt, first.line, first.history) == ("> ", "ty", ["old"])
            with Console.new("over") as over:
                assert device.next_order().kind == TOrder.EStopLine
                device.send_line(first.ticket, KErrCancel, "typed")
                key = TRequestStatus()
                over.read(key)
                order = device.next_order()
                assert (order.kind, order.number) == (TOrder.EWantKeys, 1)
                device.send_text("k")
                assert waited(key) == KErrNone
                assert device.next_order().number == 0
            again = device.next_order()
            assert (again.kind, again.line) == (TOrder.EEditLine, "typed")
            assert again.ticket != first.ticket
            device.send_line(again.ticket, KErrNone, "typed on")
            assert (waited(status), str(line)) == (KErrNone, "typed on")
            assert stage.text() == ["> typed on"]

    tell(story)


def test_changes_of_the_screen_reach_the_terminal(tell: Tell, open_stage: Any) -> None:
    def story() -> None:
        with open_stage(5, 2) as stage:
            screen, status = TScreenBuf(), TRequestStatus()
            device = stage.device
            device.read_screen(screen)
            device.request_update(screen, status)
            assert status.is_pending
            stage.console.write("hi")
            assert waited(status) == KErrNone
            screen.apply()
            assert screen.state.rows[1].rstrip() == "|hi   |"
            assert screen.state == device.read_screen(TScreenBuf())
            device.request_update(screen, status)
            device.resize(81, 30)
            assert waited(status) == KErrOverflow
            assert len(device.read_screen(screen).rows) == 30
            device.request_update(screen, status)
            device.update_cancel()
            assert waited(status) == KErrCancel

    tell(story)


def test_events_that_are_none_panic_the_terminal(tell: Tell, exit_of: ExitOf) -> None:
    def story() -> None:
        for event in (b"short", TKeyEvent(-1).pack()):

            def send(event: bytes = event) -> None:
                RConsoleDevice().connect().send_receive(
                    TWsMessage.EDeviceEvent, TIpcArgs(event)
                )

            assert exit_of(send) == "panicked WServ panic 9"
        no_device = RConsoleDevice().connect
        assert exit_of(lambda: no_device().next_order()) == "panicked WServ panic 7"
        with RConsoleDevice().connect() as device:
            assert trap(device.resize, 2000, 1) == KErrArgument

    tell(story)


def test_terminal_learns_whether_a_key_was_waited_for(
    tell: Tell, open_stage: Any
) -> None:
    def story() -> None:
        with open_stage() as stage:
            assert not stage.device.send_key(ord("a"))
            assert stage.console.getch() == ord("a")
            status = TRequestStatus()
            stage.console.read(status)
            assert stage.device.send_key(ord("b"))
            assert waited(status) == KErrNone

    tell(story)


def test_key_for_a_thread_that_is_dead_waits_for_the_next(
    tell: Tell, open_stage: Any, exit_of: ExitOf
) -> None:
    def story() -> None:
        with open_stage() as stage:
            stage.console.session.share_auto()

            def dies() -> None:
                stage.console.read(TRequestStatus())
                stage.console.cursor_pos()  # served after it

            assert exit_of(dies) == "exited with KErrNone"
            assert not stage.device.send_key(ord("k"))
            assert stage.console.getch() == ord("k")

    tell(story)


def test_waiting_for_a_line_without_a_terminal_is_a_deadlock(machine: Kernel) -> None:
    def program() -> None:
        with Console.new() as console:
            console.read_line("nobody there> ")

    with pytest.raises(Deadlock, match="can never end"):
        machine.run(program)
