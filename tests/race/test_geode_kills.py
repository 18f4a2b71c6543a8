"""Threads that die around event queues: no caller waits for ever, no event is lost."""

from __future__ import annotations

import pytest

from eka import Kernel
from kernel.abi.config import Executable
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from userlib import KErrDied, Leave, RProcess, RThread, TRequestStatus, User
from userlib.geos import (
    MF_CALL,
    MF_FORCE_QUEUE,
    GenApplicationClass,
    Geode,
    GeodeToken,
    Optr,
    geode_alloc_queue,
    geode_free_queue,
    geode_info_queue,
    geodes,
    message,
    method,
    obj_message,
    queue_get_message,
)

CALLERS = 3
EVENTS = 10
TRUSTED = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


class Adder(GenApplicationClass):
    MSG_ADD = message(one=int, other=int)

    @method(MSG_ADD)
    def add(self, one: int, other: int) -> int:
        return one + other


ADDER = Geode("adder", GeodeToken(b"ADDR", 8), application=Adder, ui_thread=True)


def is_answered(app: Optr) -> bool:
    """Call once; false when the geode is gone."""
    try:
        answer = obj_message(app, Adder.MSG_ADD, MF_CALL, one=2, other=3)
    except Leave as leave:
        if leave.code != KErrDied:
            raise
        return False
    assert answer == 5
    return True


@pytest.mark.parametrize("seed", range(60))
def test_a_caller_is_answered_or_told_of_the_death(seed: int) -> None:
    sums: list[int] = []

    def caller(app: Optr) -> None:
        calls = 0
        while is_answered(app):
            obj_message(app, Adder.MSG_ADD, MF_FORCE_QUEUE, one=1, other=1)
            calls += 1
        obj_message(app, Adder.MSG_ADD, one=1, other=1)  # dropped
        sums.append(calls)

    def program() -> None:
        with RProcess().create("server") as server:
            launched = TRequestStatus()
            server.request_rendezvous(launched)
            server.resume()
            User.wait_for_request(launched)
            statuses, args = [], (geodes()[0].app_object,)
            for number in range(CALLERS):
                with RThread().create(f"caller{number}", caller, args=args) as thread:
                    statuses.append(TRequestStatus())
                    thread.logon(statuses[-1])
                    thread.resume()
            for _ in range(3 * seed):
                RThread().id()  # a step of this thread, and of others in between
            server.kill(1)
            for status in statuses:
                User.wait_for_request(status)

    with Kernel(backend="explore", clock="virtual", seed=seed) as machine:
        machine.register("server", ADDER.run)
        machine.register("killer", Executable(program, TRUSTED))
        assert str(machine.run("killer")) == "exited with KErrNone"
        machine.debug.check()
    assert machine.leaks == []
    assert len(sums) == CALLERS


@pytest.mark.parametrize("is_suspended_first", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_no_event_is_lost_with_a_thread_that_was_woken_for_it(
    seed: int, is_suspended_first: bool
) -> None:
    taken: list[int] = []

    def program() -> None:
        queue = geode_alloc_queue()

        def taker() -> None:
            while True:
                taken.append(queue_get_message(queue).values[0])

        takers = [RThread().create(f"taker{n}", taker) for n in range(CALLERS)]
        for thread in takers:
            thread.resume()
        for number in range(EVENTS):
            obj_message(queue, Adder.MSG_ADD, one=number, other=seed)
            if number < CALLERS:
                if is_suspended_first:
                    takers[number].suspend()
                takers[number].kill(0)
        for thread in takers:
            thread.close()
        left = geode_info_queue(queue)
        taken.extend(queue_get_message(queue).values[0] for _ in range(left))
        geode_free_queue(queue)

    with Kernel(backend="explore", clock="virtual", seed=seed) as machine:
        assert str(machine.run(program)) == "exited with KErrNone"
        machine.debug.check()
    assert machine.leaks == []
    assert sorted(taken) == list(range(EVENTS))
