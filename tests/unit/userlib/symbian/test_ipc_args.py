"""TIpcArgs: what goes to the kernel for each kind of argument."""

import pytest

from kernel.abi.ipc import KArgTypeBits, KArgTypeMask, TArgType
from userlib import (
    KErrNotFound,
    RHandleBase,
    TBuf,
    TBuf8,
    TIpcArgs,
    TPckgBuf,
    TPckgC,
    TPtrC,
)


def types_of(args: TIpcArgs) -> list[int]:
    return [
        args.types >> i * KArgTypeBits & KArgTypeMask for i in range(len(args.values))
    ]


def test_integers_and_nothing_go_as_they_are() -> None:
    assert (TIpcArgs().values, TIpcArgs().types) == ((), 0)
    args = TIpcArgs(1, -2, 3, 4)
    assert (args.values, args.types) == ((1, -2, 3, 4), 0)
    assert TIpcArgs(None, KErrNotFound, True).values == (0, -1, 1)


@pytest.mark.parametrize(
    ("argument", "read_back"),
    [(0xFFFFFFFF, -1), (0x80000000, -(1 << 31)), (-(1 << 31), -(1 << 31))],
)
def test_integers_are_32_bits_and_read_back_signed(
    argument: int, read_back: int
) -> None:
    assert TIpcArgs(argument).values == (read_back,)


@pytest.mark.parametrize("argument", [1 << 32, -(1 << 31) - 1])
def test_integers_beyond_32_bits_are_refused(argument: int) -> None:
    with pytest.raises(OverflowError):
        TIpcArgs(argument)
    with pytest.raises(OverflowError):
        TIpcArgs().set(0, argument)


def test_descriptors_go_by_width_and_constness() -> None:
    wide, narrow, package = TBuf(4), TBuf8(4), TPckgBuf(1)
    args = TIpcArgs(wide, narrow, "text", b"bytes")

    assert args.values == (wide.client, narrow.client, "text", b"bytes")
    assert types_of(args) == [
        TArgType.EDes16,
        TArgType.EDes8,
        TArgType.EDesC16,
        TArgType.EDesC8,
    ]
    args = TIpcArgs(package, TPckgC(1), TPtrC("view"), wide.as_const())
    assert args.values == (package.client, b"\1\0\0\0", "view", wide.client)
    assert types_of(args) == [
        TArgType.EDes8,
        TArgType.EDesC8,
        TArgType.EDesC16,
        TArgType.EDesC16,
    ]


def test_a_handle_goes_with_its_type() -> None:
    args = TIpcArgs(7, RHandleBase(0x12340001))

    assert args.values == (7, 0x12340001)
    assert types_of(args) == [TArgType.EUnspecified, TArgType.EHandle]


def test_set_replaces_one_argument_and_its_type() -> None:
    args = TIpcArgs("text")
    args.set(2, b"bytes")
    assert args.values == ("text", 0, b"bytes")
    args.set(0, 5)

    assert args.values == (5, 0, b"bytes")
    assert types_of(args) == [0, 0, TArgType.EDesC8]
    with pytest.raises(IndexError):
        args.set(4, 1)


def test_what_no_message_can_carry_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        TIpcArgs(1, object())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        TIpcArgs(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        TIpcArgs(1, 2, 3, 4, 5)
    with pytest.raises(TypeError):
        TIpcArgs("1", 2, 3, 4, 5)
