"""Recorded events, and what travels as plain data."""

from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userlib.geos import (
    MSG_META_ATTACH,
    MSG_META_DISPATCH_EVENT,
    MSG_META_DUMMY,
    MSG_META_QUIT,
    NULL_OPTR,
    AppInstanceReference,
    AppLaunchBlock,
    ClassRef,
    Event,
    GenProcessClass,
    GeodeToken,
    GeosFatalError,
    MetaClass,
    Optr,
    message,
    message_set_destination,
    obj_duplicate_message,
    obj_free_message,
    obj_get_message_info,
    pack_value,
    record,
    unpack_value,
)
from userlib.geos.context import GeosThread

SOMEBODY = Optr(3, 4, 5)
WORDS = st.integers(0, 0xFFFF)
OPTRS = st.builds(Optr, WORDS, WORDS, WORDS)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.binary()
    | OPTRS
    | st.builds(GeodeToken, st.binary(min_size=4, max_size=4), WORDS)
    | st.builds(ClassRef, st.text())
    | st.builds(
        AppLaunchBlock,
        st.builds(AppInstanceReference, st.text(), st.text(), WORDS),
        WORDS,
        WORDS,
        WORDS,
        st.text(),
        st.text(),
        OPTRS,
    ),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
)


class Holder(MetaClass):
    MSG_HOLD = message(what=object, also=object)


def is_plain(value: object) -> bool:
    if type(value) is tuple:
        return all(map(is_plain, value))
    return value is None or type(value) in (bool, int, float, str, bytes)


@given(VALUES)
def test_what_is_packed_is_plain_and_unpacks_to_the_same(value: object) -> None:
    packed = pack_value(value)
    assert is_plain(packed)
    assert unpack_value(packed) == value


def test_an_enumerator_travels_as_its_number() -> None:
    class Colour(IntEnum):
        RED = 5

    packed = pack_value((Colour.RED, True))
    assert is_plain(packed)
    assert unpack_value(packed) == (5, True)
    assert unpack_value(packed)[1] is True


@pytest.mark.parametrize("value", [[], {}, object(), len, (1, [2])])
def test_what_cannot_travel_is_refused_when_it_is_recorded(value: object) -> None:
    with pytest.raises(TypeError, match="cannot travel"):
        record(SOMEBODY, Holder.MSG_HOLD, what=value, also=None)


@pytest.mark.usefixtures("thread")
def test_an_object_travels_as_its_optr() -> None:
    holder = Holder()
    event = record(holder, Holder.MSG_HOLD, what=holder, also=(holder,))
    assert event.values == (holder.optr, (holder.optr,))
    assert event.destination == holder.optr


def test_an_event_is_used_up_by_whoever_takes_it() -> None:
    event = record(SOMEBODY, MSG_META_DUMMY)
    assert obj_get_message_info(event) == (MSG_META_DUMMY.number, SOMEBODY)
    obj_free_message(event)
    assert event.is_consumed
    for use in (
        obj_free_message,
        obj_get_message_info,
        obj_duplicate_message,
        Event.pack,
        lambda it: message_set_destination(it, SOMEBODY),
        lambda it: record(SOMEBODY, MSG_META_DISPATCH_EVENT, event=it),
    ):
        with pytest.raises(GeosFatalError) as raised:
            use(event)
        assert raised.value.name == "ILLEGAL_HANDLE"


def test_an_event_inside_another_is_handed_over_and_copied_deeply() -> None:
    inner = record(SOMEBODY, MSG_META_QUIT, quit_level=2)
    outer = record(None, MSG_META_DISPATCH_EVENT, event=inner)
    assert inner.is_consumed
    copy = obj_duplicate_message(outer)
    first, second = outer.values[0], copy.values[0]
    obj_free_message(first)
    assert second.values == (2, None)
    assert second.destination == SOMEBODY
    message_set_destination(copy, 9)
    assert (outer.destination, copy.destination) == (None, 9)


def test_a_packed_event_can_be_unpacked_any_number_of_times() -> None:
    packed = record(SOMEBODY, MSG_META_QUIT, quit_level=1).pack()
    one, other = Event.unpack(packed), Event.unpack(packed)
    obj_free_message(one)
    assert other.values == (1, None)


def test_destinations_are_objects_handles_classes_or_nobody(thread: GeosThread) -> None:
    destinations = {
        "optr": SOMEBODY,
        "handle": 12,
        "class": GenProcessClass,
        "anybody": None,
        "null": NULL_OPTR,
    }
    recorded = {
        name: record(dest, MSG_META_DUMMY).destination
        for name, dest in destinations.items()
    }
    assert recorded == {
        "optr": SOMEBODY,
        "handle": 12,
        "class": ClassRef("GenProcessClass"),
        "anybody": None,
        "null": None,
    }
    assert record(SOMEBODY, MSG_META_DUMMY).owner == thread.geode.handle
    with pytest.raises(TypeError, match="an object, a handle or a class, not 'x'"):
        record("x", MSG_META_DUMMY)  # type: ignore[arg-type] # that is the point


def test_a_null_optr_is_false_and_optrs_are_hashable() -> None:
    assert not NULL_OPTR
    assert Optr(3, 0, 5)
    assert len({SOMEBODY, Optr(3, 4, 5), Optr(3, 4, 6)}) == 2


@pytest.mark.parametrize(
    ("chars", "manuf"), [(b"SRV", 8), (b"SRVRS", 8), (b"SRVR", -1)]
)
def test_a_token_has_four_bytes_and_a_word(chars: bytes, manuf: int) -> None:
    with pytest.raises(ValueError, match=r"four bytes|16 bits"):
        GeodeToken(chars, manuf)


def test_a_token_is_no_text() -> None:
    with pytest.raises(TypeError, match="four bytes, as b\"SRVR\", not 'SRVR'"):
        GeodeToken("SRVR", 8)  # type: ignore[arg-type] # that is the point


def test_tokens_are_equal_byte_for_byte() -> None:
    token = GeodeToken(b"SRVR", 8)
    assert token == GeodeToken(b"SRVR", 8)
    assert token not in (GeodeToken(b"srvr", 8), GeodeToken(b"SRVR", 9))
    assert str(token) == "SRVR,8"


def test_a_block_goes_where_a_message_says() -> None:
    block = AppLaunchBlock(app_mode=3)
    assert record(4, MSG_META_ATTACH, app_launch_block=block).values == (block,)
    with pytest.raises(TypeError, match=r"app_launch_block is .*AppLaunchBlock"):
        record(4, MSG_META_ATTACH, app_launch_block="a path")
