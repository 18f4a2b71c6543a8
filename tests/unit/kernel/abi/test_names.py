"""kernel.abi.names: legal names, folding of case, wildcards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.abi.errors import KErrBadName, KErrNotFound, Leave
from kernel.abi.names import (
    equal_folded,
    find_folded,
    fold,
    is_valid_full_name,
    is_valid_name,
    match_folded,
    validate_name,
)


def matches_slowly(pattern: str, text: str) -> bool:
    """Try everything: what match_folded must agree with."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        rests = (text[begin:] for begin in range(len(text) + 1))
        return any(matches_slowly(pattern[1:], rest) for rest in rests)
    if not text:
        return False
    same = pattern[0] == "?" or fold(pattern[0]) == fold(text[0])
    return same and matches_slowly(pattern[1:], text[1:])


@pytest.mark.parametrize("name", ["", "x", " ", "~", "a-b.c[0]{}", "x" * 300])
def test_printing_ascii_is_a_legal_name_whatever_its_length(name: str) -> None:
    assert is_valid_name(name)
    assert is_valid_full_name(name)


@pytest.mark.parametrize(
    "name", ["a*", "?", "a\x1f", "\x7f", "é", "tab\t", "line\n", "\x00", "\U0001f600"]
)
def test_wildcards_and_all_but_printing_ascii_are_illegal(name: str) -> None:
    assert not is_valid_name(name)
    assert not is_valid_full_name(name)
    with pytest.raises(Leave) as refusal:
        validate_name(name)
    assert refusal.value.code == KErrBadName


def test_a_colon_is_legal_in_a_full_name_only() -> None:
    assert is_valid_full_name("process::thread::mutex")
    assert not is_valid_name("process::thread")


def test_folding_forgets_case_beyond_ascii_too() -> None:
    assert equal_folded("Main", "mAIN")
    assert equal_folded("ÄÖÜ Σίσυφος", "äöü σίσυφοσ")
    assert not equal_folded("Main", "Mains")


@given(st.text())
def test_folding_keeps_the_length_and_is_done_once(name: str) -> None:
    assert len(fold(name)) == len(name)
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", ""),
        ("*", ""),
        ("a*?at all", "anything\nat all"),
        ("**", "x"),
        ("Obj1", "oBJ1"),
        ("obj?", "Obj1"),
        ("*double*", "Mutex_00_Double_tripple"),
        ("*::*", "owner::name"),
        ("a*a", "aa"),
        ("t.st[*]", "T.ST[0]"),
    ],
)
def test_a_text_of_the_patterns_form_matches(pattern: str, text: str) -> None:
    assert match_folded(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("", "x"), ("?", ""), ("a*a", "a"), ("abc", "xabc"), ("abc", "abcx"), (".", "x")],
)
def test_a_text_of_another_form_does_not_match(pattern: str, text: str) -> None:
    assert not match_folded(pattern, text)
    assert find_folded(pattern, text) == KErrNotFound


@given(st.text("aAb*?", max_size=8), st.text("aAbB", max_size=10))
def test_matching_agrees_with_trying_everything(pattern: str, text: str) -> None:
    assert match_folded(pattern, text) == matches_slowly(pattern, text)
    assert (find_folded(pattern, text) >= 0) == matches_slowly(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text", "index"),
    [
        ("*def*", "abcDEFghi", 3),
        ("abc*", "abcdef", 0),
        ("*ab", "abxab", 3),
        ("*?b*", "aab", 1),
        ("**", "x", 0),
        ("*", "", 0),
        ("é*", "Élan", 0),
    ],
)
def test_a_match_is_found_where_its_first_character_that_is_no_star_is(
    pattern: str, text: str, index: int
) -> None:
    assert find_folded(pattern, text) == index


def test_many_stars_do_not_make_a_mismatch_slow() -> None:
    """Each run stops where it first can, so no combination of runs is tried twice."""
    assert not match_folded("*a" * 200 + "*b", "a" * 5_000)
