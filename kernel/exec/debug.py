"""Calls that test the kernel by failing allocations, and that look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.current import current_exec
from kernel.abi.errors import (
    KernelError,
    KErrArgument,
    KErrPermissionDenied,
    KErrTooBig,
)
from kernel.abi.heap import SETTABLE_KINDS
from kernel.abi.limits import KMaxName, KMaxPublishedText
from kernel.abi.security import TCapability
from kernel.events import EVENTS, TEvent
from kernel.exec.entrance import ThreadExec
from kernel.faults import FaultInjector
from kernel.ipc.session import DSession
from kernel.tasks.handles import resolve
from kernel.tasks.process import DProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kernel.core import Core
    from kernel.events import Event
    from kernel.tasks.objects import DObjectIx
    from kernel.tasks.thread import DThread


def running_thread() -> DThread | None:
    """In whose kernel call this is; None for the clock and the host."""
    exec_: object = current_exec.get()
    return exec_.thread if isinstance(exec_, ThreadExec) else None


def set_failures(core: Core, scope: int, kind: int, rate: int, burst: int) -> None:
    """Begin a kind for a thread, a process, or every program.

    What is truly random is drawn from the machine's seed: a run can be repeated.
    """
    if core.faults is None:
        core.faults = FaultInjector(running_thread)
    core.faults.set(scope, kind, rate, burst, core.seed)


def debug_fail_alloc(
    core: Core, thread: DThread, kind: int, rate: int, burst: int
) -> None:
    """For the calling thread."""
    if kind not in SETTABLE_KINDS:
        raise KernelError(KErrArgument)
    set_failures(core, thread.id, kind, rate, burst)


def debug_alloc_failures(core: Core, thread: DThread) -> int:
    """Of the calling thread."""
    return 0 if core.faults is None else core.faults.failures(thread.id)


def debug_heap_cells(core: Core, thread: DThread) -> int:
    """Objects, handles, messages and requests."""
    objects = sum(container.count for container in core.containers)
    waits = sum(
        len(obj.destruction_waits)
        for container in core.containers
        for obj in container.in_order()
    )
    processes = list(core.processes.values())
    threads = list(core.threads.values())
    handles = sum(p.handles.active_count for p in processes)
    handles += sum(t.handles.active_count for t in threads)
    sessions = core.containers[DSession.kind].in_order()
    messages = sum(len(s.messages) for s in sessions if isinstance(s, DSession))
    logons = sum(len(t.own_logons) for t in threads)
    return objects + waits + handles + messages + logons


def debug_publish(core: Core, thread: DThread, name: str, text: str) -> None:
    """As one of the calling process's."""
    if not 0 < len(name) <= KMaxName:
        raise KernelError(KErrArgument)
    if len(text) > KMaxPublishedText:
        raise KernelError(KErrTooBig)
    published = thread.process.published
    if not text:
        published.pop(name, None)
        return
    if core.faults is not None:
        core.faults.allocate("published text")
    published[name] = text


def debug_handles(
    core: Core, thread: DThread, process: int
) -> tuple[tuple[int, int, str, int, int], ...]:
    """Of the process, then of each of its threads."""
    target = resolve(core, thread, process, DProcess)
    if target is not thread.process:
        _demand_trust(thread)
    found = list(_slots(target.handles, 0))
    for one in core.threads.values():
        if one.process is target:
            found += _slots(one.handles, one.id)
    return tuple(found)


def _slots(table: DObjectIx, owner: int) -> Iterator[tuple[int, int, str, int, int]]:
    for handle, obj, _ in table:
        yield (handle, int(obj.kind), obj.full_name, obj.access_count, owner)


def debug_events(
    core: Core, thread: DThread, most: int
) -> tuple[tuple[int, int, str, int, int, str], ...]:
    """As the flight recorder has them."""
    if most < 0:
        raise KernelError(KErrArgument)
    _demand_trust(thread)
    return tuple(map(_shown, core.recorder.latest(most)))


def _shown(event: Event) -> tuple[int, int, str, int, int, str]:
    number, time_us, kind, process, thread, *fields = event
    name, names, _ = EVENTS[kind]
    text = " ".join(f"{n}={value}" for n, value in zip(names, fields, strict=False))
    return (number, time_us, name, process, thread, text)


def _demand_trust(thread: DThread) -> None:
    """Whoever may end a process may look into it."""
    if not thread.process.identity.has(TCapability.ECapabilityPowerMgmt):
        raise KernelError(KErrPermissionDenied)


def debug_print(core: Core, thread: DThread, text: str) -> None:
    """A line."""
    core.open_debug_port()
    core.event(TEvent.EDebugPrint, thread, _whole(text))


def debug_raw_print(core: Core, thread: DThread, text: str) -> None:
    """A text."""
    core.open_debug_port()
    core.event(TEvent.EDebugRawPrint, thread, _whole(text))


def _whole(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
