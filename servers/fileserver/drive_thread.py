"""The thread of an asynchronous drive, and the order it keeps."""

from collections import deque
from typing import Final, Protocol

from kernel.abi.exit import TCritical
from kernel.abi.priorities import TThreadPriority
from servers.fileserver.names import drive_text
from userlib.symbian.heap import switch_heap, user_heap
from userlib.symbian.semaphore import RSemaphore
from userlib.symbian.thread import RThread
from userlib.symbian.user import User


class MWork(Protocol):
    """Something to do on a drive's thread."""

    def run(self) -> None: ...


class DriveThread:
    """Executes what is submitted, first in first out, one at a time.

    Only Main and other drive threads submit. The queue needs no mutex: both ends of a
    deque are atomic, and the semaphore says how many items there are.
    """

    def __init__(self, drive: int) -> None:
        self._drive: Final = drive
        self._queue: Final[deque[MWork]] = deque()
        self._items: Final = RSemaphore()
        self._heap: Final = user_heap()  # the server's: its threads share one

    def start(self) -> None:
        """Create the thread; what is submitted before it runs waits."""
        self._items.create_local(0)
        name = f"Drive-{drive_text(self._drive)[0]}"
        with RThread().create(name, self._serve) as thread:
            thread.resume()

    def submit(self, work: MWork) -> None:
        self._queue.append(work)
        self._items.signal()

    def _serve(self) -> None:
        # Slightly below Main, which has to take every message. And should we ever fail
        # here, clients must learn of it rather than wait: the whole server goes.
        switch_heap(self._heap)
        me = RThread()
        me.set_priority(TThreadPriority.EPriorityLess)
        User.set_critical(TCritical.EProcessCritical)
        while True:
            self._items.wait()
            self._queue.popleft().run()
