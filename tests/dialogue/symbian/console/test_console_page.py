"""The example on the console server's page of documentation is run."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[4] / "docs" / "servers" / "console.md"


def test_the_page_of_documentation_does_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    exec(compile(found[1], str(PAGE), "exec"), {"__name__": "page"})  # noqa: S102 - it is ours
    (said,) = re.findall(r"# prints: (.*)", found[1])
    assert ", ".join(capsys.readouterr().out.split("\n")[:2]) == said
