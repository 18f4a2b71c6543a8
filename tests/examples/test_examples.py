"""Every example prints what it says at its top, on every back-end.

And wherever it is run from, on whatever schedule.
"""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import textwrap
from pathlib import Path

import pytest

from eka import Deadlock, Kernel
from kernel.abi.config import MachineConfig
from tools.boot import machine_config as standard_config

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PRINTS = "\nprints\n"
PRINTING = (
    "hello",
    "semaphore_ping",
    "message_pipeline",
    "count_simple",
    "count_complex",
    "active_objects",
    "cancel_requests",
    "shared_session",
    "property_monitor",
    "policy_server",
    "kill_and_logon",
    "launch_race",
    "transient_server",
    "alloc_failure",
)
TESTED_ELSEWHERE = {"wordcount"}  # it needs files to read
SEEDS = range(8)


@pytest.fixture
def machine_config() -> MachineConfig:
    """What `eka run` boots, as far as these need it."""
    return standard_config()


def docstring_of(name: str) -> str:
    source = (EXAMPLES / f"{name}.py").read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(source), clean=True)
    assert docstring is not None
    return docstring


def promised_output(name: str) -> str:
    """The indented text after "prints" in the docstring of an example."""
    _, _, promise = docstring_of(name).partition(PRINTS)
    assert promise, f"{name} does not say what it prints"
    return textwrap.dedent(promise.strip("\n")).strip() + "\n"


@pytest.mark.parametrize("name", PRINTING)
def test_example_prints_what_it_says(
    machine: Kernel, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    info = machine.run(EXAMPLES / f"{name}.py")
    assert str(info) == "exited with KErrNone"
    assert capsys.readouterr().out == promised_output(name)


@pytest.mark.parametrize("name", PRINTING)
def test_example_prints_it_on_other_schedules_too(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    for seed in SEEDS:
        config = standard_config()
        with Kernel(config, backend="explore", clock="virtual", seed=seed) as machine:
            info = machine.run(EXAMPLES / f"{name}.py")
        printed = capsys.readouterr().out
        assert (seed, str(info)) == (seed, "exited with KErrNone")
        assert (seed, printed) == (seed, promised_output(name))
        assert machine.leaks == []


def in_short(report: str) -> list[str]:
    """The lines of a report without process, ids and number of those waiting."""
    less = r"deadlock\.exe\[00000000\]0001::| \(thread \d+\)| #\d+|, \d waiting"
    return [re.sub(less, "", line) for line in report.splitlines()]


def test_deadlock_is_reported_as_it_says(machine: Kernel) -> None:
    with pytest.raises(Deadlock) as report:
        machine.run(EXAMPLES / "deadlock.py")
    text = str(report.value)
    promise = textwrap.dedent(docstring_of("deadlock").rpartition("\n\n")[2])
    promised = promise.strip().splitlines()
    assert len(promised) == 5
    assert [line for line in in_short(text) if line in promised] == promised
    assert "examples/deadlock.py" in text.replace("\\", "/")


@pytest.mark.parametrize("name", PRINTING)
def test_they_run_with_the_installed_command_from_anywhere(
    name: str, tmp_path: Path
) -> None:
    """As a newcomer types it, but for the clock: this computer may be busy."""
    command = Path(sysconfig.get_path("scripts")) / "eka"
    eka = (
        [str(command)] if command.exists() else [sys.executable, "-m", "tools.cli.main"]
    )
    ended = subprocess.run(
        [*eka, "run", "--clock", "virtual", str(EXAMPLES / f"{name}.py")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert (ended.stderr, ended.returncode) == ("", 0)
    assert ended.stdout == promised_output(name)


def test_every_example_says_how_to_run_it() -> None:
    for name in (path.stem for path in EXAMPLES.glob("*.py")):
        assert re.search(
            rf"^    eka run .*examples/{name}\.py", docstring_of(name), re.MULTILINE
        )


def test_every_example_is_run_and_listed() -> None:
    names = {path.stem for path in EXAMPLES.glob("*.py")}
    assert names - TESTED_ELSEWHERE == {*PRINTING, "deadlock"}
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    assert {name for name in names if f"`{name}.py`" not in readme} == set()
