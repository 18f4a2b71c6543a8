"""Asks pytest, in a process of its own, which tests there are for which cases."""

import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

KTimeoutS: Final = 300


class ConformanceError(Exception):
    """No report can be made: one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class CaseTest:
    """A test of one case; *backend* is None for a test that boots nothing."""

    case: str
    test: str
    backend: str | None
    counts: bool  # neither skipped nor expected to fail


def find_checkout(start: Path) -> Path:
    """The checkout of eka's sources that *start* is in. Raises: ConformanceError."""
    for folder in (start, *start.parents):
        project = folder / "pyproject.toml"
        if project.is_file() and (folder / "tests").is_dir() and _is_eka(project):
            return folder
    raise ConformanceError(
        "the report is made from eka's own tests: "
        "run it inside a checkout of its sources"
    )


def _is_eka(project: Path) -> bool:
    try:
        table = tomllib.loads(project.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    name = table.get("project", {}).get("name")
    return bool(name == "eka")


def collect_case_tests(checkout: Path) -> list[CaseTest]:
    """Every test that bears a case, by collecting and running nothing."""
    if find_spec("pytest") is None:
        raise ConformanceError(
            "the report collects tests with pytest: install it first"
        )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "cases.json"
        done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
            _command(out),
            cwd=checkout,
            capture_output=True,
            text=True,
            timeout=KTimeoutS,
            check=False,
        )
        if done.returncode != 0 or not out.exists():
            raise ConformanceError(_why(done))
        return [CaseTest(**record) for record in json.loads(out.read_text("utf-8"))]


def _command(out: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "pytest", "--collect-only", "-qq", "tests"),
        *("-p", "tools.conformance.collect", "-p", "no:cacheprovider"),
        *("--eka-cases-out", str(out)),
    ]


def _why(done: subprocess.CompletedProcess[str]) -> str:
    """The end of what pytest said, below our own sentence."""
    said = (done.stdout + done.stderr).strip().splitlines()[-20:]
    return "\n".join(["the tests could not be collected:", *said])
