"""`eka stress`: runs in a row, what fails them, and how a failing one is made again."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kernel.exec.table import handlers
from kernel.machine import BACKENDS, Kernel
from tools.cli.group import cli

HELLO = """
from userlib import User

def e32main():
    print("hello,", User.command_line())
"""
REFUSE = "from userlib import *\ndef e32main():\n    return KErrNotFound\n"
LEAVE = "from userlib import *\ndef e32main():\n    User.leave(KErrNotFound)\n"
TERMINATE = "from userlib import *\ndef e32main():\n    RProcess().terminate(3)\n"
CRASH = "def e32main():\n    return 1 // 0\n"
DEADLOCK = """
from userlib import RSemaphore

def e32main():
    with RSemaphore().create_local(0) as empty:
        empty.wait()
"""
SLEEP = "from userlib import *\ndef e32main():\n    User.after(2_000_000)\n"
POLL = "from userlib import *\ndef e32main():\n    while True: User.tick_count()\n"
READY = HELLO.replace('"hello,", User.command_line()', '"ready", flush=True')
RACE = """
from userlib import RSemaphore, RThread, User

def e32main():
    count = [0]
    with RSemaphore().create_local(0) as done:

        def work():
            for _ in range(3):
                before = count[0]
                User.tick_count()
                count[0] = before + 1
            done.signal()

        for name in ("first", "second"):
            with RThread().create(name, work) as thread:
                thread.resume()
        done.wait()
        done.wait()
    assert count == [6], count
"""
# It deadlocks when the helper is killed, and is right to leave when memory is short.
FRAGILE = """
from userlib import RSemaphore, RThread, User

def e32main():
    with RSemaphore().create_local(0) as done:

        def work():
            for _ in range(20):
                User.tick_count()
            done.signal()

        with RThread().create("helper", work) as thread:
            thread.resume()
        done.wait()
"""
TAKE = """
from userlib import RSemaphore, User

def e32main():
    for _ in range(20):
        with RSemaphore().create_local(0):
            User.after(1)
"""
LET_A_CHILD_LIVE = """
from userlib import RProcess, User

def e32main():
    if User.command_line() == "child":
        User.after(1_000_000_000)
    with RProcess().create("program", "child") as child:
        child.resume()
"""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(autouse=True)
def _own_sys_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))  # undone afterwards, additions and all


class Here:
    """Writes programs to a directory and stresses them."""

    def __init__(self, folder: Path, backend: str) -> None:
        self.folder = folder
        self.backend = backend

    def command(self, source: str, *options: str) -> list[str]:
        program = self.folder / "program.py"
        program.write_text(source)
        fixed = ["stress", "--backend", self.backend, "--clock", "virtual"]
        return [*fixed, *options, str(program), "one", "two words"]

    def stress(self, source: str, *options: str) -> Result:
        return CliRunner().invoke(cli, self.command(source, *options))

    def summary(self, source: str, *options: str) -> dict[str, Any]:
        result = self.stress(source, "--json", *options)
        found: dict[str, Any] = json.loads(result.stdout)
        assert result.exit_code == (1 if found["failed"] else 0)
        return found


@pytest.fixture
def here(tmp_path: Path, backend: str) -> Here:
    return Here(tmp_path, backend)


@pytest.fixture
def explore(tmp_path: Path) -> Here:
    return Here(tmp_path, "explore")


def kinds(summary: dict[str, Any]) -> list[str]:
    return [failure["kind"] for failure in summary["failures"]]


def test_runs_that_end_well_are_told_in_a_table(here: Here) -> None:
    result = here.stress(HELLO, "--count", "3")
    assert result.exit_code == 0
    first, latency, ends = result.stdout.splitlines()
    assert re.fullmatch(r"3 runs in \d+\.\d s, 0 failed", first)
    assert re.search(r"p50 [\d.]+  p90 [\d.]+  p99 [\d.]+  max [\d.]+$", latency)
    assert ends.split(maxsplit=1) == ["ends", "exited with KErrNone (3)"]
    assert result.stderr == ""


def test_what_the_program_prints_is_shown_beside_the_summary_if_wanted(
    explore: Here,
) -> None:
    result = explore.stress(HELLO, "--count", "2", "--show-output")
    assert result.stderr == "hello, one 'two words'\n" * 2
    assert "hello" not in result.stdout


def test_the_summary_is_json_for_programs(here: Here) -> None:
    summary = here.summary(HELLO, "--count", "4", "--seed", "7", "--copies", "2")
    latency, seconds = summary.pop("latency_us"), summary.pop("seconds")
    assert list(latency) == ["p50", "p90", "p99", "max"]
    assert 0 < latency["p50"] <= latency["p90"] <= latency["p99"] <= latency["max"]
    assert seconds > 0
    assert summary == {
        "program": str(here.folder / "program.py"),
        "args": ["one", "two words"],
        "backend": here.backend,
        "clock": "virtual",
        "copies": 2,
        "first_seed": 7,
        "runs": 4,
        "failed": 0,
        "ends": {"exited with KErrNone": 8},
        "injected": {},
        "left_alive": {},
        "leaks": {},
        "kinds": {},
        "failures": [],
    }


@pytest.mark.parametrize(
    ("limits", "runs"),
    [
        (["--for", "0.001"], 1),
        (["--for", "3"], 3),
        (["--for", "60", "--count", "2"], 2),
    ],
)
def test_a_time_limits_the_runs_and_there_is_always_one(
    explore: Here, monkeypatch: pytest.MonkeyPatch, limits: list[str], runs: int
) -> None:
    each_a_second = SimpleNamespace(monotonic=count().__next__)
    monkeypatch.setattr("tools.campaign.campaign.time", each_a_second)
    assert explore.summary(HELLO, *limits)["runs"] == runs


@pytest.mark.parametrize(
    ("source", "kind", "text"),
    [
        (REFUSE, "exit", "program exited with KErrNotFound"),
        (TERMINATE, "exit", "program terminated with 3"),
        (LEAVE, "panic", "program panicked USER 175: Leave: KErrNotFound (-1) ("),
        (CRASH, "exception", "program.exe[00000000]0001::Main died of ZeroDivision"),
        (DEADLOCK, "deadlock", "the wait for program.exe[00000000]0001 can never"),
        (SLEEP, "time-out", "program.exe[00000000]0001 did not end within 1000000"),
    ],
    ids=["exit", "termination", "panic", "exception", "deadlock", "time-out"],
)
def test_a_bad_end_fails_its_run(here: Here, source: str, kind: str, text: str) -> None:
    limit = ("--timeout-us", "1000000") if kind == "time-out" else ()
    summary = here.summary(source, "--count", "1", *limit)
    (failure,) = summary["failures"]
    assert (failure["seed"], failure["kind"]) == (0, kind)
    assert failure["text"].startswith(text)
    assert summary["kinds"] == {kind: 1}


def test_a_run_that_hangs_on_virtual_time_is_ended_by_the_hosts(here: Here) -> None:
    summary = here.summary(POLL, "--count", "1", "--hang-s", "0.3")
    (failure,) = summary["failures"]
    assert failure["text"] == "no end within 0.3 s of the host's"
    assert (failure["kind"], summary["latency_us"]) == ("time-out", {})
    assert " --hang-s 0.3 " in failure["command"]


def test_a_leak_of_the_kernel_fails_its_run(
    explore: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leak(machine: Kernel) -> None:
        machine.leaks.append("<semaphore that nobody has>")

    monkeypatch.setattr(Kernel, "_report_leaks", leak)
    summary = explore.summary(HELLO, "--count", "2")
    assert kinds(summary) == ["leak", "leak"]
    assert summary["leaks"] == {"<semaphore that nobody has>": 2}


def test_a_broken_invariant_of_the_kernel_fails_its_run(
    explore: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_: object) -> None:
        raise AssertionError("one and one is three")

    monkeypatch.setattr("kernel.debug.debug.check", check)
    (failure,) = explore.summary(HELLO, "--count", "1", "--kills")["failures"]
    assert (failure["kind"], failure["text"]) == ("check", "one and one is three")


@pytest.mark.parametrize("injection", [(), ("--delays",)], ids=["plain", "disturbed"])
def test_a_machine_that_stops_fails_its_run(
    here: Here, injection: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistake(*_: object) -> object:
        raise ZeroDivisionError("ours")

    broken = {**handlers(), "time_uptime": mistake}
    monkeypatch.setattr("kernel.machine.handlers", lambda: broken)
    summary = here.summary(POLL, "--count", "1", *injection)
    (fault,) = (one for one in summary["failures"] if one["kind"] == "fault")
    assert "ZeroDivisionError: ours" in fault["text"]


def test_reasons_can_be_allowed(explore: Here) -> None:
    assert explore.summary(REFUSE, "--count", "1", "--allow-exit", "-2")["failed"] == 1
    assert explore.summary(REFUSE, "--count", "1", "--allow-exit", "-1")["failed"] == 0
    assert explore.summary(REFUSE, "--count", "1", "--allow-exit", "any")["failed"] == 0
    for source in (TERMINATE, LEAVE):
        summary = explore.summary(source, "--count", "1", "--allow-exit", "any")
        assert summary["failed"] == 1


def test_a_reason_that_is_none_is_refused_in_one_line(explore: Here) -> None:
    result = explore.stress(HELLO, "--allow-exit", "many")
    assert result.stderr == (
        "eka: 'many' is no exit reason; write a number, or 'any'\n"
    )
    assert result.exit_code == 2


def test_a_log_that_cannot_be_written_is_one_line(explore: Here) -> None:
    log = explore.folder / "absent" / "log.jsonl"
    result = explore.stress(HELLO, "--log", str(log))
    assert result.stderr.startswith(f"eka: cannot write '{log}'")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_what_programs_left_alive_is_counted_and_no_failure(here: Here) -> None:
    result = here.stress(LET_A_CHILD_LIVE, "--count", "2", "--json")
    assert json.loads(result.stdout)["left_alive"]["process"] == 2
    assert result.exit_code == 0


def test_failures_are_told_with_the_command_that_makes_them_again(here: Here) -> None:
    options = ("--count", "7", "--seed", "3", "--copies", "2", "--allow-exit", "9")
    result = here.stress(REFUSE, *options)
    again = (
        f"eka: seed 3: again: eka stress --backend {here.backend} --clock virtual "
        f"--seed 3 --count 1 --copies 2 --allow-exit 9 {here.folder}/program.py "
        "one 'two words'"
    )
    lines = result.stderr.splitlines()
    assert lines[:3] == ["eka: seed 3: exit: program exited with KErrNotFound"] * 2 + [
        again
    ]
    assert len(lines) == 5 * 3  # the others would say no more
    assert result.stdout.splitlines()[-1].split(maxsplit=2)[2] == "3, 4, 5, 6, 7, 8, 9"
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("source", "injection"),
    [
        (RACE, ()),
        (RACE, ("--delays",)),
        (FRAGILE, ("--kills",)),
        (FRAGILE, ("--kills", "--alloc-failures", "--delays", "--copies", "3")),
    ],
    ids=["schedule", "delays", "kills", "all"],
)
def test_the_command_makes_the_very_same_run_again_on_explore(
    explore: Here, source: str, injection: tuple[str, ...]
) -> None:
    """Event for event, and with the same words about what was wrong."""
    logs = [explore.folder / "found.jsonl", explore.folder / "again.jsonl"]
    found = explore.stress(
        source, *injection, "--fail-fast", "--count", "500", "--log", str(logs[0])
    )
    assert found.exit_code == 1
    command = re.search(r"again: eka (.*)$", found.stderr, re.MULTILINE)
    assert command is not None
    name, *rest = shlex.split(command[1])
    again = CliRunner().invoke(cli, [name, "--log", str(logs[1]), *rest])
    assert (again.stderr, again.exit_code) == (found.stderr, 1)
    assert again.stdout.startswith("1 runs in ")
    assert logs[0].read_bytes() == logs[1].read_bytes()


@pytest.mark.parametrize("injection", ["--kills", "--alloc-failures"])
def test_ends_that_were_injected_are_no_failures(here: Here, injection: str) -> None:
    summary = here.summary(TAKE, "--count", "40", injection)
    key = injection.removeprefix("--").replace("-", "_")
    assert summary["injected"][key] > 0
    assert len(summary["ends"]) > 1
    assert summary["failed"] == 0


def test_the_programs_own_exceptions_are_excused_where_memory_is_short(
    explore: Here,
) -> None:
    assert explore.summary(CRASH, "--count", "1", "--alloc-failures")["failed"] == 0
    assert explore.summary(CRASH, "--count", "1", "--delays")["failed"] == 1


def test_exceptions_of_ours_are_not_excused(explore: Here) -> None:
    source = "from userlib import *\ndef e32main():\n    TBuf(3).copy(5)\n"
    (failure,) = explore.summary(source, "--count", "1", "--kills")["failures"]
    assert failure["kind"] == "exception"


def test_delays_take_time_and_hide_no_deadlock(here: Here) -> None:
    calls = "from userlib import *\ndef e32main():\n" + "    User.tick_count()\n" * 300
    late = here.summary(calls, "--count", "20", "--delays", "--timeout-us", "1")
    assert late["injected"]["delays"] >= 20
    assert late["kinds"]["time-out"] > 15
    deadlocks = here.summary(DEADLOCK, "--count", "10", "--delays")
    assert deadlocks["kinds"] == {"deadlock": 10}


def test_ctrl_c_ends_the_campaign_and_sums_up(tmp_path: Path) -> None:
    """A real process and a real signal, sent once the second run has begun."""
    here = Here(tmp_path, "threads")
    command = here.command(READY, "--count", "1000000", "--show-output")
    with subprocess.Popen(
        [sys.executable, "-m", "tools.cli.main", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stderr is not None
        for _ in range(2):
            assert process.stderr.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=250)
    assert re.match(r"[1-9]\d* runs in .* 0 failed\n", output)
    assert "Traceback" not in errors
    assert process.returncode == 130
