"""Snapshots as text: who waits for what, and the whole machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.debug.snapshot import Snapshot, take_snapshot
from kernel.events import event_text

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.debug.snapshot import ThreadInfo


def describe_stall(core: Core) -> str:
    """Who waits for what, with the line of the program. Requires: the kernel lock."""
    snapshot = take_snapshot(core)
    lines = ["who waits for what:"]
    idle = [t for t in snapshot.threads if _is_idle(core, t)]
    for thread in snapshot.threads:
        if thread not in idle:
            lines += _thread_lines(snapshot, thread)
    if idle:
        lines.append(f"  idle servers: {', '.join(thread.name for thread in idle)}")
    lines += _cycle_lines(snapshot)
    lines += [f"  {line}" for line in _published_lines(snapshot)]
    return "\n".join(lines)


def _is_idle(core: Core, thread: ThreadInfo) -> bool:
    """A server waiting for clients, or a service's helper that waits for nobody."""
    is_service = core.processes[thread.process_id].is_service
    return thread.is_idle_server or (is_service and not thread.blocked_by)


def _thread_lines(snapshot: Snapshot, thread: ThreadInfo) -> list[str]:
    lines = [f"  {thread.name} (thread {thread.id}) {thread.waits_for}"]
    names = {other.id: other.name for other in snapshot.threads}
    if thread.blocked_by:
        blockers = ", ".join(names.get(i, str(i)) for i in thread.blocked_by)
        lines.append(f"      which depends on {blockers}")
    if thread.at:
        lines.append(f"      at {thread.at}")
    return lines


def _cycle_lines(snapshot: Snapshot) -> list[str]:
    cycle = snapshot.cycle()
    if not cycle:
        return []
    names = {thread.id: thread.name for thread in snapshot.threads}
    circle = [names[i] for i in (*cycle, cycle[0])]
    return [f"  a circle: {' -> '.join(circle)}"]


def _published_lines(snapshot: Snapshot) -> list[str]:
    """What servers show of what is between their clients, which no wait tells."""
    lines = []
    for shown in snapshot.published:
        lines.append(f"{shown.name} (process {shown.process_id}):")
        lines += [f"  {line}" for line in shown.text.splitlines()]
    return lines


def _gate_lines(snapshot: Snapshot) -> list[str]:
    """IPC gates: who serves them, who may use them, what is on its way through them."""
    names = {thread.id: thread.name for thread in snapshot.threads}
    programs = {process.id: process.name for process in snapshot.processes}
    lines = []
    for gate in snapshot.gates:
        served = f" by {names[gate.server]}" if gate.server else ""
        label = f", label {gate.label:#x}" if gate.server else ""
        lines.append(f"gate #{gate.number}: {gate.state}{served}{label}")
        lines += [
            f"      held by {programs.get(holder, holder)} as {rights}"
            for holder, rights in gate.holders
        ]
        lines += [
            f"      {call.state} {'call' if call.is_call else 'message'}"
            f" by {names[call.client]}"
            for call in snapshot.calls
            if call.gate == gate.number
        ]
    return lines


def dump(core: Core, events: int) -> str:
    """The machine for a person: processes, threads, objects, the latest events."""
    with core.lock:
        snapshot = take_snapshot(core)
        recent = core.recorder.latest(events)
        fault = core.fault
    lines = [
        f"machine at {snapshot.time_us} us{f', stopped: {fault}' if fault else ''}"
    ]
    for process in snapshot.processes:
        lines.append(f"process {process.id} {process.name}: {process.state}")
        for thread in snapshot.threads:
            if thread.process_id == process.id:
                lines += _thread_lines(snapshot, thread)
    for kind in ("servers", "sessions", "timers", "objects"):
        for obj in getattr(snapshot, kind):
            lines.append(f"{obj.kind.lower()} {obj.name} #{obj.number}: {obj.state}")
    lines += _published_lines(snapshot)
    lines += _gate_lines(snapshot)
    lines += _cycle_lines(snapshot)
    if recent:
        lines.append(f"latest {len(recent)} events:")
        lines += [event_text(event) for event in recent]
    return "\n".join(lines)
