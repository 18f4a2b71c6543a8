# Made by eka idl from opener.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Cap, Client, CStub, Stub
from servers.l4fs.opener_interface import Opener, iface_Opener

_Opener_context = Stub[Cap](Opener.INFO, "context")


class client_Opener(Client, Opener):
    """A Opener in another program."""

    def context(self) -> Cap:
        """Opcode 13."""
        return _Opener_context(self)


client_iface_Opener = iface_Opener(context=CStub(Opener.INFO, "context"))
