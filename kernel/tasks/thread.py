"""DThread: the state of one emulated thread.

    created ──resume──► running ◄──wake── parked        any ──end──► dead
                           └─────block─────►┘

Suspension is a count beside that. A thread that is dead has no state any more that
others can see; `carrier` may still be unwinding (kernel/tasks/thread_exit.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.exit import ExitInfo
from kernel.abi.handles import TObjectType
from kernel.abi.priorities import (
    KAbsoluteLevels,
    KMaxRelativeLevel,
    TRealtimeState,
    TThreadPriority,
    kernel_level,
)
from kernel.abi.security import TCapability
from kernel.tasks.objects import DObject, DObjectIx, TProtection

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.core import Core
    from kernel.ipc.ipc_send import IpcSend
    from kernel.ipc.message import DMessage
    from kernel.ipc.partner import Partner
    from kernel.tasks.hooks import (
        MAwaited,
        MLender,
        MPending,
        MReceiver,
        MThreadEnd,
        MWait,
    )
    from kernel.tasks.logon import HostLogon, Logon
    from kernel.tasks.process import DProcess
    from kernel.tasks.request import RequestWait


class DThread(DObject):
    """One emulated thread.

    Original: DThread; the scheduler's part of it (NThread) is the back-end's business.
    """

    kind = TObjectType.EThread

    def __init__(
        self,
        core: Core,
        process: DProcess,
        name: str,
        entry: Callable[[], int | None],
    ) -> None:
        super().__init__(core, name, owner=process)
        # Fixed for life:
        self.id: Final = core.next_id()
        self.process: Final = process
        self.process_id: Final = process.id
        self.entry: Final = entry
        self.handles: Final = DObjectIx(core, self, is_local=True)
        self.protection = TProtection.EGlobal if name else TProtection.EProtected

        # The carrier's, set by the back-end when it spawns one:
        self.carrier: object = None
        self.park: Callable[[], object]
        self.unpark: Callable[[], object]
        self.masked = False  # in a kernel call or in host work: not to be rung

        # Guarded by the kernel lock:
        self.dead = False
        self.attention = True  # dead or suspended: one test at every kernel call
        self.exit_info = ExitInfo()
        self.started = False
        self.suspend_count = 1
        self.parked = False
        self.held_back = False  # woken, but suspended
        self.wait: MWait | None = None  # what a parked thread waits for
        self.resume: Callable[[], object]  # goes on with its call, under the lock
        self.reply: object = 0  # what a wait ended with: mostly a code
        self.request_count = 0
        self.any_wait: RequestWait | None = None  # its wait for any, made once
        self.priority: int = TThreadPriority.EPriorityNormal
        self.level = self.own_level()
        self.lenders: dict[MLender, None] = {}  # what it holds that others wait for
        self.pending_on: MPending | None = None  # woken for it, and has not run since
        self.on_raised: Callable[[DThread], None] | None = None  # told of a rise
        self.realtime_state: int = TRealtimeState.ERealtimeStateOff
        self.critical: int = process.critical_of_new_threads
        self.message: DMessage | None = None  # its own, for synchronous requests
        self.outstanding: dict[DMessage, None] = {}  # messages sent and not yet freed
        self.logons: list[Logon | HostLogon] = []  # of others, on this thread
        self.own_logons: dict[Logon, None] = {}  # by this thread, on anything
        self.awaits: dict[MAwaited, None] = {}  # with a request of this thread's
        self.at_end: dict[MThreadEnd, None] = {}  # told when this thread dies
        self.receivers: dict[MReceiver, None] = {}  # servers with a receive for it
        self.partner: Partner | None = None  # its side of L4 IPC, once it has one
        self.spare_send: IpcSend | None = None  # of its last L4 call, to be used again
        self.tls: dict[tuple[int, int], int] = {}  # words by module handle and UID
        self.exception = ""  # traceback of the host exception it died of

    def life_blockers(self) -> list[DThread]:
        """Itself."""
        return [self]

    def set_level(self) -> None:
        """Recompute the level, after a change of priority or among who waits for it."""
        before, self.level = self.level, self.due_level()
        if self.level == before:
            return
        self.core.backend.level_changed(self)
        if self.wait is not None:
            for holder in self.wait.blockers():  # they may run at the level of this one
                holder.set_level()
        if self.level > before and self.on_raised is not None:
            self.on_raised(self)

    def own_level(self) -> int:
        """What its priority comes to; without ProtServ relative ones end at 23."""
        level = kernel_level(self.process.priority, self.priority)
        is_trusted = self.process.identity.has(TCapability.ECapabilityProtServ)
        if is_trusted or self.priority in KAbsoluteLevels:
            return level
        return min(level, KMaxRelativeLevel)

    def due_level(self) -> int:
        """Its own level, or the highest that is lent to it."""
        level = self.own_level()
        return max([level, *(lender.lent_level() for lender in self.lenders)])

    def take_reply(self) -> object:
        """The continuation of a wait that ends with a value and no more."""
        return self.reply

    def has_receive_pending(self) -> bool:
        """Whether a server's receive is outstanding on this thread."""
        return bool(self.receivers)

    def describe_requests(self) -> str:
        """What is outstanding, for reports."""
        waits = [repr(message) for message in self.outstanding]
        waits += [logon.describe() for logon in self.own_logons]
        waits += [f"a message for {server!r}" for server in self.receivers]
        waits += [awaited.describe_request() for awaited in self.awaits]
        return f" (outstanding: {'; '.join(waits)})" if waits else ""

    def request_blockers(self) -> list[DThread]:
        """Threads that hold requests of this one."""
        found = [t for m in self.outstanding for t in m.blockers()]
        return found + [t for logon in self.own_logons for t in logon.blockers()]

    def describe_wait(self) -> str:
        """What the thread is doing, for reports."""
        if self.dead:
            return "dead"
        if not self.started:
            return "not resumed yet"
        text = f"waits for {self.wait.describe()}" if self.wait else "is running"
        return f"{text}, suspended {self.suspend_count}" if self.suspend_count else text

    def is_parked_as_service(self) -> bool:
        """Whether it waits for a client's message, as an idle server does."""
        return self.wait is not None and self.wait.is_service

    def state_text(self) -> str:
        """For `repr`."""
        if self.dead:
            return str(self.exit_info)
        if not self.started:
            return "created"
        return "parked" if self.parked else "running"
