"""The active scheduler: one loop that runs the active objects of a thread.

A thread's loops nest: each `start` (and each `CActiveSchedulerWait.start`) pushes one
and returns when that one was stopped and those above it have ended.

The installed scheduler stands in a context variable, which is right for OS threads and
for greenlets, and shared by no two threads.

Original: CActiveScheduler (ub_act.cpp); symbian-userlib 5 and 6.
"""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from kernel.abi.current import current_exec, panic
from kernel.abi.errors import KErrNoMemory, KErrNone, KRequestPending, Leave
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from userlib.symbian.active import ActiveQueue, CActive
from userlib.symbian.cleanup import CleanupLevels, LevelGuard, current_levels

if TYPE_CHECKING:
    from collections.abc import Callable

    from userlib.symbian.wait import CActiveSchedulerWait


class SchedulerLoop:
    """One nesting of a scheduler's loop.

    An owned loop belongs to a wait object, which lets go of it when it is stopped, not
    when it has ended.
    """

    __slots__ = ("callback", "exit_code", "is_running", "owner")

    def __init__(self, owner: "CActiveSchedulerWait | None" = None) -> None:
        self.owner = owner
        self.is_running = True
        self.callback: Callable[[], object] | None = None  # called when it has ended
        self.exit_code = int(KErrNone)  # what its start leaves with, if not 0

    def stop(self) -> None:
        """End after the current run; its owner is free at once."""
        self.is_running = False
        if self.owner is not None:
            self.owner.detach()
            self.owner = None


class CActiveScheduler:
    """Waits for any request of its thread, then runs the first object that is ready.

    One signal means one run. *debug_checks* are those of the original's debug build: an
    object whose request was never marked pending, or never made active, is a stray
    event, and a run must leave the cleanup stack as it found it.

    Threads: the one that installed it.
    Original: CActiveScheduler (e32base.h).
    """

    def __init__(self, *, debug_checks: bool = True) -> None:
        # Fixed for life:
        self._debug_checks: Final = debug_checks

        # Owned by the thread itself:
        self.queue: Final = ActiveQueue()
        self.loops: list[SchedulerLoop] = []  # outermost first

    # The calling thread's scheduler.

    @staticmethod
    def install(scheduler: "CActiveScheduler | None") -> None:
        """Make *scheduler* the thread's own; None uninstalls. A second panics 43.

        Original: CActiveScheduler::Install.
        """
        if scheduler is not None and _current.get() is not None:
            panic(E32USER_CBASE, TCBasePanic.ESchedulerAlreadyInstalled)
        _current.set(scheduler)

    @staticmethod
    def current() -> "CActiveScheduler | None":
        """The thread's scheduler, if one is installed.

        Original: CActiveScheduler::Current.
        """
        return _current.get()

    @staticmethod
    def replace(scheduler: "CActiveScheduler | None") -> "CActiveScheduler | None":
        """Install *scheduler* with all objects of the old one, which is returned.

        Objects move in order and uncancelled; loops don't move, so call this outside
        any. None panics E32USER-CBase 44, the installed one 89.

        Original: CActiveScheduler::Replace.
        """
        old = _current.get()
        if scheduler is None:
            panic(E32USER_CBASE, TCBasePanic.ENoScheduler)
        if scheduler is old:
            panic(E32USER_CBASE, TCBasePanic.ESchedulerReplacedByItself)
        if old is not None:
            for active in old.queue.take_all():
                active.enter(scheduler.queue)
        _current.set(scheduler)
        return old

    @staticmethod
    def add(active: CActive | None) -> None:
        """Give *active* to the thread's scheduler.

        Without one panics E32USER-CBase 44, None 48, an object already added 41.

        Original: CActiveScheduler::Add.
        """
        scheduler = _installed()
        if active is None:
            panic(E32USER_CBASE, TCBasePanic.EActiveNull)
        active.demand_built()
        if active.is_added:
            panic(E32USER_CBASE, TCBasePanic.EActiveAlreadyAdded)
        active.enter(scheduler.queue)

    @staticmethod
    def start() -> None:
        """Run a loop that `stop` ends. Without a scheduler panics E32USER-CBase 44.

        Blocks: until the loop has ended.
        Original: CActiveScheduler::Start.
        """
        _installed().run_loop(SchedulerLoop())

    @staticmethod
    def stop() -> None:
        """End the innermost running loop that no wait object owns; none panics 45.

        Original: CActiveScheduler::Stop.
        """
        for loop in reversed(_installed().loops):
            if loop.is_running and loop.owner is None:
                loop.stop()
                return
        panic(E32USER_CBASE, TCBasePanic.ETooManyStops)

    @staticmethod
    def run_if_ready(minimum_priority: int) -> tuple[bool, int]:
        """Run one ready object of at least that priority, without waiting.

        Returns: whether one ran, and what its `run_error` made of its leave.
        Original: CActiveScheduler::RunIfReady.
        """
        scheduler = _current.get()
        if scheduler is None:
            return False, int(KErrNone)
        for active in scheduler.queue.objects:
            if active.priority < minimum_priority:
                break
            status = active.status
            if status.active and status.client.value != KRequestPending:
                current_exec.get().request_wait_any()
                active.clear_active()
                return True, scheduler.run_one(active)
        return False, int(KErrNone)

    # One scheduler.

    def halt(self, code: int) -> None:
        """End the innermost loop, which leaves with *code* unless that is 0.

        Without a loop panics E32USER-CBase 45.

        Original: CActiveScheduler::Halt.
        """
        if not self.loops:
            panic(E32USER_CBASE, TCBasePanic.ETooManyStops)
        self.loops[-1].exit_code = code
        self.loops[-1].stop()

    def error(self, code: int) -> None:
        """A run left, and its `run_error` did not deal with it: panics 47.

        Original: CActiveScheduler::Error.
        """
        panic(E32USER_CBASE, TCBasePanic.EErrorNotHandled)

    def wait_for_any_request(self) -> None:
        """What the loop does between runs; an override ends by taking one signal.

        Original: CActiveScheduler::WaitForAnyRequest.
        """
        current_exec.get().request_wait_any()

    @property
    def stack_depth(self) -> int:
        """Loops nested at present. Original: CActiveScheduler::StackDepth."""
        return len(self.loops)

    def destroy(self) -> None:
        """Let go of every object, cancelling the active ones; uninstall itself.

        Original: CActiveScheduler::~CActiveScheduler.
        """
        while self.queue.objects:  # a cancel may take others off
            self.queue.objects[0].deque()
        if _current.get() is self:
            _current.set(None)

    def is_innermost(self, loop: SchedulerLoop) -> bool:
        """Whether no loop above *loop* is still running.

        Original: none; part of CActiveSchedulerWait::CanStopNow.
        """
        above = self.loops[self.loops.index(loop) + 1 :]
        return not any(other.is_running for other in above)

    def run_loop(self, loop: SchedulerLoop) -> None:
        """Run *loop* until it is stopped. Raises: Leave as `halt` and `error` ask.

        Original: none; part of CActiveScheduler::Start.
        """
        self.loops.append(loop)
        try:
            with LevelGuard():
                while loop.is_running:
                    self.wait_for_any_request()
                    code = self.run_one(self._take_ready())
                    if code:
                        self.error(code)
        except Leave:
            self._end_loop(loop)
            raise
        finally:
            self._drop_loop(loop)
        self._end_loop(loop)
        if loop.exit_code:
            raise Leave(loop.exit_code)

    def _end_loop(self, loop: SchedulerLoop) -> None:
        """*loop* is over, by itself or because `error` left: who stopped it is told."""
        self._drop_loop(loop)
        callback, loop.callback = loop.callback, None
        if callback is not None:
            callback()

    def _drop_loop(self, loop: SchedulerLoop) -> None:
        loop.stop()
        if loop in self.loops:
            self.loops.remove(loop)

    def _take_ready(self) -> CActive:
        """The first object whose request is complete; a stray signal panics 46."""
        for active in self.queue.objects:
            status = active.status
            if status.pending_seen is not status.active and self._is_checked(active):
                break
            if status.active and status.client.value != KRequestPending:
                status.active = status.pending_seen = False
                return active
        return panic(E32USER_CBASE, TCBasePanic.EStraySignal)

    def _is_checked(self, active: CActive) -> bool:
        return self._debug_checks and active.marks_are_own

    def run_one(self, active: CActive) -> int:
        """Run *active* as in a trap: KErrNone, or the code it couldn't deal with.

        Original: none; part of CActiveScheduler::Start.
        """
        levels = current_levels.get()
        if levels is not None:
            levels.open_level()
        try:
            active.run()
        except (Leave, MemoryError) as error:
            return active.run_error(_unwind(levels, error))
        if levels is not None:
            self._close_level(levels)
        return 0

    def _close_level(self, levels: CleanupLevels) -> None:
        if self._debug_checks and not levels.is_level_empty:
            panic(E32USER_CBASE, TCBasePanic.ECleanupCheckFailed)
        levels.close_level()


def _unwind(levels: CleanupLevels | None, error: Leave | MemoryError) -> int:
    """The code of a run's leave, or that of a destructor which left because of it."""
    try:
        if levels is not None:
            levels.unwind_level()
    except (Leave, MemoryError) as later:
        error = later
    return error.code if isinstance(error, Leave) else KErrNoMemory


_current: Final[ContextVar[CActiveScheduler | None]] = ContextVar(
    "current_scheduler", default=None
)


def _installed() -> CActiveScheduler:
    scheduler = _current.get()
    if scheduler is None:
        panic(E32USER_CBASE, TCBasePanic.ENoScheduler)
    return scheduler
