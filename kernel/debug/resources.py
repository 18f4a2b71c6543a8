"""What is still alive when a machine shuts down, and whose it is.

Taken before anything is killed: afterwards nothing is left, or it is a leak of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.ipc.ipc_send import IpcSend
from kernel.ipc.session import DSession
from kernel.tasks.process import DProcess
from kernel.tasks.thread import DThread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kernel.core import Core
    from kernel.tasks.objects import DObject, DObjectIx


@dataclass(frozen=True, slots=True)
class Resource:
    """One object, handle or message.

    *what* is `process`, `thread`, `object`, `handle` or `message`; *owner* the full
    name of whoever has it, empty if that is nobody; *is_service* whether that is a
    program started at boot.
    """

    what: str
    description: str
    owner: str
    is_service: bool

    def __str__(self) -> str:
        owner = f" of {self.owner}" if self.owner else ""
        return f"{self.what}{owner}: {self.description}"


def take_resources(core: Core) -> list[Resource]:
    """In order of creation within each kind. Requires: the kernel lock."""
    return [*_tasks(core), *_objects(core), *_handles(core), *_messages(core)]


def _tasks(core: Core) -> Iterator[Resource]:
    for process in core.processes.values():
        creator = process.creator.full_name if process.creator is not None else ""
        yield Resource("process", repr(process), creator, process.is_service)
        for thread in process.threads.values():
            text = f"{thread!r} {thread.describe_wait()}"
            yield Resource("thread", text, process.full_name, process.is_service)


def _objects(core: Core) -> Iterator[Resource]:
    for container in core.containers:
        for obj in container.in_order():
            if not isinstance(obj, DProcess | DThread):
                owner = obj.owner
                name = owner.full_name if owner is not None else ""
                yield Resource("object", repr(obj), name, _is_of_service(core, obj))


def _is_of_service(core: Core, obj: DObject) -> bool:
    """Whether services alone hold it, or own it."""
    holders = [p for p in core.processes.values() if _holds(p, obj)]
    return bool(holders) and all(process.is_service for process in holders)


def _holds(process: DProcess, obj: DObject) -> bool:
    tables = [process.handles, *(t.handles for t in process.threads.values())]
    return any(table.count_of(obj) for table in tables)


def _handles(core: Core) -> Iterator[Resource]:
    for process in core.processes.values():
        yield from _handles_in(process.handles, process)
        for thread in process.threads.values():
            yield from _handles_in(thread.handles, process)


def _handles_in(table: DObjectIx, process: DProcess) -> Iterator[Resource]:
    for handle, obj, _ in table:
        text = f"{handle:#010x} to {obj!r}"
        yield Resource("handle", text, table.owner.full_name, process.is_service)


def _messages(core: Core) -> Iterator[Resource]:
    for obj in core.containers[DSession.kind].in_order():
        assert isinstance(obj, DSession)
        for message in obj.messages:
            client = message.client
            is_service = client.process.is_service
            yield Resource("message", repr(message), client.full_name, is_service)
    for thread in core.threads.values():
        if isinstance(thread.wait, IpcSend):
            owner = thread.full_name
            is_service = thread.process.is_service
            yield Resource("message", repr(thread.wait), owner, is_service)
