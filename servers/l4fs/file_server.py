# Made by eka idl from file.idl: do not edit, it is made again.
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
from servers.l4fs.file_interface import File, iface_File, ref_File

_dispatch_File = Dispatcher[File](File.INFO)


def handle_File(obj: File, message: Message) -> Reply:
    """Answer a message to a File."""
    return _dispatch_File(obj, message)


File_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_File: Final = ServerConfig(File, handle_File, File_expected_items)
_File_resize = CFunction[int](File.INFO, "resize")


class object_File(File):
    """A File made of a reference and a table of functions."""

    def __init__(self, ref: ref_File, iface: iface_File) -> None:
        self._ref = ref
        self._iface = iface

    def resize(self, size: int) -> int:
        """Opcode 6."""
        return _File_resize(self._iface.resize(self._ref, size))
