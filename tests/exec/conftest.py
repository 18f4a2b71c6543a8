"""What tests of kernel calls share: threads to do things in, and to look at after."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from eka import Kernel
from userlib import ExitInfo, RThread, TRequestStatus, User

ThreadFunction: TypeAlias = Callable[..., int | None]
ExitOf: TypeAlias = Callable[..., ExitInfo]
EndOf: TypeAlias = Callable[[Callable[[], object]], str]


def _exit_of(function: ThreadFunction, *args: object) -> ExitInfo:
    with RThread().create("", function, args=args) as thread:
        status = TRequestStatus()
        thread.logon(status)
        thread.resume()
        User.wait_for_request(status)
        return thread.exit_info()


@pytest.fixture
def exit_of() -> ExitOf:
    """Runs a function in an emulated thread of its own and tells how that ended.

    For use inside a program; one that misuses a call dies in the place of its caller.
    """
    return _exit_of


@pytest.fixture
def end_of(machine: Kernel) -> EndOf:
    """How a process ends that does nothing but call a function."""

    def end_of(body: Callable[[], object]) -> str:
        def program() -> None:
            body()

        return str(machine.run(program))

    return end_of
