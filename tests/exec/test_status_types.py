"""A request with something else than a TRequestStatus is the caller's TypeError."""

from collections.abc import Callable
from typing import Any

import pytest

from tools.pytest_plugin import Run
from userlib import (
    RChangeNotifier,
    RMsgQueue,
    RProcess,
    RProperty,
    RSemaphore,
    RSessionBase,
    RThread,
    RTimer,
    TIpcArgs,
    User,
)

REQUESTS: dict[str, Callable[[Any], object]] = {
    "session": lambda status: RSessionBase().request(0, TIpcArgs(), status),
    "thread": lambda status: RThread().logon(status),
    "rendezvous": lambda status: RThread().request_rendezvous(status),
    "process": lambda status: RProcess().logon(status),
    "timer": lambda status: RTimer().after(status, 1),
    "queue": lambda status: RMsgQueue().notify_data_available(status),
    "property": lambda status: RProperty().subscribe(status),
    "change notifier": lambda status: RChangeNotifier().logon(status),
    "handle": lambda status: RSemaphore().notify_destruction(status),
    "complete": lambda status: User.request_complete(status, 0),
    "wait": User.wait_for_request,
}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("junk", [5, "status", RThread])
def test_a_status_that_is_none_is_refused(run: Run, name: str, junk: object) -> None:
    """Before the kernel is asked: not even the handle has to be open."""

    def program() -> None:
        with pytest.raises(TypeError, match="TRequestStatus, not "):
            REQUESTS[name](junk)

    run(program)
