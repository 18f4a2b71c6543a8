"""The objects of L4 IPC as the model has them, and messages on their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kernel.abi.l4 import Rights
from kernel.abi.l4_ipc import KTimeoutNever
from tools.stress.things import KFull, Thing

if TYPE_CHECKING:
    from kernel.abi.l4_ipc import SentItem
    from tools.stress.things import Caller, Table

KRightN: Final = int(Rights.N)
KPageSize: Final = 0x1000


@dataclass(eq=False, repr=False)
class Capability(Thing):
    """What goes with the last who holds it in earnest."""

    partner: Thing | None = None  # the thread that it is bound to
    label: int = 0
    decrements: int = 0  # of those who hold it, so many do not count
    is_deleted: bool = False


@dataclass(eq=False, repr=False)
class Gate(Capability):
    """An IPC gate."""

    is_orphaned: bool = False


@dataclass(eq=False, repr=False)
class Irq(Capability):
    """An Irq."""

    is_triggered: bool = False  # and not delivered


@dataclass(eq=False, repr=False)
class ReplyCap(Thing):
    """A caller put aside."""

    send: Send | None = None


@dataclass(eq=False, repr=False)
class Chunk(Thing):
    """Memory, of which the first pages are committed."""

    size: int = 0
    is_read_only: bool = False  # for others than its creator
    memory: list[int] = field(default_factory=list)  # the first octet of each page


@dataclass(eq=False, repr=False)
class Page(Thing):
    """A part of a chunk, as it was received."""

    chunk: Chunk | None = None
    offset: int = 0
    order: int = 0
    lost: set[int] = field(default_factory=set)  # pages of the chunk, unmapped since

    @property
    def pages(self) -> range:
        """Those of the chunk."""
        return range(
            self.offset // KPageSize, (self.offset + (1 << self.order)) // KPageSize
        )


@dataclass(eq=False, repr=False)
class Send:
    """A message that is not over: it queues somewhere, or somebody owes an answer."""

    client: Caller
    gate: Gate
    rights: int  # of the capability used
    origin: int
    label: int
    words: bytes
    items: tuple[SentItem, ...]
    is_call: bool = False
    buffers: tuple[int, ...] = ()  # for the answer
    receive_us: int = KTimeoutNever
    at: Thing | None = None  # the gate, or thread, where it queues
    owed_by: Thing | None = None  # the thread, or reply capability
    due_us: int | None = None


@dataclass(eq=False, repr=False)
class Side:
    """What a thread is as a receiver."""

    thread: Thing
    is_waiting: bool = False
    buffers: tuple[int, ...] = ()
    source: Irq | None = None  # of the wait; None: anybody
    due_us: int | None = None
    reply_error: int = 0
    triggered: list[Irq] = field(default_factory=list)  # bound to it, in order
    last: Send | None = None  # the call it received last; it may be over
    deletion_irq: Irq | None = None


@dataclass(eq=False, repr=False)
class Token:
    """A handle that the kernel has given, and the model is yet to hear of.

    Until then it stands in the table under a negative number.
    """

    table: Table
    key: int

    def learn(self, handle: int) -> None:
        """The kernel has called it so; it may be closed again by now."""
        assert handle > 0, handle
        assert handle not in self.table, hex(handle)
        thing = self.table.pop(self.key, None)
        if thing is not None:
            rights = self.table.rights.pop(self.key, KFull)
            self.table[handle] = thing
            self.table.rights[handle] = rights
            self.key = handle
