"""Back-end `threads`: every emulated thread is an OS thread, and the host schedules.

A carrier parks on its gate, a lock that is held all the time. Waking releases it, under
the kernel lock, exactly once a park; so a wake that comes before its park is not lost.
"""

from __future__ import annotations

import _thread
import sys
from typing import TYPE_CHECKING, Final

from kernel.nkern.host import Porter
from kernel.nkern.ring import clear_ring, send_ring

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from kernel.core import Core
    from kernel.tasks.thread import DThread

RING_PERIOD_S: Final = 0.05  # a carrier that swallowed its ring is rung again


class ThreadsBackend:
    """Real OS threads. Decisions are the host's, so `decide` is None."""

    name: Final = "threads"
    decide: Final = None

    def __init__(self) -> None:
        self._porter: Porter | None = None  # set once, before the first job

    def start(self, core: Core) -> None:
        """Begin to take jobs."""

        def ring_again() -> bool:
            with core.lock:
                for thread in core.unwinding.values():
                    if not thread.masked:
                        self.ring(thread)
                return bool(core.unwinding)

        self._porter = Porter("eka-porter", ring_again, RING_PERIOD_S)

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
        thread.carrier = _thread.start_new_thread(main, ())

    def ring(self, thread: DThread) -> None:
        """Interrupt a carrier in user code."""
        if isinstance(thread.carrier, int):
            send_ring(thread.carrier)

    def clear_ring(self, thread: DThread) -> None:
        """Called by the carrier itself, masked for good."""
        clear_ring(_thread.get_ident())

    def retire(self, thread: DThread) -> None:
        """An OS thread ends when its function returns."""
        thread.carrier = None

    def frame(self, thread: DThread) -> FrameType | None:
        """The innermost frame of the OS thread."""
        if not isinstance(thread.carrier, int):
            return None
        return sys._current_frames().get(thread.carrier)  # noqa: SLF001 - the only way to see another thread's stack

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
