"""A machine in which things go wrong on purpose, at kernel calls, by its seed.

Who is killed, what is delayed, and when, is drawn here; that it happens is the work of
`machine.debug`. Services are left alone.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from kernel.abi.exit import EExitKill, EExitPanic, EExitTerminate, ExitInfo
from kernel.abi.heap import TAllocFail
from kernel.debug.disturb import Delay, Kill
from kernel.machine import Kernel

if TYPE_CHECKING:
    from kernel.debug.disturb import CallToCome
    from tools.campaign.plan import Plan

KCategory: Final = "STRESS"  # of panics that are injected
KCategories: Final = {EExitKill: "Kill", EExitTerminate: "Terminate"}
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

    def on_call(self, call: CallToCome) -> Kill | None:
        """Count a call; who dies of it, if anybody."""
        self._left -= 1
        if self._left:
            return None
        random = self._random
        self._left = log_uniform(random, KMaxCallsToKill)
        victim = random.choice(call.program_threads())
        kind = random.choice((EExitKill, EExitTerminate, EExitPanic))
        self.count += 1
        info = ExitInfo(kind, self.count, KCategories.get(kind, KCategory))
        return Kill(victim, info, is_whole_process=bool(random.randrange(2)))


class Delayer:
    """Holds a thread for a while before its kernel call is made."""

    def __init__(self, seed: int) -> None:
        self._random: Final = Random(f"{seed} delays")
        self._left = log_uniform(self._random, KMaxCallsToDelay)
        self.count = 0

    def on_call(self, _call: CallToCome) -> Delay | None:
        """Count a call; how long it has to wait, if at all."""
        self._left -= 1
        if self._left:
            return None
        self._left = log_uniform(self._random, KMaxCallsToDelay)
        self.count += 1
        return Delay(log_uniform(self._random, KMaxDelayUs))


class DisturbedKernel(Kernel):
    """A machine that carries out the injections of a plan; see above."""

    def __init__(self, plan: Plan, seed: int) -> None:
        super().__init__(plan.config, backend=plan.backend, clock=plan.clock, seed=seed)
        injection = plan.injection
        self.killer: Final = Killer(seed) if injection.kills else None
        self.delayer: Final = Delayer(seed) if injection.delays else None
        self._fails_alloc: Final = injection.alloc_failures
        self.debug.disturb(*(d for d in (self.killer, self.delayer) if d is not None))

    def boot(self) -> None:
        """Boot; from then on allocations of programs may fail."""
        super().boot()
        if self._fails_alloc:
            rate = max(2, log_uniform(Random(f"{self.seed} rate"), KMaxAllocRate))
            self.debug.fail_alloc(TAllocFail.ETrueRandom, rate)

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
