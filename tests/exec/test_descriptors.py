"""Descriptors as programs use them: symbian-userlib 9, in both widths.

What they hold and how they convert is in tests/unit/userlib/symbian.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    CTrapCleanup,
    HBufC,
    HBufC8,
    KErrNoMemory,
    KErrNotFound,
    RBuf,
    RBuf8,
    TBuf,
    TBuf8,
    TBufC,
    TBufC8,
    TLitC,
    TLitC8,
    TPtr,
    TPtr8,
    TPtrC,
    TPtrC8,
    UHeap,
    User,
    cleanup_close_push,
    trap,
)

EndOf: TypeAlias = Callable[[Callable[[], object]], str]


def wide(text: str) -> str:
    return text


def narrow(text: str) -> bytes:
    return text.encode("latin-1")


# Any: one test body for both widths.
class Width:
    """The classes of one width, and how a text is written in it."""

    def __init__(self, of: Callable[[str], Any], *classes: Any) -> None:
        self.of = of
        self.buf, self.buf_c, self.ptr, self.ptr_c, self.hbuf, self.rbuf = classes
        self.lit = TLitC if of is wide else TLitC8


WIDTHS = {
    16: Width(wide, TBuf, TBufC, TPtr, TPtrC, HBufC, RBuf),
    8: Width(narrow, TBuf8, TBufC8, TPtr8, TPtrC8, HBufC8, RBuf8),
}


@pytest.fixture(params=[16, 8])
def bits(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def width(bits: int) -> Width:
    return WIDTHS[bits]


Misuse = Callable[[Width], object]


def buffer(width: Width, text: str = "abc", room: int = 4) -> Any:
    return width.buf(room, width.of(text))


def assigned(des: Any, index: int, value: Any) -> None:
    des[index] = value


# Each with its 16-bit and its 8-bit number.
MISUSES: dict[str, tuple[int, int, Misuse]] = {
    "index at the length": (9, 21, lambda w: buffer(w)[3]),
    "index below 0": (9, 21, lambda w: buffer(w)[-1]),
    "assigning at the length": (9, 21, lambda w: assigned(buffer(w), 3, "x")),
    "index of a literal": (9, 21, lambda w: w.lit(w.of(""))[0]),
    "left of less than nothing": (10, 22, lambda w: buffer(w).left(-1)),
    "right of less than nothing": (10, 22, lambda w: w.ptr_c(w.of("a")).right(-1)),
    "mid beyond the length": (10, 22, lambda w: buffer(w).mid(4)),
    "mid below 0": (10, 22, lambda w: buffer(w).mid(-1)),
    "mid that goes on too long": (10, 22, lambda w: buffer(w).mid(1, 3)),
    "mid of less than nothing": (10, 22, lambda w: buffer(w).mid(1, -1)),
    "insert behind the end": (10, 22, lambda w: buffer(w).insert(4, w.of("x"))),
    "delete behind the end": (10, 22, lambda w: buffer(w).delete(4, 1)),
    "replace behind the end": (10, 22, lambda w: buffer(w).replace(4, 0, w.of("x"))),
    "append": (11, 23, lambda w: buffer(w).append(w.of("de"))),
    "append_fill": (11, 23, lambda w: buffer(w).append_fill(w.of("d"), 2)),
    "append_num": (11, 23, lambda w: buffer(w).append_num(10)),
    "append_format": (11, 23, lambda w: buffer(w).append_format(w.of("%d"), 10)),
    "copy": (11, 23, lambda w: buffer(w).copy(w.of("abcde"))),
    "fill": (11, 23, lambda w: buffer(w).fill(w.of("d"), 5)),
    "fill_z": (11, 23, lambda w: buffer(w).fill_z(5)),
    "format": (11, 23, lambda w: buffer(w).format(w.of("%5d"), 10)),
    "insert": (11, 23, lambda w: buffer(w).insert(1, w.of("xx"))),
    "num": (11, 23, lambda w: buffer(w).num(12345)),
    "replace": (11, 23, lambda w: buffer(w).replace(1, 1, w.of("xxx"))),
    "set_length": (11, 23, lambda w: buffer(w).set_length(5)),
    "swap": (11, 23, lambda w: buffer(w).swap(w.buf(9, w.of("abcde")))),
    "swap the other way": (11, 23, lambda w: w.buf(9, w.of("abcde")).swap(buffer(w))),
    "zero_terminate": (11, 23, lambda w: buffer(w, "abcd").zero_terminate()),
    "too long from the start": (11, 23, lambda w: w.buf(2, w.of("abc"))),
    "too long for a constant": (11, 23, lambda w: w.buf_c(2, w.of("abc"))),
    "too long for the heap": (11, 23, lambda w: w.hbuf(2, w.of("abc"))),
    "too long to create": (11, 23, lambda w: w.rbuf().create(2, w.of("abc"))),
    "through des": (11, 23, lambda w: w.buf_c(1).des().append(w.of("ab"))),
    "format without a directive": (12, 24, lambda w: buffer(w).format(w.of("%"))),
    "format of no kind": (12, 24, lambda w: buffer(w).format(w.of("%q"), 1)),
    "format without arguments": (13, 25, lambda w: buffer(w).format(w.of("%d"))),
    "format of another type": (13, 25, lambda w: buffer(w).format(w.of("%d"), "x")),
    "re_alloc of a constant": (14, 26, lambda w: w.hbuf(9, w.of("abc")).re_alloc(2)),
    "re_alloc": (14, 26, lambda w: w.rbuf().create(9, w.of("abc")).re_alloc(2)),
    "re_alloc to less than nothing": (14, 26, lambda w: w.hbuf(9).re_alloc(-1)),
    "replacing less than nothing": (
        8,
        20,
        lambda w: buffer(w).replace(1, -1, w.of("")),
    ),
    "replacing what is not there": (8, 20, lambda w: buffer(w).replace(1, 3, w.of(""))),
    "replacing by what never fits": (
        16,
        28,
        lambda w: buffer(w).replace(0, 3, w.of("abcde")),
    ),
    "length below 0": (17, 29, lambda w: buffer(w).set_length(-1)),
    "fill below 0": (17, 29, lambda w: buffer(w).fill(w.of("a"), -1)),
    "append_fill below 0": (17, 29, lambda w: buffer(w).append_fill(w.of("a"), -1)),
    "delete below 0": (17, 29, lambda w: buffer(w).delete(1, -1)),
    "maximum below 0": (18, 30, lambda w: w.buf(-1)),
    "constant maximum below 0": (18, 30, lambda w: w.buf_c(-1)),
    "maximum on the heap below 0": (18, 30, lambda w: w.hbuf.new(-1)),
    "created maximum below 0": (18, 30, lambda w: w.rbuf().create(-1)),
}


@pytest.mark.parametrize("name", MISUSES)
def test_each_misuse_has_its_panic_in_either_width(
    end_of: EndOf, bits: int, width: Width, name: str
) -> None:
    of_16, of_8, misuse = MISUSES[name]
    reason = of_16 if bits == 16 else of_8
    assert end_of(lambda: misuse(width)) == f"panicked USER {reason}"


@pytest.mark.parametrize(("length", "reason"), [(-1, 29), (5, 20)])
def test_pointer_into_an_array_has_its_length_inside(
    end_of: EndOf, length: int, reason: int
) -> None:
    def making() -> None:
        TPtr8(bytearray(4), length)

    def setting() -> None:
        TPtr8(bytearray(4)).set(bytearray(4), length)

    assert end_of(making) == f"panicked USER {reason}"
    assert end_of(setting) == f"panicked USER {reason}"


def test_overflow_changes_nothing(end_of: EndOf, width: Width) -> None:
    """Other threads see the buffer of one that panicked."""
    des = buffer(width)
    for misuse in (
        lambda: des.append(width.of("de")),
        lambda: des.insert(0, width.of("de")),
        lambda: des.replace(0, 1, width.of("dexx")),
        lambda: des.swap(width.buf(9, width.of("abcde"))),
        lambda: des.format(width.of("%d %d"), 1234, 5),
    ):
        assert end_of(misuse).startswith("panicked USER")
        assert des == width.of("abc")


def test_parts_are_inserted_deleted_and_replaced(run: Run, width: Width) -> None:
    def program() -> None:
        des = width.buf(9, width.of("abc"))
        des.insert(1, width.of("xy"))
        des.insert(5, width.buf(1, width.of("z")))
        assert des == width.of("axybcz")
        des.delete(1, 2)
        des.delete(3, 99)
        assert des == width.of("abc")
        des.replace(1, 1, width.ptr_c(width.of("---")))
        assert des == width.of("a---c")
        des.replace(5, 0, width.of("!"))
        assert des == width.of("a---c!")
        other = width.buf(6, width.of("other"))
        des.swap(other)
        assert (des, other) == (width.of("other"), width.of("a---c!"))
        des[0] = "O" if width.of is wide else ord("O")
        assert des == width.of("Other")

    run(program)


def test_space_and_case_are_taken_away(run: Run, width: Width) -> None:
    def changed(method: str, text: str) -> Any:
        des = width.buf(20, width.of(text))
        getattr(des, method)()
        return des

    def program() -> None:
        assert changed("trim_left", "  a b ") == width.of("a b ")
        assert changed("trim_right", "  a b ") == width.of("  a b")
        assert changed("trim", "  a b ") == width.of("a b")
        assert changed("trim_all", "  a \t b ") == width.of("a b")
        assert changed("upper_case", "aB\xe4\xdf") == width.of("AB\xc4\xdf")
        assert changed("lower_case", "aB\xc4") == width.of("ab\xe4")
        assert changed("fold", "aB\xc4") == width.of("ab\xe4")

    run(program)


def test_fills_put_one_item_many_times(run: Run, width: Width) -> None:
    def program() -> None:
        des = width.buf(5, width.of("abc"))
        des.fill(width.of("x"))
        des.append_fill(width.of("y"), 2)
        assert des == width.of("xxxyy")
        des.fill_z(2)
        assert des == width.of("\0\0")
        des.copy(width.of("ab"))
        des.zero_terminate()
        assert (des, des.length) == (width.of("ab"), 2)
        des.set_length(3)
        assert des == width.of("ab\0")

    run(program)


def test_numbers_are_written_in_four_bases(run: Run, width: Width) -> None:
    def program() -> None:
        des = width.buf(80)
        des.num(-42)
        assert des == width.of("-42")
        for number, radix in ((10, 16), (10, 8), (10, 2), (-1, 16)):
            des.append(width.of(" "))
            des.append_num(number, radix)
        assert des == width.of("-42 a 12 1010 ffffffffffffffff")
        with pytest.raises(ValueError, match="7 is not 2, 8, 10 or 16"):
            des.num(1, 7)

    run(program)


def test_parts_are_clipped_and_found(run: Run, width: Width) -> None:
    def program() -> None:
        des = width.ptr_c(width.of("Banana"))
        assert (des.left(3), des.left(9)) == (width.of("Ban"), width.of("Banana"))
        assert (des.right(2), des.right(9)) == (width.of("na"), width.of("Banana"))
        assert (des.mid(6), des.mid(1, 2)) == (width.of(""), width.of("an"))
        assert (des.find(width.of("an")), des.find_f(width.of("AN"))) == (1, 1)
        assert des.find(width.of("AN")) == KErrNotFound
        assert (des.locate(width.of("n")), des.locate_reverse(width.of("n"))) == (2, 4)
        assert des.locate_reverse(width.of("x")) == KErrNotFound
        assert des.find(width.lit(width.of("nana"))) == 2

    run(program)


@pytest.mark.parametrize(
    ("pattern", "place", "folded"),
    [
        ("*", 0, 0),
        ("", -1, -1),
        ("Banana", 0, 0),
        ("*n*", 2, 2),
        ("B?n*", 0, 0),
        ("*ana", 3, 3),
        ("*ANA", -1, 3),
        ("banana", -1, 0),
        ("?anana", 0, 0),
        ("?Banana", -1, -1),
        ("Ban", -1, -1),
    ],
)
def test_whole_must_match_and_its_first_literal_is_told(
    run: Run, width: Width, pattern: str, place: int, folded: int
) -> None:
    def program() -> None:
        des = width.ptr_c(width.of("Banana"))
        assert des.match(width.of(pattern)) == place
        assert des.match_f(width.lit(width.of(pattern))) == folded

    run(program)


def test_descriptors_of_a_width_have_an_order(run: Run, width: Width) -> None:
    def program() -> None:
        one, other = width.ptr_c(width.of("abc")), width.buf(5, width.of("ABD"))
        assert one.compare(other) > 0 > other.compare(one)
        assert one.compare_f(other) < 0
        assert one.compare_f(width.of("ABC")) == one.compare(width.of("abc")) == 0
        assert other < one
        assert other <= width.of("ABD")
        assert one > other
        assert one >= width.of("abc")
        assert (one.length, one.size) == (3, 6 if width.of is wide else 3)

    run(program)


@pytest.mark.parametrize(
    ("pattern", "args", "expected"),
    [
        ("%d of %S%%", (-3, TBuf(4, "four")), "-3 of four%"),
        ("%S %s", (TBuf8(4, b"four"), "text"), "four text"),
        ("%u %x %X %o %b", (-1, 255, 255, 8, 5), "4294967295 ff FF 10 101"),
        ("%Lx %lu", (-1, -1), "f" * 16 + " 18446744073709551615"),
        ("%5d|%05d|%2d", (42, 42, 123), "   42|00042|12"),
        ("%-5d|%+5d|%=5d", (4, 4, 4), "4    |    4|  4  "),
        ("%-_5d|%=*6x|%+$4d", (4, 10, 5), "4____|**a***|$$$5"),
        ("%*d|%0*x|%-*S|", (4, 7, 4, 7, 4, "ab"), "   7|0007|ab  |"),
        ("%-A4p|%3p", (), "AAAA|   "),
        (
            "%f %.2f %.1e %8.2f",
            (0.5, 0.125, 1500.0, 2.5),
            "0.500000 0.12 1.5E+03     2.50",
        ),
        ("%c%c", ("a", 98), "ab"),
        ("%3S|%.2S", ("long", "long"), "lon|lo"),
        ("plain", (1, 2), "plain"),
    ],
)
def test_formats_are_those_of_the_original(
    run: Run,
    width: Width,
    pattern: str,
    args: tuple[object, ...],
    expected: str,
) -> None:
    def program() -> None:
        des = width.buf(80, width.of(">"))
        des.append_format(width.of(pattern), *args)
        assert des == width.of(">" + expected)
        des.format(width.ptr_c(width.of(pattern)), *args)
        assert des == width.of(expected)

    run(program)


def test_literals_are_constant_and_can_be_keys(run: Run, width: Width) -> None:
    def program() -> None:
        literal = width.lit(width.of("name"))
        assert {literal: 1}[width.lit(width.of("name"))] == 1
        assert (literal, literal.length) == (width.of("name"), 4)
        assert not hasattr(literal, "append")

    run(program)


def test_pointer_can_be_set_to_another_buffer(run: Run, width: Width) -> None:
    def program() -> None:
        one, other = buffer(width), width.hbuf(9)
        pointer = width.ptr(one)
        pointer.append(width.of("d"))
        pointer.set(other)
        pointer.append(width.of("efgh"))
        assert (one, other) == (width.of("abcd"), width.of("efgh"))
        assert pointer.max_length == 9

    run(program)


def test_heap_buffer_is_a_cell_whose_room_can_change(run: Run, width: Width) -> None:
    def program() -> None:
        cells = UHeap.cells()
        made = width.hbuf.new(4)
        made.des().copy(width.of("abcd"))
        assert made.re_alloc(6) is made
        made.des().append(width.of("ef"))
        assert made == width.of("abcdef")
        assert made.re_alloc(6).des().max_length == 6
        full = width.hbuf.new_max(3)
        assert full.length == 3
        copied = width.hbuf.copy_of(made)
        assert (copied, copied.des().max_length) == (width.of("abcdef"), 6)
        assert UHeap.cells() == cells + 3
        for each in (made, full, copied):
            each.destroy()
        assert UHeap.cells() == cells

    run(program)


def test_resizable_buffer_takes_over_what_another_has(run: Run, width: Width) -> None:
    def program() -> None:
        cells = UHeap.cells()
        owner = width.rbuf()
        owner.assign(width.hbuf(5, width.of("abc")))
        assert (owner, owner.max_length) == (width.of("abc"), 5)
        with width.rbuf().create_max(2) as heir:
            assert heir.length == 2
            heir.assign(owner)
            assert (heir, heir.max_length) == (width.of("abc"), 5)
            assert (owner.length, owner.max_length) == (0, 0)
            assert UHeap.cells() == cells + 1
            heir.re_alloc(7)
            heir.create(1)
            assert UHeap.cells() == cells + 1
        heir.close()  # again: nothing
        owner.re_alloc(3)  # of nothing: makes room
        owner.append(width.of("xyz"))
        owner.close()
        assert UHeap.cells() == cells

    run(program)


def test_no_memory_leaves_heap_buffers_as_they_were(run: Run, width: Width) -> None:
    def failing(operation: Callable[..., object], *args: object) -> int:
        UHeap.fail_next(1)
        code = trap(operation, *args)
        UHeap.reset()
        return code

    def program() -> None:
        constant = width.hbuf(3, width.of("abc"))
        owned = width.rbuf().create(3, width.of("abc"))
        cells = UHeap.cells()
        assert failing(width.hbuf.new, 3) == KErrNoMemory
        assert failing(width.rbuf().create, 3) == KErrNoMemory
        assert failing(constant.re_alloc, 4) == KErrNoMemory
        assert failing(owned.re_alloc, 4) == KErrNoMemory
        assert failing(width.rbuf().assign, owned) == 0
        assert (constant, constant.des().max_length) == (width.of("abc"), 3)
        assert UHeap.cells() == cells

    run(program)


def test_leave_closes_a_buffer_on_the_cleanup_stack(run: Run, width: Width) -> None:
    def body() -> None:
        buf = width.rbuf().create(3)
        buf.cleanup_close_push()
        other = width.rbuf().create(3)
        cleanup_close_push(other)
        User.leave(-9)

    def program() -> None:
        with CTrapCleanup():
            cells = UHeap.cells()
            assert trap(body) == -9
            assert UHeap.cells() == cells

    run(program)
