"""Handle look-up in full tables: does it cost more among a million than among few?

What is compared is the look-up, not this computer's memory: each round asks for the
same `KAsked` handles, drawn at random from all that are open, over and over. Handles
drawn afresh for each look-up would mostly measure cache misses (docs/benchmarks.md).
"""

from itertools import cycle, islice
from random import Random
from time import perf_counter
from typing import Final, Self

from kernel.abi.limits import KMaxHandles
from kernel.objects import CObject, CObjectCon, CObjectIx

KSeed: Final = 1
KAsked: Final = 1_000


class LookUp:
    """*total* open handles, spread evenly over as many tables as they need."""

    def __init__(self, total: int) -> None:
        self.name = f"handle_lookup_{total}"
        self._total = total

    def __enter__(self) -> Self:
        container: CObjectCon[CObject] = CObjectCon(1)
        tables = [CObjectIx[CObject]() for _ in range(-(-self._total // KMaxHandles))]
        self._open: list[tuple[CObjectIx[CObject], int]] = []
        for number in range(self._total):
            obj = CObject()
            container.add(obj)
            table = tables[number % len(tables)]
            self._open.append((table, table.add(obj)))
        asked = min(KAsked, self._total)
        self._asked = Random(KSeed).sample(self._open, asked)
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.clear()

    def round(self, count: int) -> float:
        """Look *count* handles up."""
        asked = list(islice(cycle(self._asked), count))
        begin = perf_counter()
        for table, handle in asked:
            table.at(handle)
        return perf_counter() - begin
