"""The example on the loader's page of documentation is run."""

import re
from pathlib import Path
from typing import Any

import pytest

from eka import Kernel, LoaderSpec

PAGE = Path(__file__).parents[4] / "docs" / "servers" / "loader.md"


@pytest.mark.parametrize("loader", [LoaderSpec(enforce_sys_bin=False)], ids=["loose"])
def test_the_page_of_documentation_does_what_it_says(
    machine: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its program runs on the fixture's machine, in place of the one it boots."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    source, _, rest = found[1].partition("with boot(")
    options, _, body = rest.partition(") as machine:")
    assert options == "loader=LoaderSpec(enforce_sys_bin=False)"
    assert body.split() == ["machine.run(e32main)"]
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(source, str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    info = machine.run(names["e32main"])
    assert str(info) == "exited with KErrNone", info.exception
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "hello from C:\\tools\\hello.exe",
        *re.findall(r"# prints: (.*)", source),
    ]
