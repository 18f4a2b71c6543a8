# Made by eka idl from calc.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Client, CStub, Stub
from calc_interface import Calc, iface_Calc

_Calc_add = Stub[int](Calc.INFO, "add")
_Calc_subtract = Stub[int](Calc.INFO, "subtract")
_Calc_multiply = Stub[int](Calc.INFO, "multiply")
_Calc_divide = Stub[int](Calc.INFO, "divide")


class client_Calc(Client, Calc):
    """A Calc in another program."""

    def add(self, left: int, right: int) -> int:
        """Opcode 0."""
        return _Calc_add(self, left, right)

    def subtract(self, left: int, right: int) -> int:
        """Opcode 1."""
        return _Calc_subtract(self, left, right)

    def multiply(self, left: int, right: int) -> int:
        """Opcode 2."""
        return _Calc_multiply(self, left, right)

    def divide(self, numerator: int, denominator: int) -> int:
        """Opcode 3."""
        return _Calc_divide(self, numerator, denominator)


client_iface_Calc = iface_Calc(
    add=CStub(Calc.INFO, "add"),
    subtract=CStub(Calc.INFO, "subtract"),
    multiply=CStub(Calc.INFO, "multiply"),
    divide=CStub(Calc.INFO, "divide"),
)
