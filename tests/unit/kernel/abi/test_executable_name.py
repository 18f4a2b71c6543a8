"""How the file of an executable is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eka import Leave
from kernel.abi.executable_name import (
    ExecutableName,
    is_in_sys_bin,
    parse_executable_name,
)
from userlib import KErrBadName


def code_of(text: str) -> int:
    """What *text* is refused with; 0 if it is a name."""
    try:
        parse_executable_name(text, ".exe")
    except Leave as leave:
        return leave.code
    return 0


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x", ("", "", "x", None, ".exe")),
        ("x.dll", ("", "", "x", None, ".dll")),
        ("x.y.dll", ("", "", "x.y", None, ".dll")),
        ("x.", ("", "", "x", None, "")),
        ("c:x", ("C", "", "x", None, ".exe")),
        ("\\x", ("", "\\", "x", None, ".exe")),
        ("Z:\\sys\\bin\\x.exe", ("Z", "\\sys\\bin\\", "x", None, ".exe")),
        ("x{000a0001}", ("", "", "x", 0x000A0001, ".exe")),
        ("a b{1}.dll", ("", "", "a b", 1, ".dll")),
    ],
)
def test_a_name_is_taken_apart(
    text: str, parts: tuple[str, str, str, int, str]
) -> None:
    assert parse_executable_name(text, ".exe") == ExecutableName(*parts)


@pytest.mark.parametrize(
    ("text", "is_legal"),
    [
        ("n" * 76, True),
        ("n" * 77, False),
        ("n" * 80 + ".", True),
        ("\\" + "p" * 251 + "\\x.py", False),
        ("\\" + "p" * 250 + "\\x.py", True),
    ],
)
def test_names_have_a_length(text: str, is_legal: bool) -> None:
    assert (code_of(text) == 0) is is_legal


TEXTS = st.text(st.sampled_from("aB\\:.{}[]0 *\u00e9\n"), max_size=12)


# A final dot is dropped: what is left is another text.
@given(TEXTS.filter(lambda text: not text.endswith(".")))
def test_any_text_is_a_name_or_a_bad_one(text: str) -> None:
    code = code_of(text)
    if code:
        assert code == KErrBadName
        return
    name = parse_executable_name(text, ".exe")
    version = "" if name.version is None else f"{{{name.version:x}}}"
    drive = f"{name.drive}:" if name.drive else ""
    whole = f"{drive}{name.path}{name.base}{version}{name.extension}"
    assert parse_executable_name(whole, "") == name
    assert name.base
    assert not set(name.root) & set("\\:{}[]*")


def test_below_sys_bin_is_in_it() -> None:
    assert is_in_sys_bin("\\SYS\\bin\\")
    assert is_in_sys_bin("\\sys\\bin\\a\\")
    assert not is_in_sys_bin("\\sys\\binary\\")
    assert not is_in_sys_bin("\\a\\sys\\bin\\")
    assert not is_in_sys_bin("")
