"""Threads wait on condition variables while others kill, suspend and promote them.

Whatever comes, every wait ends, and every invariant holds when all is over.
"""

import random

import pytest

from eka import Kernel
from tools.pytest_plugin import Run
from userlib import (
    EPriorityLess,
    EPriorityMore,
    EPriorityNormal,
    KErrGeneral,
    RCondVar,
    RMutex,
    RThread,
    TRequestStatus,
    User,
)

WORKERS = 5
ROUNDS = 20
DISTURBANCES = 60


class Worker:
    """Waits and signals at random until its rounds are over or all is closed."""

    def __init__(
        self, seed: str, conditions: list[RCondVar], mutexes: list[RMutex]
    ) -> None:
        self.random = random.Random(seed)
        self.conditions, self.mutexes = conditions, mutexes
        self.suspensions = 0
        self.status = TRequestStatus()
        self.thread = RThread().create("", self.run)
        self.thread.logon(self.status)
        self.thread.resume()

    def run(self) -> None:
        for _ in range(ROUNDS):
            condition = self.random.choice(self.conditions)
            action = self.random.choice((self.wait, self.wait, self.wake))
            if action(condition) == KErrGeneral:
                return

    def wait(self, condition: RCondVar) -> int:
        mutex = self.random.choice(self.mutexes)
        for _ in range(self.random.choice((1, 2))):
            mutex.wait()
        code = condition.try_timed_wait(mutex, self.random.choice((1_000, 50_000)))
        assert mutex.is_held() == (code != KErrGeneral)
        while mutex.is_held():
            mutex.signal()
        return code

    def wake(self, condition: RCondVar) -> int:
        self.random.choice((condition.signal, condition.broadcast))()
        return 0

    def disturb(self, chance: random.Random) -> None:
        match chance.randrange(8):
            case 0:
                self.thread.kill(9)
            case 1 | 2:
                self.thread.suspend()
                self.suspensions += 1
            case 3 | 4 if self.suspensions:
                self.thread.resume()
                self.suspensions -= 1
            case 5 | 6:
                levels = (EPriorityLess, EPriorityNormal, EPriorityMore)
                self.thread.set_priority(chance.choice(levels))
            case _:
                User.after(chance.choice((1_000, 20_000)))

    def end(self) -> None:
        while self.suspensions:
            self.thread.resume()
            self.suspensions -= 1
        User.wait_for_request(self.status)
        self.thread.close()


@pytest.mark.parametrize("closes_first", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_every_disturbed_wait_ends(
    machine: Kernel, run: Run, seed: int, closes_first: bool
) -> None:
    def program() -> None:
        conditions = [RCondVar().create_local() for _ in range(2)]
        mutexes = [RMutex().create_local() for _ in range(2)]
        names = [f"{seed} {number}" for number in range(WORKERS)]
        workers = [Worker(name, conditions, mutexes) for name in names]
        chance = random.Random(seed)
        for _ in range(DISTURBANCES):
            chance.choice(workers).disturb(chance)
        if closes_first:
            # The variables stay as they are: workers hold copies of the handles, and
            # one that comes late to a closed one has earned its panic.
            for condition in conditions:
                RCondVar(condition.handle).close()
        for worker in workers:
            worker.end()

    run(program)
    machine.debug.check()
