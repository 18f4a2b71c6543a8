# Made by eka idl from flush.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Client, CStub, Stub
from servers.l4fs.flush_interface import Flush, iface_Flush

_Flush_flush = Stub[int](Flush.INFO, "flush")


class client_Flush(Client, Flush):
    """A Flush in another program."""

    def flush(self, populated_size: int) -> int:
        """Opcode 5."""
        return _Flush_flush(self, populated_size)


client_iface_Flush = iface_Flush(flush=CStub(Flush.INFO, "flush"))
