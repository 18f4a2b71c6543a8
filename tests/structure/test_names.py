"""docs/names.md: what it calls ours is there, and what has another name is in it.

`Original: RProcess::Type` in a docstring tells the original's name. Where the rules do
not make our name of it, the page has to.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import userlib

SECTION = re.compile(r"^## Original names and ours\n(.*)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (.+) \| (.+) \|$", re.MULTILINE)
ORIGINAL = re.compile(r"Original: \w+::(\w+)")
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
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
def rows(root: Path) -> list[tuple[str, str]]:
    match = SECTION.search((root / "docs" / "names.md").read_text("utf-8"))
    assert match is not None
    return ROW.findall(match[1])


@pytest.fixture(scope="module")
def ours(rows: list[tuple[str, str]]) -> list[str]:
    """The column headed `ours`, in whichever place."""
    found: list[str] = []
    column = 1
    for row in rows:
        if "ours" in row:
            column = row.index("ours")
        else:
            found += NAME.findall(row[column])
    return found


def test_every_name_of_ours_exists(ours: list[str]) -> None:
    assert len(ours) > 50
    assert [name for name in ours if not exists(name)] == []


def exists(name: str) -> bool:
    value: object = userlib
    for part in name.split("."):
        # A slot that is filled when the object is made is no attribute of its class.
        if part not in dir(value) and part not in getattr(value, "__slots__", ()):
            return False
        value = getattr(value, part, None)
    return True


def test_classes_without_an_original_name_are_listed(ours: list[str]) -> None:
    assert {name for name in OURS if name not in ours} == set()


def test_renamed_methods_are_listed(ours: list[str]) -> None:
    missing = [
        f"{owner}.{name}"
        for owner, name, original in methods()
        if name != by_the_rules(original) and not name.startswith("try_")
        if f"{owner}.{name}" not in ours
    ]
    assert missing == [], "docs/names.md"


def methods() -> Iterator[tuple[str, str, str]]:
    """Class, method and the original's name of each that has one."""
    for owner in userlib.__all__:
        cls = getattr(userlib, owner)
        for name, value in vars(cls).items() if inspect.isclass(cls) else ():
            if name.startswith("_") or not is_method(value):
                continue
            match = ORIGINAL.search(inspect.getdoc(value) or "")
            if match is not None:
                yield owner, name, match[1]


def is_method(value: object) -> bool:
    return inspect.isroutine(value) or isinstance(value, property)


def by_the_rules(original: str) -> str:
    """Snake case, without the mark of a function that leaves."""
    return WORDS.sub("_", original.removesuffix("L")).lower()
