"""The client's end of the simple count server."""

from typing import Self

from servers.count.simple.protocol import (
    KCountServerName,
    KCountServerVersion,
    TCountServRqst,
)
from userlib import KErrNone, Leave, RSessionBase, TIpcArgs, TPckgBuf


class RCountServSession(RSessionBase):
    """A counter of one's own, in the count server.

    Original: RCountServSession, in the documentation of client/server programs.
    """

    __slots__ = ()

    def connect(self) -> Self:
        """Connect to the server, whose counter for this session begins at 0.

        Original: RCountServSession::Connect.
        """
        return self.create_session(KCountServerName, KCountServerVersion)

    def set_from_string(self, digits: str) -> None:
        """Set the counter.

        Raises: Leave with ENonNumericString, KErrOverflow.
        Original: RCountServSession::SetFromString.
        """
        args = TIpcArgs(digits)
        code = self.send_receive(TCountServRqst.ECountServSetFromString, args)
        if code != KErrNone:  # the server's own errors are positive
            raise Leave(code)

    def increase(self) -> None:
        """Add 1. Original: RCountServSession::Increase."""
        self.send_receive(TCountServRqst.ECountServIncrease)

    def increase_by(self, amount: int) -> None:
        """Add *amount*. Original: RCountServSession::IncreaseBy."""
        self.send_receive(TCountServRqst.ECountServIncreaseBy, TIpcArgs(amount))

    def decrease(self) -> None:
        """Subtract 1. Original: RCountServSession::Decrease."""
        self.send_receive(TCountServRqst.ECountServDecrease)

    def decrease_by(self, amount: int) -> None:
        """Subtract *amount*. Original: RCountServSession::DecreaseBy."""
        self.send_receive(TCountServRqst.ECountServDecreaseBy, TIpcArgs(amount))

    def counter_value(self) -> int:
        """The counter's value. Original: RCountServSession::CounterValue."""
        package = TPckgBuf(0)
        self.send_receive(TCountServRqst.ECountServValue, TIpcArgs(package))
        value: int = package()
        return value

    def reset(self) -> None:
        """Set the counter to 0. Original: RCountServSession::Reset."""
        self.send_receive(TCountServRqst.ECountServReset)
