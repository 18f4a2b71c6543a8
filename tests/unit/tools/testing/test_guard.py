"""What the guard says of a machine after a test."""

import traceback
from dataclasses import dataclass, field

import pytest

from kernel.abi.errors import KernelError, KErrNotFound, Leave
from tools.testing.guard import exception_name, loose_ends


@dataclass
class Died:
    thread: str
    traceback: str


@dataclass
class FakeDebug:
    exceptions: list[Died] = field(default_factory=list)


@dataclass
class FakeMachine:
    leaks: list[str] = field(default_factory=list)
    debug: FakeDebug = field(default_factory=FakeDebug)


def text_of(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def machine_that_died_of(error: BaseException) -> FakeMachine:
    return FakeMachine(debug=FakeDebug([Died("p::t", text_of(error))]))


def test_a_clean_machine_has_no_loose_ends() -> None:
    assert loose_ends(FakeMachine(), []) == []


def test_what_leaked_is_named() -> None:
    assert loose_ends(FakeMachine(leaks=["<DSemaphore #3>"]), []) == [
        "left at shutdown: <DSemaphore #3>"
    ]


def test_an_undeclared_exception_is_shown_with_its_traceback() -> None:
    (end,) = loose_ends(machine_that_died_of(ValueError("seven")), [])
    assert end.startswith("p::t died of ValueError, which the test does not declare")
    assert end.endswith("ValueError: seven\n")


def test_a_declared_exception_is_allowed_by_its_very_name() -> None:
    died = machine_that_died_of(KernelError(KErrNotFound))
    assert loose_ends(died, ["KernelError"]) == []
    assert len(loose_ends(died, ["Leave"])) == 2


def test_a_declared_exception_that_never_came_is_a_loose_end() -> None:
    assert loose_ends(FakeMachine(), ["ZeroDivisionError"]) == [
        "no emulated thread died of ZeroDivisionError, which the test declares"
    ]


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (ValueError(), "ValueError"),
        (ValueError("a: b\nnot an exception: c"), "ValueError"),
        (Leave(KErrNotFound), "Leave"),
        (ExceptionGroup("some", [ValueError("in it")]), "ExceptionGroup"),
    ],
)
def test_a_traceback_ends_with_its_exceptions_name(
    error: BaseException, name: str
) -> None:
    assert exception_name(text_of(error)) == name
