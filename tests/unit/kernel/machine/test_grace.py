"""How long a shutdown waits for carriers: as long as they unwind, and a while longer.

The host's time is the test's own: a wait is what a function says.
"""

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from eka import Kernel, MachineConfig
from kernel.abi.errors import KernelFault

GRACE_S = 2.0


class Wait:
    """Counts the pieces of waiting; *step* is what happens in each."""

    def __init__(self, step: Callable[[int], bool]) -> None:
        self.step = step
        self.waited_s: list[float] = []

    def wait(self, timeout_s: float) -> bool:
        self.waited_s.append(timeout_s)
        return self.step(len(self.waited_s))


def waited_s(carriers: int, step: Callable[[dict[int, Any], int], bool]) -> float:
    kernel = Kernel(MachineConfig(shutdown_grace_s=GRACE_S))
    left: dict[int, Any] = cast("Any", kernel._core.carriers)
    left.update(dict.fromkeys(range(carriers)))
    wait = Wait(lambda number: step(left, number))
    kernel._wait_for_carriers(cast("Any", wait))
    left.clear()
    return round(sum(wait.waited_s), 6)


def test_a_carrier_that_does_not_unwind_is_waited_for_as_long_as_is_said() -> None:
    assert waited_s(1, lambda _left, _number: False) == GRACE_S


def test_each_that_unwinds_gives_the_others_the_same_time_again() -> None:
    def one_after_the_other(left: dict[int, Any], number: int) -> bool:
        if number % 15 == 0:
            left.popitem()
        return not left

    assert waited_s(4, one_after_the_other) == 4 * 15 * GRACE_S / 20


def test_nobody_is_waited_for_once_all_have() -> None:
    assert waited_s(1, lambda _left, _number: True) == GRACE_S / 20


def test_who_asks_for_a_thread_too_late_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On `explore` a program that computes keeps a request until it is torn out."""
    computes, asked = threading.Event(), threading.Event()
    refused: list[str] = []
    machine = Kernel(MachineConfig(shutdown_grace_s=0.2), backend="explore")
    post = machine._core.backend.post

    def noting_post(call: Callable[[], None]) -> None:
        post(call)
        if threading.current_thread() is asking:
            asked.set()

    def compute() -> None:
        computes.set()
        while True:
            pass

    def ask() -> None:
        computes.wait()
        try:
            with machine.attach():
                refused.append("not at all")
        except KernelFault as fault:
            refused.append(str(fault))

    waiting = threading.Thread(target=machine.run, args=(compute,))
    asking = threading.Thread(target=ask)
    with machine:
        monkeypatch.setattr(
            type(machine._core.backend), "post", staticmethod(noting_post)
        )
        waiting.start()
        asking.start()
        asked.wait()
    asking.join()
    waiting.join()
    assert refused == ["the machine was shut down"]
    assert machine.leaks == []
