"""How host threads wait for the machine, and have things done inside it.

No host thread runs kernel code: the main one could be torn by Ctrl-C in the middle of
it. It posts a job to an OS thread of the machine's own, and waits on a plain lock.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class HostWait:
    """One host thread's wait for the machine.

    *needs_progress* waits end by themselves only if emulated threads run on: when
    nothing can run, time may be moved on their behalf. `is_stuck` says whether, with
    nothing left to run, this wait is to fail with a deadlock report.
    """

    def __init__(
        self, describe: str, *, needs_progress: bool, is_stuck: Callable[[], bool]
    ) -> None:
        # Fixed for life:
        self.describe: Final = describe
        self.needs_progress: Final = needs_progress
        self.is_stuck: Final = is_stuck
        self._gate: Final = threading.Lock()
        self._gate.acquire()  # released once, when the wait is over

        # Guarded by the kernel lock until the gate opens:
        self.done = False
        self.failure: BaseException | None = None

    def finish(self, failure: BaseException | None = None) -> bool:
        """End the wait; whether it was still going on."""
        if self.done:
            return False
        self.done = True
        self.failure = failure
        self._gate.release()
        return True

    def wait(self, timeout_s: float = -1) -> bool:
        """Blocks: until finished, or so many host seconds; whether it is finished.

        Ctrl-C gets through. Raises: what the wait failed with.
        """
        if not self._gate.acquire(timeout=timeout_s):
            return False
        self._gate.release()
        if self.failure is not None:
            raise self.failure
        return True


class HostCall(Generic[T]):
    """A function that runs on the machine's own OS thread, for a host thread."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function: Final = function
        self._gate: Final = threading.Lock()
        self._gate.acquire()
        self._result: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Called by the machine's OS thread."""
        try:
            self._result.append(self._function())
        except BaseException as error:  # noqa: BLE001 - handed to the caller
            self._error = error
        self._gate.release()

    def wait_for(self, timeout_s: float) -> bool:
        """Blocks: until the function has run, or so long; whether it has run."""
        if not self._gate.acquire(timeout=timeout_s):
            return False
        self._gate.release()
        return True

    def wait(self) -> T:
        """Blocks: until the function has run; Ctrl-C gets through."""
        with self._gate:
            pass
        if self._error is not None:
            raise self._error
        return self._result[0]


def become_batch() -> None:
    """Schedule this OS thread, and those it will start, as batch work, where possible.

    When one carrier wakes another, the host's scheduler likes to run the woken one at
    once, although it can do nothing before the waker gives the interpreter up: two
    switches for nothing. A batch thread does not preempt its waker. On one CPU that
    halves the price of a hand-over (docs/design/carriers.md).
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a sandbox may forbid it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


class Porter:
    """An OS thread that runs posted jobs in order, and a chore from time to time."""

    def __init__(self, name: str, chore: Callable[[], float | None]) -> None:
        self._jobs: Final[SimpleQueue[Callable[[], None] | None]] = SimpleQueue()
        self._chore: Final = chore  # returns after how many seconds it is due again
        self._os_thread: Final = threading.Thread(
            target=self._run, name=name, daemon=True
        )
        self._os_thread.start()

    def post(self, job: Callable[[], None]) -> None:
        """Run *job* soon, and the chore after it."""
        self._jobs.put(job)

    def stop(self) -> None:
        """End the thread, after the jobs posted so far."""
        self._jobs.put(None)
        self._os_thread.join()

    def _run(self) -> None:
        become_batch()
        pause_s: float | None = None
        while True:
            try:
                job = self._jobs.get(timeout=pause_s)
            except Empty:
                pause_s = self._chore()
                continue
            if job is None:
                return
            job()
            pause_s = self._chore()
