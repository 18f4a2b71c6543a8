"""README.md tells the truth: its tree is the tree, its programs run, its links lead."""

import ast
import re
from pathlib import Path

import pytest

from tools.pytest_plugin import Run

SECTION = re.compile(r"^## The tree\n+```\n(.*?)```", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^( *)([\w.]+)/ +(\S.*)$")
PYTHON = re.compile(r"^```python\n(.*?)```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^):#]+)\)")


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text("utf-8")


def test_the_tree_of_the_readme_is_the_tree(
    root: Path, packages: tuple[str, ...], readme: str
) -> None:
    tops = {path.name for path in root.iterdir() if holds_sources(path)}
    inner = {
        f"{name}/{path.name}"
        for name in packages
        for path in (root / name).iterdir()
        if (path / "__init__.py").is_file()
    }
    assert tree_of(readme) == tops | inner


def tree_of(text: str) -> set[str]:
    """The folders that the tree lists; each line has to say something of its folder."""
    match = SECTION.search(text)
    assert match is not None
    folders: list[str] = []
    for line in match[1].splitlines():
        parts = LINE.match(line)
        assert parts is not None, line
        parent = f"{folders[-1].partition('/')[0]}/" if parts[1] else ""
        folders.append(parent + parts[2])
    assert len(folders) == len(set(folders))
    return set(folders)


def holds_sources(path: Path) -> bool:
    """Whether a folder at the top belongs to the project, and isn't made by a tool."""
    made = {"build", "dist"}
    if not path.is_dir() or path.name.startswith(".") or path.name in made:
        return False
    return any(part.is_file() for part in path.rglob("*") if part.suffix != ".pyc")


def test_links_lead_somewhere(root: Path, readme: str) -> None:
    links = LINK.findall(readme)
    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_programs_of_the_readme_are_programs(readme: str) -> None:
    programs = PYTHON.findall(readme)
    assert len(programs) == 3
    assert [type(ast.parse(program)) for program in programs] == [ast.Module] * 3


def test_the_first_program_says_hello(
    readme: str, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    hello = tmp_path / "hello.py"
    hello.write_text(PYTHON.findall(readme)[0])
    run(hello)
    assert capsys.readouterr().out == "hello, world\n"
