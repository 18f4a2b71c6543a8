"""TRequestStatus: where the result of a request appears."""

from typing import Final, final

from kernel.abi.errors import KRequestPending, code_name
from kernel.abi.memory import ClientStatus
from userlib.symbian.word import signed_word


@final
class TRequestStatus:
    """The result of one request, and two marks that the active scheduler reads.

    *client* is the word the kernel writes a completion to; a completion never touches
    the marks. Compares with integers by its value: `status == KErrNone`.

    Original: TRequestStatus.
    """

    __slots__ = ("active", "client", "pending_seen")

    def __init__(self, value: int = 0) -> None:
        self.client: Final = ClientStatus(value)
        self.active = False  # CActive.set_active was called for it
        self.pending_seen = value == KRequestPending

    @property
    def value(self) -> int:
        """The result, `KRequestPending` while the request runs.

        Original: TRequestStatus::Int.
        """
        return self.client.value

    @value.setter
    def value(self, value: int) -> None:
        value = signed_word(value)
        self.client.value = value
        self.pending_seen = value == KRequestPending

    @property
    def is_pending(self) -> bool:
        """Whether the request still runs.

        Original: none; a comparison with KRequestPending.
        """
        return self.client.value == KRequestPending

    def start(self) -> ClientStatus:
        """Mark it pending, for the service that is about to be asked.

        Original: none; what every service does first.
        """
        self.client.value = KRequestPending
        self.pending_seen = True
        return self.client

    def __int__(self) -> int:
        return self.client.value

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            return self.client.value == other
        return self is other

    # Two statuses are one only if they are the same variable.
    __hash__ = object.__hash__

    def __lt__(self, other: int) -> bool:
        return self.client.value < other

    def __le__(self, other: int) -> bool:
        return self.client.value <= other

    def __gt__(self, other: int) -> bool:
        return self.client.value > other

    def __ge__(self, other: int) -> bool:
        return self.client.value >= other

    def __repr__(self) -> str:
        return f"TRequestStatus({code_name(self.client.value)})"


def client_of(status: TRequestStatus) -> ClientStatus:
    """The word of *status* that the kernel writes to.

    Raises: TypeError for what is no TRequestStatus; then nothing has happened.
    """
    if not isinstance(status, TRequestStatus):
        raise TypeError(f"a request has a TRequestStatus, not {status!r}")
    return status.client


def started(status: TRequestStatus) -> ClientStatus:
    """The same, marked pending for the service that is about to be asked."""
    client_of(status)
    return status.start()
