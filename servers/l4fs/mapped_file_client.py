# Made by eka idl from mapped_file.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Client, CStub, Stub
from servers.l4fs.mapped_file_interface import (
    MappedFile,
    MappedFile_mmap_result,
    iface_MappedFile,
)

_MappedFile_mmap = Stub(MappedFile.INFO, "mmap", MappedFile_mmap_result)


class client_MappedFile(Client, MappedFile):
    """A MappedFile in another program."""

    def mmap(
        self,
        position: int,
        length: int,
        start_visible: int,
        end_visible: int,
    ) -> MappedFile_mmap_result:
        """Opcode 7."""
        return _MappedFile_mmap(self, position, length, start_visible, end_visible)


client_iface_MappedFile = iface_MappedFile(mmap=CStub(MappedFile.INFO, "mmap"))
