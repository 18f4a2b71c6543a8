"""The host's own count, which shares no line with the program's.

The program finds words by a regular expression. Here every byte that belongs to no word
becomes a space, and what stands between spaces loses its leading digits; the two agree
because a word begins at the first letter or underscore of such a run.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters, digits
from typing import Final

KDigits: Final = digits.encode()
KWordBytes: Final = frozenset(ascii_letters.encode() + KDigits + b"_")
KToSpaces: Final = bytes(byte if byte in KWordBytes else 32 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Totals:
    """What a count comes to."""

    files: int
    size: int  # bytes
    words: Counter[bytes]


def count_files(paths: Iterable[Path]) -> Totals:
    """Count the words of host files."""
    files = size = 0
    words: Counter[bytes] = Counter()
    for path in paths:
        text = path.read_bytes()
        files += 1
        size += len(text)
        words.update(words_of(text))
    return Totals(files, size, words)


def words_of(text: bytes) -> list[bytes]:
    """The words of *text*, in order."""
    runs = text.translate(KToSpaces).split()
    return [word for run in runs if (word := run.lstrip(KDigits))]


def differences(ours: Totals, host: Totals, most: int = 10) -> list[str]:
    """One line for each thing that differs, at most *most* of them; empty if equal."""
    found = [
        f"{noun}: {mine:,} counted, {theirs:,} on the host"
        for noun, mine, theirs in (
            ("files", ours.files, host.files),
            ("bytes", ours.size, host.size),
        )
        if mine != theirs
    ]
    for word in sorted(ours.words.keys() | host.words.keys()):
        if ours.words[word] != host.words[word]:
            name = word.decode("ascii")
            found.append(f"{name}: {ours.words[word]:,} / {host.words[word]:,}")
    return found[:most]
