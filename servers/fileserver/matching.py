"""Wildcards, and which entries of a directory a mask lets through."""

import re
from collections.abc import Callable
from typing import Final

from servers.fileserver.modes import (
    KEntryAttDir,
    KEntryAttHidden,
    KEntryAttMatchExclude,
    KEntryAttMatchExclusive,
    KEntryAttMatchMask,
    KEntryAttSystem,
    KEntryAttVolume,
)
from servers.fileserver.names import fold

_WANTED: Final = KEntryAttHidden | KEntryAttSystem


def name_matcher(pattern: str) -> Callable[[str], bool]:
    """A test for names: `*` is any run, `?` any character, case does not count.

    `*.*` matches every name, dots or not.
    """
    if pattern in ("*", "*.*"):
        return _always
    compiled = _expression(fold(pattern))
    return lambda name: compiled.fullmatch(fold(name)) is not None


def _always(_name: str) -> bool:
    return True


def _expression(pattern: str) -> re.Pattern[str]:
    # Between two stars the first place that fits is as good as any. The groups are
    # atomic, so that it is never taken back: else a few stars could keep a drive busy
    # for years.
    first, *others = map(_piece, re.split(r"\*+", pattern))
    if not others:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)


def _piece(text: str) -> str:
    """Text without stars."""
    return ".".join(map(re.escape, text.split("?")))


def mask_allows(attributes: int, mask: int) -> bool:
    """Whether an entry with *attributes* belongs to a listing with *mask*."""
    asked = mask & KEntryAttMatchMask
    if attributes & KEntryAttVolume:
        return False
    if mask & KEntryAttMatchExclude:
        return not attributes & asked
    unasked = attributes & ~asked
    if mask & KEntryAttMatchExclusive:
        return bool(attributes & asked & ~_WANTED) and not unasked & _WANTED
    return not unasked & (_WANTED | KEntryAttDir)
