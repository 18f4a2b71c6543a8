"""Names in the shell: current directories, `..`, and wildcards of a target."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.shell.match import filled_in
from programs.shell.paths import Paths, directory_of, is_root, name_of
from programs.shell.times import minute_text
from servers.fileserver.entry import KUnixEpochUs
from userlib import KErrBadName, KErrPathNotFound, Leave

COMPONENT = st.text("abc", min_size=1, max_size=3)


@pytest.fixture
def paths() -> Paths:
    made = Paths("C")
    made.change("C:\\one\\two\\")
    made.change("D:\\three\\")
    return made


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("", "C:\\one\\two\\"),
        (".", "C:\\one\\two\\"),
        ("..", "C:\\one\\"),
        ("..\\..", "C:\\"),
        ("..\\x", "C:\\one\\x"),
        ("x", "C:\\one\\two\\x"),
        ("x\\", "C:\\one\\two\\x\\"),
        ("x\\.\\y\\..\\z", "C:\\one\\two\\x\\z"),
        ("\\x", "C:\\x"),
        ("\\", "C:\\"),
        ("d:", "D:\\three\\"),
        ("d:x", "D:\\three\\x"),
        ("e:x", "E:\\x"),
        ("d:\\x", "D:\\x"),
    ],
)
def test_a_name_stands_for_a_full_one(paths: Paths, name: str, full: str) -> None:
    assert paths.resolve(name) == full


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("..\\..\\..", KErrPathNotFound),
        ("\\..\\x", KErrPathNotFound),
        ("1:x", KErrBadName),
        ("ä:x", KErrBadName),
    ],
)
def test_names_that_lead_nowhere(paths: Paths, name: str, code: int) -> None:
    with pytest.raises(Leave) as left:
        paths.resolve(name)
    assert left.value.code == code


@given(st.lists(COMPONENT, max_size=4), st.lists(COMPONENT, max_size=4))
def test_going_down_and_up_again_is_going_nowhere(
    start: list[str], way: list[str]
) -> None:
    paths = Paths("C")
    here = "C:\\" + "".join(part + "\\" for part in start)
    paths.change(here)
    there = "\\".join([*way, *[".."] * len(way)])
    assert paths.directory(there) == here


def test_parts_of_a_full_name() -> None:
    assert (directory_of("C:\\a\\b"), name_of("C:\\a\\b")) == ("C:\\a\\", "b")
    assert (directory_of("C:\\a\\"), name_of("C:\\a\\")) == ("C:\\a\\", "a")
    assert is_root("C:\\")
    assert not is_root("C:\\a\\")


@pytest.mark.parametrize(
    ("pattern", "name", "filled"),
    [
        ("*.bak", "letter.txt", "letter.bak"),
        ("new*.*", "letter.txt", "newter.txt"),
        ("*", "letter.txt", "letter.txt"),
        ("?x*.?", "abc.txt", "axc.t"),
        ("*.*", "plain", "plain"),
        ("*.bak", "plain", "plain.bak"),
        ("fixed", "letter.txt", "fixed"),
        ("*.b", "a.b.c", "a.b.b"),
    ],
)
def test_wildcards_of_a_target_stand_for_what_the_source_has(
    pattern: str, name: str, filled: str
) -> None:
    assert filled_in(pattern, name) == filled


def test_times_beyond_all_dates_are_told_so() -> None:
    assert minute_text(KUnixEpochUs) == "1970-01-01 00:00"
    assert minute_text(1 << 62) == "(no date)       "
    assert minute_text(-(1 << 62)) == "(no date)       "
