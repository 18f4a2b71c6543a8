"""The layout of messages, to the byte, and what does not fit into them."""

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userlib.l4re import consts
from userlib.l4re.cap import Cap
from userlib.l4re.errors import L4Error
from userlib.l4re.fpage import Fpage
from userlib.l4re.half import Half, request_half
from userlib.l4re.interface import OperationInfo, ParameterInfo
from userlib.l4re.messages import ExpectedItems

INTEGERS = ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")


def parameters(*wires: str, direction: str = "in") -> list[ParameterInfo]:
    return [
        ParameterInfo(f"p{number}", direction, wire, wire)
        for number, wire in enumerate(wires)
    ]


def request(*wires: str, opcode: int = 0) -> Half:
    return request_half(OperationInfo("f", opcode, tuple(parameters(*wires))))


def reply(*wires: str) -> Half:
    return Half(parameters(*wires, direction="out"))


def words(half: Half, *values: object) -> list[int]:
    packed = half.pack(values).words
    return list(struct.unpack(f"<{len(packed) // 8}Q", packed))


def test_words_are_those_of_the_specification() -> None:
    add = request("i4", "i4")
    assert words(add, 3, 4) == [0x0000000300000000, 0x4]
    assert words(reply("i4"), 7) == [7]
    assert words(request("i4", "i4", opcode=1), -1, 2) == [0xFFFFFFFF00000001, 2]
    mmap = request("u8", "u8", "u8", "u8", opcode=7)
    assert words(mmap, 0, 4096, 0, 100) == [7, 0, 0x1000, 0, 0x64]
    assert words(reply("u8", "u8", "u8"), 1, 2, 3) == [1, 2, 3]
    attach = request("u8", "u8", "u8", "cap", "u8", "u1")
    region = Cap(0x1000)
    assert words(attach, 1, 2, 3, region, 5, 6) == [0, 1, 2, 3, 5, 6]
    assert attach.pack((1, 2, 3, region, 5, 6)).items == (region,)


def test_each_value_is_aligned_to_its_size_and_padding_is_zero() -> None:
    half = request("u1", "u2", "u1", "u8", "u1", opcode=0x01020304)
    assert half.pack((0x11, 0x2233, 0x44, 0x55, 0x66)).words == bytes.fromhex(
        "04030201 11 00 3322 44 00000000000000 5500000000000000 66 00000000000000"
    )


def test_buffers_have_their_count_before_them() -> None:
    assert reply("u1", "string").pack((1, "h\u00e9")).words == bytes.fromhex(
        "0100000000000000 0400000000000000 68c3a900 00000000"
    )
    assert reply("u1", "bytes").pack((1, b"abc")).words == bytes.fromhex(
        "01 00 0300 616263 00"
    )
    assert reply("[i4]", "u1").pack(([1, -1], 9)).words == bytes.fromhex(
        "0200 0000 01000000 ffffffff 09 000000"
    )
    assert reply("[u8]").pack(([],)).words == bytes(8)


@given(st.data())
def test_what_is_packed_is_unpacked_again(data: st.DataObject) -> None:
    wires = data.draw(
        st.lists(
            st.sampled_from([*INTEGERS, "string", "bytes", "[i2]", "[u8]"]), max_size=6
        )
    )
    values = [data.draw(values_of(wire)) for wire in wires]
    for half in (request(*wires, opcode=5), reply(*wires)):
        packed = half.pack(values)
        assert len(packed.words) % 8 == 0
        assert half.unpack(packed.words, packed.items) == values
        assert half.unpack(packed.words + bytes(16), ()) == values
        # Cut before the last value: padding alone may be behind it.
        for end in range(0, len(packed.words) - 7, 8) if wires else ():
            with pytest.raises(L4Error) as caught:
                half.unpack(packed.words[:end], ())
            assert caught.value.code == consts.L4_EMSGTOOSHORT


def values_of(wire: str) -> st.SearchStrategy[object]:
    if wire == "string":
        return st.text(max_size=8)
    if wire == "bytes":
        return st.binary(max_size=8)
    element = wire.strip("[]")
    bits = 8 * int(element[1])
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1)
    if element[0] == "u":
        low, high = 0, (1 << bits) - 1
    numbers = st.integers(low, high)
    return st.lists(numbers, max_size=4) if wire[0] == "[" else numbers


@pytest.mark.parametrize(
    ("wire", "value", "error"),
    [
        ("i4", 2**31, "p0: 2147483648 does not fit i4 .-2147483648 to 2147483647"),
        ("u1", -1, "p0: -1 does not fit u1 .0 to 255"),
        ("i8", 2**63, "does not fit"),
        ("[u1]", [1, 256], r"p0\[1\]: 256 does not fit"),
    ],
)
def test_a_number_out_of_range_is_an_overflow(
    wire: str, value: object, error: str
) -> None:
    with pytest.raises(OverflowError, match=error):
        request(wire).pack((value,))


@pytest.mark.parametrize(
    ("wire", "value", "error"),
    [
        ("i4", 1.5, "p0 must be an int, not float"),
        ("i4", "1", "p0 must be an int, not str"),
        ("string", b"x", "p0 must be a str, not bytes"),
        ("bytes", "x", "p0 must be bytes, not str"),
        ("[i4]", "12", "p0 must be a sequence of int, not str"),
        ("[i4]", 7, "p0 must be a sequence of int, not int"),
        ("[i4]", [None], r"p0\[0\] must be an int, not NoneType"),
        ("cap", 7, "p0 must be a Cap, not int"),
        ("fpage", Cap(4), "p0 must be a Fpage, not Cap"),
    ],
)
def test_a_value_of_the_wrong_type_is_a_type_error(
    wire: str, value: object, error: str
) -> None:
    with pytest.raises(TypeError, match=error):
        request(wire).pack((value,))


def refusal(half: Half, *values: object) -> int:
    with pytest.raises(L4Error) as caught:
        half.pack(values)
    return caught.value.code


def test_a_message_has_room_for_63_words() -> None:
    assert len(reply("bytes").pack((bytes(63 * 8 - 2),)).words) == 63 * 8
    assert refusal(reply("bytes"), bytes(63 * 8 - 1)) == consts.L4_EMSGTOOLONG
    assert refusal(reply("bytes"), bytes(0x10000)) == consts.L4_EMSGTOOLONG
    assert refusal(reply("bytes", "cap"), bytes(62 * 8 - 2), Cap(4)) == (
        consts.L4_EMSGTOOLONG
    )


def test_a_sequence_has_at_most_so_many_elements() -> None:
    assert refusal(request("[i4:2]"), [1, 2, 3]) == consts.L4_E2BIG
    packed = reply("[i4]").pack(([1, 2, 3],)).words
    assert unpack_refusal(reply("[i4:2]"), packed) == consts.L4_E2BIG


def test_an_invalid_capability_goes_to_clients_only() -> None:
    assert refusal(request("cap"), Cap()) == consts.L4_EMSGMISSARG
    empty = Cap()
    assert reply("cap").pack((empty,)).items == (empty,)


def unpack_refusal(half: Half, data: bytes, items: Sequence[Cap | Fpage] = ()) -> int:
    with pytest.raises(L4Error) as caught:
        half.unpack(data, items)
    return caught.value.code


def test_strings_and_counts_are_not_believed() -> None:
    def string(length: int, text: bytes) -> bytes:
        return struct.pack("<Q", length) + text.ljust(8, b"\0")

    short, bad = consts.L4_EMSGTOOSHORT, consts.L4_EINVAL
    assert unpack_refusal(reply("string"), string(0, b"")) == short
    assert unpack_refusal(reply("string"), string(9, b"")) == short
    assert unpack_refusal(reply("string"), string(2**64 - 1, b"")) == short
    assert unpack_refusal(reply("string"), string(3, b"\xff\xff")) == bad
    assert reply("string").unpack(string(3, b"abc"), ()) == ["ab"]
    assert unpack_refusal(reply("bytes"), struct.pack("<H6x", 7)) == short
    assert unpack_refusal(reply("[u8]"), struct.pack("<H6x", 1)) == short


def test_items_are_taken_in_order_and_must_be_of_their_kind() -> None:
    one, two, page = Cap(4), Cap(8), Fpage(12, 0, 12, 7)
    half = request("cap", "u1", "cap")
    data = half.pack((one, 7, two)).words
    assert half.unpack(data, (one, two)) == [one, 7, two]
    assert half.unpack(data, (one, two, page)) == [one, 7, two]
    assert unpack_refusal(half, data, (one,)) == consts.L4_EMSGTOOSHORT
    assert unpack_refusal(half, data, (one, Cap())) == consts.L4_EMSGMISSARG
    assert unpack_refusal(half, data, (one, page)) == consts.L4_EINVAL
    assert unpack_refusal(request("fpage"), data, (one,)) == consts.L4_EINVAL
    assert request("fpage").unpack(data, (page,)) == [page]
    assert reply("cap").unpack(b"", (two,)) == [two]
    assert not reply("cap").unpack(b"", (Cap(),))[0]
    assert half.expected == ExpectedItems(caps=2)
    assert reply("fpage", "cap").expected == ExpectedItems(1, 1)
