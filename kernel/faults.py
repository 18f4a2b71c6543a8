"""Fault points: where an allocation can be made to fail.

A fault point is `if core.faults is not None: core.faults.allocate(tag)`, before
anything has changed; the machine holds None while no failure is asked for. What a
thread is made with cannot fail later: its message for synchronous requests, its time to
wait until.

Original: the kernel-heap-failure idiom, symbian-userlib 12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from kernel.abi.errors import KernelError, TErr
from kernel.abi.heap import AllocFailures

if TYPE_CHECKING:
    from collections.abc import Callable

KEveryProgram: Final = 0  # no thread or process has this id


class HasService(Protocol):
    """A process."""

    @property
    def is_service(self) -> bool:
        """Whether it was started at boot."""


class HasIds(Protocol):
    """A thread that makes a kernel call."""

    @property
    def id(self) -> int:
        """Its own."""

    @property
    def process_id(self) -> int:
        """Its process's."""

    @property
    def process(self) -> HasService:
        """Whose it is."""


class FaultInjector:
    """Counts allocations and fails those it was told to.

    An allocation counts for the thread in whose kernel call it is made: with a kind set
    for that thread, for its process, and for every program. Nobody else's allocations
    take part, so that a test which fails the n-th gets its own n-th. Services and what
    the host does itself are no programs.

    Guarded by the kernel lock.
    """

    def __init__(self, running: Callable[[], HasIds | None]) -> None:
        self._running: Final = running  # the thread whose kernel call this is
        self._heaps: Final[dict[int, AllocFailures]] = {}  # by thread or process id
        self.failed: Final[list[str]] = []  # tags, oldest first

    def allocate(self, tag: str) -> None:
        """Raises: KErrNoMemory, if this one is to fail."""
        thread = self._running()
        if thread is None:
            return
        scopes = [thread.id, thread.process_id]
        if not thread.process.is_service:
            scopes.append(KEveryProgram)
        heaps = [self._heaps[scope] for scope in scopes if scope in self._heaps]
        failing = [heap for heap in heaps if heap.fails()]  # each counts
        if failing:
            self.failed.append(tag)
            raise KernelError(TErr.KErrNoMemory)

    def set(self, scope: int, kind: int, rate: int, burst: int, seed: int) -> None:
        """Begin a kind for a thread, a process, or every program."""
        heap = self._heaps.setdefault(scope, AllocFailures())
        heap.set(kind, rate, burst, seed)

    def failures(self, scope: int) -> int:
        """How many there were since the kind was set."""
        heap = self._heaps.get(scope)
        return 0 if heap is None else heap.failed

    def forget(self, scope: int) -> None:
        """The thread or process has died."""
        self._heaps.pop(scope, None)
