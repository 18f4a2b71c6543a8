"""`eka names`: what it prints, and the transcript in docs/cli.md."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli

ROOT = Path(__file__).resolve().parents[3]
SECTION = re.compile(r"^## eka names\n(.*?)^## ", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)


def names(*words: str) -> Result:
    return CliRunner().invoke(cli, ["names", *words], prog_name="eka")


@pytest.fixture(scope="module")
def transcript() -> list[str]:
    """The lines of the page that a terminal would show."""
    match = SECTION.search((ROOT / "docs" / "cli.md").read_text("utf-8"))
    assert match is not None
    shown = [text for text in CODE.findall(match[1]) if "$ " in text]
    assert len(shown) == 1
    return [line[4:] for line in shown[0].strip("\n").split("\n")]


def test_the_transcript_is_what_is_printed(transcript: list[str]) -> None:
    typed = [line[2:] for line in transcript if line.startswith("$ ")]
    assert len(typed) == 3
    printed: list[str] = []
    for line in typed:
        eka, command, *words = shlex.split(line)
        assert (eka, command) == ("eka", "names")
        printed += [f"$ {line}", *names(*words).output.rstrip("\n").split("\n")]
    assert printed == transcript


def test_what_is_not_found_is_a_failure_and_the_rest_is_shown() -> None:
    result = names("KErrDied", "Zzyzx")
    assert result.exit_code == 1
    assert result.stdout.startswith("KErrDied = -13\n")
    assert result.stderr == "eka: no name 'Zzyzx'\n"


def test_json_holds_all_that_is_known() -> None:
    result = names("--json", "CSession2::ServiceL", "-3", "Sendrecieve")
    service, cancel, slip = json.loads(result.stdout)
    assert result.exit_code == 1
    assert service["found"] == [
        {
            "kind": "method",
            "ours": "CSession2.service",
            "originals": ["CSession2::ServiceL"],
            "value": None,
            "says": "Handle a request, and complete it now or later.",
            "original": "CSession2::ServiceL.",
            "import": "from userlib import CSession2",
            "page": "docs/objects/server.md",
        }
    ]
    assert (cancel["word"], cancel["found"][0]["value"]) == ("-3", -3)
    assert (slip["found"], slip["nearest"][0]) == ([], "SendReceive")


def test_without_a_word_the_command_line_is_wrong() -> None:
    result = names()
    assert result.exit_code == 2
    assert "missing argument 'WORD...'" in result.stderr
