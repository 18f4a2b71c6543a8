# Made by eka idl from dataspace.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""What a server loop needs to serve objects of the interfaces."""

from userlib.l4re.runtime import (
    Any,
    Cap,
    CFunction,
    Dispatcher,
    ExpectedItems,
    Final,
    Fpage,
    Message,
    Reply,
    ServerConfig,
)
from servers.l4fs.dataspace_interface import (
    Dataspace,
    Dataspace_info_result,
    Dataspace_map_info_result,
    iface_Dataspace,
    ref_Dataspace,
)

_dispatch_Dataspace = Dispatcher[Dataspace](Dataspace.INFO)


def handle_Dataspace(obj: Dataspace, message: Message) -> Reply:
    """Answer a message to a Dataspace."""
    return _dispatch_Dataspace(obj, message)


Dataspace_expected_items: Final = ExpectedItems(caps=1, fpages=0)
config_Dataspace: Final = ServerConfig(
    Dataspace,
    handle_Dataspace,
    Dataspace_expected_items,
)
_Dataspace_map = CFunction[Fpage](Dataspace.INFO, "map")
_Dataspace_clear = CFunction[Any](Dataspace.INFO, "clear")
_Dataspace_info = CFunction(Dataspace.INFO, "info", Dataspace_info_result)
_Dataspace_copy_in = CFunction[Any](Dataspace.INFO, "copy_in")
_Dataspace_allocate = CFunction[Any](Dataspace.INFO, "allocate")
_Dataspace_map_info = CFunction(Dataspace.INFO, "map_info", Dataspace_map_info_result)


class object_Dataspace(Dataspace):
    """A Dataspace made of a reference and a table of functions."""

    def __init__(self, ref: ref_Dataspace, iface: iface_Dataspace) -> None:
        self._ref = ref
        self._iface = iface

    def map(self, offset: int, spot: int, flags: int) -> Fpage:
        """Opcode 0."""
        return _Dataspace_map(self._iface.map(self._ref, offset, spot, flags))

    def clear(self, offset: int, size: int) -> None:
        """Opcode 1."""
        _answer: None = _Dataspace_clear(self._iface.clear(self._ref, offset, size))
        return _answer

    def info(self) -> Dataspace_info_result:
        """Opcode 2."""
        return _Dataspace_info(self._iface.info(self._ref))

    def copy_in(
        self,
        destination: int,
        source: Cap,
        source_offset: int,
        size: int,
    ) -> None:
        """Opcode 3."""
        _answer: None = _Dataspace_copy_in(
            self._iface.copy_in(self._ref, destination, source, source_offset, size),
        )
        return _answer

    def allocate(self, offset: int, size: int) -> None:
        """Opcode 4."""
        _answer: None = _Dataspace_allocate(
            self._iface.allocate(self._ref, offset, size),
        )
        return _answer

    def map_info(self) -> Dataspace_map_info_result:
        """Opcode 5."""
        return _Dataspace_map_info(self._iface.map_info(self._ref))
