"""Handle look-up: the same time whether few or very many handles are open.

The thousand handles opened last are looked up again and again, as those of a server's
busy sessions are: once with no others open, once with one million open over 31 tables.
Spread over the whole million it is the computer's caches that decide, for any table:
beside it stands the least that Python can do, one dict for each table.

    $ python benchmarks/handles.py
    lookup_small   0.06 us    1,000 open
    lookup_large   0.06 us    1,000 of 1,000,000 open: 1.03 x lookup_small
    lookup_spread  0.69 us    all of 1,000,000 open: 11.03 x lookup_small
    dict_spread    0.30 us    the same by dict.get: 4.80 x lookup_small
"""

from collections.abc import Callable
from random import Random
from statistics import median
from time import perf_counter
from typing import Final, TypeAlias

from kernel.objects import CObject, CObjectConIx, CObjectIx

KTables: Final = 31
KFew: Final = 1_000
KMany: Final = 1_000_000
KLookups: Final = 100_000  # of one round
KRounds: Final = 11

# What finds a handle's object, and the handle.
Lookup: TypeAlias = tuple[Callable[[int], object], int]
Open: TypeAlias = list[tuple[CObjectIx[CObject], int]]


def open_handles(count: int, tables: int = KTables) -> Open:
    """Open *count* handles, dealt out to *tables* tables: each with its table."""
    con = CObjectConIx().create()
    made: list[CObjectIx[CObject]] = [CObjectIx() for _ in range(tables)]
    entries = []
    for number in range(count):
        obj = CObject()
        con.add(obj)
        table = made[number % tables]
        entries.append((table, table.add(obj)))
    return entries


def lookup_small() -> list[Lookup]:
    """What to look up where few handles are open."""
    return _by_table(open_handles(KFew))


def lookup_large(entries: Open) -> list[Lookup]:
    """The last few of the many *entries*, again and again."""
    return _by_table(entries[-KFew:])


def lookup_spread(entries: Open) -> list[Lookup]:
    """Any of the many *entries*."""
    return _by_table(entries)


def dict_spread(entries: Open) -> list[Lookup]:
    """Any of as many handles, each in the dict that stands for its table."""
    dicts: dict[int, dict[int, CObject]] = {}
    for table, handle in entries:
        dicts.setdefault(id(table), {})[handle] = table.at(handle)
    lookups: list[Lookup] = [(dicts[id(table)].get, key) for table, key in entries]
    return _shuffled(lookups, seed=2)  # or the objects would be in the cache still


def round_us(lookups: list[Lookup]) -> float:
    """Microseconds of one look-up, without the loop around it."""
    begin = perf_counter()
    for find, handle in lookups:
        find(handle)
    middle = perf_counter()
    for find, handle in lookups:
        find, handle  # noqa: B018 - the bare loop
    end = perf_counter()
    return ((middle - begin) - (end - middle)) / len(lookups) * 1e6


def medians_us(
    contestants: dict[str, list[Lookup]], rounds: int = KRounds
) -> dict[str, float]:
    """Microseconds of one look-up, the median of *rounds* in turn, by name."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, lookups in contestants.items():
            taken[name].append(round_us(lookups))
    return {name: median(times) for name, times in taken.items()}


def contestants() -> dict[str, list[Lookup]]:
    """All four, over the same million."""
    entries = open_handles(KMany)
    return {
        "lookup_small": lookup_small(),
        "lookup_large": lookup_large(entries),
        "lookup_spread": lookup_spread(entries),
        "dict_spread": dict_spread(entries),
    }


def _by_table(entries: Open) -> list[Lookup]:
    bound = {table: table.try_at for table, _ in entries}
    return _shuffled([(bound[table], handle) for table, handle in entries])


def _shuffled(lookups: list[Lookup], seed: int = 1) -> list[Lookup]:
    """A round's length of *lookups*, in an order that no cache foresees."""
    random = Random(seed)
    return [random.choice(lookups) for _ in range(KLookups)]


def main() -> None:
    """Print the comparison."""
    taken = medians_us(contestants())
    small = taken["lookup_small"]
    texts = {
        "lookup_small": f"{KFew:,} open",
        "lookup_large": f"{KFew:,} of {KMany:,} open",
        "lookup_spread": f"all of {KMany:,} open",
        "dict_spread": "the same by dict.get",
    }
    for name, us in taken.items():
        ratio = "" if us == small else f": {us / small:.2f} x lookup_small"
        print(f"{name:14} {us:.2f} us    {texts[name]}{ratio}")


if __name__ == "__main__":
    main()
