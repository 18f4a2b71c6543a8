"""Ends a test that hangs, after saying where everything stood.

In place of pytest-timeout's own timer, for tests that boot a machine: that one would
tear an OS thread at any point, and knows nothing of emulated threads. A watchdog bites
twice: it aborts the machine, again and again, which ends all waits for it; a test that
hangs even so ends its process.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.machine import Kernel

KGraceS: Final = 60.0  # from aborting the machine, which then shuts down, to the end
KAborts: Final = 60  # in that time
KDumpS: Final = 20.0  # for a dump, which needs the kernel lock


class Watchdog:
    """One test's time-out; `bite` is set once it has expired."""

    def __init__(
        self,
        timeout_s: float,
        machine: Callable[[], Kernel | None],
        last_words: Callable[[str], None],
    ) -> None:
        # Fixed for life:
        self.timeout_s: Final = timeout_s
        self._machine: Final = machine
        self._last_words: Final = last_words  # prints, where a process is ended
        self._over: Final = threading.Event()

        # Owned by the watchdog's own thread until the test is over:
        self.bite: str | None = None

        self._os_thread: Final = threading.Thread(
            target=self._watch, name="eka-watchdog", daemon=True
        )
        self._os_thread.start()

    def cancel(self) -> None:
        """The test is over; a second call does nothing."""
        self._over.set()

    def _watch(self) -> None:
        if self._over.wait(self.timeout_s):
            return
        report = hang_report(self._machine())
        self.bite = f"time-out after {self.timeout_s:g} s\n\n{report}"
        for _ in range(KAborts):  # it may boot, or its next wait begin, only now
            self._abort()
            if self._over.wait(KGraceS / KAborts):
                return
        self._last_words(self.bite)
        os._exit(1)

    def _abort(self) -> None:
        machine = self._machine()
        if machine is not None:
            error = TimeoutError(f"the test's time-out of {self.timeout_s:g} s expired")
            in_background(lambda: machine.abort(error))


def hang_report(machine: Kernel | None) -> str:
    """Every OS thread's stack, and the machine's dump."""
    parts = [os_stacks()]
    if machine is not None:
        parts.append(dump_or_why_not(machine))
    return "\n\n".join(parts)


def os_stacks() -> str:
    """The stack of each OS thread of this process, but the calling one."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        f"OS thread {names.get(ident, '?')} ({ident}):\n"
        + "".join(traceback.format_stack(frame))
        for ident, frame in sys._current_frames().items()  # noqa: SLF001 - no public way
        if ident != threading.get_ident()
    )


def dump_or_why_not(machine: Kernel) -> str:
    """`debug.dump()`, unless the kernel lock doesn't come free."""
    dumps: list[str] = []
    in_background(lambda: dumps.append(machine.debug.dump())).join(KDumpS)
    return (
        dumps[0] if dumps else f"no dump: the kernel lock is held for over {KDumpS} s"
    )


def in_background(work: Callable[[], None]) -> threading.Thread:
    """Begin what waits for the kernel lock, which may never come free."""
    os_thread = threading.Thread(target=work, name="eka-last-look", daemon=True)
    os_thread.start()
    return os_thread
