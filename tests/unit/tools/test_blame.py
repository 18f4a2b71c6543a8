"""Where a program was at fault: its own line, not that of a library it called."""

import enum
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import pytest

from kernel.abi.errors import Leave
from tools.blame import place_of
from userlib.geos import GeodeToken

HERE = Path(__file__).name


class Colour(IntEnum):
    """Python's library raises if there is none of a number."""

    RED = 1


@dataclass
class Checked:
    """Made by generated code."""

    colour: int

    def __post_init__(self) -> None:
        Colour(self.colour)


def text_of(call: Callable[[], object]) -> str:
    with pytest.raises((ValueError, TypeError, Leave)):
        call()
    try:
        call()
    except (ValueError, TypeError, Leave):
        return traceback.format_exc()
    raise AssertionError


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: Colour(7), "lambda: Colour(7)"),
        (lambda: Checked(7), "Colour(self.colour)"),
        (lambda: GeodeToken(b"", 1), 'lambda: GeodeToken(b"", 1)'),
    ],
)
def test_the_place_is_in_the_program(call: Callable[[], object], line: str) -> None:
    file, _, number = place_of(text_of(call)).rpartition(":")
    assert Path(file).name == HERE
    assert line in Path(file).read_text("utf-8").splitlines()[int(number) - 1]


def test_pythons_own_line_is_better_than_none() -> None:
    own = f'  File "{enum.__file__}", line 7, in f\n    raise\nValueError: no\n'
    assert place_of(own) == f"{enum.__file__}:7"
