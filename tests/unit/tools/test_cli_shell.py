"""`eka shell`: by `-c`, from standard input, and at a real pseudo-terminal."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

ROOT = Path(__file__).resolve().parents[3]
EKA = [sys.executable, "-m", "tools.cli.main", "shell"]
PROMPT = "C:\\>"
TIMEOUT_S = 100  # for what comes at once, on a computer that is busy

CRASH = """
def e32main():
    return 1 // 0
"""
SLEEP = """
from userlib import User

def e32main():
    print("asleep", flush=True)
    User.after(600_000_000)
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `eka shell` without a terminal."""

    def shell(*args: str, lines: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*EKA, *args],
            input=lines,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            cwd=tmp_path,
            env=environment(),
        )

    return shell


Shell = Callable[..., subprocess.CompletedProcess[str]]


# Without a terminal


def test_commands_are_carried_out_and_the_last_result_is_the_status(
    shell: Shell,
) -> None:
    done = shell("-c", "md x; dir /b; type no")
    assert (done.stdout, done.stderr) == ("x\nNot found - no\n", "")
    assert done.returncode == 1
    assert shell("-c", "type no; echo it's fine").returncode == 0
    assert shell("-c", "exit 7").returncode == 7


def test_a_script_on_standard_input_has_neither_banner_nor_prompts(
    shell: Shell,
) -> None:
    done = shell(lines="md x\ncd x\necho here: %cd%\nexit 3\necho not here\n")
    assert (done.stdout, done.stderr) == ("here: C:\\x\\\n", "")
    assert done.returncode == 3


def test_a_reader_that_goes_away_and_a_closed_input_are_no_errors(
    tmp_path: Path,
) -> None:
    for number in range(400):
        (tmp_path / f"a file with quite a long name {number}").touch()
    listing = f"{sys.executable} -m tools.cli.main shell --drive C={tmp_path} -c 'dir'"
    for line in (f"{listing} | head -n 1", f"{listing} <&- | head -n 1"):
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=True,
            env=environment(),
        )
        assert (done.stdout, done.stderr) == ("Directory of C:\\*\n", "")


def test_lines_of_commands_are_carried_out_one_after_the_other(shell: Shell) -> None:
    commands = 'rem what comes; echo no\necho it"s; echo\n\nexit 7\necho no'
    done = shell("-c", commands)
    assert (done.stdout, done.stderr, done.returncode) == ('it"s; echo\n', "", 7)


@pytest.mark.parametrize("errors", ["surrogateescape", "strict"])
def test_bytes_that_are_no_text_are_kept(tmp_path: Path, errors: str) -> None:
    done = subprocess.run(
        [*EKA],
        input=b"echo a\xffb > x\nhexdump x\n",
        capture_output=True,
        timeout=TIMEOUT_S,
        check=True,
        cwd=tmp_path,
        env={**environment(), "PYTHONIOENCODING": f"utf-8:{errors}"},
    )
    assert done.stdout.startswith(b"00000000: 61 ff 62 0a ")


def test_a_line_that_is_too_long_is_refused_and_not_cut(shell: Shell) -> None:
    longest = "echo " + "x" * 4091
    done = shell(lines=f"{longest}\n{longest}y\necho %result%\n")
    assert done.stdout.splitlines() == [
        longest.removeprefix("echo "),
        "Line too long; it can have 4096 characters",
        "-9",
    ]
    assert shell(lines=f"{longest}y\n").returncode == 1


def test_characters_that_the_output_cannot_have_are_escaped(tmp_path: Path) -> None:
    done = subprocess.run(
        [*EKA, "-c", "echo \u00e4\u2603; echo more"],
        capture_output=True,
        timeout=TIMEOUT_S,
        check=True,
        cwd=tmp_path,
        env={**environment(), "PYTHONUTF8": "1", "PYTHONIOENCODING": "latin-1"},
    )
    assert (done.stdout, done.stderr) == (b"\xe4\\u2603\nmore\n", b"")


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (tmp_path / "file").open() as read_only:
        done = subprocess.run(
            [*EKA, "-c", "echo lost; echo too; md kept"],
            stdout=read_only,
            stderr=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            cwd=tmp_path,
            env=environment(),
        )
    assert done.stderr == (
        f"eka: cannot write to standard output: {os.strerror(errno.EBADF)}\n"
    )
    assert done.returncode == 1


def test_a_script_without_an_end_of_line_is_read_to_its_end(shell: Shell) -> None:
    assert shell(lines="echo one\necho two").stdout == "one\ntwo\n"
    assert shell(lines="").returncode == 0


@pytest.mark.parametrize("backend", ["threads", "priority", "explore"])
def test_the_same_script_runs_on_every_back_end(shell: Shell, backend: str) -> None:
    lines = "echo one > a\ncopy a b\ntype b\nps nobody\n"
    done = shell("--backend", backend, "--clock", "virtual", "--seed", "5", lines=lines)
    assert done.stdout == "1 file copied\none\nNot found - nobody\n"
    assert (done.stderr, done.returncode) == ("", 1)


def test_a_directory_of_the_host_is_a_drive_and_its_programs_run(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "three.py").write_text("def e32main(): return 3\n")
    done = shell("--drive", "C=data", "-c", "three; echo kept > new.txt")
    assert (done.stdout, done.returncode) == ("Exit type 0,3,Kill\n", 0)
    assert (tmp_path / "data" / "new.txt").read_text() == "kept\n"


def test_programs_of_the_host_are_words_of_the_shell(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "crash.py").write_text(CRASH)
    done = shell("--program", "crash.py", "--program", "boom=crash.py", "-c", "boom")
    assert done.stdout == "Exit type 2,3,KERN-EXEC\n"
    assert "boom.exe[00000000]0001::Main died of ZeroDivisionError" in done.stderr
    assert "crash.py:3" in done.stderr
    assert done.returncode == 1
    assert shell("--program", "crash.py", "-c", "crash").stdout == done.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("x=", "bad program 'x='"),
        ("no.py", "no file 'no.py'"),
        ("=a.py", "bad program"),
    ],
)
def test_a_program_that_cannot_be_is_refused_before_the_machine_boots(
    shell: Shell, given: str, said: str
) -> None:
    done = shell("--program", given, "-c", "echo x")
    assert said in done.stderr
    assert done.stdout == ""
    assert done.returncode in (2, 127)


def test_autoexec_is_run_unless_it_is_not_wanted(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "AUTOEXEC.BAT").write_text("echo begun\n")
    drive = ("--drive", f"C={tmp_path}")
    assert shell(*drive, "-c", "echo x").stdout == "begun\nx\n"
    assert shell(*drive, "--no-autoexec", "-c", "echo x").stdout == "x\n"


def test_a_console_that_was_killed_takes_the_shell_with_it(shell: Shell) -> None:
    done = shell("-c", "kill ewsrv; echo no")
    assert (done.stdout, done.stderr) == ("", "eshell: the console has ended\n")
    assert done.returncode == 1


def test_what_can_never_go_on_is_a_deadlock(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "stuck.py").write_text(
        "from userlib import RSemaphore\n"
        "def e32main():\n    RSemaphore().create_local(0).wait()\n"
    )
    done = shell("--program", "stuck.py", "-c", "stuck")
    assert done.returncode == 120
    assert "stuck.exe[00000000]0001::Main" in done.stderr


# At a terminal


class Person:
    """Somebody at a terminal of 24 lines: types, and looks at the screen."""

    def __init__(self, *args: str, cwd: Path) -> None:
        self._screen = pyte.Screen(78, 24)
        self._stream = pyte.Stream(self._screen)
        self.child = pexpect.spawn(
            EKA[0],
            [*EKA[1:], *args],
            cwd=str(cwd),
            env=environment(),  # type: ignore[arg-type] # a mapping of this kind
            encoding="utf-8",
            dimensions=(24, 78),
            timeout=TIMEOUT_S,
        )
        # A terminal that is asked where its cursor stands says so.
        self._screen.write_process_input = self.child.send

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, up to the last line that is not blank."""
        lines = [line.rstrip() for line in self._screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def type(self, text: str) -> None:
        self.child.send(text)

    def sees(self, *last: str) -> None:
        """Waits until these are the last lines on the screen."""
        while self.lines[-len(last) :] != list(last):
            self._look(last)

    def sees_somewhere(self, text: str) -> None:
        """Waits until a line has this text."""
        while not any(text in line for line in self.lines):
            self._look(text)

    def _look(self, wanted: object) -> None:
        try:
            self._stream.feed(self.child.read_nonblocking(4096, TIMEOUT_S))
        except (pexpect.TIMEOUT, pexpect.EOF) as end:
            seen = "\n".join(self.lines)
            pytest.fail(f"{type(end).__name__}, no {wanted!r} on the screen:\n{seen}")

    def status(self) -> int:
        """Waits for the end; the exit status."""
        while True:
            try:
                self._stream.feed(self.child.read_nonblocking(4096, TIMEOUT_S))
            except pexpect.EOF:
                break
        self.child.wait()
        self.child.close()
        assert isinstance(self.child.exitstatus, int), self.lines
        return self.child.exitstatus


UP, DOWN, LEFT, HOME = "\x1b[A", "\x1b[B", "\x1b[D", "\x01"
CTRL_C, CTRL_D, TAB, BACKSPACE = "\x03", "\x04", "\t", "\x7f"


@pytest.fixture
def sit_down(tmp_path: Path) -> Iterator[Callable[..., Person]]:
    """A person before a shell that has shown its first prompt."""
    people: list[Person] = []

    def sit_down(*args: str) -> Person:
        person = Person(*args, cwd=tmp_path)
        people.append(person)
        person.sees(PROMPT)
        return person

    yield sit_down
    for person in people:  # pexpect's own way gives up on one that dies slowly
        person.child.kill(signal.SIGKILL)
        person.child.wait()
        person.child.close()


SitDown = Callable[..., Person]


def test_a_person_types_and_edits_lines(sit_down: SitDown) -> None:
    person = sit_down()
    person.sees("Eka shell; HELP shows all commands, EXIT ends it.", PROMPT)
    person.type("ecko hello" + LEFT * 7 + BACKSPACE + "h\r")
    person.sees("C:\\>echo hello", "hello", PROMPT)
    person.type("world" + HOME + "echo \r")
    person.sees("C:\\>echo world", "world", PROMPT)
    person.type("exit 5\r")
    assert person.status() == 5


def test_arrow_keys_lead_through_the_history(sit_down: SitDown) -> None:
    person = sit_down("-q")
    person.type("echo one\r")
    person.sees("one", PROMPT)
    person.type("echo two\r")
    person.sees("two", PROMPT)
    person.type(UP + UP + "\r")
    person.sees("C:\\>echo one", "one", PROMPT)
    person.type(UP + UP + DOWN + " more\r")
    person.sees("C:\\>echo one more", "one more", PROMPT)


def test_tab_completes_commands_and_names(sit_down: SitDown) -> None:
    person = sit_down("-q")
    person.type("md letters\r")
    person.sees("C:\\>md letters", PROMPT)
    person.type("echo Dear reader > le" + TAB + "first.txt\r")
    person.sees("C:\\>echo Dear reader > letters\\first.txt", PROMPT)
    person.type("hexd" + TAB + " l" + TAB)
    person.sees("C:\\>hexdump letters\\")
    person.type("f" + TAB + "\r")
    person.sees_somewhere("44 65 61 72 20")
    person.sees(PROMPT)
    person.type("dr" + TAB + "\r")
    person.sees_somewhere("D: Ram")


def test_ctrl_c_breaks_what_runs_and_gives_up_a_line(
    sit_down: SitDown, tmp_path: Path
) -> None:
    (tmp_path / "sleeper.py").write_text(SLEEP)
    person = sit_down("-q", "--program", "sleeper.py")
    person.type("sleeper; echo no\r")
    person.sees_somewhere("asleep")
    person.type(CTRL_C)
    person.sees("^C", "Break", "Exit type 0,-3,Kill", PROMPT)
    person.type("half a line" + CTRL_C)
    person.sees_somewhere("half a line")
    person.sees(PROMPT)
    person.type("echo alive\r")
    person.sees("alive", PROMPT)


def test_pasted_lines_are_carried_out_one_after_the_other(sit_down: SitDown) -> None:
    person = sit_down("-q")
    person.type("\x1b[200~echo one\recho two\x1b[201~")
    person.sees_somewhere("echo two")
    person.type("\r")
    person.sees("one", "two", PROMPT)


def test_a_pasted_line_that_is_too_long_is_refused(sit_down: SitDown) -> None:
    person = sit_down("-q")
    person.type(f"\x1b[200~rd {'x' * 4096}\x1b[201~\r")
    person.sees("Line too long; it can have 4096 characters", PROMPT)


def test_a_terminal_that_was_killed_can_still_be_left(sit_down: SitDown) -> None:
    person = sit_down("-q")
    person.type("kill terminal\r")
    person.sees_somewhere("[the terminal has ended; Ctrl-C interrupts]")
    person.type(CTRL_C)
    person.sees_somewhere("eka: interrupted")
    assert person.status() == 130


def test_ctrl_d_leaves(sit_down: SitDown) -> None:
    person = sit_down("-q")
    person.type("echo x\r")
    person.sees("x", PROMPT)
    person.type(CTRL_D)
    assert person.status() == 0


def test_a_long_listing_stops_for_a_key(sit_down: SitDown) -> None:
    person = sit_down("-q")
    person.type("help > h\r")
    person.sees("C:\\>help > h", PROMPT)
    person.type("type /p h\r")
    person.sees_somewhere("Press a key to go on...")
    person.type(" ")
    person.sees_somewhere("START ")
    person.sees("Press a key to go on...")
    person.type(" ")
    person.sees_somewhere("%RESULT%")
    person.sees(PROMPT)
    person.type("pause; echo no\r")
    person.sees("Press a key to go on...")
    person.type(CTRL_C)
    person.sees("Break", PROMPT)
