"""One run of a campaign: a machine boots, the program runs, and all of it is judged."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import Deadlock, KernelFault
from kernel.abi.exit import ExitInfo, TExitType
from kernel.abi.panics import KERN_EXEC, TKernExec
from kernel.debug.sinks import JsonLinesSink
from tools.blame import is_raised_by_us, shorten
from tools.campaign.disturb import DisturbedKernel
from tools.panics import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kernel.machine import Kernel
    from tools.campaign.plan import Plan

KAbortPeriodS: Final = 1.0


class TFailure(Enum):
    """What can be wrong with a run."""

    EExit = "exit"  # a reason other than 0, or a termination
    EPanic = "panic"
    EException = "exception"  # a thread died of an exception of the host language
    EDeadlock = "deadlock"
    ETimeOut = "time-out"
    ELeak = "leak"  # of the kernel's: alive after the machine was shut down
    ECheck = "check"  # an invariant of the kernel's does not hold
    EFault = "fault"  # the machine stopped, or did not boot


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that was wrong; the first line of *text* says it in short."""

    kind: TFailure
    text: str


@dataclass(slots=True)
class Outcome:
    """What came of one run."""

    seed: int
    latency_us: int = 0  # from the start of the first copy to the end of the last
    failures: list[Failure] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)  # how copies ended
    left: Counter[str] = field(default_factory=Counter)  # alive at shutdown, by kind
    injected: Counter[str] = field(default_factory=Counter)

    def add(self, kind: TFailure, text: str) -> None:
        """Something is wrong."""
        self.failures.append(Failure(kind, text))


def run_once(plan: Plan, seed: int) -> Outcome:
    """Boot a machine, run the program in it, shut it down, and judge."""
    outcome = Outcome(seed)
    machine = DisturbedKernel(plan, seed)
    if plan.executable is not None:
        machine.register(plan.name, plan.executable)
    why = ""
    try:
        with _logged(machine, plan), machine:
            _run_copies(machine, plan, outcome)
    except (KernelFault, RuntimeError) as error:  # stopped, or did not boot
        why = str(error)
    if machine.debug.fault or why:  # not every wait is told of a fault
        outcome.add(TFailure.EFault, machine.debug.fault or why)
    _judge_machine(machine, plan, outcome)
    outcome.injected.update(machine.injected())
    return outcome


@contextmanager
def _logged(machine: Kernel, plan: Plan) -> Iterator[None]:
    if plan.log is None:
        yield
        return
    with closing(JsonLinesSink(plan.log)) as sink:
        machine.debug.add_sink(sink)
        yield


def _run_copies(machine: Kernel, plan: Plan, outcome: Outcome) -> None:
    start_s = time.perf_counter()
    try:
        with guarded(machine, plan.hang_s):
            copies = [machine.start(plan.name, *plan.args) for _ in range(plan.copies)]
            ends = [copy.wait(plan.timeout_us) for copy in copies]
    except Deadlock as deadlock:
        outcome.add(TFailure.EDeadlock, str(deadlock))
    except TimeoutError as late:
        outcome.add(TFailure.ETimeOut, str(late))
        return  # whoever computes for ever would keep a check waiting too
    else:
        outcome.latency_us = int((time.perf_counter() - start_s) * 1e6)
        for info in ends:
            _judge_end(info, plan, outcome)
    _check(machine, outcome)


def _check(machine: Kernel, outcome: Outcome) -> None:
    try:
        machine.debug.check()
    except AssertionError as broken:
        outcome.add(TFailure.ECheck, str(broken) or "an invariant does not hold")


def _judge_end(info: ExitInfo, plan: Plan, outcome: Outcome) -> None:
    outcome.ends[str(info)] += 1
    if plan.injection.excuses_ends:
        return
    if _is_host_exception(info):
        return  # the machine has it among its exceptions
    if info.type is TExitType.EExitPanic:
        why = f": {shorten(info.exception)}" if info.exception else ""
        outcome.add(TFailure.EPanic, f"{plan.name} {in_words(info)}{why}")
    elif not _is_allowed(info, plan):
        outcome.add(TFailure.EExit, f"{plan.name} {info}")


def _is_host_exception(info: ExitInfo) -> bool:
    panic = (info.category, info.reason)
    return bool(info.exception) and panic == (KERN_EXEC, TKernExec.ECausedException)


def _is_allowed(info: ExitInfo, plan: Plan) -> bool:
    if info.type is not TExitType.EExitKill:
        return False
    allowed = plan.allowed_reasons
    return info.reason == 0 or plan.allows_any_reason or info.reason in allowed


def _judge_machine(machine: DisturbedKernel, plan: Plan, outcome: Outcome) -> None:
    """What only the machine as a whole can tell, after its shutdown."""
    for died in machine.debug.exceptions:
        if plan.injection.excuses_ends and not is_raised_by_us(died.traceback):
            continue
        short = shorten(died.traceback)
        outcome.add(
            TFailure.EException, f"{died.thread} died of {short}\n{died.traceback}"
        )
    for leak in machine.leaks:
        outcome.add(TFailure.ELeak, leak)
    outcome.left.update(r.what for r in machine.resources if not r.is_service)


@contextmanager
def guarded(machine: Kernel, limit_s: float) -> Iterator[None]:
    """Fail every wait for *machine* with TimeoutError after *limit_s* host seconds.

    Virtual time stands still while a program polls or computes: nothing else would end
    such a run.
    """
    over = threading.Event()

    def watch() -> None:
        pause_s = limit_s
        while not over.wait(pause_s):
            machine.abort(TimeoutError(f"no end within {limit_s:g} s of the host's"))
            pause_s = KAbortPeriodS  # the next wait may have begun just after it

    os_thread = threading.Thread(target=watch, name="eka-campaign-guard", daemon=True)
    os_thread.start()
    try:
        yield
    finally:
        over.set()
        os_thread.join()
