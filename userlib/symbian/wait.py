"""A nested scheduler loop that its starter can stop by name.

Original: CActiveSchedulerWait (ub_act.cpp); symbian-userlib 6.
"""

from collections.abc import Callable

from kernel.abi.current import panic
from kernel.abi.panics import E32USER_CBASE, TCBasePanic
from userlib.symbian.scheduler import CActiveScheduler, SchedulerLoop


class CActiveSchedulerWait:
    """Waits in the middle of a `run` while the thread's other objects go on.

    Threads: the one that starts it.
    Original: CActiveSchedulerWait (e32base.h).
    """

    def __init__(self) -> None:
        self._scheduler: CActiveScheduler | None = None
        self._loop: SchedulerLoop | None = None  # None: not started, or stopped

    @property
    def is_started(self) -> bool:
        """False from `async_stop` on, even if the loop still has to end.

        Original: CActiveSchedulerWait::IsStarted.
        """
        return self._loop is not None

    def start(self) -> None:
        """Run a loop that only `async_stop` ends.

        Started already panics E32USER-CBase 91, no scheduler 44.
        Blocks: until the loop, and those nested above it, have ended.

        Original: CActiveSchedulerWait::Start.
        """
        if self._loop is not None:
            panic(E32USER_CBASE, TCBasePanic.EWaitAlreadyStarted)
        scheduler = CActiveScheduler.current()
        if scheduler is None:
            panic(E32USER_CBASE, TCBasePanic.ENoScheduler)
        self._scheduler = scheduler
        self._loop = SchedulerLoop(owner=self)
        scheduler.run_loop(self._loop)

    def async_stop(self, callback: Callable[[], object] | None = None) -> None:
        """End the loop after the current run; it may be started again at once.

        *callback* is called when the loop has ended, before its `start` returns.
        Not started panics E32USER-CBase 92.

        Original: CActiveSchedulerWait::AsyncStop.
        """
        loop = self._started_loop()
        loop.callback = callback
        loop.stop()

    def can_stop_now(self) -> bool:
        """Whether no loop above is running, so that `start` would return at once.

        Not started panics E32USER-CBase 92.

        Original: CActiveSchedulerWait::CanStopNow.
        """
        loop = self._started_loop()
        assert self._scheduler is not None
        return self._scheduler.is_innermost(loop)

    def destroy(self) -> None:
        """Stop if started. Original: CActiveSchedulerWait::~CActiveSchedulerWait."""
        if self._loop is not None:
            self.async_stop()

    def detach(self) -> None:
        """The loop was stopped: let go of it.

        Original: none; what stops a loop clears it.
        """
        self._loop = None

    def _started_loop(self) -> SchedulerLoop:
        if self._loop is None:
            panic(E32USER_CBASE, TCBasePanic.EWaitNotStarted)
        return self._loop
