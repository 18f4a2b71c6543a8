"""The example on the component's page of documentation is run."""

import re
from pathlib import Path
from typing import Any

import pytest

from eka import Kernel

PAGE = Path(__file__).parents[4] / "docs" / "servers" / "l4fs.md"


def test_the_page_of_documentation_does_what_it_says(
    machine: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its program runs on the fixture's machine, in place of the one it boots."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    source, _, rest = found[1].partition("with boot(")
    assert rest.split() == [")", "as", "machine:", "machine.run(e32main)"]
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(source, str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    info = machine.run(names["e32main"])
    assert str(info) == "exited with KErrNone", info.exception
    lines = capsys.readouterr().out.splitlines()
    assert lines == re.findall(r"# prints: (.*)", source)
    assert len(lines) == 3
