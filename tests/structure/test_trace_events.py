"""The event table is complete, and the pages made from the sources are up to date."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel.events import EVENTS, TEvent
from tools.docs.calls import calls_page
from tools.docs.trace_events import trace_events_page

Sources = Callable[..., Iterator[tuple[str, ast.Module]]]


@pytest.mark.parametrize(
    ("page", "module", "make"),
    [
        ("trace-events.md", "tools.docs.trace_events", trace_events_page),
        ("calls.md", "tools.docs.calls", calls_page),
    ],
)
def test_the_page_is_what_its_sources_make(
    root: Path, page: str, module: str, make: Callable[[], str]
) -> None:
    text = (root / "docs" / page).read_text("utf-8")
    # Not `==` in the assertion: two whole pages would hide the one line that matters.
    is_up_to_date = text == make()
    assert is_up_to_date, f"run: python -m {module} > docs/{page}"


def test_every_kind_of_event_is_in_the_table() -> None:
    assert set(EVENTS) == set(TEvent)


def test_every_event_says_when_it_happens() -> None:
    assert [event.name for event in EVENTS.values() if event.when[-1:] != "."] == []


def test_no_two_events_have_one_name() -> None:
    names = [event.name for event in EVENTS.values()]
    assert len(set(names)) == len(names)


def test_the_kernel_reports_every_event_of_the_table(sources: Sources) -> None:
    reported = {
        node.attr
        for path, tree in sources("kernel")
        if path != "kernel/events.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "TEvent"
    }
    assert {kind.name for kind in TEvent} - reported == set()
