"""The example on the page about geodes prints what its comments say."""

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "geos.md"


def test_the_page_about_geodes_does_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(found[1], str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    expected = re.findall("# prints: (.*)", found[1])
    assert capsys.readouterr().out.splitlines() == expected
