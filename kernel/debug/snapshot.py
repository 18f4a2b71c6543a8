"""A consistent, immutable picture of a machine, taken in one short hold of the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.abi.handles import TObjectType
from kernel.abi.l4 import Rights
from kernel.ipc.gate import DIpcGate
from kernel.ipc.ipc_send import IpcSend
from kernel.ipc.ipc_text import opcode_of
from kernel.ipc.session import DSession
from kernel.tasks.process import DProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType

    from kernel.core import Core
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
        TObjectType.EIpcGate,
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
class CallInfo:
    """One message on its way through an IPC gate, or received and not yet answered."""

    client: int  # thread id
    gate: int  # its number
    is_call: bool  # a reply is wanted
    protocol: int
    opcode: int | None  # None: a message without words
    state: str
    server: int  # thread id; 0: nobody serves the gate, or the reply was put off


@dataclass(frozen=True, slots=True)
class GateInfo:
    """One IPC gate, and who has a capability to it.

    *holders* are process ids, with the rights of each capability as letters.
    """

    number: int
    state: str
    label: int
    server: int  # the id of the thread it is bound to, or 0
    references: int  # capabilities that keep it alive
    holders: tuple[tuple[int, str], ...]


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
    gates: tuple[GateInfo, ...]
    calls: tuple[CallInfo, ...]  # L4's messages in flight, by client

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
        tuple(_gates(core)),
        tuple(_calls(core)),
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
        code = frame.f_code
        if not module.startswith(_OURS) and not _is_generated(module, code):
            return f"{code.co_filename}:{frame.f_lineno} in {code.co_name}"
        frame = frame.f_back
    return ""


def _is_generated(module: str, code: CodeType) -> bool:
    """Whether it is a client method that `eka idl` made: who called it is of interest.

    What generated modules and classes are called is fixed by the language mapping.
    """
    return module.endswith("_client") and code.co_qualname.startswith("client_")


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


def _gates(core: Core) -> Iterator[GateInfo]:
    for gate in core.containers[DIpcGate.kind].in_order():
        assert isinstance(gate, DIpcGate)
        yield GateInfo(
            gate.number,
            gate.state.name[1:].lower(),
            gate.label,
            gate.partner.thread.id if gate.partner is not None else 0,
            gate.counted,
            tuple(_holders(gate)),
        )


def _holders(gate: DIpcGate) -> Iterator[tuple[int, str]]:
    for (table, _), rights in gate.slots.items():
        owner = table.owner
        process = owner if isinstance(owner, DProcess) else owner.process
        yield process.id, rights_text(rights)


def rights_text(rights: int) -> str:
    """The letters that Ned's scripts and `Cap.mode` name rights by."""
    return "".join(name.lower() for name in "RWSDNC" if rights & Rights[name])


def _calls(core: Core) -> Iterator[CallInfo]:
    """A sender is parked on its message until that ends."""
    for thread in core.threads.values():
        send = thread.wait
        if isinstance(send, IpcSend):
            yield CallInfo(
                thread.id,
                send.gate.number,
                send.is_call,
                send.label,
                opcode_of(send.words),
                send.state.value,
                send.partner.thread.id if send.partner is not None else 0,
            )
