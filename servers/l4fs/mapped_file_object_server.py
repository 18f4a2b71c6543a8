# Made by eka idl from mapped_file_object.idl: do not edit, it is made again.
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
from servers.l4fs.mapped_file_interface import MappedFile_mmap_result
from servers.l4fs.mapped_file_object_interface import (
    MappedFileObject,
    iface_MappedFileObject,
    ref_MappedFileObject,
)

_dispatch_MappedFileObject = Dispatcher[MappedFileObject](MappedFileObject.INFO)


def handle_MappedFileObject(obj: MappedFileObject, message: Message) -> Reply:
    """Answer a message to a MappedFileObject."""
    return _dispatch_MappedFileObject(obj, message)


MappedFileObject_expected_items: Final = ExpectedItems(caps=1, fpages=0)
config_MappedFileObject: Final = ServerConfig(
    MappedFileObject,
    handle_MappedFileObject,
    MappedFileObject_expected_items,
)
_MappedFileObject_map = CFunction[Fpage](MappedFileObject.INFO, "map")
_MappedFileObject_clear = CFunction[Any](MappedFileObject.INFO, "clear")
_MappedFileObject_info = CFunction(MappedFileObject.INFO, "info", Dataspace_info_result)
_MappedFileObject_copy_in = CFunction[Any](MappedFileObject.INFO, "copy_in")
_MappedFileObject_allocate = CFunction[Any](MappedFileObject.INFO, "allocate")
_MappedFileObject_map_info = CFunction(
    MappedFileObject.INFO,
    "map_info",
    Dataspace_map_info_result,
)
_MappedFileObject_resize = CFunction[int](MappedFileObject.INFO, "resize")
_MappedFileObject_flush = CFunction[int](MappedFileObject.INFO, "flush")
_MappedFileObject_mmap = CFunction(
    MappedFileObject.INFO,
    "mmap",
    MappedFile_mmap_result,
)
_MappedFileObject_subscribe = CFunction[Any](MappedFileObject.INFO, "subscribe")
_MappedFileObject_unsubscribe = CFunction[Any](MappedFileObject.INFO, "unsubscribe")


class object_MappedFileObject(MappedFileObject):
    """A MappedFileObject made of a reference and a table of functions."""

    def __init__(
        self,
        ref: ref_MappedFileObject,
        iface: iface_MappedFileObject,
    ) -> None:
        self._ref = ref
        self._iface = iface

    def map(self, offset: int, spot: int, flags: int) -> Fpage:
        """Opcode 0."""
        return _MappedFileObject_map(
            self._iface.to_Dataspace.map(self._ref.as_Dataspace, offset, spot, flags),
        )

    def clear(self, offset: int, size: int) -> None:
        """Opcode 1."""
        _answer: None = _MappedFileObject_clear(
            self._iface.to_Dataspace.clear(self._ref.as_Dataspace, offset, size),
        )
        return _answer

    def info(self) -> Dataspace_info_result:
        """Opcode 2."""
        return _MappedFileObject_info(
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
        _answer: None = _MappedFileObject_copy_in(
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
        _answer: None = _MappedFileObject_allocate(
            self._iface.to_Dataspace.allocate(self._ref.as_Dataspace, offset, size),
        )
        return _answer

    def map_info(self) -> Dataspace_map_info_result:
        """Opcode 5."""
        return _MappedFileObject_map_info(
            self._iface.to_Dataspace.map_info(self._ref.as_Dataspace),
        )

    def resize(self, size: int) -> int:
        """Opcode 6."""
        return _MappedFileObject_resize(
            self._iface.to_File.resize(self._ref.as_File, size),
        )

    def flush(self, populated_size: int) -> int:
        """Opcode 5."""
        return _MappedFileObject_flush(
            self._iface.to_Flush.flush(self._ref.as_Flush, populated_size),
        )

    def mmap(
        self,
        position: int,
        length: int,
        start_visible: int,
        end_visible: int,
    ) -> MappedFile_mmap_result:
        """Opcode 7."""
        return _MappedFileObject_mmap(
            self._iface.to_MappedFile.mmap(
                self._ref.as_MappedFile,
                position,
                length,
                start_visible,
                end_visible,
            ),
        )

    def subscribe(self, notifier: Cap, flags: int) -> None:
        """Opcode 16."""
        _answer: None = _MappedFileObject_subscribe(
            self._iface.to_Notification.subscribe(
                self._ref.as_Notification,
                notifier,
                flags,
            ),
        )
        return _answer

    def unsubscribe(self, notifier: Cap) -> None:
        """Opcode 17."""
        _answer: None = _MappedFileObject_unsubscribe(
            self._iface.to_Notification.unsubscribe(
                self._ref.as_Notification,
                notifier,
            ),
        )
        return _answer
