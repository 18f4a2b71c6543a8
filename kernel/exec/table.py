"""The complete table of kernel calls, filled from the families' modules.

A handler is a function of a family's module that bears the name of a call which the Exec
protocol declares. `ThreadExec` gets one method for each, made by the entrance, once.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

from kernel.abi.exec import Exec
from kernel.exec import (
    handle,
    message,
    mutex,
    port,
    process,
    request,
    semaphore,
    server,
    session,
    thread,
    timer,
)
from kernel.exec.entrance import ThreadExec, make_call

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILIES: Final = (
    handle,
    message,
    mutex,
    process,
    request,
    semaphore,
    server,
    session,
    thread,
    timer,
)

# Made by the entrance itself, or by the host's side.
OWN_METHODS: Final = frozenset(("host_call",))


def declared_calls() -> list[str]:
    """The names of all kernel calls, from the protocol."""
    return sorted(
        name
        for name, value in inspect.getmembers(Exec, inspect.isfunction)
        if not name.startswith("_")
    )


def handlers() -> dict[str, Callable[..., object]]:
    """The handler of each call. A call without one is a mistake of ours."""
    found: dict[str, Callable[..., object]] = {}
    for name in declared_calls():
        if name in OWN_METHODS:
            continue
        family = next(module for module in FAMILIES if hasattr(module, name))
        found[name] = getattr(family, name)
    return found


for _name, _handler in handlers().items():
    setattr(ThreadExec, _name, make_call(_name, _handler))
setattr(ThreadExec, "port_next", make_call("port_next", port.port_next))  # noqa: B010 - not declared: no program calls it
