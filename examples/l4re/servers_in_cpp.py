r"""Three components in the C++ mapping: objects that hold their state.

    eka run --program examples/l4re/servers_in_cpp.py \
            --program examples/l4re/pupil.py examples/l4re/ned.py servers_in_cpp

The compound is one object with the operations of both.
"""

from calc_counter_interface import CalcCounter
from calc_interface import Calc
from counter_interface import Counter

from userlib.l4re import L4_EINVAL, L4Error, ServerLoop


class server_Calc(Calc):
    """A calculator."""

    def add(self, left: int, right: int) -> int:
        return left + right

    def subtract(self, left: int, right: int) -> int:
        return left - right

    def multiply(self, left: int, right: int) -> int:
        return left * right

    def divide(self, numerator: int, denominator: int) -> int:
        if denominator == 0:
            raise L4Error(L4_EINVAL)
        return numerator // denominator


class server_Counter(Counter):
    """A counter."""

    def __init__(self, counter: int = 0) -> None:
        self.counter = counter

    def increment(self) -> int:
        self.counter = self.counter + 1
        return self.counter


class server_CalcCounter(server_Calc, server_Counter, CalcCounter):
    """Both, as one object."""


def e32main() -> int:
    """Serve each behind the gate of its name, on one thread."""
    with ServerLoop() as loop:
        loop.register(Calc, server_Calc(), "calc")
        loop.register(Counter, server_Counter(), "counter")
        loop.register(CalcCounter, server_CalcCounter(100), "calc_counter")
        return loop.run()
