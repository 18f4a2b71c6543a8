"""Event logs of the same test run twice, compared byte for byte.

With `--eka-twice` every test that boots a machine is collected as two rounds, on the
explore back-end with one seed, or on priority with one CPU. Each round writes its log
as lines of JSON; the round that ends second, in whichever worker process, compares the
two files.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS: Final = (1, 2)


class RoundDiffersError(AssertionError):
    """Two runs of one seed were not equal."""


class RoundLog:
    """The event log of one round of one test.

    *draft* is where the log is written; `settle` publishes it under its name, whole.
    """

    def __init__(self, folder: Path, test: str, number: int) -> None:
        # Fixed for life:
        self._folder: Final = folder
        self._test: Final = test
        self._number: Final = number
        self._key: Final = sha256(test.encode()).hexdigest()[:32]
        self.draft: Final = folder / f"{self._key}.{number}.draft"

    def settle(self) -> int:
        """Compare with the other round if it is there; how many events this one had.

        Raises: RoundDiffersError, with the first event that differs.
        """
        mine = self.draft.replace(self._path_of(self._number))
        log = mine.read_bytes()
        logs = [
            self._path_of(number).read_bytes()
            for number in ROUNDS
            if self._path_of(number).exists()
        ]
        if len(logs) == len(ROUNDS):
            compare_logs(self._test, *logs)
        return log.count(b"\n")

    def _path_of(self, number: int) -> Path:
        return self._folder / f"{self._key}.{number}"


def compare_logs(test: str, first: bytes, second: bytes) -> None:
    """Raises: RoundDiffersError, unless the two are equal to the byte."""
    if first == second:
        return
    lines = zip_longest(
        first.split(b"\n"), second.split(b"\n"), fillvalue=b"(no more events)"
    )
    for index, (one, other) in enumerate(lines, start=1):
        if one != other:
            raise RoundDiffersError(
                f"{test}: two runs of one seed differ at event {index}\n"
                f"  round 1: {one.decode() or '(no more events)'}\n"
                f"  round 2: {other.decode() or '(no more events)'}"
            )
