"""Every mistake on the command line is answered by one line, with a status."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli
from tools.cli.status import Status


def invoke(*args: str) -> Result:
    return CliRunner().invoke(cli, args, prog_name="eka")


MISTAKES = {
    "rum": "eka: no such command 'rum'; did you mean 'run'?",
    "run": "eka run: missing argument 'PROGRAM'; see 'eka run --help'",
    "run --bakend threads x": (
        "eka run: no such option '--bakend'; did you mean '--backend'?"
    ),
    "run --backend fast x": (
        "eka run: invalid value for '--backend': "
        "'fast' is not one of 'threads', 'explore', 'priority'; see 'eka run --help'"
    ),
    "run --drive C x": "eka: bad drive 'C'; write it as C=DIR or C=DIR:ro",
    "run --log / x": (
        "eka run: invalid value for '--log': File '/' is a directory; "
        "see 'eka run --help'"
    ),
    "bench request_rwa": (
        "eka: no benchmark 'request_rwa'; did you mean 'request_raw'?"
    ),
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_one_line_with_a_hint(line: str) -> None:
    result = invoke(*line.split())
    assert (result.stderr, result.exit_code) == (f"{MISTAKES[line]}\n", 2)


def test_without_a_command_help_is_shown() -> None:
    result = invoke()
    assert (result.exit_code, "Commands:" in result.stderr) == (2, True)


def test_help_and_version_succeed() -> None:
    assert invoke("--help").exit_code == 0
    version = invoke("--version")
    assert (version.exit_code, version.output.split()[0]) == (0, "eka")


def test_our_own_mistake_is_one_line_and_a_traceback_only_with_debug(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("three\nlines\nof text")

    monkeypatch.setattr("tools.cli.conformance.show_conformance", broken)
    plain, debug = invoke("conformance"), invoke("conformance", "--debug")
    says = "internal error: ZeroDivisionError: three lines of text"
    assert plain.stderr == f"eka: {says}; --debug shows the traceback\n"
    assert plain.exit_code == 123
    assert "Traceback" in debug.stderr
    assert invoke("--debug", "conformance").stderr == debug.stderr


def test_a_reader_that_goes_away_is_no_error_of_ours() -> None:
    reader, writer = os.pipe()
    os.close(reader)  # gone before there is anything to read
    try:
        command = subprocess.run(
            [sys.executable, "-m", "tools.cli.main", "names", "KErrNotFound"],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=250,
            check=False,
        )
    finally:
        os.close(writer)
    assert (command.stderr, command.returncode) == ("", Status.FAILED)
