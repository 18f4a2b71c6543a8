"""Work that takes its time, in a thread of its own: the server goes on meanwhile.

Reading a directory, loading a program and asking a user are such work.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from kernel.abi.errors import KErrDied, KErrNone, Leave
from userlib.symbian.active import CActive
from userlib.symbian.scheduler import CActiveScheduler
from userlib.symbian.thread import RThread

T = TypeVar("T")


class CErrand(CActive, Generic[T]):
    """Does *work* in a new thread, then calls *done* in the server's own.

    *done* gets what *work* returned, or the Leave it ended with: KErrDied if its thread
    was ended otherwise, which is reported as the death of any thread is.
    """

    def __init__(
        self, work: Callable[[], T], done: Callable[[T | Leave], None]
    ) -> None:
        super().__init__()
        self._work: Final = work
        self._done: Final = done
        self._thread: Final = RThread()
        self._result: T | Leave = Leave(KErrDied)

    def begin(self) -> None:
        """Start the thread; what keeps it from being made is a result too."""
        try:
            self._thread.create("", self._run_work)
        except Leave as leave:
            self._done(leave)
            return
        CActiveScheduler.add(self)
        self._thread.logon(self.status)
        self.set_active()
        self._thread.resume()

    def run(self) -> None:
        self._thread.close()
        self.deque()
        self._done(self._result)

    def do_cancel(self) -> None:
        self._thread.logon_cancel(self.status)

    def _run_work(self) -> int:
        try:
            self._result = self._work()
        except Leave as leave:
            self._result = leave
        return KErrNone
