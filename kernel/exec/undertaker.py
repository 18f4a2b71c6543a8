"""Calls on undertakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KernelError, KErrCancel, KErrGeneral, KErrInUse
from kernel.abi.handles import EOwnerProcess
from kernel.tasks.handles import new_handle, resolve
from kernel.tasks.undertaker import DUndertaker

if TYPE_CHECKING:
    from kernel.abi.memory import ClientCell, ClientStatus
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def undertaker_create(core: Core, thread: DThread) -> int:
    """One of the caller's process."""
    return new_handle(thread, DUndertaker(core, thread.process), EOwnerProcess)


def undertaker_logon(
    core: Core, thread: DThread, handle: int, status: ClientStatus, cell: ClientCell
) -> None:
    """Be told of the next death."""
    undertaker = resolve(core, thread, handle, DUndertaker)
    if undertaker.notice.thread is not None:
        raise KernelError(KErrInUse)
    undertaker.log_on(thread, status, cell)


def undertaker_logon_cancel(core: Core, thread: DThread, handle: int) -> None:
    """Take the request back."""
    undertaker = resolve(core, thread, handle, DUndertaker)
    if undertaker.notice.thread is None:
        raise KernelError(KErrGeneral)
    undertaker.end_request(KErrCancel)
