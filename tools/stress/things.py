"""What the model is made of: outcomes, things, processes, and who makes calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KRequestPending
from kernel.abi.exit import EExitKill, EExitPanic, ExitInfo
from kernel.abi.handles import (
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    KHandleFlagLocal,
    KHandleFlagSpecial,
    KHandleNoClose,
    TObjectType,
)
from kernel.abi.l4 import L4_FPAGE_FULL
from kernel.abi.panics import KERN_EXEC

if TYPE_CHECKING:
    from kernel.abi.memory import ClientCell, ClientStatus

KFull: Final = int(L4_FPAGE_FULL)


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


@dataclass(frozen=True, slots=True)
class Blocked:
    """The call goes on; what it comes to is for later calls to say."""


Outcome = Value | Refused | Died | WrongType | Blocked
NOTHING: Final = Value()
ANYTHING: Final = Value(any=True)
BLOCKED: Final = Blocked()


def panics(reason: int) -> Died:
    """The call is misuse."""
    return Died(ExitInfo(EExitPanic, reason, KERN_EXEC))


def kills(reason: int) -> Died:
    """The caller ends itself."""
    return Died(ExitInfo(EExitKill, reason, "Kill"))


class Table(dict[int, "Thing"]):
    """Handles, and what each stands for; what may be done by it stands in `rights`."""

    def __init__(self) -> None:
        super().__init__()
        self.rights: dict[int, int] = {}  # KFull where there are none

    def rights_of(self, handle: int) -> int:
        """Of a handle that is open."""
        return self.rights.get(handle, KFull)


@dataclass(eq=False, repr=False)
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
    priority: int = 0  # of a thread
    caller: Caller | None = None  # that a thread is, if it makes calls as it is told

    def __repr__(self) -> str:
        """In a line: a failure shows many of them."""
        name = f" {self.name!r}" if self.name else ""
        return f"<{self.kind.name[1:]}{name}, {self.refs} handles>"

    @property
    def is_pending(self) -> bool:
        """Whether its request is outstanding."""
        return self.status is not None and self.status.value == KRequestPending

    @property
    def is_dead(self) -> bool:
        """Of a thread or process: whether it has ended."""
        return not self.exit_info.is_pending


@dataclass(eq=False)
class Message:
    """One that a server of the process has accepted; *is_sure* that it still is."""

    handle: int
    session: Thing | None  # None: unknown, a disconnect message
    server: Thing
    is_sure: bool = True
    is_disconnect: bool = False


@dataclass(eq=False, repr=False)
class Process:
    """The process of a puppet, or of an actor."""

    thing: Thing = field(init=False)  # itself, as an object
    main: Thing = field(init=False)
    table: Table = field(default_factory=Table)
    threads: list[Thing] = field(default_factory=list)  # but for Main
    messages: list[Message] = field(default_factory=list)
    environment: dict[str, int] = field(default_factory=dict)  # handles by name

    def __post_init__(self) -> None:
        self.thing = Thing(TObjectType.EProcess, self)
        self.main = Thing(TObjectType.EThread, self)


@dataclass(eq=False, repr=False)
class Caller:
    """A thread that makes calls as it is told."""

    process: Process
    thread: Thing
    table: Table = field(default_factory=Table)  # the thread's own
    stale: list[int] = field(default_factory=list)  # handles it has closed
    wait: object = None  # what its call waits for
    due: Outcome | None = None  # what its call has come to

    def __post_init__(self) -> None:
        self.thread.caller = self

    def __repr__(self) -> str:
        """In a line, as things are."""
        handles = [*map(hex, self.process.table), *map(hex, self.table)]
        return f"<{type(self).__name__}, waiting for {self.wait}, with {handles}>"

    def look_up(self, handle: int) -> Thing | None:
        """What *handle* stands for in the eyes of the thread."""
        if handle & KHandleFlagSpecial:
            if handle == KCurrentThreadHandle:
                return self.thread
            is_process = handle == KCurrentProcessHandle
            return self.process.thing if is_process else None
        table = self.table_of(handle)
        return table.get(handle) or table.get(handle & ~KHandleNoClose)

    def rights_of(self, handle: int) -> int:
        """What may be done by *handle*, which is open."""
        if handle & KHandleFlagSpecial:
            return KFull
        table = self.table_of(handle)
        return table.rights_of(handle if handle in table else handle & ~KHandleNoClose)

    def table_of(self, handle: int) -> Table:
        """In which table *handle* is, if it is."""
        return self.table if handle & KHandleFlagLocal else self.process.table

    def things(self) -> list[Thing]:
        """What it has handles to."""
        return [*self.table.values(), *self.process.table.values()]

    def finish(self, outcome: Outcome) -> None:
        """Its call, which waits or has just been made, comes to this."""
        self.wait = None
        self.due = outcome


@dataclass(eq=False, repr=False)
class Puppet(Caller):
    """A process with a Main thread that a host thread has borrowed."""

    signals: int = 0  # but for those of the statuses
    statuses: list[ClientStatus] = field(default_factory=list)  # not yet counted
    spent: list[int] = field(default_factory=list)  # messages it has completed

    def request_count(self) -> int:
        """How many signals there are now."""
        done = [s for s in self.statuses if s.value != KRequestPending]
        self.statuses = [s for s in self.statuses if s.value == KRequestPending]
        self.signals += len(done)
        return self.signals
