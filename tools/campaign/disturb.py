"""A machine in which things go wrong on purpose, at kernel calls, by its seed.

Whatever is to happen happens as a thread of the program enters a kernel call, under the
kernel lock and before the call has changed anything: there a thread may be ended or
parked like in any handler. So nothing has to be added to the machine, no further thread
is there to keep a deadlock from being noticed, and on `explore` one seed disturbs the
same calls every time. Services are left alone.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import ThreadDeath
from kernel.abi.exit import EExitKill, EExitPanic, EExitTerminate
from kernel.abi.heap import TAllocFail
from kernel.machine import Kernel
from kernel.tasks.park import block
from kernel.tasks.thread_exit import end_process, end_thread, make_exit_info
from kernel.waits.timer import Sleep

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.core import Core
    from kernel.tasks.thread import DThread
    from tools.campaign.plan import Plan

    Handler = Callable[..., object]

KCategory: Final = "STRESS"  # of panics that are injected
KMaxCallsToKill: Final = 10_000
KMaxCallsToDelay: Final = 100
KMaxDelayUs: Final = 10_000
KMaxAllocRate: Final = 1_000


def log_uniform(random: Random, highest: int) -> int:
    """From 1 to *highest*, each order of magnitude as likely as any other."""
    return int(highest ** random.random())


class Killer:
    """Ends a thread of a program, or its process, after a number of kernel calls."""

    def __init__(self, seed: int) -> None:
        self._random: Final = Random(f"{seed} kills")
        self._left = log_uniform(self._random, KMaxCallsToKill)
        self.count = 0

    def on_call(self, core: Core, thread: DThread) -> None:
        """Count a call of *thread*'s. Raises: ThreadDeath, if it was the victim."""
        self._left -= 1
        if self._left:
            return
        self._left = log_uniform(self._random, KMaxCallsToKill)
        self._kill(core)
        if thread.dead:
            raise ThreadDeath

    def _kill(self, core: Core) -> None:
        random = self._random
        living = [t for t in core.threads.values() if not t.process.is_service]
        victim = random.choice(living)
        kind = random.choice((EExitKill, EExitTerminate, EExitPanic))
        self.count += 1
        info = make_exit_info(kind, KCategory, self.count)
        if random.randrange(2):
            end_process(core, victim.process, info)
        else:
            end_thread(core, victim, info)


class Delayer:
    """Holds a thread for a while before its kernel call is made."""

    def __init__(self, seed: int) -> None:
        self._random: Final = Random(f"{seed} delays")
        self._left = log_uniform(self._random, KMaxCallsToDelay)
        self.count = 0

    def on_call(self) -> int | None:
        """Count a call; how many microseconds it has to wait, if any."""
        self._left -= 1
        if self._left:
            return None
        self._left = log_uniform(self._random, KMaxCallsToDelay)
        self.count += 1
        return log_uniform(self._random, KMaxDelayUs)


class DelaySleep(Sleep):
    """What a delayed thread is parked on."""

    def describe(self) -> str:
        """For reports."""
        return f"the end of an injected delay, {self.at_us} us after boot"


class DisturbedKernel(Kernel):
    """A machine that carries out the injections of a plan; see above."""

    def __init__(self, plan: Plan, seed: int) -> None:
        injection = plan.injection
        self.killer: Final = Killer(seed) if injection.kills else None
        self.delayer: Final = Delayer(seed) if injection.delays else None
        self._fails_alloc: Final = injection.alloc_failures
        super().__init__(plan.config, backend=plan.backend, clock=plan.clock, seed=seed)

    def boot(self) -> None:
        """Boot; from then on allocations of programs may fail."""
        super().boot()
        if self._fails_alloc:
            rate = max(2, log_uniform(Random(f"{self.seed} rate"), KMaxAllocRate))
            self.debug.fail_alloc(TAllocFail.ETrueRandom, rate)

    @property
    def fault(self) -> str:
        """Why the machine stopped, if it did; not every wait is told."""
        return self._core.fault

    def injected(self) -> dict[str, int]:
        """How many of each kind there were, of the kinds that were asked for."""
        counts: dict[str, int] = {}
        if self.killer is not None:
            counts["kills"] = self.killer.count
        if self.delayer is not None:
            counts["delays"] = self.delayer.count
        if self._fails_alloc:
            counts["alloc_failures"] = len(self.debug.failed_allocations)
        return counts

    def _build(self) -> Core:
        core = super()._build()
        if self.killer is not None or self.delayer is not None:
            core.handlers = {
                name: self._disturbed(handler)
                for name, handler in core.handlers.items()
            }
        return core

    def _disturbed(self, handler: Handler) -> Handler:
        killer, delayer = self.killer, self.delayer

        def handle(core: Core, thread: DThread, *args: object) -> object:
            if thread.process.is_service:
                return handler(core, thread, *args)
            if killer is not None:
                killer.on_call(core, thread)
            delay_us = delayer.on_call() if delayer is not None else None
            if delay_us is None:
                return handler(core, thread, *args)
            sleep = DelaySleep(thread, core.clock.now() + delay_us)
            return block(core, thread, sleep, lambda: handler(core, thread, *args))

        return handle
