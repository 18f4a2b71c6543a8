"""Descriptions in a folder of their own, compiled."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.idl.compilation import Compilation, Options, compile_file

Describe = Callable[..., Compilation]

CALC = """interface Calc
{
    void add(in int left, in int right, out int result);
    void subtract(in int left, in int right, out int result);
    void multiply(in int left, in int right, out int result);
    void divide(in int numerator, in int denominator, out int result);
};
"""
COUNTER = "interface Counter\n{\n    void increment(out int result);\n};\n"
CALC_COUNTER = """import "calc.idl"; import "counter.idl";
interface CalcCounter composes Calc, Counter;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the documentation's three descriptions."""
    place = tmp_path / "idl"
    place.mkdir()
    (place / "calc.idl").write_text(CALC)
    (place / "counter.idl").write_text(COUNTER)
    (place / "calc_counter.idl").write_text(CALC_COUNTER)
    return place


@pytest.fixture
def describe(tmp_path: Path) -> Describe:
    """Compile a text as a.idl, beside other files given by their names."""

    def compile_text(
        text: str | bytes, options: Options | None = None, **others: str
    ) -> Compilation:
        path = tmp_path / "a.idl"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        for stem, other in others.items():
            (tmp_path / f"{stem}.idl").write_text(other)
        return compile_file(path, options)

    return compile_text
