"""docs/l4re.md works, word for word, from its first description to its last hang."""

import os
import sys
from pathlib import Path

import pytest

from tools.docs.tutorial import Reader, Shell, TutorialError

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "l4re.md"
EKA = """\
#!/bin/sh
PYTHONPATH='{root}' exec '{python}' -c 'from tools.cli.main import main; main()' "$@"
"""


def environment(folder: Path) -> dict[str, str]:
    """One in which `eka` is that of this tree."""
    folder.mkdir()
    eka = folder / "eka"
    eka.write_text(EKA.format(root=ROOT, python=sys.executable), "utf-8")
    eka.chmod(0o755)
    return {
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(folder), os.environ["PATH"]]),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.mark.timeout(300)
def test_the_page_works_word_for_word(tmp_path: Path) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    with Shell(folder, environment(tmp_path / "bin")) as shell:
        reader = Reader(shell)
        reader.follow(PAGE.read_text("utf-8"))
    assert len(reader.typed) >= 20
    assert len(reader.codes) >= 25


DESCRIBED = """\
Save this as `a.idl`:

```idl
interface A { void f(); };
```

"""


@pytest.mark.parametrize(
    "use",
    [
        "```console\n$ cat a.idl\n…\n```\n",
        '`b.idl`:\n```idl\nimport "a.idl";\n```\n```console\n$ test -f b.idl\n```\n',
        "`c.py`:\n```python\nimport a_client\n```\n```console\n$ test -f c.py\n```\n",
    ],
    ids=["typed", "imported by a description", "imported by a program"],
)
def test_a_description_is_a_file_that_has_to_be_used(tmp_path: Path, use: str) -> None:
    with Shell(tmp_path, dict(os.environ)) as shell:
        reader = Reader(shell)
        reader.follow(DESCRIBED + use)
    assert (tmp_path / "a.idl").read_text("utf-8") == "interface A { void f(); };\n"
    assert "a.idl" in reader.codes
    with Shell(tmp_path, dict(os.environ)) as shell, pytest.raises(TutorialError) as e:
        Reader(shell).follow(DESCRIBED)
    assert str(e.value) == "nothing uses a.idl"
