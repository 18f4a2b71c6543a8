"""Who has a CPU: strict priorities, and equals in turn.

Of the ready threads those of the highest levels run, as many as there are CPUs. One
that computes cannot be stopped from outside: it is *noticed*, and gives way at its next
kernel call, or at the end of the one it is in. Then it stays first among its equals if
a higher one takes its place, and comes last if its slice is over.

A slice is 20 ms of real time. Virtual time stands still while anybody computes: there
it is a number of kernel calls, counted while an equal waits, so that equals that only
poll get along too and every run is the same.
"""

from __future__ import annotations

from bisect import insort
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING, Final

from kernel.nkern.os_threads import OsCarrier

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from kernel.tasks.thread import DThread

KSliceUs: Final = 20_000  # on real time
KSliceCalls: Final = 100  # on virtual time


class TNState(Enum):
    """What an NThread is doing. Original: NThreadBase::NThreadState, shortened."""

    EBlocked = 0  # parked, or about to be
    EReady = 1  # wants a CPU, and waits at its gate
    ERunning = 2  # has one
    EGone = 3  # dead; unwinds, or has unwound, without one


class NThread(OsCarrier):
    """The scheduler's part of an emulated thread. Original: NThread."""

    __slots__ = ("calls", "key", "left", "patience_ends_s", "state", "thread", "until")

    def __init__(self, entry: CodeType, thread: DThread) -> None:
        super().__init__(entry)
        self.thread: Final = thread
        self.calls = 0  # made while an equal waited; its own to count
        self.state = TNState.EBlocked
        self.key = (0, 0)  # its place in the queue
        self.left = 0  # of its slice, when it gets a CPU
        self.until = 0  # the end of its slice, while it has one
        self.patience_ends_s = 0.0  # when dead: how long it may keep its CPU

    def __lt__(self, other: NThread) -> bool:
        return self.key < other.key


class Scheduler:
    """The CPUs and the queue for them. All of it runs under the kernel lock.

    *may_run* says whether anybody may: on virtual time nobody runs while no host thread
    waits, so that what the host does comes at a fixed point of the run.
    """

    def __init__(
        self,
        cpus: int,
        slice_size: int,
        spent: Callable[[NThread], int],
        may_run: Callable[[], bool],
    ) -> None:
        # Fixed for life:
        self._cpus: Final = cpus
        self._slice_size: Final = slice_size
        self._spent: Final = spent  # in the unit of slices, from any beginning
        self._may_run: Final = may_run
        self._next_turn: Final = count(1).__next__
        self._ready: Final[list[NThread]] = []  # highest level first, then by turn
        self._running: Final[list[NThread]] = []  # longest running first

        # Replaced whole, so that a thread may look itself up without the lock: a look
        # that comes too early only makes it give way one call later.
        self.noticed: dict[DThread, bool] = {}  # at once, or when the slice is over?

    def wake(self, nthread: NThread) -> None:
        """It wants a CPU; perhaps it had not yet given up the one it had."""
        if nthread.state is TNState.ERunning:
            self._running.remove(nthread)
        nthread.left = self._slice_size
        self._queue(nthread, self._next_turn())
        self.fill()

    def block(self, nthread: NThread) -> None:
        """It is about to park, unless it was woken before it came here."""
        if nthread.state is TNState.ERunning and nthread.gate.locked():
            self._running.remove(nthread)
            nthread.state = TNState.EBlocked
            self.fill()

    def give_way(self, nthread: NThread) -> bool:
        """Take its CPU if another is to have it; whether it has to wait at its gate."""
        at_once = self.noticed.get(nthread.thread)
        if at_once is None or nthread.state is not TNState.ERunning:
            return False
        left = nthread.until - self._spent(nthread)
        if not at_once and left > 0:
            return False
        self._running.remove(nthread)
        if at_once:
            nthread.left = max(left, 0)
            self._queue(nthread, -self._next_turn())
        else:
            nthread.left = self._slice_size
            self._queue(nthread, self._next_turn())
        self.fill()
        return True

    def end_slice(self, nthread: NThread) -> None:
        """It gives way to its equals when its call ends."""
        nthread.until = self._spent(nthread)

    def requeue(self, nthread: NThread) -> None:
        """Its level is another now: if it is ready it comes last among its equals."""
        if nthread.state is TNState.EReady:
            self._ready.remove(nthread)
            self._queue(nthread, self._next_turn())
        self.fill()

    def let_go(self, nthread: NThread) -> None:
        """It is dead, or has ended: it needs no CPU for what is left of it."""
        if nthread.state is TNState.ERunning:
            self._running.remove(nthread)
        elif nthread.state is TNState.EReady:
            self._ready.remove(nthread)
            nthread.gate.release()
        nthread.state = TNState.EGone
        self.fill()

    def fill(self) -> None:
        """Give free CPUs to the first in the queue, and notice who is to give way."""
        may_run = self._may_run()
        while may_run and self._ready and len(self._running) < self._cpus:
            first = self._ready.pop(0)
            first.state = TNState.ERunning
            first.until = self._spent(first) + first.left
            self._running.append(first)
            first.gate.release()
        if self._ready or not may_run:
            self.noticed = self._to_notice(may_run=may_run)
        elif self.noticed:
            self.noticed = {}

    def _queue(self, nthread: NThread, turn: int) -> None:
        nthread.state = TNState.EReady
        nthread.key = (-nthread.thread.level, turn)
        insort(self._ready, nthread)

    def _to_notice(self, *, may_run: bool) -> dict[DThread, bool]:
        if not may_run:
            return {nthread.thread: True for nthread in self._running}
        lowest = sorted(self._running, key=lambda nthread: nthread.thread.level)
        return {
            runner.thread: first.thread.level > runner.thread.level
            for runner, first in zip(lowest, self._ready, strict=False)
            if first.thread.level >= runner.thread.level
        }

    def check(self) -> None:
        """Assert that everybody is where its state says, and nobody waits in vain."""
        assert len(self._running) <= self._cpus, self._running
        assert self._ready == sorted(self._ready), self._ready
        assert all(n.state is TNState.ERunning for n in self._running), self._running
        for nthread in self._ready:
            assert nthread.state is TNState.EReady, nthread.thread
            assert nthread.key[0] == -nthread.thread.level, nthread.thread
        has_room = self._may_run() and len(self._running) < self._cpus
        assert not (has_room and self._ready), self._ready
