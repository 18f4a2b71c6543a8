"""`eka run`: programs of this computer in a machine of their own, and how they end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli
from tools.demo.act import program_file

BACKENDS = ("threads", "explore", "priority")

HELLO = """
from userlib import RProcess

def e32main():
    print("hello,", RProcess().command_line())
    return 5
"""
CRASH = """
def helper():
    return 1 // 0

def e32main():
    helper()
"""
LEAVE = "from userlib import *\ndef e32main():\n    User.leave(KErrNotFound)\n"
REFUSE = "from userlib import *\ndef e32main():\n    return KErrNotFound\n"
TERMINATE = "from userlib import *\ndef e32main():\n    RProcess().terminate(3)\n"
DEADLOCK = """
from userlib import RSemaphore

def e32main():
    with RSemaphore().create_local(0) as empty:
        empty.wait()
"""
WAIT = """
from userlib import CServer2, CSession2, RSessionBase, RThread, User

class SlowSession(CSession2):
    def service(self, message):
        print("ready", flush=True)  # so the client waits for us by now
        User.after(1_000_000_000)

class SlowServer(CServer2):
    def new_session(self, version, message):
        return SlowSession()

def e32main():
    RThread().launch("server", lambda: SlowServer().run("slow"))
    with RSessionBase().create_session("slow") as session:
        session.send_receive(0)
"""
LEAVE_A_CHILD = """
from userlib import RProcess, User

def e32main():
    if User.command_line() == "child":
        User.after(1_000_000_000)
    with RProcess().create("program", "child") as child:
        child.resume()
"""
COMPUTE = """
def e32main():
    print("ready", flush=True)
    while True:
        pass
"""
READ_C = """
from servers.fileserver.client import RFile, RFs

def e32main():
    with RFs().connect() as fs, RFile().open(fs, r"C:\\greeting.txt") as file:
        print(file.contents().decode())
"""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(autouse=True)
def _own_sys_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))  # undone afterwards, additions and all


class Here:
    """Writes programs to a directory and runs them."""

    def __init__(self, folder: Path, backend: str) -> None:
        self.folder = folder
        self.backend = backend

    def command(self, source: str, *args: str, options: tuple[str, ...]) -> list[str]:
        program = self.folder / "program.py"
        program.write_text(source)
        return ["run", "--backend", self.backend, *options, str(program), *args]

    def run(self, source: str, *args: str, options: tuple[str, ...] = ()) -> Result:
        return CliRunner().invoke(cli, self.command(source, *args, options=options))


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def run_eka(line: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tools.cli.main", *line.split()],
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
        env=environment(**more),
    )


@pytest.fixture
def here(tmp_path: Path, backend: str) -> Here:
    return Here(tmp_path, backend)


def test_the_exit_status_is_the_programs_reason(here: Here) -> None:
    result = here.run(HELLO, "a", "--b")
    assert (result.stdout, result.stderr) == ("hello, a --b\n", "")
    assert result.exit_code == 5


def test_an_error_code_is_named_and_fails(here: Here) -> None:
    result = here.run(REFUSE)
    assert result.stderr == "eka: program exited with KErrNotFound\n"
    assert result.exit_code == 1


def test_a_termination_has_its_own_status(here: Here) -> None:
    result = here.run(TERMINATE)
    assert result.stderr == "eka: program terminated with 3\n"
    assert result.exit_code == 122


def test_an_exception_is_one_line_that_names_the_place(here: Here) -> None:
    result = here.run(CRASH)
    assert result.stderr == (
        "eka: program panicked KERN-EXEC 3: ZeroDivisionError: "
        f"integer division or modulo by zero ({here.folder}/program.py:3); "
        "--debug shows the traceback\n"
    )
    assert result.exit_code == 121


def test_a_leave_nobody_trapped_names_the_programs_line(here: Here) -> None:
    result = here.run(LEAVE)
    assert result.stderr == (
        f"eka: program panicked USER 175: Leave: KErrNotFound (-1) "
        f"({here.folder}/program.py:3); --debug shows the traceback\n"
    )
    assert result.exit_code == 121


def test_debug_shows_the_programs_traceback(here: Here) -> None:
    result = here.run(CRASH, options=("--debug",))
    assert "Traceback (most recent call last):" in result.stderr
    assert "in helper\n    return 1 // 0" in result.stderr
    assert result.exit_code == 121


def test_a_deadlock_is_reported_at_once_with_the_programs_line(here: Here) -> None:
    result = here.run(DEADLOCK)
    assert "deadlock" in result.stderr
    assert f"{here.folder}/program.py:6 in e32main" in result.stderr
    assert result.exit_code == 120


def test_a_directory_of_this_computer_is_a_drive(here: Here) -> None:
    (here.folder / "greeting.txt").write_text("good day")
    result = here.run(READ_C, options=("--drive", f"C={here.folder}:ro"))
    assert (result.stdout, result.exit_code) == ("good day\n", 0)


def test_the_log_has_every_event_and_no_path_of_this_computer(here: Here) -> None:
    log = here.folder / "log.jsonl"
    drive = f"E={here.folder}"
    assert here.run(HELLO, options=("--log", str(log), "--drive", drive)).exit_code == 5
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["event"], events[-1]["event"]) == (
        "machine/boot",
        "machine/shutdown",
    )
    assert str(here.folder) not in log.read_text()


def test_one_seed_gives_one_log(tmp_path: Path) -> None:
    here = Here(tmp_path, "explore")
    logs = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    for log in logs:
        options = ("--clock", "virtual", "--seed", "7", "--log", str(log))
        assert here.run(HELLO, options=options).exit_code == 5
    assert logs[0].read_bytes() == logs[1].read_bytes()


def test_one_seed_gives_one_log_in_any_process(tmp_path: Path) -> None:
    """Not even the order of a set of strings, which differs by process, shows."""
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.py").write_text(f"import {name} # some words\n" * 50)
    logs = []
    for hash_seed in ("1", "2"):
        log = tmp_path / f"{hash_seed}.jsonl"
        options = f"--backend explore --clock virtual --seed 5 --log {log}"
        drive = f"--drive C={tmp_path}:ro"
        program = f"{program_file()} workers=4 kill=2 quiet=1"
        ended = run_eka(f"run {options} {drive} {program}", PYTHONHASHSEED=hash_seed)
        assert (ended.stderr, ended.returncode) == ("", 0)
        logs.append(log.read_bytes())
    assert logs[0] == logs[1]


def test_the_log_level_shows_events_on_standard_error(here: Here) -> None:
    result = here.run(HELLO, options=("--log-level", "info"))
    assert "machine/boot" in result.stderr
    assert "semaphore/wait" not in result.stderr


def test_a_log_that_cannot_be_written_is_one_line(here: Here) -> None:
    log = here.folder / "absent" / "log.jsonl"
    result = here.run(HELLO, options=("--log", str(log)))
    assert result.stderr == (
        f"eka: cannot write '{log}': No such file or directory; "
        "--log takes the name of a file\n"
    )
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("source", "was"),
    [(WAIT, "program.py:16 in e32main"), (COMPUTE, "::Main (thread 7) is running")],
    ids=["waiting", "computing"],
)
def test_ctrl_c_shuts_down_in_order_and_says_who_was_where(
    here: Here, source: str, was: str
) -> None:
    """A real process and a real signal, sent once the program says it is there."""
    log = here.folder / "log.jsonl"
    command = here.command(source, options=("--log", str(log)))
    with subprocess.Popen(
        [sys.executable, "-m", "tools.cli.main", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=250)
    assert errors.startswith("\neka: interrupted; who was where:\n")
    assert was in errors
    assert "Traceback" not in errors
    assert process.returncode == 130
    last = json.loads(log.read_text().splitlines()[-1])
    assert last["event"] == "machine/shutdown"


def test_resources_are_what_programs_have_not_let_go_of(here: Here) -> None:
    result = here.run(LEAVE_A_CHILD, options=("--resources",))
    assert result.stderr.splitlines()[0].startswith(
        "eka: alive at shutdown: process of program.exe[00000000]0001: "
        "<process program.exe[00000000]0002 "
    )
    result = here.run(HELLO, options=("--resources",))
    assert result.stderr == "eka: nothing was alive at shutdown but the services\n"


def test_the_exit_status_crosses_to_the_host(here: Here) -> None:
    ended = run_eka(" ".join(here.command(HELLO, options=())))
    assert (ended.stdout, ended.stderr, ended.returncode) == ("hello, \n", "", 5)
