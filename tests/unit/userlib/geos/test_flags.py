"""Flags that do not go together are fatal, under the original's names."""

import pytest

from userlib.geos import (
    MF_CALL,
    MF_CHECK_DUPLICATE,
    MF_CHECK_LAST_ONLY,
    MF_CUSTOM,
    MF_FIXUP_DS,
    MF_FIXUP_ES,
    MF_FORCE_QUEUE,
    MF_INSERT_AT_FRONT,
    MF_RECORD,
    MF_REPLACE,
    MF_STACK,
    MSG_META_DUMMY,
    GeosFatalError,
    Optr,
    obj_message,
)
from userlib.geos.flags import check_flags

CHECK = MF_CHECK_DUPLICATE | MF_FORCE_QUEUE


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        (0x0001, "BAD_FLAGS_RESERVED_MUST_BE_0"),
        (0x10000, "BAD_FLAGS_RESERVED_MUST_BE_0"),
        (MF_RECORD | MF_CALL, "BAD_FLAGS_CANNOT_BE_USED_WITH_MF_RECORD"),
        (MF_RECORD | MF_FORCE_QUEUE, "BAD_FLAGS_CANNOT_BE_USED_WITH_MF_RECORD"),
        (MF_FORCE_QUEUE | MF_REPLACE, "BAD_FLAGS_REQUIRES_MF_CHECK_DUPLICATE"),
        (MF_CHECK_LAST_ONLY, "BAD_FLAGS_REQUIRES_MF_CHECK_DUPLICATE"),
        (MF_CHECK_DUPLICATE, "BAD_FLAGS_REQUIRES_MF_FORCE_QUEUE"),
        (CHECK | MF_STACK, "BAD_FLAGS_CANNOT_STACK_AND_CHECK"),
        (CHECK | MF_CALL, "BAD_FLAGS_CANNOT_CALL_AND_CHECK"),
        (CHECK | MF_INSERT_AT_FRONT, "BAD_FLAGS_CANNOT_INSERT_AT_FRONT_AND_CHECK"),
        (MF_CALL | MF_FORCE_QUEUE, "CANNOT_HAVE_BOTH_MF_FORCE_QUEUE_AND_MF_CALL"),
        (MF_INSERT_AT_FRONT, "INSERT_AT_FRONT_REQUIRES_FORCE_QUEUE"),
        (MF_FIXUP_ES, "BAD_FLAGS_CANNOT_FIXUP_ES_ONLY"),
    ],
)
def test_flags_that_do_not_go_together_are_fatal(flags: int, name: str) -> None:
    with pytest.raises(GeosFatalError) as raised:
        obj_message(Optr(1, 1, 1), MSG_META_DUMMY, flags)
    assert raised.value.name == name


@pytest.mark.parametrize(
    "flags",
    [
        MF_CALL | MF_STACK | MF_FIXUP_DS | MF_FIXUP_ES,
        MF_FORCE_QUEUE | MF_INSERT_AT_FRONT,
        CHECK | MF_REPLACE | MF_CHECK_LAST_ONLY,
        MF_RECORD | MF_STACK,
    ],
)
def test_flags_that_go_together_are_taken(flags: int) -> None:
    assert check_flags(flags) == flags


def test_a_structure_is_not_empty() -> None:
    with pytest.raises(GeosFatalError) as raised:
        obj_message(Optr(1, 1, 1), MSG_META_DUMMY, MF_STACK)
    assert raised.value.name == "BAD_ARGS_CANNOT_PASS_EMPTY_STACK_FRAME"


def test_a_function_to_combine_goes_with_its_flag() -> None:
    with pytest.raises(TypeError, match="MF_CUSTOM and a function"):
        obj_message(Optr(1, 1, 1), MSG_META_DUMMY, CHECK | MF_CUSTOM)
