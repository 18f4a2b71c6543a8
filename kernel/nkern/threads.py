"""Back-end `threads`: every emulated thread is an OS thread, and the host schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.nkern.os_threads import OsCarrier, OsThreads, with_birth

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.tasks.thread import DThread


class ThreadsBackend(OsThreads):
    """Real OS threads. Decisions are the host's: there is nothing to be asked."""

    name: Final = "threads"
    decide: Final = None
    give_way: Final = None

    def spawn(self, thread: DThread, main: Callable[[], None]) -> None:
        """Start an OS thread."""
        run, birth = with_birth(main)
        thread.carrier = carrier = OsCarrier(run.__code__)
        thread.park = carrier.gate.acquire
        thread.unpark = carrier.gate.release
        # Not threading.Thread: its start() waits for the new thread to answer, and we
        # hold the kernel lock.
        carrier.ident = self.start_os_thread(run, birth)

    def level_changed(self, thread: DThread) -> None:
        """The host knows no levels."""

    def end_slice(self, thread: DThread) -> None:
        """Nor slices of ours."""

    def waits_changed(self) -> None:
        """Emulated threads run whether or not somebody waits."""

    def check(self) -> None:
        """Nothing is kept here."""
