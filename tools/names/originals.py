"""The names in an `Original:` line.

`Original: TTime::HomeTime, which counts from the year 0.` names one thing and goes on
in words; `Original: RLibrary::Type, GetInfo.` names two of one class. `Original: none;
…` names nothing. What stands behind the first word that is no name is for people.
"""

import inspect
import re
from typing import Final

LINE: Final = re.compile(
    r"^(?:.*\s)?Original:\s+(.*?)(?=\n\n|\n?\Z|\n(?:Threads|Raises|Returns|Args):)",
    re.MULTILINE | re.DOTALL,
)
NONE: Final = re.compile(r"none\b")
LEAD: Final = re.compile(r"the (?:macros? )?|an? .*?, |Ned's ")
PART: Final = r"~?\w+(?:<\w+>)?"
NAME: Final = re.compile(
    rf"((?:{PART}(?:::|\.|:))*(?:operator ?(?:\(\)|[^\s\w,;.]+|T\*)|{PART}|[:@…]\w+))"
    r"(?:\([^)]*\))?"
)
BETWEEN: Final = re.compile(r"(?:, and|,| and) (?=\S)")
HEAPS: Final = ("__UHEAP_", "__RHEAP_", "__KHEAP_")  # `…` before the rest of a macro
USUALLY: Final = re.compile(r"usually written (\w+)")
SENTENCE: Final = re.compile(r"(.*?[^\s.][.?!])(?=\s|$)", re.DOTALL)


def original_line(value: object) -> str:
    """What the docstring says after `Original:`, on one line; empty if nothing."""
    match = LINE.search(inspect.cleandoc(value.__doc__ or ""))
    return " ".join(match[1].split()) if match else ""


def original_names(line: str) -> tuple[str, ...]:
    """The names that an original line begins with, with the class of the first."""
    if NONE.match(line):
        return ()
    lead = LEAD.match(line)
    place = lead.end() if lead else 0
    names: list[str] = []
    while (match := NAME.match(line, place)) and _is_code(match[1]):
        if line[match.end() :].startswith("'s "):
            break
        names += _whole(match[1], names)
        between = BETWEEN.match(line, match.end())
        if between is None:
            break
        place = between.end()
    return (*names, *USUALLY.findall(line))


def _is_code(word: str) -> bool:
    """Whether it is a name and no word of English."""
    return word != word.lower() or "_" in word or ":" in word or word[0] == "@"


def _whole(name: str, before: list[str]) -> list[str]:
    """In a list the class is said once; of a heap's macros the first half never."""
    if name.startswith("…"):
        return [heap + name[1:] for heap in HEAPS]
    if before and "::" in before[0] and "::" not in name and name[0].isupper():
        return [f"{before[0].rpartition('::')[0]}::{name}"]
    return [name]


def first_sentence(value: object) -> str:
    """The first sentence of the docstring."""
    text = inspect.cleandoc(value.__doc__ or "").partition("Original:")[0]
    paragraph = " ".join(text.partition("\n\n")[0].split())
    match = SENTENCE.match(paragraph)
    return match[1] if match else paragraph
