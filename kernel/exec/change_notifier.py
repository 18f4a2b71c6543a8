"""Calls on change notifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KernelError, KErrCancel, KErrGeneral, KErrInUse
from kernel.abi.handles import EOwnerProcess
from kernel.tasks.handles import new_handle, resolve
from kernel.waits.change_notifier import DChangeNotifier

if TYPE_CHECKING:
    from kernel.abi.memory import ClientStatus
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def change_notifier_create(core: Core, thread: DThread) -> int:
    """One of the caller's process."""
    return new_handle(thread, DChangeNotifier(core, thread.process), EOwnerProcess)


def change_notifier_logon(
    core: Core, thread: DThread, handle: int, status: ClientStatus
) -> None:
    """Be told of changes."""
    notifier = resolve(core, thread, handle, DChangeNotifier)
    if notifier.notice.thread is not None:
        raise KernelError(KErrInUse)
    notifier.log_on(thread, status)


def change_notifier_logon_cancel(core: Core, thread: DThread, handle: int) -> None:
    """Take the request back."""
    notifier = resolve(core, thread, handle, DChangeNotifier)
    if notifier.notice.thread is None:
        raise KernelError(KErrGeneral)
    notifier.notice.finish(KErrCancel)
