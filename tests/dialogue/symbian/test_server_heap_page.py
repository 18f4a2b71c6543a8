"""The example on the page about servers without memory is run."""

import re
from pathlib import Path
from typing import Any

import pytest

from tools.pytest_plugin import Run

PAGE = Path(__file__).parents[3] / "docs" / "testing-servers.md"


def test_the_page_about_servers_without_memory_does_what_it_says(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(found[1], str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    run(names["program"])
    assert capsys.readouterr().out.splitlines() == re.findall(
        "# prints: (.*)", found[1]
    )
