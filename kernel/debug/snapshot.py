"""A consistent, immutable picture of a machine, taken in one short hold of the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.abi.handles import TObjectType
from kernel.ipc.session import DSession

if TYPE_CHECKING:
    from types import FrameType

    from kernel.core import Core
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread

# Frames of these are not the program's own.
_OURS = ("kernel.", "userlib.", "greenlet", "contextlib", "threading")


# Those that have no field of their own in a snapshot.
_OTHER_KINDS = tuple(
    kind
    for kind in TObjectType
    if kind
    not in (
        TObjectType.EThread,
        TObjectType.EProcess,
        TObjectType.EServer,
        TObjectType.ESession,
        TObjectType.ETimer,
    )
)


@dataclass(frozen=True, slots=True)
class ThreadInfo:
    """One live thread.

    *waits_for* is what it does, in words; *at* is its program's line.

    *blocked_by* are the ids of the threads that could let it go on, as far as known.
    """

    id: int
    name: str
    process_id: int
    state: str
    priority: int
    level: int
    request_count: int
    handles: int
    waits_for: str
    at: str
    blocked_by: tuple[int, ...]
    is_idle_server: bool


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """One live process."""

    id: int
    name: str
    command_line: str
    state: str
    handles: int
    threads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MessageInfo:
    """One message in flight."""

    handle: int  # 0 until accepted
    function: int
    state: str
    client: int  # thread id
    server: str


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """Any other kernel object."""

    number: int
    kind: str
    name: str
    count: int
    state: str


@dataclass(frozen=True, slots=True)
class PublishedInfo:
    """What a process shows of itself: `Exec.debug_publish`."""

    process_id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything, as plain values."""

    time_us: int
    processes: tuple[ProcessInfo, ...]
    threads: tuple[ThreadInfo, ...]
    servers: tuple[ObjectInfo, ...]
    sessions: tuple[ObjectInfo, ...]
    timers: tuple[ObjectInfo, ...]
    objects: tuple[ObjectInfo, ...]  # of the other kinds
    messages: tuple[MessageInfo, ...]
    published: tuple[PublishedInfo, ...]  # by process, then by name

    @property
    def wait_for(self) -> dict[int, tuple[int, ...]]:
        """The wait-for graph: thread id to the ids that could let it go on."""
        return {t.id: t.blocked_by for t in self.threads if t.blocked_by}

    def cycle(self) -> tuple[int, ...]:
        """Thread ids of one circle in the wait-for graph; empty if there is none."""
        graph = self.wait_for
        for start in graph:
            path: list[int] = []
            at = start
            while at in graph and at not in path:
                path.append(at)
                at = graph[at][0]
            if at in path:
                return tuple(path[path.index(at) :])
        return ()


def take_snapshot(core: Core) -> Snapshot:
    """Requires: the kernel lock."""
    return Snapshot(
        core.clock.now(),
        tuple(_process_info(p) for p in core.processes.values()),
        tuple(_thread_info(core, t) for t in core.threads.values()),
        _objects(core, TObjectType.EServer),
        _objects(core, TObjectType.ESession),
        _objects(core, TObjectType.ETimer),
        _objects(core, *_OTHER_KINDS),
        tuple(_messages(core)),
        tuple(_published(core)),
    )


def _process_info(process: DProcess) -> ProcessInfo:
    return ProcessInfo(
        process.id,
        process.name,
        process.command_line,
        process.state_text(),
        process.handles.active_count,
        tuple(process.threads),
    )


def _thread_info(core: Core, thread: DThread) -> ThreadInfo:
    blockers = thread.wait.blockers() if thread.wait is not None else []
    return ThreadInfo(
        thread.id,
        thread.full_name,
        thread.process.id,
        thread.state_text(),
        thread.priority,
        thread.level,
        thread.request_count,
        thread.handles.active_count,
        thread.describe_wait(),
        program_line(core.backend.frame(thread)) if thread.started else "",
        tuple(dict.fromkeys(t.id for t in blockers if not t.dead)),
        thread.is_parked_as_service(),
    )


def program_line(frame: FrameType | None) -> str:
    """`file:line in function` of the innermost frame that is not ours."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if not module.startswith(_OURS):
            code = frame.f_code
            return f"{code.co_filename}:{frame.f_lineno} in {code.co_name}"
        frame = frame.f_back
    return ""


def _objects(core: Core, *kinds: TObjectType) -> tuple[ObjectInfo, ...]:
    return tuple(
        ObjectInfo(
            obj.number,
            TObjectType(obj.kind).name[1:],
            obj.full_name,
            obj.access_count,
            obj.state_text(),
        )
        for kind in kinds
        for obj in core.containers[kind].in_order()
    )


def _published(core: Core) -> list[PublishedInfo]:
    return [
        PublishedInfo(process.id, name, text)
        for process in core.processes.values()
        for name, text in sorted(process.published.items())
    ]


def _messages(core: Core) -> list[MessageInfo]:
    found = []
    for obj in core.containers[DSession.kind].in_order():
        assert isinstance(obj, DSession)
        found += [
            MessageInfo(
                m.handle if m.state.value == "accepted" else 0,
                m.function,
                m.state.value,
                m.client.id,
                obj.server_name,
            )
            for m in obj.messages
        ]
    return found
