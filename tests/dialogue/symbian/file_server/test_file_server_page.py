"""The example on the file server's page of documentation is run."""

import re
from pathlib import Path
from typing import Any

import pytest

from eka import Kernel

PAGE = Path(__file__).parents[4] / "docs" / "servers" / "fileserver.md"


def test_the_page_of_documentation_does_what_it_says(
    machine: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its program runs on the fixture's machine, in place of the one it boots."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    source, _, rest = found[1].partition("with boot() as machine:")
    assert rest.split() == ["machine.run(program)"]
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(source, str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    assert str(machine.run(names["program"])) == "exited with KErrNone"
    said = re.findall(r"# prints: (.*)", source)
    expected = [line for one in said for line in re.split(r", (?=b')", one)]
    assert capsys.readouterr().out.splitlines() == expected
