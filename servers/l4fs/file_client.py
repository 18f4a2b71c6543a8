# Made by eka idl from file.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Client, CStub, Stub
from servers.l4fs.file_interface import File, iface_File

_File_resize = Stub[int](File.INFO, "resize")


class client_File(Client, File):
    """A File in another program."""

    def resize(self, size: int) -> int:
        """Opcode 6."""
        return _File_resize(self, size)


client_iface_File = iface_File(resize=CStub(File.INFO, "resize"))
