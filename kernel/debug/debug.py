"""The only door for tools: to look into a machine, and to let things go wrong in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.debug.check import check
from kernel.debug.disturb import Disturbances
from kernel.debug.report import dump
from kernel.debug.snapshot import Snapshot, take_snapshot
from kernel.exec.debug import set_failures
from kernel.faults import KEveryProgram

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.abi.exit import ExitInfo
    from kernel.core import Core
    from kernel.debug.disturb import Disturber
    from kernel.events import Event


@dataclass(frozen=True, slots=True)
class HostException:
    """A thread (or sink) that died of an exception of the host language."""

    thread: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Panic:
    """A thread that panicked or was panicked, how, and where it was then."""

    thread: str
    info: ExitInfo
    traceback: str

    @property
    def end(self) -> str:
        """How, in words."""
        return str(self.info)


class Debug:
    """What tools may see of a machine, and do to it. Threads: any host thread."""

    def __init__(
        self, core: Core, call: Callable[[Callable[[], object]], object]
    ) -> None:
        self._core: Final = core
        self._call: Final = call  # runs a function on the machine's own OS thread
        self._disturbances: Final = Disturbances(core)

    def snapshot(self) -> Snapshot:
        """A consistent picture."""
        result: list[Snapshot] = []

        def take() -> None:
            with self._core.lock:
                result.append(take_snapshot(self._core))

        self._call(take)
        return result[0]

    def check(self) -> None:
        """Verify every internal invariant. Raises: AssertionError."""

        def run() -> None:
            with self._core.lock:
                check(self._core)

        self._call(run)

    def dump(self, events: int = 50) -> str:
        """Everything as text, with the latest *events*.

        Taken at once, whatever the machine is doing: it is meant for hangs.
        """
        return dump(self._core, events)

    def events(self) -> list[Event]:
        """What the flight recorder holds, oldest first."""
        return self._core.recorder.latest()

    def add_sink(self, sink: Callable[[Event], None]) -> None:
        """Hand *sink* every event from now on."""
        self._core.add_sink(sink)

    def fail_alloc(
        self, kind: int, rate: int = 1, burst: int = 1, *, scope: int = KEveryProgram
    ) -> None:
        """Let allocations fail in kernel calls of a thread or process, given by its id.

        *kind* is a `TAllocFail`. Without a *scope* it is all programs but the services.
        """

        def begin() -> None:
            with self._core.lock:
                set_failures(self._core, scope, kind, rate, burst)

        self._call(begin)

    def disturb(self, *disturbers: Disturber) -> None:
        """Ask *disturbers*, in order, at each kernel call of a program what goes wrong.

        That concerns programs that are started from now on, and no services; it may be
        asked for before the machine boots. The new ones take the place of those before;
        none at all ends it. See `kernel.debug.disturb`.
        """
        with self._core.lock:
            self._disturbances.set(disturbers)

    @property
    def fault(self) -> str:
        """Why the machine stopped; empty if it did not. Not every wait is told."""
        return self._core.fault

    @property
    def failed_allocations(self) -> list[str]:
        """What could not be allocated because a test wanted so, oldest first."""
        faults = self._core.faults
        return [] if faults is None else list(faults.failed)

    @property
    def exceptions(self) -> list[HostException]:
        """The host exceptions that threads have died of."""
        return [HostException(*pair) for pair in self._core.exceptions]

    @property
    def panics(self) -> list[Panic]:
        """The latest panics other than for host exceptions, oldest first.

        A panic appears here when its thread's carrier has unwound: of a machine that
        was shut down, all that were.
        """
        with self._core.lock:
            return [Panic(*three) for three in self._core.panics]
