"""docs/tutorial.md works, word for word; and nothing on it can go unnoticed."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tools.docs.tutorial import Reader, Shell, TutorialError

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
# What of a clone an installation reads.
FOLDERS = ("eka", "kernel", "userlib", "servers", "programs", "tools")
FILES = ("pyproject.toml", "README.md")


def environment() -> dict[str, str]:
    """A person's who has Python, but no net: pip finds installed what it asks for."""
    installed = [path for path in sys.path if path.endswith("-packages")]
    return {
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(installed),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # as pip has it, this switches isolation off
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_INDEX": "1",
        "PYTHONUNBUFFERED": "1",  # both streams in order, as a terminal shows them
    }


@pytest.mark.timeout(600)
def test_the_tutorial_works_word_for_word(tmp_path: Path) -> None:
    clone = tmp_path / "eka"
    clone.mkdir()
    for name in FOLDERS:
        if (ROOT / name).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, clone / name, ignore=unwanted)
    for name in FILES:
        shutil.copy(ROOT / name, clone)
    with Shell(clone, environment()) as shell:
        reader = Reader(shell)
        reader.follow(PAGE.read_text("utf-8"))
    assert len(reader.typed) >= 20
    assert len(reader.codes) >= 10


# The reader itself.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def follow(folder: Path, page: str) -> Reader:
    with Shell(folder, environment()) as shell:
        reader = Reader(shell)
        reader.follow(page)
    return reader


HELLO = """\
Save this as `hello.py`:

```python
print("hello")
```

```console
$ python3 hello.py
hello
```
"""


def test_files_are_written_and_commands_typed(folder: Path) -> None:
    reader = follow(folder, HELLO)
    assert (folder / "hello.py").read_text() == 'print("hello")\n'
    assert (set(reader.codes), reader.typed) == ({"hello.py"}, ["python3 hello.py"])


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (HELLO.replace("\nhello\n```", "\ngoodbye\n```"), "but it printed:\nhello"),
        (HELLO.replace("\nhello\n```", "\nhello\nhello\n```"), "line 8: "),
        (HELLO.replace("\nhello\n```", "\n```"), "but it printed:\nhello"),
        (HELLO.replace("```python", "```"), "nothing runs a block of kind ''"),
        (HELLO.replace("```console", "```sh"), "nothing runs a block of kind 'sh'"),
        (HELLO.replace("`hello.py`", "it"), "no file is named before this block"),
        (HELLO.replace("python3 hello.py", "echo hello"), "nothing uses hello.py"),
        (HELLO.replace("Save this as", "Add to"), "there is no hello.py to add to"),
        (HELLO.rstrip("`\n"), "line 7: a block without an end"),
        (HELLO.replace("$ python3", "python3"), "output before any command"),
    ],
)
def test_whatever_is_not_as_the_page_says_is_told(
    folder: Path, page: str, why: str
) -> None:
    with pytest.raises(TutorialError) as told:
        follow(folder, page)
    assert why in str(told.value)


def test_the_shell_remembers_where_it_is_and_how_the_last_command_ended(
    folder: Path,
) -> None:
    page = "```console\n$ mkdir a && cd a && pwd\n…/a\n$ (exit 7)\n$ echo $?\n7\n```\n"
    assert len(follow(folder, page).typed) == 3


def test_a_seed_may_be_another_but_has_to_stay_the_same(folder: Path) -> None:
    page = (
        "```console\n$ echo seed 31: eka --seed 31\nseed 4: eka --seed 4\n"
        "$ echo eka --seed 4\neka --seed 4\n```\n"
    )
    assert follow(folder, page).typed[-1] == "echo eka --seed 31"
    other = page.replace("echo seed 31: eka --seed 31", "echo seed 31: eka --seed 32")
    with pytest.raises(TutorialError):
        follow(folder, other)


def test_lines_may_be_left_out(folder: Path) -> None:
    page = "```console\n$ printf '1\\n2\\n3 apples\\n'\n1\n…\n3 …\n```\n"
    assert len(follow(folder, page).typed) == 1


def test_added_text_goes_behind_what_is_there(folder: Path) -> None:
    follow(folder, f"{HELLO}\nAdd to `hello.py`:\n\n```python\nx = 1\n```\n")
    assert (folder / "hello.py").read_text() == 'print("hello")\n\n\nx = 1\n'
