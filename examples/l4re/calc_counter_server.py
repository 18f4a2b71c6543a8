# Made by eka idl from calc_counter.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""What a server loop needs to serve objects of the interfaces."""

from userlib.l4re.runtime import (
    CFunction,
    Dispatcher,
    ExpectedItems,
    Final,
    Message,
    Reply,
    ServerConfig,
)
from calc_counter_interface import CalcCounter, iface_CalcCounter, ref_CalcCounter

_dispatch_CalcCounter = Dispatcher[CalcCounter](CalcCounter.INFO)


def handle_CalcCounter(obj: CalcCounter, message: Message) -> Reply:
    """Answer a message to a CalcCounter."""
    return _dispatch_CalcCounter(obj, message)


CalcCounter_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_CalcCounter: Final = ServerConfig(
    CalcCounter,
    handle_CalcCounter,
    CalcCounter_expected_items,
)
_CalcCounter_add = CFunction[int](CalcCounter.INFO, "add")
_CalcCounter_subtract = CFunction[int](CalcCounter.INFO, "subtract")
_CalcCounter_multiply = CFunction[int](CalcCounter.INFO, "multiply")
_CalcCounter_divide = CFunction[int](CalcCounter.INFO, "divide")
_CalcCounter_increment = CFunction[int](CalcCounter.INFO, "increment")


class object_CalcCounter(CalcCounter):
    """A CalcCounter made of a reference and a table of functions."""

    def __init__(self, ref: ref_CalcCounter, iface: iface_CalcCounter) -> None:
        self._ref = ref
        self._iface = iface

    def add(self, left: int, right: int) -> int:
        """Opcode 0."""
        return _CalcCounter_add(self._iface.to_Calc.add(self._ref.as_Calc, left, right))

    def subtract(self, left: int, right: int) -> int:
        """Opcode 1."""
        return _CalcCounter_subtract(
            self._iface.to_Calc.subtract(self._ref.as_Calc, left, right),
        )

    def multiply(self, left: int, right: int) -> int:
        """Opcode 2."""
        return _CalcCounter_multiply(
            self._iface.to_Calc.multiply(self._ref.as_Calc, left, right),
        )

    def divide(self, numerator: int, denominator: int) -> int:
        """Opcode 3."""
        return _CalcCounter_divide(
            self._iface.to_Calc.divide(self._ref.as_Calc, numerator, denominator),
        )

    def increment(self) -> int:
        """Opcode 0."""
        return _CalcCounter_increment(
            self._iface.to_Counter.increment(self._ref.as_Counter),
        )
