"""Terminals of a machine: pipes, tests, and what a person sees before a prompt."""

import errno
import io
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from eka import Kernel
from kernel.abi.config import Executable, MachineConfig
from kernel.abi.image import Image
from kernel.abi.security import ALL_CAPABILITIES
from servers.console.client import Console
from servers.console.keys import TEventModifier, TKeyCode, TKeyEvent
from tools.terminal import CapturedTerminal, PlainTerminal, Terminal, console_config
from tools.terminal.captured import AskFor, GiveUp, TypeKeys
from tools.terminal.interactive import last_line
from tools.terminal.keyboard import Keyboard
from tools.terminal.keymap import event_of
from userlib import (
    KErrAbort,
    KErrEof,
    KErrNone,
    KErrOverflow,
    RProcess,
    TRequestStatus,
    User,
    trap,
)

FINE = "exited with KErrNone"
MAY_KILL = Image(capabilities=ALL_CAPABILITIES)


@pytest.fixture
def play(eka_backend: str) -> Callable[..., None]:
    """Runs a program on a machine of its own that has a terminal."""

    def play(terminal: Terminal, program: Callable[[], None], **others: object) -> None:
        config = console_config(MachineConfig(), terminal)
        with (
            Kernel(config, backend=eka_backend, clock="virtual", seed=3) as machine,
            terminal.on(machine),
        ):
            for name, other in others.items():
                machine.register(name, other)  # type: ignore[arg-type]
            machine.register("main", Executable(program, MAY_KILL))
            info = terminal.wait(machine.start("main"))
            assert str(info) == FINE, info.exception
            machine.debug.check()
        assert machine.leaks == []

    return play


def read_two_lines() -> None:
    with Console.new("reader") as console:
        console.write("hello\n")
        first = console.read_line("1> ")
        second = console.read_line("2> ", (first,))
        console.write(f"{first}+{second}\n")
        console.write(f"{trap(console.read_line, '3> ')}\n")


def test_plain_terminal_reads_lines_and_prints_text(play: Callable[..., None]) -> None:
    target = io.StringIO()
    play(PlainTerminal(io.StringIO("one\ntwo"), target), read_two_lines)
    assert target.getvalue() == f"hello\none+two\n{int(KErrEof)}\n"


def test_plain_terminal_remembers_that_it_could_not_write(
    play: Callable[..., None], tmp_path: Path
) -> None:
    read_only = os.open(tmp_path / "file", os.O_RDONLY | os.O_CREAT)
    with os.fdopen(read_only, "w", encoding="utf-8") as target:
        terminal = PlainTerminal(io.StringIO("one\ntwo"), target)
        play(terminal, read_two_lines)
    assert terminal.write_error == os.strerror(errno.EBADF)


def test_plain_terminal_refuses_a_line_that_is_too_long(
    play: Callable[..., None],
) -> None:
    def program() -> None:
        with Console.new() as console:
            assert console.read_line() == "x" * 4096
            assert trap(console.read_line) == KErrOverflow
            assert console.read_line() == "next"

    lines = f"{'x' * 4096}\n{'x' * 4097}\nnext\n"
    play(PlainTerminal(io.StringIO(lines), io.StringIO()), program)


def test_plain_terminal_can_echo_what_it_reads(play: Callable[..., None]) -> None:
    target = io.StringIO()
    terminal = PlainTerminal(io.StringIO("one\ntwo\n"), target, echo=True)
    play(terminal, read_two_lines)
    assert target.getvalue() == f"hello\n1> one\n2> two\none+two\n{int(KErrEof)}\n"


def test_plain_terminal_reads_no_more_than_is_asked_for(
    play: Callable[..., None],
) -> None:
    source = io.StringIO("line\nkrest\n")

    def program() -> None:
        with Console.new() as console:
            assert console.read_line() == "line"
            assert console.getch() == ord("k")

    play(PlainTerminal(source, io.StringIO()), program)
    assert source.read() == "rest\n"


def test_reads_end_with_the_pipe(play: Callable[..., None]) -> None:
    def program() -> None:
        with Console.new() as console:
            status = TRequestStatus()
            console.read(status)
            User.wait_for_request(status)
            assert status == KErrEof
            assert trap(console.read_line) == KErrEof

    play(PlainTerminal(io.StringIO(), io.StringIO()), program)


def test_what_is_written_appears_before_what_the_program_prints_itself(
    play: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    def program() -> None:
        with Console.new() as console:
            for number in range(3):
                console.write(f"console {number}\n")
                print(f"program {number}")  # noqa: T201 - that is the point

    play(PlainTerminal(io.StringIO(), sys.stdout), program)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{who} {n}" for n in range(3) for who in ("console", "program")]


def test_flag_in_the_environment_suppresses_output(
    play: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKA_CONSOLE_TEST_MODE", "1")
    terminal = CapturedTerminal(["one", "two"])
    play(terminal, read_two_lines)
    assert terminal.output == "1> one\n2> two\n3> "


def test_captured_terminal_plays_lines_keys_and_completions(
    play: Callable[..., None],
) -> None:
    def complete(text: str) -> tuple[int, list[str]]:
        return len(text), [text + "1", text + "2"]

    def program() -> None:
        with Console.new() as console:
            assert console.read_line("> ", ("old",), complete) == "typed"
            assert console.getch() == ord("x")
            assert console.getch() == ord("y")
            assert trap(console.read_line, "? ") == KErrAbort
            assert trap(console.read_line, "? ") == KErrEof
            console.clear_screen()

    acts = (AskFor("pro"), "typed", TypeKeys("xy"), GiveUp())
    terminal = CapturedTerminal(acts)
    play(terminal, program)
    assert terminal.completions == [(3, ["pro1", "pro2"])]
    assert terminal.histories == [["old"], [], []]
    assert terminal.output == "> typed\n? ^C\n? \f"


def test_break_ends_what_somebody_waits_for(play: Callable[..., None]) -> None:
    def child() -> None:
        with Console.new("child") as console:
            console.write("running for ever\n")
            User.wait_for_request(TRequestStatus(-2))

    def parent() -> None:
        with Console.new("parent") as console, RProcess().create("child") as process:
            ended, broken = TRequestStatus(), TRequestStatus()
            process.logon(ended)
            console.request_break(broken)
            process.resume()
            User.wait_for_request(ended, broken)
            assert broken == KErrNone
            process.kill(0)
            User.wait_for_request(ended)
            console.write("broken\n")

    terminal = CapturedTerminal(break_on="ever")
    play(terminal, parent, child=child)
    assert terminal.output == "running for ever\nbroken\n"


@pytest.mark.parametrize(
    ("key", "event"),
    [
        ("a", TKeyEvent(ord("a"))),
        ("é", TKeyEvent(ord("é"))),
        ("c-m", TKeyEvent(TKeyCode.EKeyEnter)),
        ("c-j", TKeyEvent(TKeyCode.EKeyEnter)),
        ("c-c", TKeyEvent(TKeyCode.EKeyBreak)),
        ("c-i", TKeyEvent(TKeyCode.EKeyTab)),
        ("c-h", TKeyEvent(TKeyCode.EKeyBackspace)),
        ("escape", TKeyEvent(TKeyCode.EKeyEscape)),
        ("f12", TKeyEvent(TKeyCode.EKeyF12)),
        ("s-up", TKeyEvent(TKeyCode.EKeyUpArrow, TEventModifier.EModifierShift)),
        ("c-left", TKeyEvent(TKeyCode.EKeyLeftArrow, TEventModifier.EModifierCtrl)),
        ("<sigint>", None),
    ],
)
def test_keys_of_the_terminal_are_keys_of_the_console(
    key: str, event: TKeyEvent | None
) -> None:
    assert event_of(key) == event


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("a\nb", "b"),
        ("a\rb", "b"),
        ("ab\b\x7fc", "c"),
        ("\fx\7\ty", "x\ty"),
    ],
)
def test_unfinished_line_is_known(text: str, line: str) -> None:
    assert last_line(text) == line


@pytest.mark.parametrize("backend", ["explore", "priority"])
def test_a_machine_that_only_computes_can_be_left_by_its_keyboard(backend: str) -> None:
    config = console_config(MachineConfig(shutdown_grace_s=0.5), CapturedTerminal())
    computes = threading.Event()

    def compute() -> None:
        computes.set()
        while True:
            pass

    with create_pipe_input() as source:
        with Kernel(config, backend=backend) as machine:
            keyboard = Keyboard(machine, source, DummyOutput(), str)
            keyboard.start()
            computing = threading.Thread(target=machine.run, args=(compute,))
            computing.start()
            computes.wait()
            keyboard.stop()
        keyboard.join()
    computing.join()
    assert machine.leaks == []
