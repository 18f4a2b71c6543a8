"""Disturbers: things that go wrong on purpose, as a program enters a kernel call.

What is to happen happens under the kernel lock and before the call has changed
anything: there a thread may be ended or parked like in any handler. So no further
thread is there to keep a deadlock from being noticed, and on `explore` one seed
disturbs the same calls every time.

Handlers are wrapped when the first disturber comes: a machine without one does not
pay. A thread keeps the handlers it began with; so only processes made later are
disturbed, and those wholly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, assert_never

from kernel.abi.errors import ThreadDeath
from kernel.tasks.park import block
from kernel.tasks.thread_exit import end_process, end_thread
from kernel.waits.timer import Sleep

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.abi.exit import ExitInfo
    from kernel.core import Core
    from kernel.tasks.thread import DThread

    Handler = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Kill:
    """End a thread, or all of its process. One that is gone already is left alone."""

    thread: int  # its id
    info: ExitInfo  # what others will see of it
    is_whole_process: bool = False


@dataclass(frozen=True, slots=True)
class Delay:
    """Hold the calling thread so long, by the machine's clock."""

    us: int


Disturbance: TypeAlias = Kill | Delay


class CallToCome:
    """A kernel call that a thread of a program is about to make."""

    __slots__ = ("_core", "_thread", "name")

    def __init__(self, core: Core, thread: DThread, name: str) -> None:
        self._core: Final = core
        self._thread: Final = thread
        self.name: Final = name

    @property
    def thread(self) -> int:
        """The id of the thread that makes it."""
        return self._thread.id

    @property
    def process(self) -> int:
        """The id of that thread's process."""
        return self._thread.process_id

    def program_threads(self) -> list[int]:
        """The ids of all threads that live, but those of services; the oldest first."""
        threads = self._core.threads.values()
        return [thread.id for thread in threads if not thread.process.is_service]


class Disturber(Protocol):
    """Says what goes wrong, call by call.

    It is asked under the kernel lock, and makes no kernel call itself. It must not
    raise: that would be a fault of the machine.
    """

    def on_call(self, call: CallToCome) -> Disturbance | None:
        """What is to happen before *call* is made, if anything."""


class Disturbances:
    """The disturbers of one machine, and where they are asked.

    Threads: the machine's own, under the kernel lock.
    """

    def __init__(self, core: Core) -> None:
        # Fixed for life:
        self._core: Final = core

        # Guarded by the kernel lock:
        self._disturbers: tuple[Disturber, ...] = ()
        self._is_wrapped = False
        self._first_id = 0  # of the processes that are disturbed

    def set(self, disturbers: tuple[Disturber, ...]) -> None:
        """From now on these, in that order; processes made earlier are left alone."""
        core = self._core
        self._disturbers = disturbers
        self._first_id = 1 + max(core.processes, default=0)
        if disturbers and not self._is_wrapped:
            core.handlers = {
                name: self._disturbed(name, handler)
                for name, handler in core.handlers.items()
            }
            self._is_wrapped = True

    def _disturbed(self, name: str, handler: Handler) -> Handler:
        def handle(core: Core, thread: DThread, *args: object) -> object:
            if self._is_left_alone(thread):
                return handler(core, thread, *args)
            delay_us = self._ask(CallToCome(core, thread, name), thread)
            if not delay_us:
                return handler(core, thread, *args)
            sleep = DelaySleep(thread, core.clock.now() + delay_us)
            return block(core, thread, sleep, lambda: handler(core, thread, *args))

        return handle

    def _is_left_alone(self, thread: DThread) -> bool:
        is_early = thread.process_id < self._first_id
        return is_early or thread.process.is_service

    def _ask(self, call: CallToCome, thread: DThread) -> int:
        """Do what they say; for how long the call has to wait.

        Raises: ThreadDeath if *thread* is ended; the others are not asked then.
        """
        delay_us = 0
        for disturber in self._disturbers:
            what = disturber.on_call(call)
            match what:
                case Kill():
                    self._kill(what)
                case Delay():
                    delay_us += what.us
                case None:
                    pass
                case _:
                    assert_never(what)
            if thread.dead:
                raise ThreadDeath
        return delay_us

    def _kill(self, kill: Kill) -> None:
        core = self._core
        victim = core.threads.get(kill.thread)
        if victim is None:
            return
        if kill.is_whole_process:
            end_process(core, victim.process, kill.info)
        else:
            end_thread(core, victim, kill.info)


class DelaySleep(Sleep):
    """What a delayed thread is parked on."""

    def describe(self) -> str:
        """For reports."""
        return f"the end of an injected delay, {self.at_us} us after boot"
