"""Patterns, masks and sort keys, apart from any directory."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servers.fileserver.entry import TEntry, pack_batch, unpack_entries
from servers.fileserver.matching import mask_allows, name_matcher
from servers.fileserver.modes import (
    EDescending,
    ESortByDate,
    ESortByUid,
    ESortNone,
    KEntryAttArchive,
    KEntryAttDir,
    KEntryAttHidden,
    KEntryAttMatchExclude,
    KEntryAttMatchExclusive,
    KEntryAttReadOnly,
    KEntryAttSystem,
    KEntryAttVolume,
)
from servers.fileserver.names import fold
from servers.fileserver.sorting import sorted_entries

HIDDEN, DIR, SYSTEM = KEntryAttHidden, KEntryAttDir, KEntryAttSystem
EXCLUDE, EXCLUSIVE = KEntryAttMatchExclude, KEntryAttMatchExclusive


@given(st.text(alphabet="aAb.*?[", max_size=8), st.text(alphabet="aAbB.[", max_size=8))
def test_patterns_match_as_shells_do_without_classes(pattern: str, name: str) -> None:
    without_classes = fold(pattern).replace("[", "[[]")
    expected = fnmatch.fnmatchcase(fold(name), without_classes) or pattern == "*.*"
    assert name_matcher(pattern)(name) == expected


def test_a_pattern_of_many_stars_is_quick() -> None:
    matches = name_matcher("*" * 200 + "b")
    assert not matches("a" * 250)
    assert re.escape("*") not in repr(matches)


@pytest.mark.parametrize(
    ("att", "mask", "allowed"),
    [
        (0, 0, True),
        (KEntryAttArchive | KEntryAttReadOnly, 0, True),
        (HIDDEN, 0, False),
        (HIDDEN, HIDDEN, True),
        (HIDDEN | SYSTEM, HIDDEN, False),
        (DIR, 0, False),
        (DIR | HIDDEN, DIR, False),
        (DIR | HIDDEN, DIR | HIDDEN, True),
        (KEntryAttVolume, 0x3F, False),
        (DIR, EXCLUDE | DIR, False),
        (HIDDEN, EXCLUDE | DIR, True),
        (DIR, EXCLUSIVE | DIR, True),
        (0, EXCLUSIVE | DIR, False),
        (DIR | HIDDEN, EXCLUSIVE | DIR, False),
        (DIR | HIDDEN, EXCLUSIVE | DIR | HIDDEN, True),
        (HIDDEN, EXCLUSIVE | HIDDEN, False),
    ],
)
def test_which_entries_a_mask_lets_through(att: int, mask: int, allowed: bool) -> None:
    assert mask_allows(att, mask) is allowed


def test_dates_and_uids_sort_too() -> None:
    first = TEntry(0, 5, 10, "z", (1, 2, 3))
    second = TEntry(0, 5, 20, "a", (0, 9, 9))
    assert sorted_entries([second, first], ESortByDate) == [first, second]
    assert sorted_entries([first, second], ESortByUid) == [second, first]
    assert sorted_entries([first, second], ESortByUid | EDescending) == [first, second]
    assert sorted_entries([second, first], ESortNone) == [second, first]


NAMES = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=254
)
ENTRIES = st.builds(
    TEntry,
    st.integers(0, 0xFFFF),
    st.integers(0, 2**63 - 1),
    st.integers(-(2**63), 2**63 - 1),
    NAMES,
)


@given(st.lists(ENTRIES, max_size=12), st.integers(600, 3000))
def test_entries_cross_in_batches(entries: list[TEntry], room: int) -> None:
    rest, crossed = list(entries), []
    while rest:
        batch, count = pack_batch(rest, room)
        if count == 0:
            room += 600
            continue
        assert len(batch) <= room
        crossed += unpack_entries(batch)
        rest = rest[count:]
    assert crossed == entries
