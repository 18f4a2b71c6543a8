"""Back-end `priority`: OS threads, of which only the highest have a virtual CPU.

A carrier without a CPU stands at its gate, masked, in one of three places: before a
kernel call, in the middle of one, or at its end. So in user code there are never more
carriers than CPUs. Everything else is as on `threads`.

The dead keep their CPU while they unwind, or get one when it is their turn: so
`finally` blocks run in a fixed order too. But nobody is held up by a dead thread that
lingers: after a while it goes on without a CPU, and the next one gets it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from kernel.nkern.os_threads import RING_PERIOD_S, OsThreads, with_birth
from kernel.nkern.scheduler import (
    KSliceCalls,
    KSliceUs,
    NThread,
    Scheduler,
    TNState,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.core import Core
    from kernel.tasks.thread import DThread

PATIENCE_S: Final = RING_PERIOD_S  # that a dead carrier may keep a CPU
LINGER_S: Final = 0.5  # until one is rung that has heard of its death by itself


class PriorityBackend(OsThreads):
    """Strict priorities on *cpus* virtual CPUs."""

    name: Final = "priority"

    def __init__(self, cpus: int) -> None:
        if cpus < 1:
            raise ValueError(f"a machine needs a CPU, and this one has {cpus}")
        super().__init__()
        self._cpus: Final = cpus
        self._core: Core
        self._scheduler: Scheduler

    def start(self, core: Core) -> None:
        """Begin to take jobs."""
        clock = core.clock
        self._core = core
        if clock.is_virtual:
            self._scheduler = Scheduler(
                self._cpus,
                KSliceCalls,
                lambda nthread: nthread.calls,
                lambda: core.closing or bool(core.host_waits),
            )
        else:
            self._scheduler = Scheduler(
                self._cpus, KSliceUs, lambda _: clock.now(), lambda: True
            )
        super().start(core)

    def spawn(self, thread: DThread, main: Callable[[], None]) -> None:
        """Start an OS thread, which waits for a CPU before it calls *main*."""
        lock, scheduler = self._core.lock, self._scheduler

        def wait_and_run() -> None:
            gate.acquire()
            main()

        run, birth = with_birth(wait_and_run)
        thread.carrier = nthread = NThread(run.__code__, thread)
        gate = nthread.gate

        def park() -> None:
            with lock:
                scheduler.block(nthread)
            gate.acquire()

        thread.park = park
        thread.unpark = lambda: scheduler.wake(nthread)
        nthread.ident = self.start_os_thread(run, birth)
        scheduler.wake(nthread)

    def decide(self, thread: DThread, call: str, args: tuple[object, ...]) -> None:
        """Before a kernel call: give way if somebody else is to have the CPU."""
        if thread not in self._scheduler.noticed:
            return
        with self._core.lock:
            if thread.dead:  # a ring may be on its way: nothing is to be done here
                return
            thread.masked = True  # without a CPU it is not to be rung
        nthread = thread.carrier
        assert isinstance(nthread, NThread)
        nthread.calls += 1
        self.give_way(thread)
        thread.masked = False

    def give_way(self, thread: DThread) -> None:
        """The same at the end of a call; the carrier is masked."""
        nthread = thread.carrier
        assert isinstance(nthread, NThread)
        if thread in self._scheduler.noticed:
            with self._core.lock:
                must_wait = self._scheduler.give_way(nthread)
            if must_wait:
                nthread.gate.acquire()
        if thread.dead:  # it unwinds through user code: for how long?
            nthread.ring_at_s = time.monotonic() + LINGER_S
            self.watch()

    def level_changed(self, thread: DThread) -> None:
        """Others are to run now, perhaps."""
        if isinstance(thread.carrier, NThread):
            self._scheduler.requeue(thread.carrier)

    def end_slice(self, thread: DThread) -> None:
        """It gives way to its equals at the end of its call."""
        if isinstance(thread.carrier, NThread):
            self._scheduler.end_slice(thread.carrier)

    def waits_changed(self) -> None:
        """On virtual time nobody runs while no host thread waits."""
        self._scheduler.fill()

    def retire(self, thread: DThread) -> None:
        """Its CPU is free."""
        if isinstance(thread.carrier, NThread):
            self._scheduler.let_go(thread.carrier)
        super().retire(thread)

    def look_after(self, core: Core) -> float | None:
        """Ring the dead, and let those go on without a CPU that keep it for long."""
        pause_s = super().look_after(core)
        for thread in core.unwinding.values():
            nthread = thread.carrier
            if isinstance(nthread, NThread) and (core.closing or _lingers(nthread)):
                self._scheduler.let_go(nthread)
        return pause_s

    def check(self) -> None:
        """Assert what the scheduler says of itself."""
        self._scheduler.check()


def _lingers(nthread: NThread) -> bool:
    """Whether it has kept a CPU for too long, since it was first asked."""
    if nthread.state is not TNState.ERunning:
        return False
    now_s = time.monotonic()
    if not nthread.patience_ends_s:
        nthread.patience_ends_s = now_s + PATIENCE_S
    return now_s >= nthread.patience_ends_s
