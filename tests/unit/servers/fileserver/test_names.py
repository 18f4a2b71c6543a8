"""Folding, legal names, and how a text becomes a full name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.abi.errors import KErrBadName
from servers.fileserver.failure import Refused
from servers.fileserver.names import (
    FileName,
    KMaxVolumePath,
    bad_character,
    fold,
    is_legal_component,
    parse_name,
    path_text,
)

SESSION = "C:\\Work\\Sub\\"


def parsed(text: str, session: str = SESSION) -> str:
    return parse_name(text, session).check().text


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("file", "C:\\Work\\Sub\\file"),
        ("", "C:\\Work\\Sub\\"),
        ("\\file", "C:\\file"),
        ("\\", "C:\\"),
        ("d:file", "D:\\Work\\Sub\\file"),
        ("D:", "D:\\Work\\Sub\\"),
        ("D:\\A\\b.c", "D:\\A\\b.c"),
        ("D:\\A\\", "D:\\A\\"),
        ("X.", "C:\\Work\\Sub\\X"),
        ("X. .", "C:\\Work\\Sub\\X"),
        ("x ", "C:\\Work\\Sub\\x"),
        (" x", "C:\\Work\\Sub\\ x"),
        (".ext", "C:\\Work\\Sub\\.ext"),
        ("a..b", "C:\\Work\\Sub\\a..b"),
        ("\\A \\b", "C:\\A\\b"),
    ],
)
def test_what_a_text_lacks_comes_from_the_session_path(text: str, full: str) -> None:
    assert parsed(text) == full


@pytest.mark.parametrize(
    "text",
    [
        "a\\b",
        "C:a\\b",
        "\\a\\\\b",
        "\\\\",
        "\\.\\a",
        "\\..\\a",
        "\\a.\\b",
        "\\a. \\b",
        "\\ \\b",
        "...",
        " . ",
        "  ",
        "1:\\a",
        "é:\\a",
        "a" * 257,
        "\\" + "a" * 254,
        "a*",
        "\\a?\\b",
        "a\0",
        "\ud800",
    ],
)
def test_what_names_nothing(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parsed(text)
    assert caught.value.code == KErrBadName


def test_a_pattern_may_have_wildcards_in_its_last_part_only() -> None:
    pattern = parse_name("\\a\\*.t?t", SESSION)
    assert pattern.check(wild=True).text == "C:\\a\\*.t?t"
    with pytest.raises(Refused):
        parse_name("\\*\\a*", SESSION).check(wild=True)
    with pytest.raises(Refused):
        parse_name("a<*", SESSION).check(wild=True)


@given(st.text())
def test_folding_keeps_the_length_and_folds_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
    assert fold(text.upper()) == fold(text) or not text.isascii()


@given(st.text())
def test_what_is_understood_is_stored_as_it_will_be_asked_for(text: str) -> None:
    try:
        name = parse_name(text, SESSION).check()
    except Refused:
        return
    assert all(map(is_legal_component, name.path))
    assert len(path_text(name.directory, name.name)) <= KMaxVolumePath
    assert parse_name(name.text, "Q:\\").check() == name


@given(st.text(alphabet="ab.* ?<\\:\0", max_size=8))
def test_a_valid_name_has_no_bad_character(text: str) -> None:
    bad = bad_character(text)
    if bad is None:
        checked = parse_name(text, "A:\\").check()
        assert isinstance(checked, FileName)
        assert checked.name
    elif bad != " ":
        assert bad in text
