"""What tests of kernel calls share: threads to do things in, and to look at after."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from userlib import ExitInfo, RThread, TRequestStatus, User

ThreadFunction: TypeAlias = Callable[..., int | None]
ExitOf: TypeAlias = Callable[..., ExitInfo]


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
