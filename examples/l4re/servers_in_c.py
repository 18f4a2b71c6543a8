r"""Three components in the C mapping: functions in tables, state behind references.

    eka run --program examples/l4re/servers_in_c.py \
            --program examples/l4re/pupil.py examples/l4re/ned.py servers_in_c

A function gets the reference first, and returns a status with the outputs behind it.
The compound has no state of its own: its reference leads to the counter's.
"""

from calc_counter_interface import (
    CalcCounter,
    iface_CalcCounter,
    ref_CalcCounter,
)
from calc_counter_server import object_CalcCounter
from calc_interface import Calc, iface_Calc, ref_Calc
from calc_server import object_Calc
from counter_interface import Counter, iface_Counter, ref_Counter
from counter_server import object_Counter

from userlib.l4re import L4_EINVAL, L4_EOK, ServerLoop


def calc_add(_self: ref_Calc, left: int, right: int) -> tuple[int, int]:
    """What is in *_self* does not matter: the calculator has no state."""
    return L4_EOK, left + right


def calc_subtract(_self: ref_Calc, left: int, right: int) -> tuple[int, int]:
    return L4_EOK, left - right


def calc_multiply(_self: ref_Calc, left: int, right: int) -> tuple[int, int]:
    return L4_EOK, left * right


def calc_divide(
    _self: ref_Calc, numerator: int, denominator: int
) -> int | tuple[int, int]:
    if denominator == 0:
        return -L4_EINVAL
    return L4_EOK, numerator // denominator


def counter_increment(_self: ref_Counter) -> tuple[int, int]:
    """The state is an integer that can be changed: a list of one."""
    counter = _self.ptr
    counter[0] = counter[0] + 1
    return L4_EOK, counter[0]


server_iface_Calc = iface_Calc(
    add=calc_add, subtract=calc_subtract, multiply=calc_multiply, divide=calc_divide
)
server_iface_Counter = iface_Counter(increment=counter_increment)
server_iface_CalcCounter = iface_CalcCounter(
    to_Calc=server_iface_Calc, to_Counter=server_iface_Counter
)


def e32main() -> int:
    """Serve each behind the gate of its name, on one thread."""
    of_counter, of_both = [0], [100]
    calc = object_Calc(ref_Calc(), server_iface_Calc)
    counter = object_Counter(ref_Counter(ptr=of_counter), server_iface_Counter)
    both = object_CalcCounter(
        ref_CalcCounter(as_Counter=ref_Counter(ptr=of_both)), server_iface_CalcCounter
    )
    with ServerLoop() as loop:
        loop.register(Calc, calc, "calc")
        loop.register(Counter, counter, "counter")
        loop.register(CalcCounter, both, "calc_counter")
        return loop.run()
