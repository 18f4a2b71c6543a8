"""What one machine shares: lock, back-end, clock, containers, recorder, faults.

A `Core` is handed to every handler. There are no globals: two machines in one
interpreter share nothing but code.
"""

from __future__ import annotations

from collections import deque
from itertools import count
from typing import TYPE_CHECKING, Final, Protocol

from kernel.events import Recorder, TEvent

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import FrameType

    from kernel.abi.config import MachineConfig
    from kernel.abi.exit import ExitInfo
    from kernel.events import Event
    from kernel.faults import FaultInjector
    from kernel.ipc.event_hook import EventHook
    from kernel.ipc.event_queue import DEventQueue, EventCall
    from kernel.ipc.message import DMessage
    from kernel.ipc.property import Property
    from kernel.nkern.clock import Clock
    from kernel.nkern.host import HostWait
    from kernel.tasks.objects import DObjectCon
    from kernel.tasks.process import DProcess
    from kernel.tasks.programs import ProgramTable
    from kernel.tasks.thread import DThread
    from kernel.waits.wall_clock import WallClock

KPanicsKept: Final = 64  # the latest, for whoever asks where a thread was then


class Backend(Protocol):
    """Carries emulated threads and parks them: the seam of design section 5.

    `spawn` gives the thread its `park` (called by its own carrier, outside the lock)
    and `unpark` (called under the lock, once a park).
    """

    @property
    def decide(self) -> Callable[[DThread, str, tuple[object, ...]], None] | None:
        """Called before every kernel call, if anything is to be decided."""

    @property
    def give_way(self) -> Callable[[DThread], None] | None:
        """Called at the end of every kernel call, masked, if it may have to wait."""

    def start(self, core: Core) -> None:
        """Begin to take jobs."""

    def new_lock(self) -> AbstractContextManager[bool]:
        """A plain lock of the host."""

    def spawn(self, thread: DThread, main: Callable[[], None]) -> None:
        """Give *thread* a carrier that calls *main* once."""

    def level_changed(self, thread: DThread) -> None:
        """Its level is another now; called under the lock."""

    def end_slice(self, thread: DThread) -> None:
        """It gives way to its equals when its call ends; called under the lock."""

    def ring(self, thread: DThread) -> None:
        """Interrupt the carrier, which is in user code, with ThreadDeath."""

    def clear_ring(self, thread: DThread) -> None:
        """Take back a ring the carrier has not heard; called by the carrier."""

    def retire(self, thread: DThread) -> None:
        """The carrier has nothing left to do but to end; called by the carrier."""

    def frame(self, thread: DThread) -> FrameType | None:
        """The innermost frame of the carrier, for reports."""

    def interrupt(self) -> None:
        """Everything is dead, yet nothing answers: tear user code."""

    def post(self, job: Callable[[], None]) -> None:
        """Run *job* soon on an OS thread of the machine's own."""

    def waits_changed(self) -> None:
        """A host thread began or ended a wait; called under the lock."""

    def stop(self) -> None:
        """End the machine's own OS threads."""

    def check(self) -> None:
        """Assert what the back-end knows of itself; called under the lock."""


class Core:
    """The state behind one `Kernel`.

    Everything here is guarded by `lock` unless it is fixed for life.
    """

    def __init__(
        self, config: MachineConfig, backend: Backend, clock: Clock, seed: int
    ) -> None:
        # Fixed for life:
        self.config: Final = config
        self.backend: Final = backend
        self.clock: Final = clock
        self.seed: Final = seed
        self.lock: Final = backend.new_lock()
        self.sink_lock: Final = backend.new_lock()  # after lock, never the other way
        self.recorder: Final = Recorder(
            config.recorder_size, clock.stamp, clock.stamp_to_us
        )
        self.containers: Final[list[DObjectCon]] = []  # by TObjectType
        self.next_number: Final = count(1).__next__  # of objects
        self.next_id: Final = count(1).__next__  # of threads and processes together
        self.next_message: Final = count(1).__next__  # handles of accepted messages
        self.next_event_queue: Final = count(1).__next__  # ids
        self.next_event: Final = count(1).__next__  # of the queues
        self.next_event_call: Final = count(1).__next__  # numbers to answer under
        self.processes: Final[dict[int, DProcess]] = {}  # alive, by id
        self.threads: Final[dict[int, DThread]] = {}  # alive, by id
        self.messages: Final[dict[int, DMessage]] = {}  # accepted, by handle
        self.event_queues: Final[dict[int, DEventQueue]] = {}  # by id, oldest first
        self.event_calls: Final[dict[int, EventCall]] = {}  # not answered, by number
        # Defined, or attached to, by category and key:
        self.properties: Final[dict[tuple[int, int], Property]] = {}
        self.carriers: Final[dict[int, DThread]] = {}  # spawned and not yet ended
        self.programs: ProgramTable
        self.wall_clock: WallClock  # UTC, as set by programs
        self.event_hook: EventHook  # raw events on their way
        self.handlers: dict[str, Callable[..., object]]  # the work of each kernel call
        self.on_idle: Callable[[Core], bool]  # when nothing can run; was that changed?
        self.on_change: Callable[[Core, int], None]  # something changed: TChanges
        self.describe_stall: Callable[[], str]  # who waits for what

        # Guarded by lock:
        self.trace = self.recorder.trace
        self.trace3 = self.recorder.trace3
        self.faults: FaultInjector | None = None
        self.sinks: list[Callable[[Event], None]] = []
        self.debug_port: Callable[[Event], None] | None = None  # until it is one
        self.runnable = 0  # emulated threads alive, started and not parked
        self.outside = 0  # attached host threads that are not in a kernel call
        self.global_messages = 0  # in use of the system-wide pool
        self.host_waits: list[HostWait] = []
        self.exceptions: list[tuple[str, str]] = []  # thread, traceback it died of
        # Thread, how it ended, traceback: of the latest that panicked.
        self.panics: deque[tuple[str, ExitInfo, str]] = deque(maxlen=KPanicsKept)
        self.fault: str = ""  # why the machine stopped, if it did
        self.closing = False
        self.last_activity_us = 0  # of a user
        self.shutdown_wait: HostWait | None = None  # for the last carrier to end
        self.unwinding: dict[int, DThread] = {}  # dead, carrier still there

    def deliver(self) -> None:
        """Hand queued events to the sinks, in order; called without the lock."""
        outbox = self.recorder.outbox
        if outbox is None:
            return
        with self.sink_lock:
            while outbox:
                event = outbox.popleft()
                for sink in list(self.sinks):
                    self._tell(sink, event)

    def _tell(self, sink: Callable[[Event], None], event: Event) -> None:
        try:
            sink(event)
        except Exception as error:  # noqa: BLE001 - an observer must not stop the machine
            self.sinks.remove(sink)
            self.exceptions.append((f"sink {sink!r}", repr(error)))

    def add_sink(self, sink: Callable[[Event], None]) -> None:
        """From now on tell *sink* every event."""
        with self.lock:
            self._add_sink(sink)

    def _add_sink(self, sink: Callable[[Event], None]) -> None:
        self.sinks.append(sink)
        self.recorder.open_outbox()
        self.trace = self.recorder.trace
        self.trace3 = self.recorder.trace3

    def open_debug_port(self) -> None:
        """Somebody prints: from now on the debug port is a sink, if there is one.

        Not before, since a machine with a sink is slower.
        """
        port, self.debug_port = self.debug_port, None
        if port is not None:
            self._add_sink(port)

    def drop_carrier(self, thread: DThread) -> None:
        """A carrier has ended, or is about to."""
        self.carriers.pop(thread.id, None)
        self.unwinding.pop(thread.id, None)
        self.backend.retire(thread)
        if self.shutdown_wait is not None and not self.carriers:
            self.shutdown_wait.finish()

    def event(self, kind: TEvent, thread: DThread | None, *fields: object) -> None:
        """Record an event off the hot path."""
        if self.trace is not None:
            self.trace(kind, thread, *fields)
