"""docs/names.md is what its sources make, and `eka names` knows what is on it."""

import re
from pathlib import Path

import pytest

import userlib
from tools.docs.names import names_page
from tools.names import find, library
from tools.names.originals import NONE

SECTION = re.compile(r"^## Original names and ours\n(.*)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (.+) \| (.+) \|$", re.MULTILINE)
NAME = re.compile(r"`(\w+(?:\.\w+)*)`")

# In no original, or under another name.
OURS = {
    "ExitInfo",
    "Identity",
    "Image",
    "KernelError",
    "Leave",
    "SecurityPolicy",
    "TErr",
}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "names.md").read_text("utf-8")


@pytest.fixture(scope="module")
def rows(page: str) -> list[tuple[str, str]]:
    match = SECTION.search(page)
    assert match is not None
    return [row for row in ROW.findall(match[1]) if row != ("original", "ours")]


def test_the_page_is_what_its_sources_make(page: str) -> None:
    is_up_to_date = page == names_page()
    assert is_up_to_date, "run: python -m tools.docs.names > docs/names.md"


def test_every_name_of_ours_exists(rows: list[tuple[str, str]]) -> None:
    known = {entry.ours for entry in library()} | set(userlib.__all__)
    named = [name for _, ours in rows for name in NAME.findall(ours)]
    assert len(named) > 800
    assert set(named) - known == set()


def test_classes_without_an_original_name_are_listed(
    rows: list[tuple[str, str]],
) -> None:
    assert OURS - {name for _, ours in rows for name in NAME.findall(ours)} == set()


def test_each_original_of_the_page_is_found(rows: list[tuple[str, str]]) -> None:
    """By `eka names`, and there stands what the page says."""
    differ = {}
    for original, ours in rows:
        if re.fullmatch(r"`[^`…]+`", original):
            found = {entry.ours for entry in find([original.strip("`")])[0].entries}
            if not set(NAME.findall(ours)) <= found:
                differ[original] = found
    assert differ == {}


def test_an_original_that_is_said_has_a_name() -> None:
    """A line that nothing can be made of could not be looked up."""
    said = [
        entry for entry in library() if entry.module == "userlib" and entry.original
    ]
    assert len(said) > 600
    assert [
        entry.ours
        for entry in said
        if not entry.originals and not NONE.match(entry.original)
    ] == []


def test_each_page_that_is_named_is_there(root: Path) -> None:
    pages = {entry.page for entry in library() if entry.page}
    assert len(pages) > 20
    assert [page for page in pages if not (root / "docs" / page).is_file()] == []
