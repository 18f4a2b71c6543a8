# Made by eka idl from notification.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Clients of the interfaces, and their tables of functions."""

from userlib.l4re.runtime import Cap, Client, CStub, Stub
from servers.l4fs.notification_interface import Notification, iface_Notification

_Notification_subscribe = Stub[None](Notification.INFO, "subscribe")
_Notification_unsubscribe = Stub[None](Notification.INFO, "unsubscribe")


class client_Notification(Client, Notification):
    """A Notification in another program."""

    def subscribe(self, notifier: Cap, flags: int) -> None:
        """Opcode 16."""
        _Notification_subscribe(self, notifier, flags)

    def unsubscribe(self, notifier: Cap) -> None:
        """Opcode 17."""
        _Notification_unsubscribe(self, notifier)


client_iface_Notification = iface_Notification(
    subscribe=CStub(Notification.INFO, "subscribe"),
    unsubscribe=CStub(Notification.INFO, "unsubscribe"),
)
