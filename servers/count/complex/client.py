"""The client's end of the complex count server."""

from typing import Self

from servers.count.complex.protocol import (
    KCountServerName,
    KCountServerVersion,
    TCountServRqst,
)
from userlib import (
    KErrNone,
    Leave,
    RSessionBase,
    RSubSessionBase,
    TIpcArgs,
    TPckgBuf,
)


class RCountServSession(RSessionBase):
    """A connection, on which any number of counters can be opened.

    Original: RCountServSession, in the documentation of client/server programs.
    """

    __slots__ = ()

    def connect(self) -> Self:
        """Connect to the server; there is no counter yet.

        Original: RCountServSession::Connect.
        """
        return self.create_session(KCountServerName, KCountServerVersion)

    def resource_count(self) -> int:
        """How many counters are open on this session.

        Original: RCountServSession::ResourceCount.
        """
        package = TPckgBuf(0)
        self.send_receive(TCountServRqst.ECountServResourceCount, TIpcArgs(package))
        count: int = package()
        return count


class RCountServSubSession(RSubSessionBase):
    """One counter.

    Original: RCountServSubSession, in the documentation of client/server programs.
    """

    __slots__ = ()

    def open(self, session: RCountServSession) -> Self:
        """A new counter in *session*, at 0. Original: RCountServSubSession::Open."""
        return self.create_sub_session(
            session, TCountServRqst.ECountServCreateSubSession
        )

    def close(self) -> None:
        """Give the counter up; without one, nothing.

        Original: RCountServSubSession::Close.
        """
        self.close_sub_session(TCountServRqst.ECountServCloseSubSession)

    def set_from_string(self, digits: str) -> None:
        """Set the counter.

        Raises: Leave with ENonNumericString, KErrOverflow.
        Original: RCountServSubSession::SetFromString.
        """
        args = TIpcArgs(digits)
        code = self.send_receive(TCountServRqst.ECountServSetFromString, args)
        if code != KErrNone:  # the server's own errors are positive
            raise Leave(code)

    def increase(self) -> None:
        """Add 1. Original: RCountServSubSession::Increase."""
        self.send_receive(TCountServRqst.ECountServIncrease)

    def increase_by(self, amount: int) -> None:
        """Add *amount*. Original: RCountServSubSession::IncreaseBy."""
        self.send_receive(TCountServRqst.ECountServIncreaseBy, TIpcArgs(amount))

    def decrease(self) -> None:
        """Subtract 1. Original: RCountServSubSession::Decrease."""
        self.send_receive(TCountServRqst.ECountServDecrease)

    def decrease_by(self, amount: int) -> None:
        """Subtract *amount*. Original: RCountServSubSession::DecreaseBy."""
        self.send_receive(TCountServRqst.ECountServDecreaseBy, TIpcArgs(amount))

    def counter_value(self) -> int:
        """The counter's value. Original: RCountServSubSession::CounterValue."""
        package = TPckgBuf(0)
        self.send_receive(TCountServRqst.ECountServValue, TIpcArgs(package))
        value: int = package()
        return value

    def reset(self) -> None:
        """Set the counter to 0. Original: RCountServSubSession::Reset."""
        self.send_receive(TCountServRqst.ECountServReset)
