# Made by eka idl from flush.idl: do not edit, it is made again.
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
from servers.l4fs.flush_interface import Flush, iface_Flush, ref_Flush

_dispatch_Flush = Dispatcher[Flush](Flush.INFO)


def handle_Flush(obj: Flush, message: Message) -> Reply:
    """Answer a message to a Flush."""
    return _dispatch_Flush(obj, message)


Flush_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_Flush: Final = ServerConfig(Flush, handle_Flush, Flush_expected_items)
_Flush_flush = CFunction[int](Flush.INFO, "flush")


class object_Flush(Flush):
    """A Flush made of a reference and a table of functions."""

    def __init__(self, ref: ref_Flush, iface: iface_Flush) -> None:
        self._ref = ref
        self._iface = iface

    def flush(self, populated_size: int) -> int:
        """Opcode 5."""
        return _Flush_flush(self._iface.flush(self._ref, populated_size))
