"""What a machine should do, in so far as it is simple to say.

Objects are counted by their handles, handles stand in the tables of processes and
threads, statuses count as signals once they are complete. What a call is expected to
come to is a list of outcomes; the kernel has to choose one of them. What holds for L4
IPC and for event queues is in `l4_model.py` and `event_model.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.errors import KErrGeneral
from kernel.abi.exit import EExitKill, ExitInfo
from kernel.abi.handles import (
    KCurrentThreadHandle,
    KHandleFlagLocal,
    KHandleFlagSpecial,
    KHandleIndexMask,
    KHandleNoClose,
    TObjectType,
)
from tools.stress.event_model import EventQueue, Events
from tools.stress.l4_model import L4
from tools.stress.l4_things import Capability, Chunk, KRightN, Page, ReplyCap, Token
from tools.stress.things import KFull, Puppet, Thing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.stress.things import Caller, Process, Table


class Model:
    """All processes and things."""

    def __init__(self) -> None:
        self.processes: list[Process] = []  # that live
        self.cast: list[Caller] = []  # the actors that have processes of their own
        self.named: dict[tuple[TObjectType, str], Thing] = {}  # in order of creation
        self.sessions: dict[int, Thing] = {}  # by a number of our own
        self.now_us = 0
        self.l4 = L4(self)
        self.events = Events(self)
        self._numbers: dict[Thing, int] = {}
        self._tokens = 0

    # Who there is

    @property
    def puppets(self) -> list[Puppet]:
        """Those that live."""
        mains = [process.main.caller for process in self.processes]
        return [caller for caller in mains if isinstance(caller, Puppet)]

    def callers(self) -> Iterator[Caller]:
        """All threads that do as they are told."""
        for thread in self._threads():
            if thread.caller is not None and not thread.is_dead:
                yield thread.caller

    def _threads(self) -> Iterator[Thing]:
        """All, also those that are just about to end."""
        for process in self.processes:
            yield process.main
            yield from process.threads

    def tables(self) -> Iterator[Table]:
        """All tables of handles."""
        for process in self.processes:
            yield process.table
        for thread in self._threads():
            if thread.caller is not None:
                yield thread.caller.table

    def _all_things(self) -> list[Thing]:
        return [thing for table in self.tables() for thing in table.values()]

    def has_waiters(self) -> bool:
        """Whether any thread is parked."""
        is_parked = any(caller.wait is not None for caller in self.callers())
        return is_parked or any(thing.waiters for thing in self._all_things())

    # Things and handles

    def new_thing(self, kind: TObjectType, process: Process, name: str | None) -> Thing:
        """One without handles yet."""
        thing = Thing(kind, process, name)
        self.note_name(thing)
        return thing

    def note_name(self, thing: Thing) -> None:
        """It can be found from now on."""
        if thing.name:
            self.named[thing.kind, thing.name] = thing

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

    def open(
        self, caller: Caller, handle: int, thing: Thing, rights: int = KFull
    ) -> None:
        """The kernel has given the caller that handle."""
        self.give(caller.table_of(handle), thing, rights).learn(handle)

    def give(self, table: Table, thing: Thing, rights: int = KFull) -> Token:
        """The kernel gives somebody a handle, yet unknown."""
        self._tokens += 1
        table[-self._tokens] = thing
        table.rights[-self._tokens] = rights
        thing.refs += 1
        return Token(table, -self._tokens)

    def slots(self, thing: Thing) -> list[tuple[Table, int]]:
        """Who holds it."""
        return [
            (table, handle)
            for table in self.tables()
            for handle, held in table.items()
            if held is thing
        ]

    def counted(self, thing: Capability) -> int:
        """How many of those who hold a capability keep it alive."""
        held = [t for t, h in self.slots(thing) if not t.rights_of(h) & KRightN]
        return len(held) - thing.decrements

    def close(self, caller: Caller, handle: int) -> None:
        """It has been closed."""
        table = caller.table_of(handle)
        caller.stale.append(handle)
        self.empty(table, handle if handle in table else handle & ~KHandleNoClose)

    def empty(self, table: Table, handle: int) -> None:
        """A slot is emptied; the last that counts takes a capability along."""
        thing = table.pop(handle)
        counts = not table.rights.pop(handle, KFull) & KRightN
        self.unref(thing)
        if isinstance(thing, Capability) and counts and self.counted(thing) <= 0:
            self.delete(thing)

    def delete(self, thing: Capability) -> None:
        """It ends, and everybody loses it."""
        self.l4.on_delete(thing)
        self.empty_slots(thing)

    def empty_slots(self, thing: Thing) -> None:
        """Whoever holds it loses it."""
        for table, handle in self.slots(thing):
            if table.get(handle) is thing:
                self.empty(table, handle)

    def close_all(self, table: Table) -> None:
        """As at the end of a thread or process: the highest slot first."""
        while table:
            self.empty(table, max(table, key=lambda handle: handle & KHandleIndexMask))

    def unref(self, thing: Thing) -> None:
        """One handle less; with the last one the thing goes, unless it lives."""
        thing.refs -= 1
        is_task = thing.kind in (TObjectType.EThread, TObjectType.EProcess)
        if thing.refs == 0 and not (is_task and not thing.is_dead):
            self._destroy(thing)

    def _destroy(self, thing: Thing) -> None:
        thing.is_gone = True
        if thing.name:
            self.named.pop((thing.kind, thing.name), None)
        if thing.kind is TObjectType.EServer:
            for process in self.processes:
                messages = process.messages
                messages[:] = [m for m in messages if m.server is not thing]
        if thing.kind is TObjectType.ESession:
            self.doubt(thing)
        for waiter in list(thing.waiters):
            self.end_thread(waiter, ExitInfo(EExitKill, KErrGeneral, "Kill"))
        self._destroy_of_kind(thing)

    def _destroy_of_kind(self, thing: Thing) -> None:
        match thing:
            case Capability():
                self.l4.on_delete(thing)
            case ReplyCap():
                self.l4.on_reply_cap_gone(thing)
            case EventQueue():
                self.events.delete(thing)
            case Page(chunk=Chunk() as chunk):
                self.unref(chunk)
            case _:
                pass

    def doubt(self, session: Thing | None) -> None:
        """Of these messages we do not know whether they can still be completed."""
        for process in self.processes:
            for message in process.messages:
                if session is None or message.session in (session, None):
                    message.is_sure = False

    def wake(self, semaphore: Thing, count: int) -> None:
        """The semaphore is signalled: waiters end, the rest stays."""
        while count and semaphore.waiters:
            self.end_thread(semaphore.waiters.pop(0), ExitInfo(EExitKill, 0, "Kill"))
            count -= 1
        semaphore.count += count

    # Ends

    def end_thread(self, thread: Thing, info: ExitInfo) -> None:
        """A thread is dead; with a Main thread its process."""
        if thread.is_dead:
            return
        process = thread.process
        if thread is process.main:
            self.end_process(process, info)
            return
        thread.exit_info = info
        self._release(thread)
        self._leave(thread)
        if thread.caller is not None:
            self.close_all(thread.caller.table)
        process.threads.remove(thread)
        if thread.refs == 0:
            self._destroy(thread)

    def _release(self, thread: Thing) -> None:
        """It waits for nobody any more."""
        for thing in self._all_things():
            if thread in thing.waiters:
                thing.waiters.remove(thread)
        self.l4.on_released(thread)
        self.events.on_released(thread)
        if thread.caller is not None:
            thread.caller.wait = None

    def _leave(self, thread: Thing) -> None:
        """Nobody waits for it any more."""
        self.l4.on_thread_end(thread)
        self.events.on_thread_end(thread)

    def end_process(self, process: Process, info: ExitInfo) -> None:
        """All its threads are dead; Main, of which it ends, is the last."""
        main = process.main
        main.exit_info = info  # so that it is not ended twice
        self._release(main)
        for thread in list(process.threads):
            self.end_thread(thread, info)
        self._leave(main)
        process.thing.exit_info = info
        caller = main.caller
        if isinstance(caller, Puppet):
            for thing in list(self.held_by(caller)):
                thing.count, thing.holder = 0, None
        self.close_all(process.table)
        if caller is not None:
            self.close_all(caller.table)
        process.messages.clear()
        self.processes.remove(process)

    def held_by(self, puppet: Puppet) -> list[Thing]:
        """The mutexes that its Main thread holds."""
        return [thing for thing in self._all_things() if thing.holder is puppet]

    # Time

    def pass_time(self, us: int) -> None:
        """What is due until then has happened."""
        self.now_us += us
        self.l4.on_time()
        self.events.on_time()

    def after(self, timeout_us: int) -> int | None:
        """When a time is over that begins now; None if never."""
        return self.now_us + timeout_us if timeout_us > 0 else None
