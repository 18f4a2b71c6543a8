"""Running programs from the shell: userlib specification 14.2, case 92."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Executable, Kernel
from userlib import User

Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


@pytest.mark.case("SU-92")
def test_a_program_that_returns_3_gets_a_line_and_one_that_returns_0_none(
    machine: Kernel, answer: Helper
) -> None:
    machine.register("three", Executable(lambda: 3))
    machine.register("zero", Executable(lambda: 0))

    assert answer("three") == ["Exit type 0,3,Kill"]
    assert answer("zero") == []


def test_a_panic_shows_its_category(machine: Kernel, answer: Helper) -> None:
    machine.register("careless", Executable(lambda: User.panic("EIEIO", 7)))
    assert answer("careless") == ["Exit type 2,7,EIEIO"]


def test_the_result_of_the_last_program_is_the_shells(
    machine: Kernel, type_in: Helper
) -> None:
    machine.register("three", Executable(lambda: 3))
    assert type_in("three").result == 3
    assert type_in("three", "echo done").result == 0


def test_a_program_gets_its_command_line_without_its_name(
    machine: Kernel, answer: Helper
) -> None:
    lines: list[str] = []
    machine.register("teller", Executable(lambda: lines.append(User.command_line())))
    assert answer('teller one "two words" /s') == []
    assert lines == ['one "two words" /s']
