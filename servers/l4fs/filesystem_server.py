# Made by eka idl from filesystem.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""What a server loop needs to serve objects of the interfaces."""

from userlib.l4re.runtime import (
    Cap,
    CFunction,
    Dispatcher,
    ExpectedItems,
    Final,
    Message,
    Reply,
    ServerConfig,
)
from servers.l4fs.filesystem_interface import (
    Filesystem,
    iface_Filesystem,
    ref_Filesystem,
)

_dispatch_Filesystem = Dispatcher[Filesystem](Filesystem.INFO)


def handle_Filesystem(obj: Filesystem, message: Message) -> Reply:
    """Answer a message to a Filesystem."""
    return _dispatch_Filesystem(obj, message)


Filesystem_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_Filesystem: Final = ServerConfig(
    Filesystem,
    handle_Filesystem,
    Filesystem_expected_items,
)
_Filesystem_open_for_user = CFunction[Cap](Filesystem.INFO, "open_for_user")


class object_Filesystem(Filesystem):
    """A Filesystem made of a reference and a table of functions."""

    def __init__(self, ref: ref_Filesystem, iface: iface_Filesystem) -> None:
        self._ref = ref
        self._iface = iface

    def open_for_user(self, user: int) -> Cap:
        """Opcode 0."""
        return _Filesystem_open_for_user(self._iface.open_for_user(self._ref, user))
