"""Calls on thread-local storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def tls_set(core: Core, thread: DThread, module: int, uid: int, value: int) -> None:
    """Store a word."""
    key = (module, uid)
    if core.faults is not None and key not in thread.tls:
        core.faults.allocate("tls")
    thread.tls[key] = value


def tls_get(
    core: Core,
    thread: DThread,
    module: int,
    uid: int,
) -> int:
    """Look it up."""
    return thread.tls.get((module, uid), 0)


def tls_free(
    core: Core,
    thread: DThread,
    module: int,
    uid: int,
) -> None:
    """Forget it."""
    thread.tls.pop((module, uid), None)
