# Made by eka idl from counter.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Client, CStub, Stub
from counter_interface import Counter, iface_Counter

_Counter_increment = Stub[int](Counter.INFO, "increment")


class client_Counter(Client, Counter):
    """A Counter in another program."""

    def increment(self) -> int:
        """Opcode 0."""
        return _Counter_increment(self)


client_iface_Counter = iface_Counter(increment=CStub(Counter.INFO, "increment"))
