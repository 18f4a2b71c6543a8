"""Exception handlers."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tools.pytest_plugin import Run
from userlib import (
    EExcAbort,
    EExcKill,
    EExcUserInterrupt,
    ExitInfo,
    KErrNone,
    KExceptionAbort,
    KExceptionFault,
    KExceptionFpe,
    KExceptionInteger,
    KExceptionKill,
    Leave,
    TExcType,
    User,
    trap,
)

ExitOf: TypeAlias = Callable[..., ExitInfo]


def died(info: ExitInfo) -> tuple[str, int]:
    return (info.category, info.reason)


@pytest.mark.case("SK-070")
def test_a_handler_runs_and_without_one_the_thread_panics(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        handled = []

        def body() -> None:
            User.set_exception_handler(handled.append, KExceptionAbort)
            assert trap(User.raise_exception, EExcAbort) == KErrNone
            assert handled == [EExcAbort]
            User.raise_exception(EExcKill)
            handled.append(EExcKill)

        assert died(exit_of(body)) == ("USER-EXEC", 3)
        assert handled == [EExcAbort]
        assert died(exit_of(User.raise_exception, EExcAbort)) == ("USER-EXEC", 3)

    run(program)


def test_an_exception_while_the_handler_runs_is_unhandled(
    run: Run, exit_of: ExitOf
) -> None:
    def program() -> None:
        def body() -> None:
            User.set_exception_handler(User.raise_exception, KExceptionAbort)
            User.raise_exception(EExcAbort)

        assert died(exit_of(body)) == ("USER-EXEC", 3)

    run(program)


def test_a_handler_that_leaves_may_be_called_again(run: Run) -> None:
    def program() -> None:
        def leave(kind: TExcType) -> None:
            raise Leave(kind)

        User.set_exception_handler(leave, KExceptionAbort)
        assert User.exception_handler() is leave
        assert [trap(User.raise_exception, EExcAbort) for _ in range(2)] == [20, 20]

    run(program)


def test_the_mask_says_which_kinds_are_handled(run: Run) -> None:
    def program() -> None:
        assert not User.is_exception_handled(EExcAbort)
        User.set_exception_handler(lambda _kind: None, KExceptionAbort | KExceptionFpe)
        assert User.is_exception_handled(EExcAbort)
        assert User.is_exception_handled(TExcType.EExcFloatOverflow)
        assert not User.is_exception_handled(EExcUserInterrupt)
        User.modify_exception_mask(KExceptionAbort, KExceptionKill | KExceptionFault)
        assert not User.is_exception_handled(EExcAbort)
        assert User.is_exception_handled(EExcKill)
        assert User.is_exception_handled(TExcType.EExcDataAbort)
        assert not User.is_exception_handled(TExcType.EExcIntegerOverflow)
        User.modify_exception_mask(0, KExceptionInteger)
        assert User.is_exception_handled(TExcType.EExcIntegerOverflow)
        assert not User.is_exception_handled(TExcType.EExcBreakPoint)

    run(program)


def test_a_handler_is_its_threads_own(run: Run, exit_of: ExitOf) -> None:
    def program() -> None:
        User.set_exception_handler(lambda _kind: None, KExceptionAbort)
        assert died(exit_of(User.raise_exception, EExcAbort)) == ("USER-EXEC", 3)
        User.raise_exception(EExcAbort)

    run(program)
