"""The examples in docs/objects: they print what their comments say."""

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[4] / "docs" / "objects"


@pytest.mark.parametrize("page", ["object", "object_con", "object_con_ix", "object_ix"])
def test_the_synopsis_prints_what_it_says(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for example in examples:
        exec(compile(example, page, "exec"), {})  # noqa: S102 - our own page
    said = re.findall(r"# prints: (.*)", "".join(examples))
    printed = capsys.readouterr().out.splitlines()
    assert ", ".join(printed) == ", ".join(said)
    assert printed
