"""A person at a real terminal: typing, editing keys, history, completion, breaks.

A machine runs in a process of its own on a pseudo-terminal; what its screen shows is
kept by a terminal emulator.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pexpect
import pyte
import pytest

ROOT = Path(__file__).parents[4]
WIDTH, HEIGHT = 80, 24
TIMEOUT_S = 100  # for what comes at once, on a computer that is busy

PROGRAM = """
import os
import sys

from eka import Executable, Kernel, MachineConfig
from kernel.abi.image import Image
from kernel.abi.security import ALL_CAPABILITIES
from servers.console.client import Console
from tools.terminal import InteractiveTerminal, console_config
from userlib import KErrAbort, Leave, RProcess, RThread, TRequestStatus, User


def complete(text):
    start = text.rfind(" ") + 1
    names = ("alpha", "alphabet", "beta")
    return start, [name for name in names if name.startswith(text[start:])]


def other():
    while not os.path.exists(sys.argv[2]):
        User.after(20_000)
    with Console.new("other") as console:
        console.write("me first\\n")
        console.write("thanks, " + console.read_line("name? ") + "\\n")


def wait_for_break(console):
    status = TRequestStatus()
    console.request_break(status)
    console.write("waiting\\n")
    User.wait_for_request(status)
    console.write("\\nbroken\\n")


def act(console, line):
    match line:
        case "deaf":
            console.write("deaf\\n")
            User.wait_for_request(TRequestStatus())
        case "key":
            console.write("press ")
            console.write(f"{console.getch()} {console.getch()}\\n")
        case "loop":
            wait_for_break(console)
        case "other":
            RThread().create("other", other).resume()
        case "clear":
            console.clear_screen()
        case "die":
            RThread().create("killer", lambda: RProcess().kill(5)).resume()
        case "erase":
            console.write("abc\\b\\b\\x7fxyz\\n")


def main():
    history = []
    with Console.new() as console:
        console.write("begin ")
        while True:
            try:
                line = console.read_line("$ ", history, complete)
            except Leave as leave:
                if leave.code == KErrAbort:
                    console.write("aborted\\n")
                    continue
                console.write("bye\\n")
                return
            history.append(line)
            console.write(f"<{line}>\\n")
            act(console, line)


terminal = InteractiveTerminal()
image = Image(capabilities=ALL_CAPABILITIES)
config = MachineConfig(programs={"main": Executable(main, image)})
machine = Kernel(console_config(config, terminal), backend=sys.argv[1])
with machine, terminal.on(machine):
    try:
        info = terminal.wait(machine.start("main"))
    except KeyboardInterrupt:
        info = "interrupted"
print("end:", info, machine.leaks)
"""


class Person:
    """Types, and looks at the screen."""

    def __init__(self, script: Path, backend: str) -> None:
        plain = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        path = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
        self.child = pexpect.spawn(
            sys.executable,
            [str(script), backend, str(script.with_suffix(".go"))],
            encoding="utf-8",
            dimensions=(HEIGHT, WIDTH),
            timeout=TIMEOUT_S,
            env={**os.environ, **plain, "PYTHONPATH": path},
        )
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.script = script
        self._stream = pyte.Stream(self.screen)

    def lines(self) -> list[str]:
        lines = [line.rstrip() for line in self.screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def sees(self, *last: str) -> None:
        """Waits until these are the last lines on the screen."""
        self.waits(lambda: self.lines()[-len(last) :] == list(last), last)

    def sees_only(self, *lines: str) -> None:
        """Waits until there are no other lines on the screen."""
        self.waits(lambda: self.lines() == list(lines), lines)

    def sees_pressed(self, codes: str) -> None:
        """Waits for these, whatever the host echoed before they were read."""
        self.waits(
            lambda: self.lines()[-1:] == ["$"] and self.lines()[-2].endswith(codes),
            (codes,),
        )

    def waits(self, is_seen: Callable[[], bool], what: tuple[str, ...]) -> None:
        while not is_seen():
            try:
                self._stream.feed(self.child.read_nonblocking(4096, timeout=TIMEOUT_S))
            except (pexpect.TIMEOUT, pexpect.EOF) as end:
                seen = "\n".join(self.lines())
                raise AssertionError(
                    f"{type(end).__name__}, not {what}:\n{seen}"
                ) from end

    def types(self, text: str) -> None:
        self.child.send(text)

    def close(self) -> None:
        """Kill it; pexpect's own way gives up on one that dies slowly."""
        self.child.kill(signal.SIGKILL)
        self.child.wait()
        self.child.close()


EVERYWHERE = pytest.mark.parametrize(
    "person", ["threads", "explore", "priority"], indirect=True
)


@pytest.fixture(params=["threads"])
def person(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Person]:
    script = tmp_path / "machine.py"
    script.write_text(PROGRAM, "utf-8")
    with closing(Person(script, request.param)) as person:
        person.sees("begin $")
        yield person


def leave(person: Person, code: str = "exited with KErrNone") -> None:
    person.sees(f"end: {code} []")
    person.child.expect(pexpect.EOF)


@EVERYWHERE
def test_line_is_edited_and_earlier_ones_come_back(person: Person) -> None:
    person.types("helo\x1b[Dl\r")
    person.sees("begin $ hello", "<hello>", "$")
    person.types("other thing\x01not \r")
    person.sees("<not other thing>", "$")
    person.types("\x1b[A\x1b[A")
    person.sees("$ hello")
    person.types("\x1b[B\x7f\r")
    person.sees("<not other thin>", "$")
    person.types("\x04")
    leave(person)


def test_tab_completes_and_lists_what_there_is(person: Person) -> None:
    person.types("x b\t")
    person.sees("begin $ x beta")
    person.types(" al\t\t")
    person.sees("alpha    alphabet", "begin $ x beta alpha")
    person.types("b\t\r")
    person.sees("<x beta alphabet>", "$")
    person.types("\x04")
    leave(person)


@EVERYWHERE
def test_ctrl_c_gives_up_a_line_and_breaks_what_runs(person: Person) -> None:
    person.types("unwanted\x03")
    person.sees("aborted", "$")
    person.types("loop\r")
    person.sees("<loop>", "waiting")
    person.child.sendintr()
    person.sees("broken", "$")
    person.types("\x04")
    leave(person)


def test_keys_are_read_one_by_one(person: Person) -> None:
    person.types("key\r")
    person.sees("<key>", "press")
    person.types("\x1b[A\r")
    person.sees_pressed(f"{0xF809} 13")
    person.types("key\r")
    person.sees("<key>", "press")
    person.types("\x1b")
    person.types("\x1b")
    person.sees_pressed("27 27")
    person.types("\x04")
    leave(person)


def test_other_window_may_ask_first_and_nothing_typed_is_lost(person: Person) -> None:
    person.types("other\r")
    person.sees("<other>", "$")
    person.types("half")
    person.sees("$ half")
    person.script.with_suffix(".go").touch()
    person.sees("name?")
    person.types("Ann\r")
    person.sees("name? Ann", "thanks, Ann", "$ half")
    person.types(" done\r")
    person.sees("<half done>", "$")
    person.types("\x04")
    leave(person)


def test_control_codes_reach_the_terminal(person: Person) -> None:
    person.types("erase\r")
    person.sees("<erase>", "xyz", "$")
    person.types("clear\r")
    person.sees_only("$")
    person.types("\x04")
    leave(person)


def test_program_that_dies_at_its_prompt_lets_the_terminal_go(person: Person) -> None:
    person.types("die\r")
    leave(person, "exited with 5")


def test_program_that_hears_no_break_is_interrupted_at_the_third(
    person: Person,
) -> None:
    person.types("deaf\r")
    person.sees("<deaf>", "deaf")
    for more in (2, 1):  # the host makes one of signals that come too fast
        person.child.sendintr()
        person.sees("^C", f"[no program waits for a break; {more} more to interrupt]")
    person.child.sendintr()
    person.sees("^Cend: interrupted []")
