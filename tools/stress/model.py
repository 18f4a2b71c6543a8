"""What a machine should do, in so far as it is simple to say.

Objects are counted by their handles, handles stand in the tables of processes and
threads, statuses count as signals once they are complete. What a call is expected to
come to is a list of outcomes; the kernel has to choose one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KErrGeneral, KRequestPending
from kernel.abi.exit import EExitKill, EExitPanic, ExitInfo
from kernel.abi.handles import (
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    KHandleFlagLocal,
    KHandleFlagSpecial,
    KHandleNoClose,
    TObjectType,
)
from kernel.abi.panics import KERN_EXEC

if TYPE_CHECKING:
    from kernel.abi.memory import ClientCell, ClientStatus


@dataclass(frozen=True, slots=True)
class Value:
    """The call returns this, or with *any* whatever it likes."""

    value: object = None
    any: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The call raises KernelError."""

    code: int


@dataclass(frozen=True, slots=True)
class Died:
    """The call is the calling thread's end."""

    info: ExitInfo


@dataclass(frozen=True, slots=True)
class WrongType:
    """The call raises TypeError."""


Outcome = Value | Refused | Died | WrongType
NOTHING: Final = Value()
ANYTHING: Final = Value(any=True)


def panics(reason: int) -> Died:
    """The call is misuse."""
    return Died(ExitInfo(EExitPanic, reason, KERN_EXEC))


def kills(reason: int) -> Died:
    """The caller ends itself."""
    return Died(ExitInfo(EExitKill, reason, "Kill"))


@dataclass(eq=False)
class Thing:
    """A kernel object, of which so many handles are open."""

    kind: TObjectType
    process: Process  # of its creator
    name: str | None = None  # None: local; "": protected; else global
    refs: int = 0
    is_gone: bool = False
    count: int = 0  # of a semaphore; how often a mutex is held
    holder: Puppet | None = None  # of a mutex
    status: ClientStatus | None = None  # of a timer's or server's request
    cell: ClientCell | None = None
    server: Thing | None = None  # of a session
    waiters: list[Thing] = field(default_factory=list)  # threads, first come first
    exit_info: ExitInfo = field(default_factory=ExitInfo)  # of a thread or process
    waits_on: int = 0  # the handle a thread will wait on when it is resumed; 0: none
    is_started: bool = False
    puppet: Puppet | None = None  # whose Main thread this is

    @property
    def is_pending(self) -> bool:
        """Whether its request is outstanding."""
        return self.status is not None and self.status.value == KRequestPending


@dataclass(eq=False)
class Message:
    """One that a server of the process has accepted; *is_sure* that it still is."""

    handle: int
    session: Thing | None  # None: unknown, a disconnect message
    server: Thing
    is_sure: bool = True
    is_disconnect: bool = False


@dataclass(eq=False)
class Process:
    """A puppet's process."""

    thing: Thing = field(init=False)  # itself, as an object
    table: dict[int, Thing] = field(default_factory=dict)
    threads: list[Thing] = field(default_factory=list)  # but for Main
    messages: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thing = Thing(TObjectType.EProcess, self)


@dataclass(eq=False)
class Puppet:
    """A process with a Main thread that does as it is told."""

    process: Process
    main: Thing
    table: dict[int, Thing] = field(default_factory=dict)  # the thread's own
    signals: int = 0  # but for those of the statuses
    statuses: list[ClientStatus] = field(default_factory=list)  # not yet counted
    stale: list[int] = field(default_factory=list)  # handles it has closed
    spent: list[int] = field(default_factory=list)  # messages it has completed

    def look_up(self, handle: int) -> Thing | None:
        """What *handle* stands for in the eyes of the Main thread."""
        if handle & KHandleFlagSpecial:
            if handle == KCurrentThreadHandle:
                return self.main
            is_process = handle == KCurrentProcessHandle
            return self.process.thing if is_process else None
        table = self.table_of(handle)
        return table.get(handle) or table.get(handle & ~KHandleNoClose)

    def table_of(self, handle: int) -> dict[int, Thing]:
        """In which table *handle* is, if it is."""
        return self.table if handle & KHandleFlagLocal else self.process.table

    def things(self) -> list[Thing]:
        """What it has handles to."""
        return [*self.table.values(), *self.process.table.values()]

    def request_count(self) -> int:
        """How many signals there are now."""
        done = [s for s in self.statuses if s.value != KRequestPending]
        self.statuses = [s for s in self.statuses if s.value == KRequestPending]
        self.signals += len(done)
        return self.signals


class Model:
    """All puppets and things."""

    def __init__(self) -> None:
        self.puppets: list[Puppet] = []
        self.named: dict[tuple[TObjectType, str], Thing] = {}  # in order of creation
        self.sessions: dict[int, Thing] = {}  # by a number of our own
        self._numbers: dict[Thing, int] = {}

    def new_thing(self, kind: TObjectType, process: Process, name: str | None) -> Thing:
        """One without handles yet."""
        thing = Thing(kind, process, name)
        if name:
            self.named[kind, name] = thing
        return thing

    def number_of(self, session: Thing | None) -> int:
        """By which the model knows a session again; 0 for none."""
        if session is None:
            return 0
        number = self._numbers.setdefault(session, len(self._numbers) + 1)
        self.sessions[number] = session
        return number

    def as_another_thread(self, thread: Thing, handle: int) -> Thing | None:
        """What *handle* names for a thread of the process that has no own handles."""
        if handle & (KHandleFlagSpecial | KHandleFlagLocal):
            is_thread = handle == KCurrentThreadHandle
            return thread if is_thread else None
        table = thread.process.table
        return table.get(handle) or table.get(handle & ~KHandleNoClose)

    def open(self, puppet: Puppet, handle: int, thing: Thing) -> None:
        """The kernel has given the puppet that handle."""
        table = puppet.table_of(handle)
        assert handle > 0, handle
        assert handle not in table, hex(handle)
        table[handle] = thing
        thing.refs += 1

    def close(self, puppet: Puppet, handle: int) -> None:
        """It has been closed."""
        table = puppet.table_of(handle)
        thing = table.pop(handle, None) or table.pop(handle & ~KHandleNoClose)
        puppet.stale.append(handle)
        self.unref(thing)

    def unref(self, thing: Thing) -> None:
        """One handle less; with the last one the thing goes, unless it lives."""
        thing.refs -= 1
        is_task = thing.kind in (TObjectType.EThread, TObjectType.EProcess)
        is_alive = is_task and thing.exit_info.is_pending
        if thing.refs == 0 and not is_alive:
            self._destroy(thing)

    def _destroy(self, thing: Thing) -> None:
        thing.is_gone = True
        if thing.name:
            self.named.pop((thing.kind, thing.name), None)
        if thing.kind is TObjectType.EServer:
            for puppet in self.puppets:
                messages = puppet.process.messages
                messages[:] = [m for m in messages if m.server is not thing]
        if thing.kind is TObjectType.ESession:
            self.doubt(thing)
        for waiter in list(thing.waiters):
            self.end_thread(waiter, ExitInfo(EExitKill, KErrGeneral, "Kill"))

    def doubt(self, session: Thing | None) -> None:
        """Of these messages we do not know whether they can still be completed."""
        for puppet in self.puppets:
            for message in puppet.process.messages:
                if session is None or message.session in (session, None):
                    message.is_sure = False

    def wake(self, semaphore: Thing, count: int) -> None:
        """The semaphore is signalled: waiters end, the rest stays."""
        while count and semaphore.waiters:
            self.end_thread(semaphore.waiters.pop(0), ExitInfo(EExitKill, 0, "Kill"))
            count -= 1
        semaphore.count += count

    def end_thread(self, thread: Thing, info: ExitInfo) -> None:
        """A thread other than a puppet's Main is dead."""
        if not thread.exit_info.is_pending:
            return
        thread.exit_info = info
        thread.process.threads.remove(thread)
        for thing in self._all_things():
            if thread in thing.waiters:
                thing.waiters.remove(thread)
        if thread.refs == 0:
            self._destroy(thread)

    def _all_things(self) -> list[Thing]:
        return [thing for puppet in self.puppets for thing in puppet.things()]

    def has_waiters(self) -> bool:
        """Whether any thread is parked."""
        return any(thing.waiters for thing in self._all_things())

    def end_puppet(self, puppet: Puppet, info: ExitInfo) -> None:
        """Main has died, and its process with it."""
        puppet.main.exit_info = puppet.process.thing.exit_info = info
        for thread in list(puppet.process.threads):
            self.end_thread(thread, info)
        for thing in list(self.held_by(puppet)):
            thing.count, thing.holder = 0, None
        for table in (puppet.table, puppet.process.table):
            things = list(table.values())
            table.clear()
            for thing in things:
                self.unref(thing)
        puppet.process.messages.clear()
        self.puppets.remove(puppet)

    def held_by(self, puppet: Puppet) -> list[Thing]:
        """The mutexes that its Main thread holds."""
        return [thing for thing in self._all_things() if thing.holder is puppet]
