# Made by eka idl from counter.idl: do not edit, it is made again.
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
from counter_interface import Counter, iface_Counter, ref_Counter

_dispatch_Counter = Dispatcher[Counter](Counter.INFO)


def handle_Counter(obj: Counter, message: Message) -> Reply:
    """Answer a message to a Counter."""
    return _dispatch_Counter(obj, message)


Counter_expected_items: Final = ExpectedItems(caps=0, fpages=0)
config_Counter: Final = ServerConfig(Counter, handle_Counter, Counter_expected_items)
_Counter_increment = CFunction[int](Counter.INFO, "increment")


class object_Counter(Counter):
    """A Counter made of a reference and a table of functions."""

    def __init__(self, ref: ref_Counter, iface: iface_Counter) -> None:
        self._ref = ref
        self._iface = iface

    def increment(self) -> int:
        """Opcode 0."""
        return _Counter_increment(self._iface.increment(self._ref))
