"""The samples of GEOS print what they say, on every back-end and other schedules.

The folder's other files are the applications that these start or have launched.
"""

import ast
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from eka import Kernel, MachineConfig
from servers.fileserver.protocol import KFileServerProgram
from tools.boot import machine_config as standard_config
from tools.geos import applications_in, geos_machine_config

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FOLDER = EXAMPLES / "geos"
PRINTS = "\nprints\n"
PRINTING = (
    "dismiss",
    "launch_and_wait",
    "launcher",
    "spell_check",
    "print_service",
    "file_arbitration",
    "engine_job",
    "bridge",
)
APPLICATIONS = {
    "client1": b"CLN1",
    "client2": b"CLN2",
    "count_bridge": b"CNTB",
    "editor": b"EDIT",
    "server": b"SRVR",
    "speller": b"SPEL",
    "viewer": b"VIEW",
}
SHARED = {"status_text"}
SEEDS = range(6)


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The applications import one another, as `eka run --geos` lets them."""
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for path in FOLDER.glob("*.py"):
        sys.modules.pop(path.stem, None)


def config() -> MachineConfig:
    """What `eka run --geos` boots."""
    return geos_machine_config(FOLDER, standard_config(services=(KFileServerProgram,)))


@pytest.fixture
def machine_config() -> MachineConfig:
    return config()


def docstring_of(name: str) -> str:
    source = (FOLDER / f"{name}.py").read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(source), clean=True)
    assert docstring is not None
    return docstring


def promised_output(name: str) -> str:
    """The indented text after "prints" in the docstring of an example."""
    _, _, promise = docstring_of(name).partition(PRINTS)
    promise, _, _ = promise.strip("\n").partition("\n\n")
    assert promise, f"{name} does not say what it prints"
    return textwrap.dedent(promise).strip() + "\n"


def show(machine: Kernel, capsys: pytest.CaptureFixture[str], name: str) -> str:
    info = machine.run(FOLDER / f"{name}.py")
    assert str(info) == "exited with KErrNone"
    return capsys.readouterr().out


@pytest.mark.parametrize("name", PRINTING)
def test_example_prints_what_it_says(
    machine: Kernel, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert show(machine, capsys, name) == promised_output(name)


@pytest.mark.parametrize("name", PRINTING)
def test_example_prints_it_on_other_schedules_too(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    for seed in SEEDS:
        with Kernel(config(), backend="explore", clock="virtual", seed=seed) as machine:
            assert (seed, show(machine, capsys, name)) == (seed, promised_output(name))
        assert machine.leaks == []


@pytest.mark.case("GI-89")
def test_the_first_sample_client_needs_a_server_and_ends_it(
    machine: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    refused, shown, gone = show(machine, capsys, "dismiss").splitlines()
    assert refused.endswith("cannot connect, is it launched?")
    assert shown.endswith("completion received, sent")
    assert gone == "the server is gone, and its list too"
    machine.wait_idle()


@pytest.mark.case("GI-90")
def test_the_second_sample_client_has_its_server_launched(
    machine: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = show(machine, capsys, "launch_and_wait").splitlines()
    assert lines[0] == "there is no server"
    assert lines[1] == "the client shows: sent, completion received"
    assert lines[2] == "the server shows: message received"
    assert lines[4] == "the same server shows: message received, message received"
    machine.wait_idle()


def test_examples_run_from_the_command_line(tmp_path: Path) -> None:
    """As a newcomer types it, but for the clock: this computer may be busy."""
    for name in ("dismiss", "spell_check"):
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "tools.cli.main", "run", "--clock", "virtual"),
                *("--geos", str(FOLDER), str(FOLDER / f"{name}.py")),
            ],
            cwd=tmp_path,
            env={"PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=250,
        )
        assert (ended.stderr, ended.returncode) == ("", 0)
        assert ended.stdout == promised_output(name)


def test_the_applications_are_known_by_their_tokens() -> None:
    known = {image.path: image.token.chars for image in applications_in(FOLDER)}
    assert known == APPLICATIONS


def test_every_example_says_how_to_run_it() -> None:
    for name in PRINTING:
        assert re.search(
            rf"^    eka run --geos examples/geos examples/geos/{name}\.py$",
            docstring_of(name),
            re.MULTILINE,
        )


def test_every_file_is_run_and_listed() -> None:
    names = {path.stem for path in FOLDER.glob("*.py")}
    assert names == {*PRINTING, *APPLICATIONS, *SHARED}
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    assert {name for name in names if f"`geos/{name}.py`" not in readme} == set()
