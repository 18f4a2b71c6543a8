"""The word count of examples/: every word once, whoever dies.

The program is `eka demo`'s. Here it counts a few files, on both back-ends, and its
result is compared with a count made without it.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from eka import Kernel, MachineConfig
from kernel.abi.config import Executable
from servers.fileserver.protocol import DriveSpec
from tools.boot import machine_config as standard_config
from tools.demo.act import KProgram, Result, program_file, result_of
from tools.demo.host_count import Totals
from userlib import KErrArgument

TEXTS = {
    "a.py": b"one two three two three three",
    "b.py": b"",
    "c.py": b"# \xff\xfe not utf-8: na\xc3\xafve 1st _x9\n" * 40,
    "long.py": b" ".join(b"word%d" % number for number in range(2_000)),
    "big.py": b"again and again " * 10_000,
    "pkg/__init__.py": b"import one",
    "pkg/deep/er.py": b"from pkg import one",
    "site-packages/other.py": b"not counted",
    "notes.txt": b"not counted either",
}
COUNTED = [name for name in TEXTS if name.endswith(".py") and "site-" not in name]


@pytest.fixture
def machine_config(tmp_path: Path) -> MachineConfig:
    for name, text in TEXTS.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    drives = {
        "C": DriveSpec(tmp_path, read_only=True, kind="host"),
        "E": DriveSpec(tmp_path / "site-packages", read_only=True, kind="host"),
    }
    programs = {KProgram: Executable(program_file())}
    return standard_config(drives, config=MachineConfig(programs=programs))


def expected(names: list[str]) -> Result:
    texts = [TEXTS[name] for name in names]
    words = Counter(
        word for text in texts for word in re.findall(rb"[A-Za-z_][A-Za-z_0-9]*", text)
    )
    return Result(Totals(len(names), sum(map(len, texts)), words), lost=0)


@pytest.mark.parametrize("workers", [1, 4, 12])
def test_every_word_of_every_file_is_counted_once(
    machine: Kernel, workers: int
) -> None:
    info = machine.run(KProgram, f"workers={workers}", "quiet=1")
    assert info.reason == 0, info
    assert result_of(machine) == expected(COUNTED)


@pytest.mark.parametrize("done", [1, 2, 4])
def test_a_killed_worker_changes_no_count(machine: Kernel, done: int) -> None:
    """Its file is handed out again, and what it had reported of it is forgotten."""
    info = machine.run(KProgram, "workers=3", f"kill={done}", "quiet=1")
    assert info.reason == 0, info
    assert result_of(machine).totals == expected(COUNTED).totals


def test_other_drives_are_drawn_on_until_there_are_enough(machine: Kernel) -> None:
    enough = len(COUNTED) + 1
    info = machine.run(KProgram, "drives=CE", f"enough={enough}", "quiet=1")
    assert info.reason == 0, info
    assert result_of(machine) == expected([*COUNTED, "site-packages/other.py"])


def test_the_report_names_the_most_frequent_words(
    machine: Kernel, capfd: pytest.CaptureFixture[str]
) -> None:
    assert machine.run(KProgram, "workers=2").reason == 0
    lines = [line.split() for line in capfd.readouterr().out.splitlines()]
    assert lines[1:3] == [["20,000", "again"], ["10,000", "and"]]
    assert len(lines) == 21


def test_it_starts_the_servers_only_if_they_do_not_run(machine: Kernel) -> None:
    for _ in range(2):
        assert machine.run(KProgram, "workers=2", "quiet=1").reason == 0
    names = [server.name for server in machine.debug.snapshot().servers]
    assert sorted(names) == ["!FileServer", "!Loader", "CountServerX"]


@pytest.mark.parametrize("argument", ["workers=many", "colour=red"])
def test_a_bad_argument_is_refused(
    machine: Kernel, capfd: pytest.CaptureFixture[str], argument: str
) -> None:
    assert machine.run(KProgram, argument).reason == KErrArgument
    assert capfd.readouterr().out.startswith("wordcount: ")
