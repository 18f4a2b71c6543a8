"""The simple count server: a session is a counter.

Original: the ClientServer/simple example of the documentation.
"""

from typing import Final

from servers.count.counter import Counter
from servers.count.simple.protocol import (
    KCountServerName,
    KCountServerVersion,
    TCountServPanic,
    TCountServRqst,
)
from userlib import (
    CServer2,
    CSession2,
    EPriorityStandard,
    KErrNone,
    KErrNotSupported,
    Leave,
    RMessage2,
    TPckgBuf,
    TVersion,
    User,
    trap,
)


class CCountServServer(CServer2):
    """Gives every client that connects a session, thus a counter, of its own."""

    def new_session(self, version: TVersion, message: RMessage2) -> "CCountServSession":
        if not User.query_version_supported(KCountServerVersion, version):
            raise Leave(KErrNotSupported)
        return CCountServSession()


class CCountServSession(CSession2):
    """One client's counter."""

    def __init__(self) -> None:
        self._counter: Final = Counter()

    def service(self, message: RMessage2) -> None:
        """Let a request's function do it, and complete with what that left with."""
        code = trap(self.dispatch_message, message)
        if not message.is_null:  # its client was not panicked
            message.complete(code)

    def dispatch_message(self, message: RMessage2) -> None:
        """Find the function for a request."""
        match message.function:
            case TCountServRqst.ECountServSetFromString:
                self.set_from_string(message)
            case TCountServRqst.ECountServIncrease:
                self._counter.increase()
            case TCountServRqst.ECountServIncreaseBy:
                self._counter.increase(message.int0)
            case TCountServRqst.ECountServDecrease:
                self._counter.increase(-1)
            case TCountServRqst.ECountServDecreaseBy:
                self._counter.increase(-message.int0)
            case TCountServRqst.ECountServValue:
                self.counter_value(message)
            case TCountServRqst.ECountServReset:
                self._counter.value = 0
            case _:
                self.panic_client(message, TCountServPanic.EBadRequest)

    def set_from_string(self, message: RMessage2) -> None:
        """Read the client's string, and set the counter if it is a number."""
        length = message.get_des_length(0)
        self._counter.set_from_string(message.read16(0, 0, length))

    def counter_value(self, message: RMessage2) -> None:
        """Write the counter into the client's package."""
        if message.try_write(0, TPckgBuf(self._counter.value)) != KErrNone:
            self.panic_client(message, TCountServPanic.EBadDescriptor)

    def panic_client(self, message: RMessage2, reason: TCountServPanic) -> None:
        """The client made a mistake that no client may make."""
        message.panic(KCountServerName, reason)


def e32main() -> int:
    """The program: serve until the process is killed."""
    return CCountServServer(EPriorityStandard).run(KCountServerName)
