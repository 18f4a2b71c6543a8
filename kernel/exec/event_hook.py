"""Calls on raw events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrCancel,
    KErrPermissionDenied,
)
from kernel.abi.panics import TKernExec
from kernel.abi.raw_event import POWER_EVENTS, KWindowServerSecureId, TRawEventType
from kernel.abi.security import TCapability
from kernel.tasks.identity import demand
from kernel.tasks.thread_exit import panic_current

if TYPE_CHECKING:
    from kernel.abi.memory import ClientCell, ClientStatus
    from kernel.core import Core
    from kernel.ipc.event_hook import EventHook
    from kernel.tasks.thread import DThread


def event_hook_capture(core: Core, thread: DThread) -> None:
    """For the window server alone."""
    process = thread.process
    demand(core, thread, process.identity.secure_id == KWindowServerSecureId)
    if core.event_hook.process is not None:
        panic_current(core, thread, TKernExec.EEventAlreadyCaptured)
    core.event_hook.capture(process)


def _held(core: Core, thread: DThread) -> EventHook:
    if core.event_hook.process is not thread.process:
        panic_current(core, thread, TKernExec.EEventNotCaptured)
    return core.event_hook


def event_hook_release(core: Core, thread: DThread) -> None:
    """Let it go."""
    _held(core, thread).release()


def event_hook_request(
    core: Core, thread: DThread, cell: ClientCell, status: ClientStatus
) -> None:
    """The next event, one at a time."""
    hook = _held(core, thread)
    if hook.notice.thread is not None:
        panic_current(core, thread, TKernExec.EEventRequestPending)
    hook.request(thread, cell, status)


def event_hook_cancel(core: Core, thread: DThread) -> None:
    """Take the request back."""
    _held(core, thread).notice.finish(KErrCancel)


def event_hook_add(
    core: Core, thread: DThread, kind: int, value0: int, value1: int
) -> None:
    """Make an event up."""
    if kind not in tuple(TRawEventType):
        raise KernelError(KErrArgument)
    trusted = (TCapability.ECapabilityPowerMgmt, TCapability.ECapabilitySwEvent)
    if kind in POWER_EVENTS and not thread.process.identity.has(*trusted):
        raise KernelError(KErrPermissionDenied)
    if core.faults is not None:
        core.faults.allocate("raw event")
    core.event_hook.add((kind, value0, value1, core.clock.now()))
