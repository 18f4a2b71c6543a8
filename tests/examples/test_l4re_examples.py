"""The examples of components print what they say, on every back-end and schedule."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eka import Kernel
from tools.boot import machine_config as standard_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eka import MachineConfig

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "l4re"
ALONE = ("shared_file", "active_watcher", "stored_counter")
SERVERS = ("servers_in_c", "servers_in_cpp")
WIRED = {"ned", "pupil", *SERVERS}
SEEDS = range(4)


@pytest.fixture
def machine_config() -> MachineConfig:
    """What `eka run` boots."""
    return standard_config(services=("fileserver",))


@pytest.fixture(autouse=True)
def _modules_of_the_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As `eka run` does for the folder of its program."""
    monkeypatch.syspath_prepend(FOLDER)
    made = [path.stem for path in FOLDER.glob("*.py")]
    for name in made:
        sys.modules.pop(name, None)
    yield
    for name in made:
        sys.modules.pop(name, None)


def docstring_of(name: str) -> str:
    source = (FOLDER / f"{name}.py").read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(source), clean=True)
    assert docstring is not None
    return docstring


def promised_output(name: str) -> str:
    """The indented text after "prints"; the next paragraph is no part of it."""
    _, _, promise = docstring_of(name).partition("\nprints\n")
    lines = promise.strip("\n").split("\n\n")[0]
    assert lines.startswith("    "), f"{name} does not say what it prints"
    return textwrap.dedent(lines) + "\n"


@pytest.mark.parametrize("name", ALONE)
def test_an_example_prints_what_it_says(
    machine: Kernel, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert str(machine.run(FOLDER / f"{name}.py")) == "exited with KErrNone"
    assert capsys.readouterr().out == promised_output(name)


def wire(machine: Kernel, server: str) -> None:
    for name in (server, "pupil"):
        machine.register(name, FOLDER / f"{name}.py")
    assert str(machine.run(FOLDER / "ned.py", server)) == "exited with KErrNone"


@pytest.mark.parametrize("server", SERVERS)
def test_components_of_either_mapping_answer_alike(
    machine: Kernel, capsys: pytest.CaptureFixture[str], server: str
) -> None:
    wire(machine, server)
    assert capsys.readouterr().out == promised_output("ned")


@pytest.mark.parametrize("seed", SEEDS)
def test_they_print_it_on_other_schedules_too(
    capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    for name in (*ALONE, *SERVERS):
        config = standard_config(services=("fileserver",))
        with Kernel(config, backend="explore", clock="virtual", seed=seed) as machine:
            if name in SERVERS:
                wire(machine, name)
            else:
                info = machine.run(FOLDER / f"{name}.py")
                assert (name, str(info)) == (name, "exited with KErrNone")
        expected = promised_output("ned" if name in SERVERS else name)
        assert (name, capsys.readouterr().out) == (name, expected)
        assert machine.leaks == []


@pytest.mark.parametrize("name", [*ALONE, *SERVERS])
def test_they_run_by_the_command_that_they_show(name: str) -> None:
    shown = docstring_of(name).replace("\\\n", " ")
    match = re.search(r"^    eka run (.*\.py.*)$", shown, re.MULTILINE)
    assert match is not None
    eka = (sys.executable, "-m", "tools.cli.main")
    ended = subprocess.run(
        [*eka, "run", "--clock", "virtual", *match[1].split()],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    expected = promised_output("ned" if name in SERVERS else name)
    assert (ended.stderr, ended.stdout) == ("", expected)


def test_every_example_of_the_folder_is_run_and_listed() -> None:
    made = {
        path.stem
        for path in FOLDER.glob("*.py")
        if path.read_text("utf-8").startswith("# Made by eka idl")
    }
    written = {path.stem for path in FOLDER.glob("*.py")} - made
    assert written == {*ALONE, *WIRED}
    readme = (ROOT / "examples" / "README.md").read_text("utf-8")
    assert [name for name in written if f"`l4re/{name}.py`" not in readme] == []
