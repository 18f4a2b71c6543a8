"""docs/geos.md works, word for word, from its first application to its hang."""

import os
import sys
from pathlib import Path

import pytest

from tools.docs.tutorial import Reader, Shell

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "geos.md"
EKA = """\
#!/bin/sh
exec '{python}' -c 'from tools.cli.main import main; main()' "$@"
"""
PYTHON = """\
#!/bin/sh
exec '{python}' "$@"
"""


def environment(folder: Path) -> dict[str, str]:
    """One in which `eka` and `python3` are those of this tree."""
    folder.mkdir()
    for name, text in (("eka", EKA), ("python3", PYTHON)):
        command = folder / name
        command.write_text(text.format(python=sys.executable), "utf-8")
        command.chmod(0o755)
    return {
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(folder), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.mark.timeout(300)
def test_the_page_works_word_for_word(tmp_path: Path) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    with Shell(folder, environment(tmp_path / "bin")) as shell:
        reader = Reader(shell)
        reader.follow(PAGE.read_text("utf-8"))
    assert len(reader.typed) >= 9
    assert len(reader.codes) >= 15
