"""The complete table of kernel calls, filled from the families' modules.

A handler is a function of a family's module that bears the name of a call that the Exec
protocol declares. A machine gets the table once, when it is built.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from kernel.exec import (
    cap,
    change_notifier,
    chunk,
    condition_variable,
    debug,
    event_hook,
    event_queue,
    fpage,
    gate,
    handle,
    ipc,
    irq,
    library,
    loader,
    message,
    message_queue,
    mutex,
    parameter,
    port,
    process,
    property,  # noqa: A004 - a family bears the name of its noun
    request,
    semaphore,
    server,
    session,
    thread,
    timer,
    tls,
    undertaker,
)
from kernel.exec.arguments import OWN_METHODS, declared_calls

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FAMILIES: Final = (
    cap,
    change_notifier,
    chunk,
    condition_variable,
    debug,
    event_hook,
    event_queue,
    fpage,
    gate,
    handle,
    ipc,
    irq,
    library,
    loader,
    message,
    message_queue,
    mutex,
    parameter,
    process,
    property,
    request,
    semaphore,
    server,
    session,
    thread,
    timer,
    tls,
    undertaker,
)


def handlers() -> dict[str, Callable[..., object]]:
    """The handler of each call. A call without one is a mistake of ours."""
    # Not declared, for no program calls it: how a borrowed thread waits for its host.
    found: dict[str, Callable[..., object]] = {"port_next": port.port_next}
    for name, family in _families():
        found[name] = getattr(family, name)
    return found


@cache
def _families() -> tuple[tuple[str, ModuleType], ...]:
    """The module of each call's handler: the same for every machine, slow to find."""
    return tuple(
        (name, next(module for module in FAMILIES if hasattr(module, name)))
        for name in declared_calls()
        if name not in OWN_METHODS
    )
