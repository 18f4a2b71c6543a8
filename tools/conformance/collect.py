"""A pytest plugin that writes down which tests bear a `case` marker.

`tools.conformance.collected` runs it in a process of its own that only collects, so
that a report neither runs tests nor loads them into the process that asks.
"""

import json
from pathlib import Path
from typing import Final

import pytest

KOption: Final = "--eka-cases-out"


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option: the file to write to."""
    parser.addoption(KOption, required=True, help="where to write the cases found")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write one record for each case of each test."""
    found = [record for item in session.items for record in _records(item)]
    Path(session.config.getoption(KOption)).write_text(json.dumps(found), "utf-8")


def _records(item: pytest.Item) -> list[dict[str, object]]:
    callspec = getattr(item, "callspec", None)  # only parametrised tests have one
    backend = callspec.params.get("eka_backend") if callspec is not None else None
    return [
        {"case": case, "test": item.nodeid, "backend": backend, "counts": _counts(item)}
        for marker in item.iter_markers("case")
        for case in marker.args
    ]


def _counts(item: pytest.Item) -> bool:
    """Whether the test will really run, and is expected to pass.

    A condition written as text is not evaluated here: such a test counts as skipped.
    """
    if any(True for name in ("skip", "xfail") for _ in item.iter_markers(name)):
        return False
    conditions = [
        condition
        for marker in item.iter_markers("skipif")
        for condition in (*marker.args, marker.kwargs.get("condition", False))
    ]
    return not any(conditions)
