"""The example on the page about IACP prints what its comments say."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from userlib.geos import iacp

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[4] / "docs" / "servers" / "iacp.md"


def test_the_page_about_iacp_does_what_it_says(
    capsys: "pytest.CaptureFixture[str]",
) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(found[1], str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    expected = re.findall("# prints: (.*)", found[1])
    assert capsys.readouterr().out.splitlines() == expected


def test_the_page_about_iacp_names_every_routine() -> None:
    text = PAGE.read_text("utf-8")
    routines = [name for name in iacp.__all__ if name.islower()]
    assert len(routines) == 25
    assert [name for name in routines if f"`{name}(" not in text] == []
