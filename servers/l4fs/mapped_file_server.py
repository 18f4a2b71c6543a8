# Made by eka idl from mapped_file.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""What a server loop needs to serve objects of the interfaces."""

from userlib.l4re.runtime import (
    CFunction,
    Dispatcher,
    ExpectedItems,
    Final,
    Message,
    Reply,
    ServerConfig,
)
from servers.l4fs.mapped_file_interface import (
    MappedFile,
    MappedFile_mmap_result,
    iface_MappedFile,
    ref_MappedFile,
)

_dispatch_MappedFile = Dispatcher[MappedFile](MappedFile.INFO)


def handle_MappedFile(obj: MappedFile, message: Message) -> Reply:
    """Answer a message to a MappedFile."""
    return _dispatch_MappedFile(obj, message)


MappedFile_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_MappedFile: Final = ServerConfig(
    MappedFile,
    handle_MappedFile,
    MappedFile_expected_items,
)
_MappedFile_mmap = CFunction(MappedFile.INFO, "mmap", MappedFile_mmap_result)


class object_MappedFile(MappedFile):
    """A MappedFile made of a reference and a table of functions."""

    def __init__(self, ref: ref_MappedFile, iface: iface_MappedFile) -> None:
        self._ref = ref
        self._iface = iface

    def mmap(
        self,
        position: int,
        length: int,
        start_visible: int,
        end_visible: int,
    ) -> MappedFile_mmap_result:
        """Opcode 7."""
        return _MappedFile_mmap(
            self._iface.mmap(self._ref, position, length, start_visible, end_visible),
        )
