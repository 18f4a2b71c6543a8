"""docs/idl.md: its descriptions compile; each diagnostic is what its example gets."""

import re
from pathlib import Path

import pytest

from tools.idl.compilation import Compilation, compile_file

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "idl.md").read_text("utf-8")
LANGUAGE, _, DIAGNOSTICS = PAGE.partition("\n## Diagnostics\n")
BLOCK = re.compile(r"^```idl\n(.*?)^```", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(
    r"^### (\w\d+)\n\n(.+?)\n\n```idl ?(\S*)\n(.*?)^```\n\n    (.+?)$",
    re.MULTILINE | re.DOTALL,
)
CODE = re.compile(r'"([EW]\d\d\d)"')


def compiled(folder: Path, text: str, name: str = "a.idl") -> Compilation:
    """The text as a file beside the documentation's two, and a folder."""
    for stem in ("calc", "counter"):
        text_of = (ROOT / "examples" / "l4re" / f"{stem}.idl").read_text()
        (folder / f"{stem}.idl").write_text(text_of)
    (folder / "folder.idl").mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return compile_file(Path(name))


@pytest.mark.parametrize("text", BLOCK.findall(LANGUAGE))
def test_descriptions_of_the_page_compile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [str(one) for one in compiled(tmp_path, text).diagnostics] == []


@pytest.mark.parametrize(
    ("code", "name", "text", "says"),
    [
        (code, name, text, says)
        for code, _, name, text, says in ENTRY.findall(DIAGNOSTICS)
    ],
)
def test_an_example_gets_what_the_page_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    name: str,
    text: str,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    first = compiled(tmp_path, text, name or "a.idl").diagnostics[0]
    assert (first.code, str(first)) == (code, says)


def test_every_diagnostic_of_the_compiler_has_an_example() -> None:
    sources = (ROOT / "tools" / "idl").glob("*.py")
    known = {code for path in sources for code in CODE.findall(path.read_text("utf-8"))}
    assert len(known) == 33
    assert {entry[0] for entry in ENTRY.findall(DIAGNOSTICS)} == known
