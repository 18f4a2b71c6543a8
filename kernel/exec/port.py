"""How a host thread borrows an emulated one.

The emulated client thread runs `serve`: it waits for the host thread's next call, makes
it, and hands the outcome back. So kernel code never runs on a host thread, and on
`explore` the call comes at a fixed point of the schedule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.abi.current import current_exec
from kernel.nkern.host import HostWait
from kernel.tasks.idle import begin_wait, finish_wait
from kernel.tasks.park import block, wake

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.thread import DThread


class Job:
    """One kernel call of a host thread."""

    def __init__(self, name: str, args: tuple[object, ...]) -> None:
        self.name: Final = name
        self.args: Final = args
        self.result: object = None
        self.error: BaseException | None = None


class Port:
    """Between a host thread and the emulated thread it borrowed."""

    def __init__(self, core: Core) -> None:
        self.core: Final = core
        self.thread: DThread  # set when it is made, before anything else
        self.job: Job | None = None  # posted, not yet taken
        self.wait: HostWait | None = None  # of the host thread for the running job
        self.is_busy = False  # a job was taken and is not yet answered
        self.is_open = True
        self.is_outside = False  # the emulated thread waits for the host
        self.is_counted = True  # whether that keeps the machine from being idle

    def serve(self) -> int:
        """What the emulated thread runs."""
        exec_: Any = current_exec.get()  # port_next is no call of the protocol
        while (job := exec_.port_next(self)) is not None:
            try:
                job.result = getattr(exec_, job.name)(*job.args)
            except Exception as error:  # noqa: BLE001 - handed to the host thread
                job.error = error
        return 0

    # As the reason the emulated thread is parked:

    def unwait(self, thread: DThread) -> None:
        """It is dying: the host thread gets no further answer."""
        self.leave()

    def describe(self) -> str:
        """For reports."""
        return "its host thread"

    def blockers(self) -> list[DThread]:
        """Nobody inside the machine."""
        return []

    def suspend(self, thread: DThread) -> None:
        """The host goes on meanwhile."""

    def unsuspend(self, thread: DThread) -> None:
        """As suspend."""

    @property
    def is_service(self) -> bool:
        """It waits for work, in a way."""
        return True

    def on_thread_end(self, thread: DThread) -> None:
        """It died in the middle of a call: the host thread is told."""
        self.leave()
        wait, self.wait = self.wait, None
        if wait is not None:
            finish_wait(self.core, wait)

    def take_job(self) -> Job | None:
        """What to do next; None when the host thread has gone."""
        job, self.job = self.job, None
        self.is_busy = job is not None
        return job

    def enter(self) -> None:
        """The emulated thread begins to wait for the host."""
        self.is_outside = True
        if self.is_counted:
            self.core.outside += 1

    def leave(self) -> None:
        """It waits no more."""
        if self.is_outside:
            self.is_outside = False
            if self.is_counted:
                self.core.outside -= 1

    def count(self, *, counted: bool) -> None:
        """Whether the host thread is busy by itself, or waits for the machine."""
        if self.is_outside and counted != self.is_counted:
            self.core.outside += 1 if counted else -1
        self.is_counted = counted


def port_next(core: Core, thread: DThread, port: Port) -> Job | Park | None:
    """Wait for the next job; None when the host thread has gone."""
    if port.is_busy and port.wait is not None:
        wait, port.wait = port.wait, None
        finish_wait(core, wait)
    if not port.is_open or port.job is not None:
        return port.take_job()
    port.is_busy = False
    port.enter()
    return block(core, thread, port, port.take_job)


def post_job(port: Port, job: Job) -> HostWait:
    """Hand *job* to the emulated thread; called under the lock."""
    core, thread = port.core, port.thread

    def is_stuck() -> bool:
        return thread.parked and not thread.is_parked_as_service()

    wait = HostWait(
        f"{job.name} by {thread.full_name}", needs_progress=True, is_stuck=is_stuck
    )
    if thread.dead:
        wait.finish()
        return wait
    port.wait = wait
    port.job = job
    if thread.wait is port:
        port.leave()
        wake(core, thread)
    begin_wait(core, wait)
    return wait


def close_port(port: Port) -> None:
    """The host thread has gone; called under the lock."""
    port.is_open = False
    if port.thread.wait is port:
        port.leave()
        wake(port.core, port.thread)


class PortExec:
    """A host thread's Exec: every call is made by the emulated thread."""

    def __init__(
        self, port: Port, call: Callable[[str, tuple[object, ...]], object]
    ) -> None:
        self.port: Final = port
        self._call: Final = call

    def host_call(
        self,
        function: Callable[..., Any],  # whatever the program wants done
        *args: Any,
        **kwargs: Any,
    ) -> Any:  # noqa: ANN401 - whatever it returns
        """Host work on a host thread cannot be torn by an emulated death."""
        return function(*args, **kwargs)

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*args: object) -> object:
            return self._call(name, args)

        return call
