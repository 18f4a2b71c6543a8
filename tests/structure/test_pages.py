"""Every kernel object and every kernel call has its page, and no link leads nowhere."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kernel
from kernel.exec.arguments import declared_calls
from kernel.tasks.objects import DObject

HEADINGS = ("Synopsis", "Description", "States", "Calls", "Errors", "See also")
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^):#]+)(?:#[^)]*)?\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
OBJECTS = Path("docs", "objects")


def kernel_objects() -> list[type[DObject]]:
    """All kinds, wherever in the kernel they are."""
    for info in pkgutil.walk_packages(kernel.__path__, "kernel."):
        importlib.import_module(info.name)
    return sorted(subclasses(DObject), key=lambda cls: cls.__name__)


def subclasses(cls: type[DObject]) -> Iterator[type[DObject]]:
    for subclass in cls.__subclasses__():
        if subclass.__module__.startswith("kernel."):
            yield subclass
            yield from subclasses(subclass)


# One noun keeps one file name at every level, that of its page too.
@pytest.mark.parametrize(
    "name", [c.__module__.split(".")[-1] for c in kernel_objects()]
)
def test_a_kernel_object_has_a_page_with_the_usual_headings(
    root: Path, name: str
) -> None:
    text = (root / OBJECTS / f"{name}.md").read_text("utf-8")
    assert [h for h in HEADING.findall(text) if h in HEADINGS] == list(HEADINGS)


def test_pages_have_no_headings_of_their_own_making(root: Path) -> None:
    allowed = {*HEADINGS, "Where we differ"}
    found = {
        path.name: set(HEADING.findall(path.read_text("utf-8"))) - allowed
        for path in (root / OBJECTS).glob("*.md")
    }
    assert {name: more for name, more in found.items() if more} == {}


def test_every_kernel_call_is_described(root: Path) -> None:
    pages = [root / "docs" / "calls.md", *(root / OBJECTS).glob("*.md")]
    words = set(re.findall(r"\w+", " ".join(p.read_text("utf-8") for p in pages)))
    assert set(declared_calls()) - words == set()


def test_every_page_is_in_the_index(root: Path) -> None:
    index = set(LINK.findall((root / "docs" / "README.md").read_text("utf-8")))
    pages = {
        path.relative_to(root / "docs").as_posix()
        for folder in ("docs", "docs/objects")
        for path in (root / folder).glob("*.md")
    }
    assert pages - {"README.md"} - index == set()


def test_links_of_all_pages_lead_somewhere(root: Path) -> None:
    broken = [
        f"{path.relative_to(root)}: {link}"
        for path in sorted((root / "docs").rglob("*.md"))
        for link in LINK.findall(CODE.sub("", path.read_text("utf-8")))
        if not (path.parent / link).exists()
    ]
    assert broken == []


def test_sources_that_pages_name_are_there(root: Path) -> None:
    """`kernel/waits/mutex.py` in a page; `.py` alone would be an example's file."""
    named = re.compile(r"`((?:kernel|userlib|servers|tools|tests)/[\w/]+\.py)`")
    missing = [
        f"{path.relative_to(root)}: {name}"
        for path in sorted((root / "docs").rglob("*.md"))
        for name in named.findall(path.read_text("utf-8"))
        if not (root / name).exists()
    ]
    assert missing == []
