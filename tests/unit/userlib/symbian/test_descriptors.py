"""Descriptors: counted data, read and written, and the panics of going beyond."""

from collections.abc import Callable
from typing import Any

import pytest

from kernel.abi.errors import ThreadDeath
from userlib import (
    HBufC,
    KErrNotFound,
    RBuf,
    RBuf8,
    TBuf,
    TBuf8,
    TBufC,
    TDes8,
    TDes16,
    TPtr,
    TPtr8,
    TPtrC,
    TPtrC8,
)


def dies_of(exec_calls: Any, reason: int, misuse: Callable[[], object]) -> None:
    """*misuse* panics USER *reason*, once, and doesn't return."""
    before = len(exec_calls.panics)
    with pytest.raises(ThreadDeath):
        misuse()
    assert exec_calls.panics[before:] == [("USER", reason)]


def filled(wide: bool, text: str, max_length: int = 8) -> TDes16 | TDes8:
    return TBuf(max_length, text) if wide else TBuf8(max_length, text.encode())


def test_a_buffer_begins_empty_with_its_maximum() -> None:
    wide, narrow = TBuf(5), TBuf8(7)

    assert (wide.length, wide.max_length, str(wide)) == (0, 5, "")
    assert (narrow.length, narrow.max_length, bytes(narrow)) == (0, 7, b"")


def test_copy_and_append_change_contents_and_length() -> None:
    wide, narrow = TBuf(8, "ab"), TBuf8(8, b"ab")
    wide.append("cd")
    wide.append(TBuf(2, "ef"))
    narrow.append(b"cd")
    narrow.append(TBuf8(2, b"ef"))

    assert (str(wide), len(wide)) == ("abcdef", 6)
    assert (bytes(narrow), len(narrow)) == (b"abcdef", 6)
    wide.copy("x")
    narrow.copy(b"x")
    assert (str(wide), bytes(narrow)) == ("x", b"x")
    wide.zero()
    assert (str(wide), wide.length, wide.max_length) == ("", 0, 8)


def test_descriptors_compare_by_contents_and_width() -> None:
    assert TBuf(3, "abc") == TBuf(9, "abc") == "abc"
    assert TBuf8(3, b"abc") == TPtrC8(b"abc") == b"abc"
    assert TBuf(3, "abc") != TBuf8(3, b"abc")
    assert TBuf(3, "abc") != "abd"
    assert TBuf(3, "abc") != 3


@pytest.mark.parametrize(("wide", "reason"), [(True, 11), (False, 23)])
def test_more_than_the_maximum_panics_and_changes_nothing(
    exec_calls: Any, wide: bool, reason: int
) -> None:
    des = filled(wide, "abc", 4)
    more = "de" if wide else b"de"

    dies_of(exec_calls, reason, lambda: des.append(more))
    dies_of(exec_calls, reason, lambda: des.copy(more * 3))
    dies_of(exec_calls, reason, lambda: des.set_length(5))
    dies_of(exec_calls, reason, lambda: des.fill(more[:1], 5))
    assert des == ("abc" if wide else b"abc")


@pytest.mark.parametrize(
    ("wide", "index", "position", "length", "max_length"),
    [(True, 9, 10, 17, 18), (False, 21, 22, 29, 30)],
)
def test_positions_outside_panic_by_width(
    exec_calls: Any, wide: bool, index: int, position: int, length: int, max_length: int
) -> None:
    des = filled(wide, "abc")

    dies_of(exec_calls, index, lambda: des[3])
    dies_of(exec_calls, index, lambda: des[-1])
    dies_of(exec_calls, position, lambda: des.left(-1))
    dies_of(exec_calls, position, lambda: des.right(-1))
    dies_of(exec_calls, position, lambda: des.mid(4))
    dies_of(exec_calls, position, lambda: des.mid(1, 3))
    dies_of(exec_calls, length, lambda: des.set_length(-1))
    dies_of(exec_calls, max_length, lambda: (TBuf if wide else TBuf8)(-1))


def test_parts_are_clipped_where_the_original_clips() -> None:
    des = TBuf(8, "abcde")

    assert (des.left(2), des.left(9)) == ("ab", "abcde")
    assert (des.right(2), des.right(9), des.right(0)) == ("de", "abcde", "")
    assert (des.mid(1, 2), des.mid(3), des.mid(5)) == ("bc", "de", "")
    assert (des.find("cd"), des.find("x")) == (2, KErrNotFound)
    assert (des[0], TBuf8(2, b"a")[0]) == ("a", ord("a"))
    assert list(des) == ["a", "b", "c", "d", "e"]


def test_set_length_shows_what_was_there_and_zeros_beyond() -> None:
    des = TBuf8(6, b"abcd")
    des.set_length(2)
    assert bytes(des) == b"ab"
    des.set_length(4)
    assert bytes(des) == b"abcd"
    des.set_max()
    assert bytes(des) == b"abcd\0\0"

    wide = TBuf(3, "a")
    wide.set_max()
    assert str(wide) == "a\0\0"
    wide.fill("z")
    assert str(wide) == "zzz"


def test_the_other_width_is_a_type_error() -> None:
    des, narrow = TBuf(3), TBuf8(3)

    with pytest.raises(TypeError):
        des.copy(b"a")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        narrow.append("a")  # type: ignore[arg-type]
    assert (str(des), bytes(narrow)) == ("", b"")


def test_writing_to_memory_that_is_not_there_is_an_exception_of_the_writer(
    exec_calls: Any,
) -> None:
    des = TBuf(3)
    des.client.bad = True

    with pytest.raises(ThreadDeath):
        des.copy("a")
    assert exec_calls.panics == [("KERN-EXEC", 3)]


def test_a_pointer_shares_length_and_contents_with_what_it_points_at() -> None:
    buf = TBuf(4, "ab")
    TPtr(buf).append("c")
    assert (str(buf), buf.length) == ("abc", 3)

    narrow = TBuf8(4)
    TPtr8(narrow).copy(b"xy")
    assert bytes(narrow) == b"xy"


def test_a_pointer_to_a_bytearray_fills_it_in_place() -> None:
    storage = bytearray(4)
    pointer = TPtr8(storage, 1)
    pointer.append(b"ab")

    assert (pointer.max_length, bytes(pointer)) == (4, b"\0ab")
    assert storage == b"\0ab\0"


def test_a_constant_buffer_is_written_through_des_only() -> None:
    buf = HBufC(4, "ab")
    buf.des().append("cd")

    assert (str(buf), len(buf)) == ("abcd", 4)
    assert buf.ipc_value() == "abcd"
    assert isinstance(buf, TBufC)


def test_a_view_shows_its_source_as_it_is_now() -> None:
    buf = TBuf(4, "ab")
    view = TPtrC(buf)
    buf.append("c")

    assert str(view) == "abc"
    view.set("other")
    assert (str(view), view.length) == ("other", 5)


def test_a_resizable_buffer_keeps_its_contents_when_it_changes_room(
    exec_calls: Any,
) -> None:
    with RBuf().create(4, "abc") as buf:
        buf.re_alloc(8)
        buf.append("defgh")
        assert (str(buf), buf.max_length) == ("abcdefgh", 8)
        dies_of(exec_calls, 14, lambda: buf.re_alloc(7))
    assert (buf.length, buf.max_length) == (0, 0)

    narrow = RBuf8().create(2, b"ab")
    dies_of(exec_calls, 26, lambda: narrow.re_alloc(1))
    narrow.re_alloc(3)
    narrow.append(b"c")
    assert bytes(narrow) == b"abc"
