# Made by eka idl from calc.idl: do not edit, it is made again.
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
from calc_interface import Calc, iface_Calc, ref_Calc

_dispatch_Calc = Dispatcher[Calc](Calc.INFO)


def handle_Calc(obj: Calc, message: Message) -> Reply:
    """Answer a message to a Calc."""
    return _dispatch_Calc(obj, message)


Calc_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_Calc: Final = ServerConfig(Calc, handle_Calc, Calc_expected_items)
_Calc_add = CFunction[int](Calc.INFO, "add")
_Calc_subtract = CFunction[int](Calc.INFO, "subtract")
_Calc_multiply = CFunction[int](Calc.INFO, "multiply")
_Calc_divide = CFunction[int](Calc.INFO, "divide")


class object_Calc(Calc):
    """A Calc made of a reference and a table of functions."""

    def __init__(self, ref: ref_Calc, iface: iface_Calc) -> None:
        self._ref = ref
        self._iface = iface

    def add(self, left: int, right: int) -> int:
        """Opcode 0."""
        return _Calc_add(self._iface.add(self._ref, left, right))

    def subtract(self, left: int, right: int) -> int:
        """Opcode 1."""
        return _Calc_subtract(self._iface.subtract(self._ref, left, right))

    def multiply(self, left: int, right: int) -> int:
        """Opcode 2."""
        return _Calc_multiply(self._iface.multiply(self._ref, left, right))

    def divide(self, numerator: int, denominator: int) -> int:
        """Opcode 3."""
        return _Calc_divide(self._iface.divide(self._ref, numerator, denominator))
