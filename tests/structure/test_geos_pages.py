"""Each routine and each message of IACP has its page, which says how it is called."""

import inspect
import re
from pathlib import Path

import pytest

from userlib.geos import GeosFatalError, iacp
from userlib.geos.iacp_constants import __all__ as words
from userlib.geos.iacp_protocol import IACPFault
from userlib.geos.message import Message
from userlib.geos.meta import MetaClass
from userlib.geos.paths import FileError

ROUTINES = [name for name in iacp.__all__ if inspect.isfunction(getattr(iacp, name))]
MESSAGES = {
    name: value
    for name, value in vars(MetaClass).items()
    if name.startswith("MSG_META_IACP_") and isinstance(value, Message)
}
HEADINGS = ["Synopsis", "The original", "Ours", "Errors", "See also"]
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^):#]*)#([^)]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "docs" / "geos"


def page_of(folder: Path, routine: str) -> str:
    return (folder / f"{routine}.md").read_text("utf-8")


def synopsis(routine: str) -> str:
    """As the page has it: names and defaults, and the type of the result."""
    signature = inspect.signature(getattr(iacp, routine))
    bare = [
        one.replace(annotation=inspect.Parameter.empty)
        for one in signature.parameters.values()
    ]
    result = inspect.formatannotation(signature.return_annotation)
    short = re.sub(r"[\w.]+\.(\w+)", r"\1", result)
    plain = signature.replace(
        parameters=bare, return_annotation=inspect.Parameter.empty
    )
    return f"iacp.{routine}{plain} -> {short}"


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_routine_has_a_page_with_the_usual_headings(
    folder: Path, routine: str
) -> None:
    assert HEADING.findall(page_of(folder, routine)) == [routine, *HEADINGS]


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_page_shows_how_its_routine_is_called(folder: Path, routine: str) -> None:
    shown = page_of(folder, routine).split("```")[1]
    one_line = " ".join(shown.split()).replace("( ", "(").replace(" )", ")")
    assert one_line == synopsis(routine)


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_page_names_the_original_that_the_source_names(
    folder: Path, routine: str
) -> None:
    said = (inspect.getdoc(getattr(iacp, routine)) or "").partition("Original: ")[2]
    (name,) = re.findall(r"^(\w+)", said)
    section = page_of(folder, routine).partition("## The original\n\n")[2]
    assert section.startswith("None." if name == "none" else f"`{name}`")


def test_pages_are_those_of_routines(folder: Path) -> None:
    pages = {path.stem for path in folder.glob("*.md")}
    assert pages == {*ROUTINES, "README", "messages"}


def test_the_index_leads_to_every_page(folder: Path) -> None:
    index = re.findall(r"\]\((\w+)\.md\)", (folder / "README.md").read_text("utf-8"))
    assert sorted(index) == sorted([*ROUTINES, "messages"])


def test_each_message_is_described_with_its_parameters(folder: Path) -> None:
    page = (folder / "messages.md").read_text("utf-8")
    described = re.findall(r"^## (\w+)\n\n`\(([^)]*)\)`", page, re.MULTILINE)
    assert described == [
        (name, ", ".join(value.parameters)) for name, value in MESSAGES.items()
    ]
    assert len(MESSAGES) >= 9


def test_each_word_and_each_fatal_error_is_explained_somewhere(root: Path) -> None:
    """The members of enumerations, which a reader meets in programs and reports."""
    pages = [root / "docs" / "servers" / "iacp.md", *(root / "docs").glob("geos*/*.md")]
    text = "\n".join(path.read_text("utf-8") for path in pages)
    names = {name for name in words if name.isupper()} - {"IACPCF_SERVER_MODE"}
    names |= {fault.name for fault in IACPFault} | {error.name for error in FileError}
    assert names - set(re.findall(r"\w+", text)) == set()
    assert GeosFatalError.__name__ in text


def test_links_into_pages_lead_to_headings(root: Path) -> None:
    broken = [
        f"{path.relative_to(root)}: {link}#{anchor}"
        for path in sorted((root / "docs").rglob("*.md"))
        for link, anchor in LINK.findall(CODE.sub("", path.read_text("utf-8")))
        if anchor not in anchors(path.parent / link if link else path)
    ]
    assert broken == []


def anchors(page: Path) -> set[str]:
    """What headings are called in links."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    return {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in HEADING.findall(text)
    }
