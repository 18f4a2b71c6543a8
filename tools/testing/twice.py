"""Event logs of the same test run twice, compared byte for byte.

With `--eka-twice` every test that boots a machine is collected as two rounds, on the
explore back-end with one seed. Each round writes its log to a file; the round that ends
second, in whichever worker process, compares.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import zip_longest
from json import dumps
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from kernel.events import Event

ROUNDS: Final = (1, 2)


class EventLog:
    """A sink that keeps each event as a line of JSON."""

    def __init__(self) -> None:
        self._lines: Final[list[str]] = []

    def __call__(self, event: Event) -> None:
        from kernel.events import event_dict

        self._lines.append(dumps(event_dict(event), separators=(",", ":")) + "\n")

    def __bytes__(self) -> bytes:
        return "".join(self._lines).encode()

    def __len__(self) -> int:
        return len(self._lines)


class RoundDiffersError(AssertionError):
    """Two runs of one seed were not equal."""


def record_round(folder: Path, test: str, number: int, log: bytes) -> None:
    """Keep this round's log, and compare it with the other one's if that is there.

    Raises: RoundDiffersError, with the first event that differs.
    """
    key = sha256(test.encode()).hexdigest()[:32]
    mine = folder / f"{key}.{number}"
    draft = mine.with_suffix(f".{number}.draft")
    draft.write_bytes(log)
    draft.replace(mine)  # whole or not at all: the other round may look now
    for other in ROUNDS:
        path = folder / f"{key}.{other}"
        if other != number and path.exists():
            logs = sorted([(number, log), (other, path.read_bytes())])
            compare_logs(test, logs[0][1], logs[1][1])


def compare_logs(test: str, first: bytes, second: bytes) -> None:
    """Raises: RoundDiffersError, unless the two are equal to the byte."""
    if first == second:
        return
    lines = zip_longest(first.splitlines(), second.splitlines(), fillvalue=b"(no more)")
    for index, (ours, theirs) in enumerate(lines, start=1):
        if ours != theirs:
            raise RoundDiffersError(
                f"{test}: two runs of one seed differ at event {index}\n"
                f"  round 1: {ours.decode()}\n"
                f"  round 2: {theirs.decode()}"
            )
    raise RoundDiffersError(f"{test}: two runs of one seed differ in their line ends")
