"""The examples in docs/objects that boot a machine print what their comments say."""

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs" / "objects"

BOOTING = sorted(
    path.stem
    for path in PAGES.glob("*.md")
    if "machine.run(" in path.read_text("utf-8")
)


@pytest.mark.parametrize("page", BOOTING)
def test_the_synopsis_prints_what_it_says(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    assert code
    exec(compile(code, page, "exec"), {"__name__": page})  # noqa: S102 - our own page
    expected = re.findall(r"# prints: (.*)", code)
    assert capsys.readouterr().out.splitlines() == expected
