"""Verifies every internal invariant of a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.ipc.capability import DCapability
from kernel.ipc.chunk import DChunk
from kernel.ipc.event_queue import DEventQueue
from kernel.ipc.gate import DIpcGate
from kernel.ipc.ipc_send import IpcSend
from kernel.ipc.irq import DIrq
from kernel.ipc.message import TPool, TState
from kernel.ipc.property import check_properties
from kernel.ipc.reply_cap import DReplyCap
from kernel.ipc.server import DServer
from kernel.ipc.session import DSession
from kernel.waits.mutex import DMutex
from kernel.waits.wait_queue import Waitable

if TYPE_CHECKING:
    from kernel.core import Core
    from kernel.tasks.objects import DObject
    from kernel.tasks.process import DProcess
    from kernel.tasks.thread import DThread


def check(core: Core) -> None:
    """Assert all of it. Requires: the kernel lock."""
    _check_counts(core)
    core.backend.check()
    for container in core.containers:
        container.check()
        for obj in container.in_order():
            if isinstance(obj, Waitable):
                obj.queue.check()
    for process in core.processes.values():
        process.handles.check()
        _check_process(core, process)
    for thread in core.threads.values():
        thread.handles.check()
        _check_thread(thread)
    _check_references(core)
    _check_ipc(core)
    _check_l4(core)
    check_properties(core)
    _check_events(core)
    for obj in core.containers[DChunk.kind].in_order():
        assert isinstance(obj, DChunk)
        obj.check_pages()
    for obj in core.containers[DMutex.kind].in_order():
        assert isinstance(obj, DMutex)
        assert (obj.holder is None) == (obj.depth == 0), obj
        assert obj.holder is None or obj in obj.holder.at_end, obj
        assert obj.holder is None or obj in obj.holder.lenders, obj


def _check_counts(core: Core) -> None:
    running = [
        t
        for t in core.threads.values()
        if t.started and not t.parked and not t.held_back
    ]
    assert core.runnable == len(running), (core.runnable, running)
    assert core.outside >= 0, core.outside
    pooled = [m for s in _sessions(core) for m in s.messages if m.pool is TPool.EGlobal]
    assert core.global_messages == len(pooled), (core.global_messages, pooled)


def _sessions(core: Core) -> set[DSession]:
    """All; one that was closed is its server's until the disconnect is done."""
    opened = core.containers[DSession.kind].in_order()
    servers = core.containers[DServer.kind].in_order()
    kept = (
        s for server in servers if isinstance(server, DServer) for s in server.sessions
    )
    return {*kept, *(obj for obj in opened if isinstance(obj, DSession))}


def _check_process(core: Core, process: DProcess) -> None:
    assert not process.dead, process
    assert process.access_count > 0, process
    assert process.threads, process
    for thread in process.threads.values():
        assert core.threads[thread.id] is thread, thread


def _check_thread(thread: DThread) -> None:
    assert not thread.dead, thread
    assert thread.access_count > 0, thread
    assert thread.process.threads[thread.id] is thread, thread
    assert thread.parked == (thread.wait is not None), thread
    assert thread.attention == (thread.suspend_count > 0), thread
    assert thread.request_count >= 0, thread
    assert thread.level == thread.due_level(), thread
    for logon in thread.own_logons:
        assert logon in logon.target.logons, logon
    for server in thread.receivers:
        assert isinstance(server, DServer), server
        assert server.receive is not None, server


def _check_references(core: Core) -> None:
    """No object has fewer references than there are handles and parameters."""
    held: dict[DObject, int] = {}
    for process in core.processes.values():
        for obj in process.parameters.objects():
            held[obj] = held.get(obj, 0) + 1
    tables = [t.handles for t in core.threads.values()]
    tables += [p.handles for p in core.processes.values()]
    for table in tables:
        for _, obj, _ in table:
            held[obj] = held.get(obj, 0) + 1
            assert obj in core.containers[obj.kind], obj
    for held_obj, count in held.items():
        assert held_obj.access_count >= count, (held_obj, count)


def _check_ipc(core: Core) -> None:
    for obj in core.containers[DServer.kind].in_order():
        assert isinstance(obj, DServer)
        assert obj.receive is None or not obj.queue, obj
        for message in obj.queue:
            assert message.state is TState.EDelivered, message
            assert message.session.server is obj, message
        for session in obj.sessions:
            assert session.server is obj, session
            assert session.server_name == obj.label, session
    for handle, message in core.messages.items():
        assert message.state is TState.EAccepted, message
        assert message.handle == handle, message
        assert message.session.server is not None, message
    for obj in core.containers[DSession.kind].in_order():
        assert isinstance(obj, DSession)
        for message in obj.messages:
            assert message.state is not TState.EFree, message
            own = message is message.client.message
            assert own or message in message.client.outstanding, message


def _check_events(core: Core) -> None:
    for obj in core.containers[DEventQueue.kind].in_order():
        assert isinstance(obj, DEventQueue)
        obj.check()
    for number, call in core.event_calls.items():
        assert call.number == number, call
        assert call.client.wait is call, call.client
        assert (call.queue is None) == (call.handler is not None), call.client
        assert call.handler is None or call in call.handler.at_end, call.client


def _check_l4(core: Core) -> None:
    """Capabilities know their holders; a caller is owed its reply by exactly one."""
    for kind in (DIpcGate.kind, DIrq.kind):
        for obj in core.containers[kind].in_order():
            assert isinstance(obj, DCapability)
            obj.check_slots()
    for obj in core.containers[DIpcGate.kind].in_order():
        assert isinstance(obj, DIpcGate)
        assert obj.partner is None or obj in obj.partner.gates, obj
        assert obj.partner is None or not obj.partner.thread.dead, obj
        for send in obj.waiting:
            assert send.partner is None, send
            assert not send.client.dead, send
            assert not send.is_received, send
    _check_replies(core)


def _check_replies(core: Core) -> None:
    owed: set[IpcSend] = set()
    for thread in core.threads.values():
        if thread.partner is not None:
            thread.partner.check()
            owed.update(thread.partner.owed())
    for obj in core.containers[DReplyCap.kind].in_order():
        assert isinstance(obj, DReplyCap)
        if obj.send.is_received:
            assert obj.send not in owed, obj
            owed.add(obj.send)
    for thread in core.threads.values():
        if isinstance(thread.wait, IpcSend) and thread.wait.is_received:
            assert thread.wait in owed, thread
