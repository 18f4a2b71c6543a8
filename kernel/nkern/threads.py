"""Back-end `threads`: every emulated thread is an OS thread, and the host schedules.

A carrier parks on its gate, a lock that is held all the time. Waking releases it, under
the kernel lock, exactly once a park; so a wake that comes before its park is not lost.
"""

from __future__ import annotations

import _thread
import sys
import time
from typing import TYPE_CHECKING, Final

from kernel.nkern.host import Porter
from kernel.nkern.ring import TRing, clear_ring, send_ring

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from kernel.core import Core
    from kernel.tasks.thread import DThread

RING_PERIOD_S: Final = 0.05  # a carrier that swallowed its ring is rung again
POSTPONED_S: Final = 0.002  # until another look at one inside host code with locks


class OsCarrier:
    """An OS thread, and when it is to be rung next (host seconds)."""

    __slots__ = ("entry", "ident", "ring_at_s")

    def __init__(self, entry: CodeType) -> None:
        self.entry: Final = entry
        self.ident = 0
        self.ring_at_s = 0.0


class ThreadsBackend:
    """Real OS threads. Decisions are the host's, so `decide` is None."""

    name: Final = "threads"
    decide: Final = None

    def __init__(self) -> None:
        self._porter: Porter | None = None  # set once, before the first job

    def start(self, core: Core) -> None:
        """Begin to take jobs."""

        def ring_again() -> float | None:
            with core.lock:
                dying = [t for t in core.unwinding.values() if not t.masked]
                pauses = [self._ring_if_due(thread) for thread in dying]
                if core.unwinding:
                    pauses.append(RING_PERIOD_S)
            return min(pauses, default=None)

        self._porter = Porter("eka-porter", ring_again)

    def new_lock(self) -> _thread.LockType:
        """The C lock itself."""
        return _thread.allocate_lock()

    def spawn(self, thread: DThread, main: Callable[[], None]) -> None:
        """Start an OS thread."""
        gate = _thread.allocate_lock()
        gate.acquire()
        thread.park = gate.acquire
        thread.unpark = gate.release
        # Not threading.Thread: its start() waits for the new thread to answer, and we
        # hold the kernel lock.
        thread.carrier = carrier = OsCarrier(main.__code__)
        carrier.ident = _thread.start_new_thread(main, ())

    def ring(self, thread: DThread) -> None:
        """Interrupt a carrier in user code, and again if it does not hear."""
        self._ring_if_due(thread)
        self.post(_nothing)  # the porter looks after it from now on

    def _ring_if_due(self, thread: DThread) -> float:
        """Ring unless that was done just now; after how many seconds to look again."""
        carrier = thread.carrier
        now_s = time.monotonic()
        if not isinstance(carrier, OsCarrier):
            return RING_PERIOD_S
        if now_s < carrier.ring_at_s:
            return carrier.ring_at_s - now_s
        match send_ring(carrier.ident, carrier.entry):
            case TRing.ESent:
                carrier.ring_at_s = now_s + RING_PERIOD_S
            case TRing.EPostponed:
                return POSTPONED_S
            case TRing.EGone if carrier.ident:
                # A ring caught it between two handlers on its way out.
                thread.core.drop_carrier(thread)
        return RING_PERIOD_S

    def clear_ring(self, thread: DThread) -> None:
        """Called by the carrier itself, masked for good."""
        clear_ring(_thread.get_ident())

    def retire(self, thread: DThread) -> None:
        """An OS thread ends when its function returns."""
        thread.carrier = None

    def frame(self, thread: DThread) -> FrameType | None:
        """The innermost frame of the OS thread."""
        if not isinstance(thread.carrier, OsCarrier):
            return None
        return sys._current_frames().get(thread.carrier.ident)  # noqa: SLF001 - the only way to see another thread's stack

    def interrupt(self) -> None:
        """Carriers that do not end are rung one by one already."""

    def post(self, job: Callable[[], None]) -> None:
        """Run *job* on the porter."""
        assert self._porter is not None
        self._porter.post(job)

    def waits_changed(self) -> None:
        """Emulated threads run whether or not somebody waits."""

    def stop(self) -> None:
        """End the porter."""
        assert self._porter is not None
        self._porter.stop()


def _nothing() -> None:
    """A job that only wakes the porter."""
