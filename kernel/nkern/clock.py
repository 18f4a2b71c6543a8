"""One queue of deadlines, and two ways for time to pass.

Parking has no time-out of its own: whoever wants one adds a deadline. Virtual time
passes only when nothing can run and somebody on the host waits; real time passes by
itself, and a clock thread fires what is due. Times are microseconds since boot.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Protocol

from sortedcontainers import SortedList

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class Deadline:
    """A moment at which a function is to be called, under the kernel lock."""

    __slots__ = ("fire", "key")

    def __init__(self, key: tuple[int, int], fire: Callable[[], None]) -> None:
        self.key = key  # (microseconds, order of adding)
        self.fire = fire

    def __lt__(self, other: Deadline) -> bool:
        return self.key < other.key


class Clock(Protocol):
    """What the kernel asks of time. All but `now` are called under the kernel lock."""

    @property
    def is_virtual(self) -> bool:
        """Whether time stands still until it is moved."""

    @property
    def first_us(self) -> int | None:
        """As next_deadline. Without the lock: a guess."""

    def now(self) -> int:
        """Microseconds since boot."""

    def stamp(self) -> int:
        """The time in a unit of the clock's own; cheap, for events."""

    def stamp_to_us(self, stamp: int) -> int:
        """Microseconds since boot at the time of *stamp*."""

    def utc_at_boot(self) -> int:
        """UTC at boot, in microseconds since 1970."""

    def add(self, at_us: int, fire: Callable[[], None]) -> Deadline:
        """Call *fire* once at *at_us*."""

    def remove(self, deadline: Deadline) -> None:
        """Forget a deadline; one that has fired already is ignored."""

    def next_deadline(self) -> int | None:
        """When something is due next."""

    def is_due(self) -> bool:
        """Whether `fire_due` would call anything. Without the lock: a guess."""

    def fire_due(self) -> int:
        """Call what real time has made due; how many were called."""

    def start(
        self, lock: AbstractContextManager[bool], after: Callable[[], None]
    ) -> None:
        """Let time pass; *after* is called, without the lock, when something fired."""

    def stop(self) -> None:
        """Let it pass no more."""


class DeadlineQueue:
    """Deadlines in order; equal ones in the order they were added."""

    def __init__(self) -> None:
        self._queue: Final[SortedList[Deadline]] = SortedList()
        self._order = 0
        # When the earliest is due. Some ask that at every step, without the lock:
        # for them it is a guess.
        self.first_us: int | None = None

    def add(self, at_us: int, fire: Callable[[], None]) -> Deadline:
        """Queue a deadline."""
        self._order += 1
        deadline = Deadline((at_us, self._order), fire)
        self._queue.add(deadline)
        self._note_first()
        return deadline

    def remove(self, deadline: Deadline) -> None:
        """Drop a deadline if it is still queued."""
        self._queue.discard(deadline)
        self._note_first()

    def _note_first(self) -> None:
        self.first_us = self._queue[0].key[0] if self._queue else None

    def next_deadline(self) -> int | None:
        """The earliest deadline."""
        return self.first_us

    def fire_until(self, now_us: int) -> int:
        """Call everything due by *now_us*, in order; how many were called."""
        fired = 0
        while self.first_us is not None and self.first_us <= now_us:
            due = self._queue.pop(0)
            self._note_first()
            due.fire()
            fired += 1
        return fired


class VirtualClock(DeadlineQueue):
    """Time that stands still until it is moved."""

    is_virtual: Final = True

    def __init__(self, utc_us: int) -> None:
        super().__init__()
        self._utc_us: Final = utc_us
        self._now_us = 0

    def now(self) -> int:
        """Microseconds since boot."""
        return self._now_us

    stamp = now  # its own unit is the microsecond

    def stamp_to_us(self, stamp: int) -> int:
        """The stamp itself."""
        return stamp

    def utc_at_boot(self) -> int:
        """The configured start time."""
        return self._utc_us

    def move_to(self, at_us: int) -> None:
        """Let time reach *at_us*, firing what is due."""
        self._now_us = max(self._now_us, at_us)
        self.fire_until(self._now_us)

    def is_due(self) -> bool:
        """Nothing falls due while time stands still."""
        return False

    def fire_due(self) -> int:
        """Nothing falls due while time stands still."""
        return 0

    def start(
        self, lock: AbstractContextManager[bool], after: Callable[[], None]
    ) -> None:
        """Nothing passes by itself."""

    def stop(self) -> None:
        """Nothing to stop."""


class RealClock(DeadlineQueue):
    """Time as on the host."""

    is_virtual: Final = False

    def __init__(self) -> None:
        super().__init__()
        self._base_ns: Final = time.monotonic_ns()
        self.stamp: Final = time.monotonic_ns
        self._utc_us: Final = time.time_ns() // 1000
        self._nudge: Final = threading.Event()  # something earlier was added, or stop
        self._stopping = False
        self._os_thread: threading.Thread | None = None

    def now(self) -> int:
        """Microseconds since boot."""
        return (time.monotonic_ns() - self._base_ns) // 1000

    def stamp_to_us(self, stamp: int) -> int:
        """Nanoseconds of the host's, as microseconds since boot."""
        return (stamp - self._base_ns) // 1000

    def utc_at_boot(self) -> int:
        """The host's time at boot."""
        return self._utc_us

    def add(self, at_us: int, fire: Callable[[], None]) -> Deadline:
        """Queue a deadline; the clock thread is nudged if it comes first."""
        first = self.next_deadline()
        deadline = super().add(at_us, fire)
        if first is None or at_us < first:
            self._nudge.set()
        return deadline

    def is_due(self) -> bool:
        """Whether the first deadline has passed."""
        due_us = self.first_us
        return due_us is not None and due_us <= self.now()

    def fire_due(self) -> int:
        """Call everything due; how many were called."""
        return self.fire_until(self.now())

    def start(
        self, lock: AbstractContextManager[bool], after: Callable[[], None]
    ) -> None:
        """Start the clock thread."""
        self._os_thread = threading.Thread(
            target=self._run, args=(lock, after), name="eka-clock", daemon=True
        )
        self._os_thread.start()

    def stop(self) -> None:
        """End the clock thread."""
        self._stopping = True
        self._nudge.set()
        if self._os_thread is not None:
            self._os_thread.join()

    def _run(
        self, lock: AbstractContextManager[bool], after: Callable[[], None]
    ) -> None:
        while not self._stopping:
            with lock:
                fired = self.fire_due()
                due_us = self.next_deadline()
            if fired:
                after()
            pause_s = None if due_us is None else max(0, due_us - self.now()) / 1e6
            self._nudge.wait(pause_s)
            self._nudge.clear()
