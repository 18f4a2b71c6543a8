"""A process as the host sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kernel.abi.exit import ExitInfo
    from kernel.machine import Kernel
    from kernel.tasks.process import DProcess


class HostProcess:
    """What `Kernel.start` returns. Threads: any host thread."""

    def __init__(self, machine: Kernel, process: DProcess) -> None:
        self._machine: Final = machine
        self._process: Final = process

    @property
    def id(self) -> int:
        """The process id."""
        return self._process.id

    @property
    def name(self) -> str:
        """The process's full name."""
        return self._process.full_name

    @property
    def exit_info(self) -> ExitInfo:
        """How it ended; pending while it is alive."""
        return self._process.exit_info

    def wait(self, timeout_us: int | None = None) -> ExitInfo:
        """Blocks: until the process is dead, or *timeout_us* have passed on its clock.

        Raises: Deadlock if it never can be; TimeoutError.
        """
        return self._machine.wait_for(self._process, timeout_us)

    def kill(self, reason: int = 0) -> None:
        """End it with type Kill; a dead one is left alone."""
        self._machine.end(self._process, reason)

    def __repr__(self) -> str:
        return repr(self._process)
