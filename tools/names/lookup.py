"""Looks a word up among the entries, however it is written.

Case, underscores and the final L of a function that leaves do not matter. A word with
its class, `RSessionBase::SendReceive` or `RSessionBase.send_receive`, finds that alone,
in a class above it if need be; a bare one finds it in all classes. Only where nothing
has that very name may it be mentioned beside one, be a part of one, or a pattern.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

from kernel.abi.l4 import L4Err
from tools.names.entry import Entry
from tools.names.library import library
from tools.panics import REASONS

SEPARATOR: Final = re.compile(r"::|\.|:")
NUMBER: Final = re.compile(r"[-+]?\d+")
KShortestPart: Final = 3  # of a name, to be looked for


@dataclass(frozen=True)
class Found:
    """What was looked up, what was found, and if nothing, what may have been meant."""

    word: str
    entries: Sequence[Entry]
    nearest: Sequence[str] = ()


# As in `CActive::RunL()`, which is how texts speak of functions.
_CALL: Final = re.compile(r"(?<=\w)(?<!operator)\([^()]*\)$")


def find(words: Sequence[str]) -> list[Found]:
    """Each word; a category and the number behind it are one."""
    return [_find(word) for word in _joined(words)]


def _joined(words: Sequence[str]) -> Iterator[str]:
    categories = {category.casefold() for category in REASONS}
    rest = list(words)
    while rest:
        for length in (3, 2):  # `WServ panic 3` has three words
            *category, number = rest[:length]
            name = " ".join(category).casefold()
            if name in categories and NUMBER.fullmatch(number):
                yield " ".join(rest[:length])
                del rest[:length]
                break
        else:
            yield rest.pop(0)


def _find(word: str) -> Found:
    ways: tuple[Callable[[str], list[Entry]], ...] = (
        (_numbered,)
        if NUMBER.fullmatch(word)
        else (_panicked, _patterned)
        if "*" in word
        else (_panicked, _named, _inherited, _mentioned, _containing)
    )
    for way in ways:
        if entries := way(word):
            return Found(word, entries)
    return Found(word, (), _nearest(word))


def _numbered(word: str) -> list[Entry]:
    """The error codes that a result of that number may be.

    Those of L4 are positive, and negated in results.
    """
    number = int(word)
    codes = {number, -number} if number < 0 else {number}
    of_ipc = abs(number) - L4Err.L4_EIPC_LO
    is_ipc = L4Err.L4_EIPC_LO < abs(number) < L4Err.L4_EIPC_HI
    return [
        entry
        for entry in library()
        if entry.kind == "error"
        if (
            is_ipc and entry.value == of_ipc
            if _class_of(entry) == "L4IpcErr"
            else entry.value in codes and not _is_another_sign(entry, number)
        )
    ]


def _class_of(entry: Entry) -> str:
    return entry.original.partition("::")[0]


def _is_another_sign(entry: Entry, number: int) -> bool:
    return _class_of(entry) == "TErr" and entry.value != number


def _panicked(word: str) -> list[Entry]:
    """`KERN-EXEC 3`, or all of a category."""
    text = " ".join(word.split()).casefold()
    panics = [entry for entry in library() if entry.kind == "panic"]
    exact = [entry for entry in panics if entry.ours.casefold() == text]
    return exact or [
        entry for entry in panics if entry.ours.rpartition(" ")[0].casefold() == text
    ]


def _named(word: str) -> list[Entry]:
    """Those of that very name; a class only if it is said."""
    wanted = _keys(word)
    return [entry for entry in library() if wanted & _all_keys(entry)]


def _inherited(word: str) -> list[Entry]:
    """A method of a class that the named one derives from, or that it is called too."""
    owner, _, method = SEPARATOR.sub("::", word).rpartition("::")
    for cls in _classes(owner):
        for above in (cls, *(one for base in cls.bases for one in _classes(base))):
            for name in (above.ours, *above.originals):
                if entries := _named(f"{name}::{method}"):
                    return entries
    return []


def _classes(name: str) -> list[Entry]:
    return [entry for entry in _named(name) if entry.kind == "class"]


def _mentioned(word: str) -> list[Entry]:
    """Those that say they have a part of it, or something of it; as it is written."""
    if len(word) < KShortestPart:
        return []
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return [entry for entry in library() if pattern.search(entry.original)]


def _patterned(word: str) -> list[Entry]:
    pattern = _folded(word)
    return [
        entry
        for entry in library()
        if any(fnmatchcase(key, pattern) for key in _all_keys(entry))
    ]


def _containing(word: str) -> list[Entry]:
    part = _folded(word)
    if len(part) < KShortestPart:
        return []
    return [
        entry for entry in library() if any(part in key for key in _all_keys(entry))
    ]


def _nearest(word: str) -> list[str]:
    """Names of either kind that look like it."""
    names: dict[str, str] = {}
    for entry in library():
        for name in (*entry.originals, entry.ours):
            names.setdefault(_folded(name), name)
            names.setdefault(_folded(_last(name)), _last(name))
    return [names[key] for key in get_close_matches(_folded(word), names, n=3)]


@cache
def _all_keys(entry: Entry) -> frozenset[str]:
    """Whatever it is found by: its names, with and without the class."""
    names = [*entry.originals, entry.ours]
    if entry.kind in {"error", "constant", "panic"} and entry.original:
        names.append(entry.original)
    return frozenset(
        key for name in names for whole in (name, _last(name)) for key in _keys(whole)
    )


def _keys(word: str) -> set[str]:
    """A name as it is compared; also without the mark of leaving."""
    word = _CALL.sub("", word)
    keys = {_folded(word)}
    if stem := re.fullmatch(r"(.*[a-z0-9])LC?", word):
        keys.add(_folded(stem[1]))
    return keys


def _last(name: str) -> str:
    return SEPARATOR.split(name)[-1]


def _folded(name: str) -> str:
    plain = re.sub(r"<[^>]*>", "", name)  # of a template
    folded = SEPARATOR.sub("::", plain).casefold().replace("_", "")
    return folded or name  # of underscores alone
