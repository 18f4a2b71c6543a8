# Made by eka idl from notification.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""What a server loop needs to serve objects of the interfaces."""

from userlib.l4re.runtime import (
    Any,
    Cap,
    CFunction,
    Dispatcher,
    ExpectedItems,
    Final,
    Message,
    Reply,
    ServerConfig,
)
from servers.l4fs.notification_interface import (
    Notification,
    iface_Notification,
    ref_Notification,
)

_dispatch_Notification = Dispatcher[Notification](Notification.INFO)


def handle_Notification(obj: Notification, message: Message) -> Reply:
    """Answer a message to a Notification."""
    return _dispatch_Notification(obj, message)


Notification_expected_items: Final = ExpectedItems(caps=1, fpages=0)
config_Notification: Final = ServerConfig(
    Notification,
    handle_Notification,
    Notification_expected_items,
)
_Notification_subscribe = CFunction[Any](Notification.INFO, "subscribe")
_Notification_unsubscribe = CFunction[Any](Notification.INFO, "unsubscribe")


class object_Notification(Notification):
    """A Notification made of a reference and a table of functions."""

    def __init__(self, ref: ref_Notification, iface: iface_Notification) -> None:
        self._ref = ref
        self._iface = iface

    def subscribe(self, notifier: Cap, flags: int) -> None:
        """Opcode 16."""
        _answer: None = _Notification_subscribe(
            self._iface.subscribe(self._ref, notifier, flags),
        )
        return _answer

    def unsubscribe(self, notifier: Cap) -> None:
        """Opcode 17."""
        _answer: None = _Notification_unsubscribe(
            self._iface.unsubscribe(self._ref, notifier),
        )
        return _answer
