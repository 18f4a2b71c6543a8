"""What programs print by RDebug, as `eka run` shows it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli

PRINTING = """
from userlib import RDebug

def e32main():
    RDebug.print("heard %d times", 1)
"""


def run(folder: Path, *options: str) -> Result:
    program = folder / "printing.py"
    program.write_text(PRINTING, "utf-8")
    return CliRunner().invoke(cli, ["run", *options, str(program)])


@pytest.mark.parametrize("options", [(), ("--log-level", "warning")])
def test_print_is_a_line_on_standard_error(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    result = run(tmp_path, *options)

    assert (result.exit_code, result.stdout) == (0, "")
    lines = [line for line in result.stderr.splitlines() if "heard 1 times" in line]
    assert len(lines) == 1
    assert lines[0].endswith(" heard 1 times")


@pytest.mark.parametrize("level", ["info", "debug"])
def test_print_that_the_log_shows_is_not_shown_twice(
    tmp_path: Path, level: str
) -> None:
    result = run(tmp_path, "--log-level", level)

    lines = [line for line in result.stderr.splitlines() if "heard 1 times" in line]
    assert len(lines) == 1
    assert "debug/print" in lines[0]


def test_print_stands_in_the_log_file_too(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"

    result = run(tmp_path, "--log", str(log))

    assert "heard 1 times" in result.stderr
    assert '"event":"debug/print"' in log.read_text("utf-8")
