"""Versions, words and names: what crosses to the kernel as a number or a text."""

from typing import Any

import pytest

from kernel.abi.errors import ThreadDeath
from userlib import TVersion, User
from userlib.symbian.names import kernel_name
from userlib.symbian.word import signed_word


@pytest.mark.parametrize(
    "version", [TVersion(1, 2, 3), TVersion(), TVersion(-1, 5, -9)]
)
def test_a_version_survives_packing(version: TVersion) -> None:
    assert TVersion.unpack(version.packed()) == version


def test_a_version_is_packed_major_first() -> None:
    assert TVersion(1, 2, 3).packed() == 0x00030201
    with pytest.raises(OverflowError):
        TVersion(128).packed()


@pytest.mark.parametrize(
    ("asked", "is_supported"),
    [
        (TVersion(1, 9), True),
        (TVersion(2, 3), True),
        (TVersion(2, 3, 99), True),
        (TVersion(2, 4), False),
        (TVersion(3, 0), False),
    ],
)
def test_a_server_supports_what_is_not_newer(
    asked: TVersion, is_supported: bool
) -> None:
    assert User.query_version_supported(TVersion(2, 3, 1), asked) is is_supported


def test_words_are_signed() -> None:
    assert signed_word(0x7FFFFFFF) == 0x7FFFFFFF
    assert signed_word(0x80000000) == -(1 << 31)
    for value in (1 << 32, -(1 << 31) - 1):
        with pytest.raises(OverflowError, match=str(value)):
            signed_word(value)


def test_a_name_of_more_than_80_characters_overflows_the_copy(exec_calls: Any) -> None:
    assert kernel_name("x" * 80) == "x" * 80
    with pytest.raises(ThreadDeath):
        kernel_name("x" * 81)
    assert exec_calls.panics == [("USER", 23)]
