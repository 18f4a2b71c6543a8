"""Leave, trap and Trap."""

import pytest

from userlib import (
    KernelError,
    KErrGeneral,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    Leave,
    Trap,
    User,
    trap,
)


def test_a_function_that_returns_was_not_left() -> None:
    assert trap(lambda: 7) == KErrNone
    assert trap(int, "ff", base=16) == KErrNone


def test_trap_gives_the_code_of_a_leave() -> None:
    assert trap(User.leave, KErrNotFound) == KErrNotFound
    assert trap(User.leave_if_error, KErrGeneral) == KErrGeneral
    assert trap(User.leave_no_memory) == KErrNoMemory
    assert User.leave_if_error(3) == 3


def test_a_refused_call_is_a_leave() -> None:
    def refused() -> None:
        raise KernelError(KErrNotFound)

    assert trap(refused) == KErrNotFound


def test_running_out_of_host_memory_is_a_leave() -> None:
    def hungry() -> None:
        raise MemoryError

    assert trap(hungry) == KErrNoMemory
    with Trap() as result:
        hungry()
    assert result.code == KErrNoMemory


@pytest.mark.case("SU-62")
def test_an_inner_trap_does_not_disturb_the_outer() -> None:
    results: list[int] = []

    def outer() -> None:
        results.append(trap(User.leave, 1))
        User.leave(2)

    results.append(trap(outer))
    assert results == [1, 2]


def test_a_block_of_statements_is_trapped() -> None:
    with Trap() as result:
        User.leave(KErrGeneral)
    assert result.code == KErrGeneral
    with Trap() as result:
        pass
    assert result.code == KErrNone


def test_other_exceptions_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), Trap():
        1 / 0  # noqa: B018
    with pytest.raises(Leave):
        User.leave(1)
