"""Whose fault an exception is, and where, as far as its traceback tells."""

import re
from pathlib import Path
from typing import Final

import tools

_PLACE: Final = re.compile(r'^  File "(.+)", line (\d+)', re.MULTILINE)
_KRoot: Final = Path(tools.__file__).parents[1]
_KOurs: Final = tuple(_KRoot / name for name in ("kernel", "userlib", "servers"))


def shorten(traceback: str) -> str:
    """The exception's name and message, and where the program was at fault."""
    name, colon, message = traceback.rstrip().splitlines()[-1].partition(":")
    text = name.rpartition(".")[2] + colon + message
    places = _PLACE.findall(traceback)
    theirs = [place for place in places if not is_ours(Path(place[0]))]
    for file, line in (theirs or places)[-1:]:
        text += f" ({file}:{line})"
    return text


def is_raised_by_us(traceback: str) -> bool:
    """Whether it was raised in the kernel, the user libraries or the servers."""
    places = _PLACE.findall(traceback)
    return bool(places) and is_ours(Path(places[-1][0]))


def is_ours(file: Path) -> bool:
    """Whether a source file is one of those that are no program's."""
    return any(file.is_relative_to(folder) for folder in _KOurs)
