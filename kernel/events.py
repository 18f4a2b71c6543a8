"""The event table, and the flight recorder that keeps the latest events.

An event is a tuple `(sequence, time_us, TEvent, process id, thread id, fields)`; the
table below names the fields. Tuples are made under the kernel lock and formatted later,
by whoever looks. Nothing in an event depends on the host: no path, no id(), no wall
time.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum
from itertools import count
from typing import Final, Protocol, TypeAlias

# sequence, time in us, kind, process id, thread id, fields
Event: TypeAlias = tuple[int, int, "TEvent", int, int, tuple[object, ...]]


class TEvent(IntEnum):
    """Every kind of event; `EVENTS` says its name and fields."""

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
    ERequestComplete = 16
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


# Name and fields of each event, in the order of the record.
EVENTS: Final[dict[int, tuple[str, tuple[str, ...]]]] = {
    TEvent.EMachineBoot: ("machine/boot", ("backend", "clock", "seed")),
    TEvent.EMachineShutdown: ("machine/shutdown", ()),
    TEvent.EProcessCreate: ("process/create", ("id", "name", "command_line")),
    TEvent.EProcessResume: ("process/resume", ("id",)),
    TEvent.EProcessExit: ("process/exit", ("id", "type", "category", "reason")),
    TEvent.EThreadCreate: ("thread/create", ("id", "name")),
    TEvent.EThreadResume: ("thread/resume", ("id",)),
    TEvent.EThreadSuspend: ("thread/suspend", ("id",)),
    TEvent.EThreadExit: ("thread/exit", ("id", "type", "category", "reason")),
    TEvent.EServerCreate: ("server/create", ("object", "name")),
    TEvent.EServerClose: ("server/close", ("object",)),
    TEvent.ESessionCreate: ("session/create", ("object", "server")),
    TEvent.ESessionClose: ("session/close", ("object",)),
    TEvent.EMessageSend: ("session/send", ("object", "fn", "kind")),
    TEvent.EMessageAccept: ("server/receive", ("object", "message", "fn")),
    TEvent.EMessageComplete: ("message/complete", ("message", "err")),
    TEvent.ERequestComplete: ("request/complete", ("thread", "err")),
    TEvent.ESemaphoreWait: ("semaphore/wait", ("object",)),
    TEvent.ESemaphoreSignal: ("semaphore/signal", ("object", "count")),
    TEvent.EMutexWait: ("mutex/wait", ("object",)),
    TEvent.EMutexSignal: ("mutex/signal", ("object",)),
    TEvent.ETimerStart: ("timer/start", ("object", "deadline_us")),
    TEvent.ETimerFire: ("timer/fire", ("object", "err")),
    TEvent.EClockJump: ("clock/jump", ("to_us",)),
    TEvent.EDeadlock: ("machine/deadlock", ("threads",)),
    TEvent.EHostException: ("thread/exception", ("id", "exception")),
    TEvent.ERendezvous: ("thread/rendezvous", ("id", "reason")),
    TEvent.ECondVarWait: ("condvar/wait", ("object", "mutex")),
    TEvent.ECondVarSignal: ("condvar/signal", ("object", "count")),
    TEvent.EMsgQueueSend: ("queue/send", ("object", "length")),
    TEvent.EMsgQueueReceive: ("queue/receive", ("object",)),
    TEvent.EChunkCreate: ("chunk/create", ("object", "max_size")),
    TEvent.EChunkAdjust: ("chunk/adjust", ("object", "size")),
    TEvent.EPropertyDefine: ("property/define", ("category", "key")),
    TEvent.EPropertyDelete: ("property/delete", ("category", "key")),
    TEvent.EPropertySet: ("property/set", ("category", "key")),
}

# What the log shows for these; all others are information.
WARNINGS: Final = frozenset((TEvent.EDeadlock, TEvent.EHostException))
DEBUG: Final = frozenset(
    (
        TEvent.EMessageSend,
        TEvent.EMessageAccept,
        TEvent.EMessageComplete,
        TEvent.ERequestComplete,
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
    )
)


class HasIds(Protocol):
    """What a record needs of the thread that caused it."""

    id: int
    process_id: int


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
        if size:
            self.trace = self._make_trace(self._ring.append)

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

            self.trace = self._make_trace(append)

    def _with_us(self, event: Event) -> Event:
        return (event[0], self._to_us(event[1]), *event[2:])

    def _make_trace(self, append: Callable[[Event], None]) -> Callable[..., None]:
        number = self._next
        stamp = self._stamp

        def trace(kind: TEvent, thread: HasIds | None, *fields: object) -> None:
            if thread is None:  # the host, or the clock
                append((number(), stamp(), kind, 0, 0, fields))
            else:
                append((number(), stamp(), kind, thread.process_id, thread.id, fields))

        return trace


def event_dict(event: Event) -> dict[str, object]:
    """An event as named plain values, in a fixed order."""
    sequence, time_us, kind, process_id, thread_id, fields = event
    name, names = EVENTS[kind]
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
