"""Guard headings: fields are touched only as the heading above them says.

In `__init__` fields stand in groups under fixed headings. A field below
`# Guarded by self._lock:` is touched only inside `with self._lock` or in a method
named `…_locked`; one below `# Fixed for life:` is assigned in `__init__` alone, unless
its line says `# set once`. Other headings name locks that the caller holds.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HEADING = re.compile(r"^ +# (Fixed for life|Owned by .+|Guarded by .+?)( \(.*\))?:")
OWN_LOCK = re.compile(r"Guarded by self\.(\w+)$")


def test_fields_are_touched_as_their_headings_say(
    root: Path, packages: tuple[str, ...]
) -> None:
    paths = [path for name in packages for path in (root / name).rglob("*.py")]
    found = [
        f"{path.relative_to(root)}:{line}: {what}"
        for path in sorted(paths)
        for line, what in violations(path.read_text("utf-8"))
    ]
    assert found == []


SAMPLE = """
class Counter:
    def __init__(self):
        # Fixed for life:
        self.name = "counter"

        # Guarded by self._lock:
        self._lock = Lock()
        self._count = 0

    def add(self):
        with self._lock:
            self._count += 1
            return self.peek_locked()

    def peek_locked(self):
        return self._count
"""


def test_a_class_that_keeps_its_word_is_left_alone() -> None:
    assert list(violations(SAMPLE)) == []


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("return self._count", "_count is touched without _lock"),
        ("self._count = 3", "_count is touched without _lock"),
        ("self.name = 'x'", "name is fixed for life"),
        ("with self._other: self._count = 3", "_count is touched without _lock"),
    ],
)
def test_a_class_that_breaks_its_word_is_found(method: str, said: str) -> None:
    sample = f"{SAMPLE}\n    def wrong(self):\n        {method}\n"
    assert [what for _, what in violations(sample)] == [said]


def test_a_function_defined_under_a_lock_does_not_run_under_it() -> None:
    late = "with self._lock: return lambda: self._count"
    sample = f"{SAMPLE}\n    def wrong(self):\n        {late}\n"
    assert [what for _, what in violations(sample)] == [
        "_count is touched without _lock"
    ]


def violations(source: str) -> Iterator[tuple[int, str]]:
    """The line of each broken promise, and what was promised."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            yield from class_violations(node, lines)


def class_violations(cls: ast.ClassDef, lines: list[str]) -> Iterator[tuple[int, str]]:
    methods = [node for node in cls.body if isinstance(node, ast.FunctionDef)]
    headings: dict[str, str] = {}
    for method in methods:
        if method.name == "__init__":
            headings = fields_by_heading(method, lines)
    guards = {
        field: match[1]
        for field, heading in headings.items()
        if (match := OWN_LOCK.match(heading)) and match[1] != field
    }
    fixed = {field for field, text in headings.items() if text == "Fixed for life"}
    for method in methods:
        if method.name == "__init__":
            continue
        yield from reassigned(method, fixed)
        if not method.name.endswith("_locked"):
            yield from unguarded(method, guards, frozenset())


def fields_by_heading(init: ast.FunctionDef, lines: list[str]) -> dict[str, str]:
    """Each field that `__init__` assigns, with the heading of its group."""
    fields: dict[str, str] = {}
    for node in ast.walk(init):
        if is_field(node) and isinstance(node.ctx, ast.Store):
            heading = heading_above(lines, node.lineno, init.lineno)
            if heading is not None and "# set once" not in lines[node.lineno - 1]:
                fields.setdefault(node.attr, heading)
    return fields


def heading_above(lines: list[str], line: int, first: int) -> str | None:
    """The heading of the group that *line* stands in; a blank line ends a group."""
    for text in reversed(lines[first : line - 1]):
        match = HEADING.match(text)
        if match or not text.strip():
            return match[1] if match else None
    return None


def is_field(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def reassigned(method: ast.AST, fixed: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(method):
        if is_field(node) and isinstance(node.ctx, ast.Store) and node.attr in fixed:
            yield node.lineno, f"{node.attr} is fixed for life"


def unguarded(
    node: ast.AST, guards: dict[str, str], held: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """Every touch of a guarded field below *node* where its lock isn't held."""
    if is_field(node) and node.attr in guards and guards[node.attr] not in held:
        yield node.lineno, f"{node.attr} is touched without {guards[node.attr]}"
    if isinstance(node, ast.With):
        items = [item.context_expr for item in node.items]
        held |= {item.attr for item in items if is_field(item)}
    is_later = isinstance(node, ast.Lambda | ast.FunctionDef)
    for child in ast.iter_child_nodes(node):
        yield from unguarded(child, guards, frozenset() if is_later else held)
