# Made by eka idl from opener_context_object.idl: do not edit, it is made again.
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
    Dataspace_info_result,
    Dataspace_map_info_result,
)
from servers.l4fs.opener_context_interface import OpenerContext_open_result
from servers.l4fs.opener_context_object_interface import (
    OpenerContextObject,
    iface_OpenerContextObject,
    ref_OpenerContextObject,
)

_dispatch_OpenerContextObject = Dispatcher[OpenerContextObject](
    OpenerContextObject.INFO,
)


def handle_OpenerContextObject(obj: OpenerContextObject, message: Message) -> Reply:
    """Answer a message to a OpenerContextObject."""
    return _dispatch_OpenerContextObject(obj, message)


OpenerContextObject_expected_items: Final = ExpectedItems(caps=1, fpages=0)
config_OpenerContextObject: Final = ServerConfig(
    OpenerContextObject,
    handle_OpenerContextObject,
    OpenerContextObject_expected_items,
)
_OpenerContextObject_mount = CFunction[Any](OpenerContextObject.INFO, "mount")
_OpenerContextObject_getfs = CFunction[Cap](OpenerContextObject.INFO, "getfs")
_OpenerContextObject_mkdir = CFunction[Any](OpenerContextObject.INFO, "mkdir")
_OpenerContextObject_open = CFunction(
    OpenerContextObject.INFO,
    "open",
    OpenerContext_open_result,
)
_OpenerContextObject_remove = CFunction[Any](OpenerContextObject.INFO, "remove")
_OpenerContextObject_rename = CFunction[Any](OpenerContextObject.INFO, "rename")
_OpenerContextObject_stat = CFunction[Any](OpenerContextObject.INFO, "stat")
_OpenerContextObject_map = CFunction[Fpage](OpenerContextObject.INFO, "map")
_OpenerContextObject_clear = CFunction[Any](OpenerContextObject.INFO, "clear")
_OpenerContextObject_info = CFunction(
    OpenerContextObject.INFO,
    "info",
    Dataspace_info_result,
)
_OpenerContextObject_copy_in = CFunction[Any](OpenerContextObject.INFO, "copy_in")
_OpenerContextObject_allocate = CFunction[Any](OpenerContextObject.INFO, "allocate")
_OpenerContextObject_map_info = CFunction(
    OpenerContextObject.INFO,
    "map_info",
    Dataspace_map_info_result,
)


class object_OpenerContextObject(OpenerContextObject):
    """A OpenerContextObject made of a reference and a table of functions."""

    def __init__(
        self,
        ref: ref_OpenerContextObject,
        iface: iface_OpenerContextObject,
    ) -> None:
        self._ref = ref
        self._iface = iface

    def mount(self, fs: Cap) -> None:
        """Opcode 0."""
        _answer: None = _OpenerContextObject_mount(
            self._iface.to_OpenerContext.mount(self._ref.as_OpenerContext, fs),
        )
        return _answer

    def getfs(self) -> Cap:
        """Opcode 1."""
        return _OpenerContextObject_getfs(
            self._iface.to_OpenerContext.getfs(self._ref.as_OpenerContext),
        )

    def mkdir(self, mode: int) -> None:
        """Opcode 18."""
        _answer: None = _OpenerContextObject_mkdir(
            self._iface.to_OpenerContext.mkdir(self._ref.as_OpenerContext, mode),
        )
        return _answer

    def open(self, flags: int) -> OpenerContext_open_result:
        """Opcode 12."""
        return _OpenerContextObject_open(
            self._iface.to_OpenerContext.open(self._ref.as_OpenerContext, flags),
        )

    def remove(self) -> None:
        """Opcode 14."""
        _answer: None = _OpenerContextObject_remove(
            self._iface.to_OpenerContext.remove(self._ref.as_OpenerContext),
        )
        return _answer

    def rename(self) -> None:
        """Opcode 15."""
        _answer: None = _OpenerContextObject_rename(
            self._iface.to_OpenerContext.rename(self._ref.as_OpenerContext),
        )
        return _answer

    def stat(self) -> None:
        """Opcode 11."""
        _answer: None = _OpenerContextObject_stat(
            self._iface.to_OpenerContext.stat(self._ref.as_OpenerContext),
        )
        return _answer

    def map(self, offset: int, spot: int, flags: int) -> Fpage:
        """Opcode 0."""
        return _OpenerContextObject_map(
            self._iface.to_Dataspace.map(self._ref.as_Dataspace, offset, spot, flags),
        )

    def clear(self, offset: int, size: int) -> None:
        """Opcode 1."""
        _answer: None = _OpenerContextObject_clear(
            self._iface.to_Dataspace.clear(self._ref.as_Dataspace, offset, size),
        )
        return _answer

    def info(self) -> Dataspace_info_result:
        """Opcode 2."""
        return _OpenerContextObject_info(
            self._iface.to_Dataspace.info(self._ref.as_Dataspace),
        )

    def copy_in(
        self,
        destination: int,
        source: Cap,
        source_offset: int,
        size: int,
    ) -> None:
        """Opcode 3."""
        _answer: None = _OpenerContextObject_copy_in(
            self._iface.to_Dataspace.copy_in(
                self._ref.as_Dataspace,
                destination,
                source,
                source_offset,
                size,
            ),
        )
        return _answer

    def allocate(self, offset: int, size: int) -> None:
        """Opcode 4."""
        _answer: None = _OpenerContextObject_allocate(
            self._iface.to_Dataspace.allocate(self._ref.as_Dataspace, offset, size),
        )
        return _answer

    def map_info(self) -> Dataspace_map_info_result:
        """Opcode 5."""
        return _OpenerContextObject_map_info(
            self._iface.to_Dataspace.map_info(self._ref.as_Dataspace),
        )
