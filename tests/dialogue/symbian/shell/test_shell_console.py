"""The program `eshell` on the console server, with a terminal that types."""

from dataclasses import replace

import pytest

from eka import Executable, Kernel, MachineConfig
from servers.console.client import Console
from tools.boot import machine_config as standard_config
from tools.terminal import CapturedTerminal, console_config
from tools.terminal.captured import Act, AskFor, GiveUp
from userlib import KErrCancel, KErrServerTerminated, RSemaphore

BANNER = "Eka shell; HELP shows all commands, EXIT ends it."


def sleeper() -> None:
    """Says that it is there, and waits until somebody kills it."""
    with Console.new("sleeper") as console, RSemaphore().create_local(0) as never:
        console.write("asleep\n")
        never.wait()


@pytest.fixture
def terminal(request: pytest.FixtureRequest) -> CapturedTerminal:
    """Types what a test `types`, and presses Ctrl-C when it reads "asleep"."""
    acts: tuple[Act, ...] = request.param
    return CapturedTerminal(acts, break_on="asleep")


def types(*acts: Act) -> pytest.MarkDecorator:
    """What the terminal of a test types."""
    return pytest.mark.parametrize("terminal", [acts], ids=[""], indirect=True)


@pytest.fixture
def machine_config(terminal: CapturedTerminal) -> MachineConfig:
    config = standard_config(services=("fileserver",))
    programs = {
        "eshell": Executable("programs.shell.main"),
        "sleeper": Executable(sleeper),
        **config.programs,
    }
    return console_config(replace(config, programs=programs), terminal)


@types("echo hello", "exit 4")
def test_lines_are_read_after_a_prompt_until_exit(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    assert machine.run("eshell").reason == 4
    assert terminal.output.splitlines() == [
        BANNER,
        "C:\\>echo hello",
        "hello",
        "C:\\>exit 4",
    ]


@types("type nothing")
def test_the_end_of_the_input_ends_the_shell_with_its_last_result(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    assert machine.run("eshell", "/q").reason == -1
    assert terminal.output.splitlines() == [
        "C:\\>type nothing",
        "Not found - nothing",
        "C:\\>",
    ]


@types(GiveUp(), "echo still here")
def test_a_line_that_is_given_up_is_followed_by_the_next_prompt(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    assert machine.run("eshell", "/q").reason == 0
    assert terminal.output.splitlines() == [
        "C:\\>^C",
        "C:\\>echo still here",
        "still here",
        "C:\\>",
    ]


@types("sleeper; echo no", "echo yes")
def test_a_break_kills_the_program_and_the_rest_of_the_line(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    assert machine.run("eshell", "/q").reason == 0
    assert terminal.output.splitlines() == [
        "C:\\>sleeper; echo no",
        "asleep",
        "",
        "Break",
        f"Exit type 0,{int(KErrCancel)},Kill",
        "C:\\>echo yes",
        "yes",
        "C:\\>",
    ]


@types("echo one", "echo one", "echo two", "exit")
def test_history_keeps_each_line_once_in_a_row(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    machine.run("eshell", "/q")
    assert terminal.histories == [
        [],
        ["echo one"],
        ["echo one"],
        ["echo one", "echo two"],
    ]


@types(
    "md letters",
    'md "two words"',
    "echo a > letters\\first.txt",
    AskFor("ty"),
    AskFor("TY"),
    AskFor("type l"),
    AskFor("type letters\\F"),
    AskFor('cd "tw'),
    AskFor("cd tw"),
    AskFor("echo x > le"),
    AskFor("help dr"),
    AskFor("kill eshe"),
    AskFor("time 2"),
    AskFor("type nowhere\\x"),
    AskFor("type \\\\"),
    AskFor("z:\\nothing\\"),
    "exit",
)
def test_words_are_completed_to_what_their_command_takes(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    machine.run("eshell", "/q")
    assert terminal.completions == [
        (0, ["type"]),
        (0, ["TYPE"]),
        (5, ["letters\\"]),
        (5, ["letters\\first.txt"]),
        (3, ['"two words\\']),
        (3, ['"two words\\']),
        (9, ["letters\\"]),
        (5, ["drvinfo"]),
        (5, ["eshell.exe"]),
        (5, []),
        (5, []),
        (5, []),
        (0, []),
    ]


@types("nothing is typed")
def test_commands_of_the_command_line_are_carried_out_instead_of_lines(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    assert machine.run("eshell", "/c", "echo one; type nothing").reason == -1
    assert terminal.output.splitlines() == ["one", "Not found - nothing"]


@types("kill fileserver", "dir", "echo still here", "kill ewsrv", "echo no")
def test_servers_that_are_killed_are_missed_and_without_a_console_the_shell_ends(
    machine: Kernel, terminal: CapturedTerminal
) -> None:
    assert machine.run("eshell", "/q").reason == KErrServerTerminated
    assert terminal.output.splitlines() == [
        "C:\\>kill fileserver",
        "Killed fileserver.exe[100039e3]0001",
        "C:\\>dir",
        "Error -15 (KErrServerTerminated)",
        "C:\\>echo still here",
        "still here",
        "C:\\>kill ewsrv",
    ]
