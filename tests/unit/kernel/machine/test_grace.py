"""How long a shutdown waits for carriers: as long as they unwind, and a while longer.

The host's time is the test's own: a wait is what a function says.
"""

from collections.abc import Callable
from typing import Any, cast

from eka import Kernel, MachineConfig

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
