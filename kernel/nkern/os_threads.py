"""What back-ends share whose emulated threads are OS threads: rings, and the porter.

A carrier parks on its gate, a lock that is held all the time. Opening it releases it,
under the kernel lock, once a park; so a wake that comes before its park is not lost.
"""

from __future__ import annotations

import _thread
import sys
import time
from _thread import LockType
from types import FunctionType
from typing import TYPE_CHECKING, Final

from kernel.nkern.host import Porter
from kernel.nkern.ring import GarbageWatch, TRing, clear_ring, send_ring

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from kernel.core import Core
    from kernel.tasks.thread import DThread

RING_PERIOD_S: Final = 0.05  # a carrier that swallowed its ring is rung again
POSTPONED_S: Final = 0.002  # until another look at one inside host code with locks


class OsCarrier:
    """An OS thread, its gate, and when it is to be rung next (host seconds)."""

    __slots__ = ("entry", "gate", "ident", "ring_at_s")

    def __init__(self, entry: CodeType) -> None:
        self.entry: Final = entry
        self.gate: Final = _thread.allocate_lock()
        self.gate.acquire()
        self.ident = 0
        self.ring_at_s = 0.0


def with_own_code(main: Callable[[], None]) -> Callable[[], None]:
    """*main* with a code object that no other carrier has.

    That is how an OS thread is told from the next one, to which the host may give the
    same ident: a ring that is due to the dead must not reach the living.
    """
    code = main.__code__.replace(co_name="carrier")
    return FunctionType(code, main.__globals__, closure=main.__closure__)


def with_birth(main: Callable[[], None]) -> tuple[Callable[[], None], LockType]:
    """*main* as what an OS thread of its own runs; the lock is released as it begins.

    Until then CPython 3.11 knows the new OS thread by the ident of whoever started it,
    and a ring for that one would reach this one.
    """
    birth = _thread.allocate_lock()
    birth.acquire()

    def begin() -> None:
        birth.release()
        main()

    return with_own_code(begin), birth


class OsThreads:
    """A back-end but for who runs when."""

    def __init__(self) -> None:
        self._porter: Porter | None = None  # set once, before the first job
        # By the ident of who started them; only its own thread changes an entry.
        self._births: Final[dict[int, list[LockType]]] = {}
        self._garbage: Final = GarbageWatch()

    def start(self, core: Core) -> None:
        """Begin to take jobs."""

        def chore() -> float | None:
            with core.lock:
                return self.look_after(core)

        self._garbage.start()
        self._porter = Porter("eka-porter", chore)

    def look_after(self, core: Core) -> float | None:
        """Ring the dead that linger in user code; when to look again, in seconds."""
        dying = [t for t in core.unwinding.values() if not t.masked]
        pauses = [self._ring_if_due(thread) for thread in dying]
        if core.unwinding:
            pauses.append(RING_PERIOD_S)
        return min(pauses, default=None)

    def start_os_thread(self, run: Callable[[], None], birth: LockType) -> int:
        """Start what `with_birth` made; the new ident. Called under the lock."""
        ident = _thread.start_new_thread(run, ())
        births = self._births.setdefault(_thread.get_ident(), [])
        births[:] = [*filter(LockType.locked, births), birth]
        return ident

    def new_lock(self) -> LockType:
        """The C lock itself."""
        return _thread.allocate_lock()

    def ring(self, thread: DThread) -> None:
        """Interrupt a carrier in user code, and again if it does not hear."""
        self._ring_if_due(thread)
        self.watch()

    def watch(self) -> None:
        """Have the porter look after the dead from now on."""
        self.post(_nothing)

    def _ring_if_due(self, thread: DThread) -> float:
        """Ring unless that was done just now; after how many seconds to look again."""
        carrier = thread.carrier
        now_s = time.monotonic()
        if not isinstance(carrier, OsCarrier):
            return RING_PERIOD_S
        if now_s < carrier.ring_at_s:
            return carrier.ring_at_s - now_s
        if any(map(LockType.locked, self._births.get(carrier.ident, ()))):
            return POSTPONED_S
        match send_ring(carrier.ident, carrier.entry, self._garbage.idents):
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
        ident = _thread.get_ident()
        for birth in self._births.get(ident, ()):
            with birth:
                pass
        clear_ring(ident)
        self._births.pop(ident, None)

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

    def stop(self) -> None:
        """End the porter."""
        assert self._porter is not None
        self._porter.stop()
        self._garbage.stop()


def _nothing() -> None:
    """A job that only wakes the porter."""
