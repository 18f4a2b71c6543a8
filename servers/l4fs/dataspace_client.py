# Made by eka idl from dataspace.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Cap, Client, CStub, Fpage, Stub
from servers.l4fs.dataspace_interface import (
    Dataspace,
    Dataspace_info_result,
    Dataspace_map_info_result,
    iface_Dataspace,
)

_Dataspace_map = Stub[Fpage](Dataspace.INFO, "map")
_Dataspace_clear = Stub[None](Dataspace.INFO, "clear")
_Dataspace_info = Stub(Dataspace.INFO, "info", Dataspace_info_result)
_Dataspace_copy_in = Stub[None](Dataspace.INFO, "copy_in")
_Dataspace_allocate = Stub[None](Dataspace.INFO, "allocate")
_Dataspace_map_info = Stub(Dataspace.INFO, "map_info", Dataspace_map_info_result)


class client_Dataspace(Client, Dataspace):
    """A Dataspace in another program."""

    def map(self, offset: int, spot: int, flags: int) -> Fpage:
        """Opcode 0."""
        return _Dataspace_map(self, offset, spot, flags)

    def clear(self, offset: int, size: int) -> None:
        """Opcode 1."""
        _Dataspace_clear(self, offset, size)

    def info(self) -> Dataspace_info_result:
        """Opcode 2."""
        return _Dataspace_info(self)

    def copy_in(
        self,
        destination: int,
        source: Cap,
        source_offset: int,
        size: int,
    ) -> None:
        """Opcode 3."""
        _Dataspace_copy_in(self, destination, source, source_offset, size)

    def allocate(self, offset: int, size: int) -> None:
        """Opcode 4."""
        _Dataspace_allocate(self, offset, size)

    def map_info(self) -> Dataspace_map_info_result:
        """Opcode 5."""
        return _Dataspace_map_info(self)


client_iface_Dataspace = iface_Dataspace(
    map=CStub(Dataspace.INFO, "map"),
    clear=CStub(Dataspace.INFO, "clear"),
    info=CStub(Dataspace.INFO, "info"),
    copy_in=CStub(Dataspace.INFO, "copy_in"),
    allocate=CStub(Dataspace.INFO, "allocate"),
    map_info=CStub(Dataspace.INFO, "map_info"),
)
