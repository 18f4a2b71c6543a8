# Made by eka idl from filesystem.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Cap, Client, CStub, Stub
from servers.l4fs.filesystem_interface import Filesystem, iface_Filesystem

_Filesystem_open_for_user = Stub[Cap](Filesystem.INFO, "open_for_user")


class client_Filesystem(Client, Filesystem):
    """A Filesystem in another program."""

    def open_for_user(self, user: int) -> Cap:
        """Opcode 0."""
        return _Filesystem_open_for_user(self, user)


client_iface_Filesystem = iface_Filesystem(
    open_for_user=CStub(Filesystem.INFO, "open_for_user"),
)
