# Made by eka idl from calc_counter.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from calc_client import client_Calc, client_iface_Calc
from calc_counter_interface import CalcCounter, iface_CalcCounter
from counter_client import client_Counter, client_iface_Counter


class client_CalcCounter(client_Calc, client_Counter, CalcCounter):
    """A CalcCounter in another program."""


client_iface_CalcCounter = iface_CalcCounter(
    to_Calc=client_iface_Calc,
    to_Counter=client_iface_Counter,
)
