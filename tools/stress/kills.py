"""A campaign: threads are started, kept busy, and killed; each death must be exact."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from userlib import (
    EExitKill,
    EExitPanic,
    EExitTerminate,
    ExitInfo,
    RThread,
    TRequestStatus,
    User,
)

KMaxPauseUs: Final = 2_000  # between the start of a victim and the next step
KMaxPauseCalls: Final = 20  # the same where time stands still


@dataclass(frozen=True, slots=True)
class Plan:
    """How many are killed, how many live at a time, and what they do.

    Virtual time stands still while others are busy, so there a pause is made of calls.
    """

    kills: int
    alive: int
    kinds: Sequence[Callable[[], None]]
    seed: int = 0
    is_time_virtual: bool = False

    def pause(self, random: Random) -> None:
        """Let the victims get somewhere."""
        if self.is_time_virtual:
            for _ in range(random.randrange(KMaxPauseCalls)):
                User.tick_count()
        else:
            User.after_high_res(random.randrange(KMaxPauseUs))


class Victim:
    """One thread, from its start to its death."""

    def __init__(self, number: int, kind: Callable[[], None]) -> None:
        self.number = number
        self.thread = RThread().create(f"{kind.__name__}-{number}", kind)
        self.status = TRequestStatus()
        self.thread.logon(self.status)
        self.thread.resume()

    def kill(self, exit_type: int) -> None:
        """End it, and demand that it ended so and nobody saw it otherwise."""
        number, thread = self.number, self.thread
        expected = ExitInfo(EExitPanic, number, "VICTIM")
        if exit_type == EExitKill:
            thread.kill(number)
            expected = ExitInfo(EExitKill, number, "Kill")
        elif exit_type == EExitTerminate:
            thread.terminate(number)
            expected = ExitInfo(EExitTerminate, number, "Terminate")
        else:
            thread.panic("VICTIM", number)
        assert thread.exit_info() == expected, f"{thread.name()} {thread.exit_info()}"
        User.wait_for_request(self.status)
        assert self.status == number, (self.status, number)
        thread.close()


def campaign(plan: Plan, on_kill: Callable[[], object] = lambda: None) -> int:
    """A program: carry the plan out; *on_kill* is called after each death.

    Returns 0; what is not exact is an AssertionError.
    """
    random = Random(plan.seed)
    living: deque[Victim] = deque()
    for number in range(plan.kills):
        kind = plan.kinds[number % len(plan.kinds)]
        living.append(Victim(number, kind))
        if random.randrange(2):  # else it may be killed before it has begun
            plan.pause(random)
        if len(living) >= plan.alive:
            _kill_one(living, random, on_kill)
    while living:
        _kill_one(living, random, on_kill)
    return 0


def _kill_one(
    living: deque[Victim], random: Random, on_kill: Callable[[], object]
) -> None:
    living.rotate(random.randrange(len(living)))
    living.popleft().kill(random.choice((EExitKill, EExitTerminate, EExitPanic)))
    on_kill()
