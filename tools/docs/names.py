"""docs/names.md, made of docstrings' `Original:` lines; its head is names_head.md.

python -m tools.docs.names > docs/names.md
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill
from typing import Final

from tools.names import Entry, Section, sections

HEAD: Final = Path(__file__).with_name("names_head.md")
TABLE: Final = "| original | ours |\n|---|---|\n"
KWidth: Final = 100
TOLD: Final = frozenset(("class", "function", "method"))

# What our world has and the originals say otherwise, or in many places.
OF_OURS: Final = (
    ("an image's header", "Image"),
    ("an exit's type, reason and category", "ExitInfo"),
    ("secure id, vendor id and capabilities", "Identity"),
    ("`TSecurityPolicy`, as the kernel sees it", "SecurityPolicy"),
    ("system-wide error codes", "TErr"),
    ("`User::Leave`, as an exception", "Leave"),
    ("a refusal of the kernel's", "KernelError"),
    ("numbers of panics", "TKernExec"),
    ("the same, of the user library", "TUserPanic"),
    ("the same, of its classes", "TCBasePanic"),
    ("none; the name of an error code", "code_name"),
    ("`__UHEAP_…`, of the calling thread", "UHeap"),
    ("`__KHEAP_…`", "KHeap"),
    ("`CPolicyServer::TCustomResult`", "TCustomResult"),
    ("`CPolicyServer::TFailureAction`", "TFailureAction"),
    ("`CPolicyServer::TSpecialCase`", "TSpecialCase"),
)


def names_page() -> str:
    """The head, then a table for each place that programs import from."""
    parts = [HEAD.read_text("utf-8"), "\n## Original names and ours\n\n"]
    parts += ["Where nothing else is said, in `userlib`.\n\n", TABLE]
    parts += [f"| {text} | `{name}` |\n" for text, name in OF_OURS]
    parts += [_section(section) for section in sections()]
    return "".join(parts)


def _section(section: Section) -> str:
    """One table, and the classes that are all they were."""
    told = [entry for entry in section.entries if entry.kind in TOLD]
    rows = "".join(_rows(entry for entry in told if not _is_same(entry)))
    same = ", ".join(f"`{entry.ours}`" for entry in told if _is_same(entry))
    if not rows and not same:
        return ""
    kept = f"{fill(f'Under their own names: {same}.', KWidth)}\n\n" if same else ""
    table = TABLE + rows if rows else ""
    return f"\n## {section.title}\n\n`from {section.module} import …`\n\n{kept}{table}"


def _is_same(entry: Entry) -> bool:
    return entry.kind == "class" and entry.originals == (entry.ours,)


def _rows(entries: Iterable[Entry]) -> Iterator[str]:
    """A row for each original name, with all that are made of it."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        for original in entry.originals:
            found.setdefault(original, []).append(f"`{entry.ours}`")
    for original, ours in found.items():
        yield f"| `{original}` | {', '.join(dict.fromkeys(ours))} |\n"


if __name__ == "__main__":
    sys.stdout.write(names_page())
