"""The complex count server: a session has a table of counters.

The counters are reference-counted objects. All of them sit in one container of the
server's; each session's table holds one reference for each that its client has open,
and its destruction closes what the client left open.

Original: the ClientServer/complex example of the documentation.
"""

from typing import Final

from kernel.objects import CObject, CObjectCon, CObjectConIx, CObjectIx
from servers.count.complex.protocol import (
    KCountServerName,
    KCountServerVersion,
    TCountServPanic,
    TCountServRqst,
)
from servers.count.counter import Counter
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

_KSubSessionArgument: Final = 3


class CCountServServer(CServer2):
    """Owns the container that every session's counters sit in."""

    def __init__(self, priority: int = EPriorityStandard) -> None:
        super().__init__(priority)
        self._containers: Final = CObjectConIx()
        self.counters: Final[CObjectCon[CCountServSubSession]] = (
            self._containers.create()
        )

    def new_session(self, version: TVersion, message: RMessage2) -> "CCountServSession":
        if not User.query_version_supported(KCountServerVersion, version):
            raise Leave(KErrNotSupported)
        return CCountServSession(self.counters)

    def destroy(self) -> None:
        super().destroy()  # first the sessions: they hold the counters
        self._containers.destroy()


class CCountServSubSession(CObject):
    """One counter."""

    __slots__ = ("counter",)

    def __init__(self) -> None:
        super().__init__()
        self.counter: Final = Counter()


class CCountServSession(CSession2):
    """One client's counters, by handle."""

    def __init__(self, container: CObjectCon[CCountServSubSession]) -> None:
        self._container: Final = container
        self._counters: Final[CObjectIx[CCountServSubSession]] = CObjectIx()

    def destroy(self) -> None:
        self._counters.destroy()
        super().destroy()

    def service(self, message: RMessage2) -> None:
        """Let a request's function do it, and complete with what that left with."""
        code = trap(self.dispatch_message, message)
        if not message.is_null:  # its client was not panicked
            message.complete(code)

    def dispatch_message(self, message: RMessage2) -> None:
        """Tell the requests on the session from those on one of its counters."""
        match message.function:
            case TCountServRqst.ECountServCreateSubSession:
                self.new_counter(message)
            case TCountServRqst.ECountServResourceCount:
                self.write_package(message, 0, self.count_resources())
            case _:
                counter = self.counter_from_handle(message)
                if counter is not None:
                    self.dispatch_counter_message(message, counter)

    def dispatch_counter_message(self, message: RMessage2, counter: Counter) -> None:
        """Find the function for a request on *counter*."""
        match message.function:
            case TCountServRqst.ECountServCloseSubSession:
                self._counters.remove(message.int3)
            case TCountServRqst.ECountServSetFromString:
                counter.set_from_string(message.read16(0, 0, message.get_des_length(0)))
            case TCountServRqst.ECountServIncrease:
                counter.increase()
            case TCountServRqst.ECountServIncreaseBy:
                counter.increase(message.int0)
            case TCountServRqst.ECountServDecrease:
                counter.increase(-1)
            case TCountServRqst.ECountServDecreaseBy:
                counter.increase(-message.int0)
            case TCountServRqst.ECountServValue:
                self.write_package(message, 0, counter.value)
            case TCountServRqst.ECountServReset:
                counter.value = 0
            case _:
                self.panic_client(message, TCountServPanic.EBadRequest)

    def new_counter(self, message: RMessage2) -> None:
        """Make a counter and give its handle to the client."""
        counter = CCountServSubSession()
        try:
            self._container.add(counter)
            handle = self._counters.add(counter)
        except Leave:
            counter.close()
            raise
        # From here on the table holds the one reference.
        if not self.write_package(message, _KSubSessionArgument, handle):
            self._counters.remove(handle)

    def counter_from_handle(self, message: RMessage2) -> Counter | None:
        """The counter that argument 3 names; a bad one panics the client."""
        obj = self._counters.try_at(message.int3)
        if obj is None:
            self.panic_client(message, TCountServPanic.EBadSubsessionHandle)
            return None
        return obj.counter

    def count_resources(self) -> int:
        """The counters that are open."""
        return self._counters.active_count

    def write_package(self, message: RMessage2, index: int, value: int) -> bool:
        """Write *value* to the client; where it can't go, panic the client."""
        if message.try_write(index, TPckgBuf(value)) == KErrNone:
            return True
        self.panic_client(message, TCountServPanic.EBadDescriptor)
        return False

    def panic_client(self, message: RMessage2, reason: TCountServPanic) -> None:
        """The client made a mistake that no client may make."""
        message.panic(KCountServerName, reason)


def e32main() -> int:
    """The program: serve until the process is killed."""
    return CCountServServer(EPriorityStandard).run(KCountServerName)
