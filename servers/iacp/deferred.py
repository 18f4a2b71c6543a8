"""Requests that are answered later, or never if their session ends first."""

from contextlib import ExitStack
from typing import Final

from kernel.abi.errors import KErrNone, KErrTimedOut
from servers.iacp.faults import Fatal
from userlib.geos.flat import Plain, flatten
from userlib.symbian.message import RMessage2
from userlib.symbian.scheduler import CActiveScheduler
from userlib.symbian.timers import CTimer

KReplyArgument: Final = 1  # where an answer is written to


def reply(message: RMessage2, answer: Plain) -> int:
    """Write *answer* to the client. Returns: what to complete *message* with.

    KErrOverflow tells the client that its buffer is too small.
    """
    return message.try_write(KReplyArgument, flatten(answer))


class Deferred:
    """One such request. It is completed once, or dropped; later calls do nothing."""

    def __init__(self, message: RMessage2) -> None:
        self._message: RMessage2 | None = message.copy()
        self._at_end: Final = ExitStack()  # what the end ends

    @property
    def is_pending(self) -> bool:
        """Whether it is neither completed nor dropped."""
        return self._message is not None

    @property
    def at_end(self) -> ExitStack:
        """What is called before it is completed or dropped."""
        return self._at_end

    def limit(self, timeout_us: int) -> None:
        """Complete it with KErrTimedOut after *timeout_us*, unless that is negative."""
        if timeout_us >= 0:
            limit = CTimeLimit(self)
            self._at_end.callback(limit.destroy)
            limit.high_res(timeout_us)

    def answer(self, answer: Plain) -> None:
        """Give *answer* to the client."""
        message = self._end()
        if message is not None:
            message.complete(reply(message, answer))

    def fail(self, fatal: Fatal) -> None:
        """Tell the client of its mistake."""
        self.complete(fatal.fault.code)

    def complete(self, code: int = KErrNone) -> None:
        """Complete it with *code*."""
        message = self._end()
        if message is not None:
            message.complete(code)

    def drop(self) -> None:
        """Its session ends, and the message with it."""
        self._end()

    def _end(self) -> RMessage2 | None:
        message, self._message = self._message, None
        self._at_end.close()
        return message


class CTimeLimit(CTimer):
    """Ends a request that takes too long."""

    def __init__(self, request: Deferred) -> None:
        super().__init__(0)
        self._request: Final = request
        self.construct()
        CActiveScheduler.add(self)

    def run(self) -> None:
        self._request.complete(KErrTimedOut)
