"""Every example prints what it says at its top, on every back-end."""

import ast
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
    "count_simple",
    "count_complex",
    "active_objects",
    "kill_and_logon",
)
TESTED_ELSEWHERE = {"wordcount"}  # it needs files to read


@pytest.fixture
def machine_config() -> MachineConfig:
    """What `eka run` boots, as far as these need it."""
    return standard_config()


def promised_output(name: str) -> str:
    """The indented text after "prints" in the docstring of an example."""
    source = (EXAMPLES / f"{name}.py").read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(source), clean=True)
    assert docstring is not None
    _, _, promise = docstring.partition(PRINTS)
    assert promise, f"{name} does not say what it prints"
    return textwrap.dedent(promise.strip("\n")).strip() + "\n"


@pytest.mark.parametrize("name", PRINTING)
def test_example_prints_what_it_says(
    machine: Kernel, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    info = machine.run(EXAMPLES / f"{name}.py")
    assert str(info) == "exited with KErrNone"
    assert capsys.readouterr().out == promised_output(name)


def test_deadlock_is_reported_with_who_waits_for_whom(machine: Kernel) -> None:
    with pytest.raises(Deadlock) as report:
        machine.run(EXAMPLES / "deadlock.py")
    text = str(report.value)
    for thread, fork, holder in (
        ("Plato", "right", "Socrates"),
        ("Socrates", "left", "Plato"),
    ):
        (line,) = (
            line
            for line in text.splitlines()
            if f"::{thread} (thread" in line and "waits for <mutex" in line
        )
        assert f"<mutex {fork} " in line
        assert f"held by deadlock.exe[00000000]0001::{holder}" in line
    assert "examples/deadlock.py" in text.replace("\\", "/")
    assert "a circle: " in text


def test_every_example_is_run_and_listed() -> None:
    names = {path.stem for path in EXAMPLES.glob("*.py")}
    assert names - TESTED_ELSEWHERE == {*PRINTING, "deadlock"}
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    assert {name for name in names if f"`{name}.py`" not in readme} == set()
