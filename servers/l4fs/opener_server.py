# Made by eka idl from opener.idl: do not edit, it is made again.
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
from servers.l4fs.opener_interface import Opener, iface_Opener, ref_Opener

_dispatch_Opener = Dispatcher[Opener](Opener.INFO)


def handle_Opener(obj: Opener, message: Message) -> Reply:
    """Answer a message to a Opener."""
    return _dispatch_Opener(obj, message)


Opener_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_Opener: Final = ServerConfig(Opener, handle_Opener, Opener_expected_items)
_Opener_context = CFunction[Cap](Opener.INFO, "context")


class object_Opener(Opener):
    """A Opener made of a reference and a table of functions."""

    def __init__(self, ref: ref_Opener, iface: iface_Opener) -> None:
        self._ref = ref
        self._iface = iface

    def context(self) -> Cap:
        """Opcode 13."""
        return _Opener_context(self._iface.context(self._ref))
