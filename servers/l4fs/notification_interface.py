# Made by eka idl from notification.idl: do not edit, it is made again.
# ruff: noqa: A001, A002, A003, A004, ARG002, E501, ERA001, I001, INP001, N801, N802, N803, N806, N815, N816, N999, PLR0913, PLR0917, PYI024, RUF012, RUF100
"""Notification, as described."""

from userlib.l4re.runtime import (
    Callable,
    Cap,
    IntEnum,
    Interface,
    InterfaceInfo,
    OperationInfo,
    ParameterInfo,
    Reference,
    abstractmethod,
    dataclass,
)


class Notification_opcode(IntEnum):
    """The numbers of Notification's operations."""

    SUBSCRIBE = 16
    UNSUBSCRIBE = 17


class Notification(Interface):
    """Protocol 0x3D32."""

    INFO = InterfaceInfo(
        "Notification",
        0x3D32,
        (
            OperationInfo(
                "subscribe",
                16,
                (
                    ParameterInfo("notifier", "in", "cap", "cap"),
                    ParameterInfo("flags", "in", "notify_flags_t", "u8"),
                ),
            ),
            OperationInfo(
                "unsubscribe",
                17,
                (ParameterInfo("notifier", "in", "cap", "cap"),),
            ),
        ),
    )

    @abstractmethod
    def subscribe(self, notifier: Cap, flags: int) -> None:
        """Opcode 16."""

    @abstractmethod
    def unsubscribe(self, notifier: Cap) -> None:
        """Opcode 17."""


class ref_Notification(Reference):
    """Where a Notification is."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class iface_Notification:
    """The functions of a Notification: they return a status first."""

    subscribe: Callable[[ref_Notification, Cap, int], int]
    unsubscribe: Callable[[ref_Notification, Cap], int]
