"""The event table, and the flight recorder that keeps the latest events.

An event is a tuple `(sequence, time_us, TEvent, process id, thread id, *fields)`; the
table below names the fields. Tuples are made under the kernel lock and formatted later,
by whoever looks. Nothing in an event depends on the host: no path, no id(), no wall
time.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum
from itertools import count
from typing import Final, NamedTuple, Protocol, TypeAlias

# sequence, time in us, kind, process id, thread id, and the fields
Event: TypeAlias = tuple[int, int, "TEvent", int, int, *tuple[object, ...]]


class TEvent(IntEnum):
    """Every kind of event; `EVENTS` says its name, its fields, and when it happens."""

    EMachineBoot = 0
    EMachineShutdown = 1
    EProcessCreate = 2
    EProcessResume = 3
    EProcessExit = 4
    EThreadCreate = 5
    EThreadResume = 6
    EThreadSuspend = 7
    EThreadExit = 8
    EServerCreate = 9
    EServerClose = 10
    ESessionCreate = 11
    ESessionClose = 12
    EMessageSend = 13
    EMessageAccept = 14
    EMessageComplete = 15
    ESemaphoreWait = 17
    ESemaphoreSignal = 18
    EMutexWait = 19
    EMutexSignal = 20
    ETimerStart = 21
    ETimerFire = 22
    EClockJump = 23
    EDeadlock = 24
    EHostException = 25
    ERendezvous = 26
    ECondVarWait = 27
    ECondVarSignal = 28
    EMsgQueueSend = 29
    EMsgQueueReceive = 30
    EChunkCreate = 31
    EChunkAdjust = 32
    EPropertyDefine = 33
    EPropertyDelete = 34
    EPropertySet = 35
    EClockSet = 36
    EGateCreate = 37
    EGateBind = 38
    EGateDelete = 39
    EIpcSend = 40
    EIpcReceive = 41
    EIpcReply = 42
    EIrqTrigger = 43
    EIrqDeliver = 44
    ELibraryLoad = 45
    EDebugPrint = 46
    EDebugRawPrint = 47
    EEventPost = 48
    EEventGet = 49
    EEventReply = 50
    EEventQueueFree = 51


class EventKind(NamedTuple):
    """What is known of all events of one kind."""

    name: str
    fields: tuple[str, ...]
    when: str  # it happens; *the thread* is the one whose ids the record bears


# In the order of the record's fields; docs/trace-events.md is made of it.
EVENTS: Final[dict[int, EventKind]] = {
    TEvent.EMachineBoot: EventKind(
        "machine/boot",
        ("backend", "clock", "seed"),
        "The machine runs; its services are about to be started.",
    ),
    TEvent.EMachineShutdown: EventKind(
        "machine/shutdown",
        (),
        "Everything has ended, and what leaked is known.",
    ),
    TEvent.EProcessCreate: EventKind(
        "process/create",
        ("id", "name", "command_line"),
        "A process was created by the thread, or by the host; it does not run yet.",
    ),
    TEvent.EProcessResume: EventKind(
        "process/resume",
        ("id",),
        "Its creator let it run.",
    ),
    TEvent.EProcessExit: EventKind(
        "process/exit",
        ("id", "type", "category", "reason"),
        "The thread, its last one, is dead, and so is the process.",
    ),
    TEvent.EThreadCreate: EventKind(
        "thread/create",
        ("id", "name"),
        "The thread was created; it does not run yet.",
    ),
    TEvent.EThreadResume: EventKind(
        "thread/resume",
        ("id",),
        "One suspension of the thread was undone.",
    ),
    TEvent.EThreadSuspend: EventKind(
        "thread/suspend",
        ("id",),
        "The thread was suspended once more.",
    ),
    TEvent.EThreadExit: EventKind(
        "thread/exit",
        ("id", "type", "category", "reason"),
        "The thread is dead; whoever waits for that is about to be told.",
    ),
    TEvent.EServerCreate: EventKind(
        "server/create",
        ("object", "name"),
        "The thread created a server and owns it.",
    ),
    TEvent.EServerClose: EventKind(
        "server/close",
        ("object",),
        "Its last handle was closed; its sessions are about to be told.",
    ),
    TEvent.ESessionCreate: EventKind(
        "session/create",
        ("object", "server"),
        "The thread made a session; the connect message comes next.",
    ),
    TEvent.ESessionClose: EventKind(
        "session/close",
        ("object",),
        "Its last handle was closed.",
    ),
    TEvent.EMessageSend: EventKind(
        "session/send",
        ("object", "fn", "kind"),
        "The thread sent a message, of its own, of the session's or of the system's.",
    ),
    TEvent.EMessageAccept: EventKind(
        "server/receive",
        ("object", "message", "fn"),
        "A server got a message; the thread is the one that owns the server.",
    ),
    TEvent.EMessageComplete: EventKind(
        "message/complete",
        ("object", "message", "err"),
        "The thread, a server's, answered a message.",
    ),
    TEvent.ESemaphoreWait: EventKind(
        "semaphore/wait",
        ("object",),
        "The thread asked for one of its count, which it may get at once.",
    ),
    TEvent.ESemaphoreSignal: EventKind(
        "semaphore/signal",
        ("object", "count"),
        "The thread gave some.",
    ),
    TEvent.EMutexWait: EventKind(
        "mutex/wait",
        ("object",),
        "The thread asked for a mutex, which it may get at once.",
    ),
    TEvent.EMutexSignal: EventKind(
        "mutex/signal",
        ("object",),
        "The thread, its holder, signalled it.",
    ),
    TEvent.ETimerStart: EventKind(
        "timer/start",
        ("object", "deadline_us"),
        "The thread asked for a time.",
    ),
    TEvent.ETimerFire: EventKind(
        "timer/fire",
        ("object", "err"),
        "That request ended: the time has come, or it was cancelled.",
    ),
    TEvent.EClockJump: EventKind(
        "clock/jump",
        ("to_us",),
        "Nothing could run, so virtual time moved to the next deadline.",
    ),
    TEvent.EDeadlock: EventKind(
        "machine/deadlock",
        ("threads",),
        "Nothing can run any more while the host waits; so many threads live.",
    ),
    TEvent.EHostException: EventKind(
        "thread/exception",
        ("id", "exception"),
        "The thread dies of an exception of Python's that is no leave.",
    ),
    TEvent.ERendezvous: EventKind(
        "thread/rendezvous",
        ("id", "reason"),
        "The thread told those who wait for it, or for its process.",
    ),
    TEvent.ECondVarWait: EventKind(
        "condvar/wait",
        ("object", "mutex"),
        "The thread begins to wait, and lets go of the mutex.",
    ),
    TEvent.ECondVarSignal: EventKind(
        "condvar/signal",
        ("object", "count"),
        "The thread signalled, or broadcast; so many waiters were woken.",
    ),
    TEvent.EMsgQueueSend: EventKind(
        "queue/send",
        ("object", "length"),
        "The thread put a message of so many bytes into a queue.",
    ),
    TEvent.EMsgQueueReceive: EventKind(
        "queue/receive",
        ("object",),
        "The thread took a message out of it.",
    ),
    TEvent.EChunkCreate: EventKind(
        "chunk/create",
        ("object", "max_size"),
        "The thread created a chunk.",
    ),
    TEvent.EChunkAdjust: EventKind(
        "chunk/adjust",
        ("object", "size"),
        "The thread changed what is committed; so much is now.",
    ),
    TEvent.EPropertyDefine: EventKind(
        "property/define",
        ("category", "key"),
        "The thread defined a property.",
    ),
    TEvent.EPropertyDelete: EventKind(
        "property/delete",
        ("category", "key"),
        "The thread deletes a property.",
    ),
    TEvent.EPropertySet: EventKind(
        "property/set",
        ("category", "key"),
        "The thread publishes a value.",
    ),
    TEvent.EClockSet: EventKind(
        "clock/set",
        ("utc_us",),
        "The thread sets the time of day; who waits for one is told next.",
    ),
    TEvent.ELibraryLoad: EventKind(
        "library/load",
        ("object", "name", "file"),
        "The thread's process gets a DLL it did not have; it is not initialised yet.",
    ),
    TEvent.EDebugPrint: EventKind(
        "debug/print",
        ("text",),
        "The thread wrote a line to the debug port.",
    ),
    TEvent.EDebugRawPrint: EventKind(
        "debug/raw_print",
        ("text",),
        "The thread wrote to the debug port; a line ends only where the text says so.",
    ),
    TEvent.EGateCreate: EventKind(
        "gate/create",
        ("object",),
        "The thread made an IPC gate; it is not bound yet.",
    ),
    TEvent.EGateBind: EventKind(
        "gate/bind",
        ("object", "thread", "label"),
        "The thread bound a gate to a thread; who waited at it queues there next.",
    ),
    TEvent.EGateDelete: EventKind(
        "gate/delete",
        ("object",),
        "The last counted capability to a gate was released, or it was deleted.",
    ),
    TEvent.EIpcSend: EventKind(
        "ipc/send",
        ("gate", "protocol", "words"),
        "The thread sends or calls through a gate; it may have to wait.",
    ),
    TEvent.EIpcReceive: EventKind(
        "ipc/receive",
        ("gate", "client", "protocol"),
        "The thread takes a message: its send phase is over.",
    ),
    TEvent.EIpcReply: EventKind(
        "ipc/reply",
        ("client", "result", "words"),
        "The thread answers a call, and the client goes on.",
    ),
    TEvent.EIrqTrigger: EventKind(
        "irq/trigger",
        ("object",),
        "The thread triggers an Irq.",
    ),
    TEvent.EIrqDeliver: EventKind(
        "irq/deliver",
        ("object", "label"),
        "The thread hears of an Irq it is bound to.",
    ),
    TEvent.EEventPost: EventKind(
        "event/post",
        ("queue", "call"),
        "The thread puts an event into a queue; with a call, it waits for an answer.",
    ),
    TEvent.EEventGet: EventKind(
        "event/get",
        ("queue",),
        "The thread asks for the next event of a queue, which it may get at once.",
    ),
    TEvent.EEventReply: EventKind(
        "event/reply",
        ("call",),
        "The thread answers an event that another one waits for.",
    ),
    TEvent.EEventQueueFree: EventKind(
        "event/free",
        ("queue", "events"),
        "A queue was freed, or its thread has ended; so many events are discarded.",
    ),
}

# What the log shows for these; all others are information.
WARNINGS: Final = frozenset((TEvent.EDeadlock, TEvent.EHostException))
DEBUG: Final = frozenset(
    (
        TEvent.EIpcSend,
        TEvent.EIpcReceive,
        TEvent.EIpcReply,
        TEvent.EIrqTrigger,
        TEvent.EIrqDeliver,
        TEvent.EMessageSend,
        TEvent.EMessageAccept,
        TEvent.EMessageComplete,
        TEvent.ESemaphoreWait,
        TEvent.ESemaphoreSignal,
        TEvent.EMutexWait,
        TEvent.EMutexSignal,
        TEvent.ETimerStart,
        TEvent.ETimerFire,
        TEvent.EClockJump,
        TEvent.ECondVarWait,
        TEvent.ECondVarSignal,
        TEvent.EMsgQueueSend,
        TEvent.EMsgQueueReceive,
        TEvent.EEventPost,
        TEvent.EEventGet,
        TEvent.EEventReply,
    )
)


class HasIds(Protocol):
    """What a record needs of the thread that caused it."""

    @property
    def id(self) -> int:
        """Of the thread."""

    @property
    def process_id(self) -> int:
        """Of its process."""


Trace3: TypeAlias = Callable[[TEvent, HasIds, object, object, object], None]


class Recorder:
    """Numbers events, keeps the latest, and queues them for sinks.

    `trace` is what trace points test and call: None when nobody would look. It is made
    as a closure, since every message passes it three times.
    """

    def __init__(
        self, size: int, stamp: Callable[[], int], to_us: Callable[[int], int]
    ) -> None:
        # Fixed for life:
        self._stamp: Final = stamp  # the time in the clock's own unit, read cheaply
        self._to_us: Final = to_us  # makes microseconds since boot of a stamp
        self._next: Final = count(1).__next__

        # Guarded by the kernel lock:
        self._ring: Final[deque[Event]] = deque(maxlen=size)  # times are stamps
        self.outbox: deque[Event] | None = None  # events that sinks have yet to see
        self.trace: Callable[..., None] | None = None
        self.trace3: Trace3 | None = None  # the same for events with three fields
        if size:
            self._trace_to(self._ring.append)

    def latest(self, most: int | None = None) -> list[Event]:
        """The latest events, oldest first. Threads: any."""
        kept = list(self._ring)
        chosen = kept if most is None else kept[max(0, len(kept) - most) :]
        return [self._with_us(event) for event in chosen]

    def open_outbox(self) -> None:
        """From now on queue events for sinks too."""
        if self.outbox is None:
            outbox: deque[Event] = deque()
            self.outbox = outbox
            keep = self._ring.append

            def append(event: Event) -> None:
                keep(event)
                outbox.append(self._with_us(event))

            self._trace_to(append)

    def _with_us(self, event: Event) -> Event:
        return (event[0], self._to_us(event[1]), *event[2:])

    def _trace_to(self, append: Callable[[Event], None]) -> None:
        number = self._next
        stamp = self._stamp

        def trace(kind: TEvent, thread: HasIds | None, *fields: object) -> None:
            if thread is None:  # the host, or the clock
                append((number(), stamp(), kind, 0, 0, *fields))
            else:
                append((number(), stamp(), kind, thread.process_id, thread.id, *fields))

        # A message passes three of these: a third of the price of a trace is its
        # variable number of fields.
        def trace3(
            kind: TEvent, thread: HasIds, a: object, b: object, c: object
        ) -> None:
            append((number(), stamp(), kind, thread.process_id, thread.id, a, b, c))

        self.trace = trace
        self.trace3 = trace3


def event_dict(event: Event) -> dict[str, object]:
    """An event as named plain values, in a fixed order."""
    sequence, time_us, kind, process_id, thread_id, *fields = event
    name, names, _ = EVENTS[kind]
    record: dict[str, object] = {
        "seq": sequence,
        "ts": time_us,
        "event": name,
        "pid": process_id,
        "tid": thread_id,
    }
    record.update(zip(names, fields, strict=True))
    return record


def event_text(event: Event) -> str:
    """An event as one line for people."""
    record = event_dict(event)
    head = f"{record['ts']:>12} #{record['seq']:<6} {record['event']:<18}"
    rest = " ".join(
        f"{key}={value!r}" if isinstance(value, str) else f"{key}={value}"
        for key, value in record.items()
        if key not in ("seq", "ts", "event")
    )
    return f"{head} {rest}"
