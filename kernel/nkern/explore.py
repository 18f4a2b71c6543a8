"""Back-end `explore`: every emulated thread is a greenlet, and a seed schedules.

All greenlets run on one OS thread of the machine's own, and only while a host thread
waits for the machine: so the host's own calls come at fixed points of the schedule. The
hub is that OS thread's main greenlet; it has the baton when nobody can run, when the
host has posted a job, and when no host thread waits.

A killed greenlet is never thrown into: it is made ready and unwinds when chosen.
"""

from __future__ import annotations

import _thread
import sys
import threading
from bisect import insort
from operator import attrgetter
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from greenlet import getcurrent, greenlet

from kernel.abi.errors import ThreadDeath
from kernel.nkern.decision import RandomWalk
from kernel.nkern.ring import is_in_lock_step, set_async_exception

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from kernel.core import Core
    from kernel.nkern.clock import Clock
    from kernel.tasks.thread import DThread

# Modules one of whose functions is running while a program is not.
_OURS: Final = frozenset((__name__, "kernel.exec.entrance"))


class GreenCarrier:
    """A greenlet, and whether it may be chosen."""

    __slots__ = ("green", "id", "is_ready", "switch")

    def __init__(self, thread_id: int, green: greenlet) -> None:
        self.id = thread_id
        self.green = green
        self.switch = green.switch
        self.is_ready = False


by_id: Final = attrgetter("id")


class ExploreBackend:
    """One greenlet at a time, chosen at every decision point."""

    name: Final = "explore"
    give_way: Final = None  # the seed decides before each call, and need not after it

    def __init__(self, seed: int) -> None:
        # Fixed for life:
        self._choose: Final = RandomWalk(seed).choose
        self._jobs: Final[SimpleQueue[Callable[[], None] | None]] = SimpleQueue()
        self._core: Core | None = None  # set once, before the first job
        self._os_thread: Final = threading.Thread(
            target=self._run, name="eka-explore", daemon=True
        )

        # Owned by the machine's OS thread (`_recall` may be set by any):
        self._ready: Final[list[GreenCarrier]] = []
        self._hub: greenlet | None = None
        self._recall = False  # the hub wants the baton at the next decision point
        self._real_clock: Clock | None = None  # with a virtual one nothing falls due
        self.decide: Final = self._make_decide()

    def _make_decide(self) -> Callable[[DThread, str, tuple[object, ...]], None]:
        ready = self._ready
        choose = self._choose

        def decide(thread: DThread, _call: str, _args: tuple[object, ...]) -> None:
            """A decision point: somebody ready runs next, perhaps the caller itself."""
            clock = self._real_clock
            if self._recall or (
                clock is not None and clock.first_us is not None and clock.is_due()
            ):
                assert self._hub is not None
                self._hub.switch()
                return
            count = len(ready)
            if count > 1:
                chosen = ready[choose(count)]
                if chosen is not thread.carrier:
                    chosen.switch()

        return decide

    def start(self, core: Core) -> None:
        """Begin to take jobs."""
        self._core = core
        if not core.clock.is_virtual:
            self._real_clock = core.clock
        self._os_thread.start()

    def new_lock(self) -> _thread.LockType:
        """The C lock itself: host threads register their waits under it."""
        return _thread.allocate_lock()

    def spawn(self, thread: DThread, main: Callable[[], None]) -> None:
        """Make a greenlet and let it be chosen."""
        carrier = GreenCarrier(thread.id, greenlet(main, self._hub))
        thread.carrier = carrier
        ready = self._ready
        choose = self._choose

        def park() -> None:
            if not thread.parked:  # a wake came first; or the thread only gives way
                self.decide(thread, "", ())
                return
            carrier.is_ready = False
            ready.remove(carrier)
            count = len(ready)
            if count == 0 or self._recall:
                assert self._hub is not None
                self._hub.switch()
            else:
                ready[choose(count) if count > 1 else 0].switch()

        def unpark() -> None:
            if not carrier.is_ready:
                carrier.is_ready = True
                insort(ready, carrier, key=by_id)

        thread.park = park
        thread.unpark = unpark
        unpark()

    def level_changed(self, thread: DThread) -> None:
        """The seed knows no levels."""

    def end_slice(self, thread: DThread) -> None:
        """Nor slices."""

    def ring(self, thread: DThread) -> None:
        """A greenlet runs only when chosen, and meets its death at its next call."""

    def clear_ring(self, thread: DThread) -> None:
        """There are none."""

    def retire(self, thread: DThread) -> None:
        """Take the greenlet out; it ends by returning to the hub.

        Whoever keeps the dead thread must not keep the greenlet, and by it the hub.
        """
        carrier = thread.carrier
        assert isinstance(carrier, GreenCarrier)
        if carrier.is_ready:
            carrier.is_ready = False
            self._ready.remove(carrier)
        del carrier.green, carrier.switch
        thread.carrier = None

    def frame(self, thread: DThread) -> FrameType | None:
        """The innermost frame of the greenlet."""
        carrier = thread.carrier
        if not isinstance(carrier, GreenCarrier):
            return None
        if carrier.green is getcurrent():
            return sys._getframe()  # noqa: SLF001 - its caller's callers are the program
        return carrier.green.gr_frame

    def interrupt(self) -> None:
        """Ring the one OS thread there is, if a program computes on it for ever.

        The computer may just be slow: what the machine itself does is left alone.
        """
        ident = self._os_thread.ident
        frame = sys._current_frames().get(ident or 0)  # noqa: SLF001 - the only way to see another thread's stack
        if ident is None or frame is None:
            return
        if is_in_program(frame) and not is_in_lock_step(frame):
            set_async_exception(ident, ThreadDeath)

    def post(self, job: Callable[[], None]) -> None:
        """Run *job* in the hub, at the next decision point."""
        self._jobs.put(job)
        self._recall = True

    def waits_changed(self) -> None:
        """Stop at the next decision point if nobody waits any more."""
        self._recall = True

    def stop(self) -> None:
        """End the OS thread, after the jobs posted so far."""
        self._jobs.put(None)
        self._recall = True
        self._os_thread.join()

    def check(self) -> None:
        """Assert that those to choose from are in order, each once."""
        ids = [carrier.id for carrier in self._ready]
        assert ids == sorted(set(ids)), ids
        assert all(carrier.is_ready for carrier in self._ready), ids

    def _run(self) -> None:
        """The hub.

        Nobody may refer to it once its OS thread has ended. The greenlet library then
        counts the references to a main greenlet and takes a single one for a leak if
        the host's garbage collector does not know whose it is; while the collector is
        at work it knows nobody, and the library would free what is still referred to.
        """
        self._hub = getcurrent()
        try:
            self._serve_hub()
        finally:
            self._hub = None

    def _serve_hub(self) -> None:
        core = self._core
        assert core is not None
        pause_s: float | None = 0.0
        while self._run_jobs(pause_s):
            self._recall = False
            if self._ready and self._is_driven(core):
                count = len(self._ready)
                self._ready[self._choose(count) if count > 1 else 0].switch()
            with core.lock:
                progress = core.clock.fire_due() > 0
                if core.runnable == 0:
                    progress = core.on_idle(core) or progress
                is_busy = bool(self._ready) and self._is_driven(core)
                pause_s = 0.0 if progress or is_busy else self._pause_s(core)
            core.deliver()

    def _is_driven(self, core: Core) -> bool:
        return core.closing or bool(core.host_waits)

    def _pause_s(self, core: Core) -> float | None:
        """Until when there is nothing to do but to wait for a job."""
        if core.clock.is_virtual or not core.host_waits:
            return None
        due_us = core.clock.next_deadline()
        return None if due_us is None else max(0.0, (due_us - core.clock.now()) / 1e6)

    def _run_jobs(self, pause_s: float | None) -> bool:
        """Run what the host has posted; False when it is time to end."""
        block = pause_s is None or pause_s > 0
        try:
            while True:
                job = self._jobs.get(block, pause_s)
                if job is None:
                    return False
                job()
                block = False
        except Empty:
            return True


def is_in_program(frame: FrameType | None) -> bool:
    """Whether a greenlet's program is at work: neither the hub, nor a kernel call."""
    while frame is not None:
        if frame.f_globals.get("__name__") in _OURS:
            return False
        frame = frame.f_back
    return True
