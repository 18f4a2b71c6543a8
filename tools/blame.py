"""Whose fault an exception is, and where, as far as its traceback tells."""

import re
import sysconfig
from itertools import dropwhile
from pathlib import Path
from typing import Final

import tools

_PLACE: Final = re.compile(r'^  File "(.+)", line (\d+)', re.MULTILINE)
_KNext: Final = "During handling of the above exception, another exception occurred:"
_KUnwinding: Final = re.compile(r"\bThreadDeath$")
_KRoot: Final = Path(tools.__file__).parents[1]
_KLibrary: Final = Path(sysconfig.get_path("stdlib"))
_KOurs: Final = tuple(_KRoot / name for name in ("kernel", "userlib", "servers"))


def shorten(traceback: str) -> str:
    """The exception's name, message and notes, and where the program was at fault."""
    first, *others = _said(traceback)
    name, colon, message = first.partition(":")
    text = "; ".join([name.rpartition(".")[2] + colon + message, *others])
    place = place_of(traceback)
    return f"{text} ({place})" if place else text


def _said(traceback: str) -> list[str]:
    """The lines below the last frame: what was raised, and what was noted."""
    lines = traceback.rstrip().splitlines()
    places = [number for number, line in enumerate(lines) if _PLACE.match(line)]
    below = lines[places[-1] + 1 :] if places else lines
    said = dropwhile(lambda line: line[:1].isspace(), below)  # the frame's own lines
    return [line.strip() for line in said if line.strip()] or lines[-1:]


def place_of(traceback: str) -> str:
    """The program's file and line; ours if the program has no part in it."""
    places = _PLACE.findall(traceback)
    return ":".join((_theirs(traceback) or places or [()])[-1])


def unwinding(traceback: str) -> str:
    """Of a panic's traceback the part that leads to it; nothing if it is of another.

    A dead thread raises ThreadDeath in the call it died in, and again in each that a
    block makes as it ends: the first that left our code is the one.
    """
    parts = [
        part.strip("\n")
        for part in traceback.split(_KNext)
        if _KUnwinding.search(part.rstrip())
    ]
    return next(filter(_theirs, parts), parts[-1] if parts else "")


def _theirs(traceback: str) -> list[tuple[str, str]]:
    """Those of the program; of Python's library if there are no others."""
    places: list[tuple[str, str]] = _PLACE.findall(traceback)
    theirs = [place for place in places if not is_ours(Path(place[0]))]
    return [place for place in theirs if not _is_hosts(place[0])] or theirs


def _is_hosts(file: str) -> bool:
    """Whether it is Python's own, or no file but generated code."""
    return file.startswith("<") or Path(file).is_relative_to(_KLibrary)


def is_raised_by_us(traceback: str) -> bool:
    """Whether it was raised in the kernel, the user libraries or the servers."""
    places = _PLACE.findall(traceback)
    return bool(places) and is_ours(Path(places[-1][0]))


def is_ours(file: Path) -> bool:
    """Whether a source file is one of those that are no program's."""
    return any(file.is_relative_to(folder) for folder in _KOurs)
