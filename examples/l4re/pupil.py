"""A client of all three components: it knows their interfaces and nothing else.

Run it with a server and `ned.py`, who gives it the capabilities.
"""

from calc_client import client_Calc
from calc_counter_client import client_CalcCounter
from calc_interface import Calc
from counter_client import client_Counter
from counter_interface import Counter

from userlib.l4re import Env, L4Error


def calculate(calc: Calc) -> list[int]:
    """Some of each; a compound is a calculator too."""
    return [
        calc.add(3, 4),
        calc.subtract(3, 4),
        calc.multiply(-3, 4),
        calc.divide(7, 2),
    ]


def count(counter: Counter) -> list[int]:
    return [counter.increment() for _ in range(3)]


def e32main() -> None:
    env = Env.current()
    calc, counter = env.get_cap("calc"), env.get_cap("counter")
    both = env.get_cap("calc_counter")
    print("calc", calculate(client_Calc(calc)))
    print("counter", count(client_Counter(counter)))
    print("calc_counter", calculate(client_CalcCounter(both)), end=" ")
    print(count(client_Counter(both)))  # whoever knows one component finds it
    try:
        client_CalcCounter(both).divide(1, 0)
    except L4Error as error:
        print("divide by zero:", error)
