"""Names of kernel objects and files: which are legal, when two are equal or match.

All folding of case is done here, so that a name equal in one place is equal in all.
Folding is per character, and keeps the length: `?` matches one character, and an index
into the folded text is one into the text.

Original: symbian-kernel 2.2 and 2.6; TDesC::MatchF (symbian-userlib 9).
"""

import re
from functools import lru_cache
from typing import Final

from kernel.abi.errors import KErrBadName, KErrNotFound, Leave

# What `*`, `?` and the separator of a full name would spoil, and all but plain ASCII.
_SHORT_NAME: Final = re.compile(r"[^\x00-\x1F\x7F-\U0010FFFF*?:]*")
_FULL_NAME: Final = re.compile(r"[^\x00-\x1F\x7F-\U0010FFFF*?]*")


def is_valid_name(short: str) -> bool:
    """Whether *short* may name an object; the empty name may."""
    return _SHORT_NAME.fullmatch(short) is not None


def is_valid_full_name(full: str) -> bool:
    """Whether *full* may be the names of an object and its owners, joined by `::`."""
    return _FULL_NAME.fullmatch(full) is not None


def validate_name(short: str) -> None:
    """Refuse what no object may be called.

    Raises: Leave(KErrBadName).
    Original: User::ValidateName, which returns the code.
    """
    if not is_valid_name(short):
        raise Leave(KErrBadName)


def fold(name: str) -> str:
    """*name* without regard to case; as long as *name*."""
    if name.isascii():
        return name.lower()
    return "".join(map(_fold_character, name))


def equal_folded(one: str, other: str) -> bool:
    """Whether two names are the same but for case."""
    return fold(one) == fold(other)


def match_folded(pattern: str, text: str) -> bool:
    """Whether the whole *text* is of the form *pattern*, case folded.

    `*` stands for any run of characters, also none; `?` for exactly one.
    """
    return pattern == "*" or _compiled(fold(pattern)).fullmatch(fold(text)) is not None


def find_folded(pattern: str, text: str) -> int:
    """Where in *text* the first character of *pattern* that is no `*` matched.

    Returns: that index, 0 if *pattern* is nothing but `*`, KErrNotFound if *text* is
    not of that form.
    """
    return find_matching(fold(pattern), fold(text))


def find_matching(pattern: str, text: str) -> int:
    """As find_folded, in which small and capital letters differ."""
    match = _compiled(pattern).fullmatch(text)
    if match is None:
        return KErrNotFound
    return match.start("first") if match.re.groups else 0


def _fold_character(character: str) -> str:
    # Some characters fold to several (sharp s to "ss"): these keep their own.
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1:
            return folded
    return character


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression for *pattern*, whose group `first` is its first literal.

    The run before each literal between two stars is as short as can be, and atomic:
    a longer one could not match where this one does not, so that trying it would only
    make a pattern of many stars slow.
    """
    head, *rest = pattern.split("*")
    if not rest:
        return re.compile(_literal(head), re.DOTALL)
    *middle, tail = rest
    literals = [_literal(piece) for piece in middle if piece]
    last = _literal(tail)
    if not head:
        if literals:
            literals[0] = f"(?P<first>{literals[0]})"
        elif last:
            last = f"(?P<first>{last})"
    runs = "".join(f"(?>.*?{literal})" for literal in literals)
    return re.compile(f"{_literal(head)}{runs}.*{last}", re.DOTALL)


def _literal(piece: str) -> str:
    return "".join("." if c == "?" else re.escape(c) for c in piece)
