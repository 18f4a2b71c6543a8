"""Ways for an emulated thread to be busy when it is killed.

None of them ends by itself. Those of `CALLING` make kernel calls all the time, so they
run on every back-end; those of `COMPUTING` keep an OS thread of their own busy, with
plain Python or with the host's own locks.
"""

import importlib
import logging
import queue
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from kernel.abi.current import current_exec
from userlib import (
    EOwnerThread,
    KErrNone,
    Leave,
    RMutex,
    RSemaphore,
    RServer2,
    RSessionBase,
    RTimer,
    TRequestStatus,
    User,
)

KSharedServer: Final = "busy"
# Modules of the host's that nobody else here needs.
KReloadedMasked: Final = "quopri"
KReloadedPlainly: Final = "colorsys"

# Threads:   the victim itself


def semaphore() -> None:
    """Take and give."""
    with RSemaphore().create_local(1, EOwnerThread) as own:
        while True:
            own.wait()
            own.signal()


def shared_mutex() -> None:
    """The same with a mutex that the other victims of this kind want too."""
    while True:
        try:
            mutex = RMutex().create_global("busy", EOwnerThread)
        except Leave:
            mutex = RMutex()
            try:
                mutex.open_global("busy", EOwnerThread)
            except Leave:
                continue
        with mutex:
            mutex.wait()
            User.after_high_res(0)
            mutex.signal()


def handles() -> None:
    """Create and close."""
    while True:
        RSemaphore().create_local(0, EOwnerThread).close()


def timers() -> None:
    """Begin, take back, wait."""
    with RTimer().create_local() as timer:
        status = TRequestStatus()
        while True:
            timer.high_res(status, 1)
            timer.cancel()
            User.wait_for_request(status)
            timer.high_res(status, 1_000)
            User.wait_for_request(status)


def stubborn() -> None:
    """Swallow whatever comes, and go on making calls.

    One that swallowed all of them could only be left behind.
    """
    while True:
        try:
            while True:
                User.after_high_res(1_000)
        except:  # noqa: E722 - that is what it is here for
            User.after_high_res(1_000)


def server() -> None:
    """Serve under the shared name as soon as nobody else does."""
    while True:
        own = RServer2()
        try:
            own.create_global(KSharedServer)
        except Leave:  # another one of us serves
            User.after_high_res(1_000)
            continue
        with own:
            _serve(own)


def _serve(own: RServer2) -> None:
    while True:
        own.receive().complete(KErrNone)


def client() -> None:
    """Send to whoever serves; when that one is killed, look for the next."""
    while True:
        try:
            with RSessionBase().create_session(KSharedServer) as session:
                for function in range(100):
                    session.send_receive(function)
        except Leave:
            User.after_high_res(1_000)


CALLING: Final = (
    semaphore,
    shared_mutex,
    handles,
    timers,
    stubborn,
    server,
    client,
)


def computing() -> None:
    """Plain Python without end."""
    while True:
        sum(range(50))


def swallowing() -> None:
    """The same, and swallow what comes."""
    while True:
        try:
            while True:
                sum(range(50))
        except BaseException:  # noqa: BLE001 - as above
            User.after_high_res(0)


def private_queue() -> None:
    """Use a queue of the host's that no other thread knows, not masked."""
    own: queue.Queue[int] = queue.Queue()
    while True:
        own.put(1)
        own.get()


def private_logging() -> None:
    """Log to a handler of its own, not masked."""
    log = logging.Logger("busy")  # noqa: LOG001 - in no tree that others share
    log.addHandler(_Counter())
    while True:
        log.warning("plain %d", 1)


def plain_import() -> None:
    """Import, not masked; another one that died may have left the module half made."""
    while True:
        with suppress(ImportError):
            importlib.reload(importlib.import_module(KReloadedPlainly))


class HostWork:
    """Host objects that all victims share, and what they do with them.

    All of it is masked by `host_call`. Unmasked, a lock that many dying threads want is
    a convoy: each is found waiting for it, and left alone for now.
    """

    def __init__(self) -> None:
        # Fixed for life:
        self.queue: Final[queue.Queue[int]] = queue.Queue()
        self.log: Final = logging.Logger("busy")  # noqa: LOG001 - as above
        self.log.addHandler(_Counter())

    def masked_queue(self) -> None:
        """Put and get."""
        while True:
            current_exec.get().host_call(self._put_and_get)

    def _put_and_get(self) -> None:
        self.queue.put(1)
        self.queue.get()

    def masked_logging(self) -> None:
        """Log."""
        while True:
            current_exec.get().host_call(self.log.warning, "masked %d", 1)

    def masked_import(self) -> None:
        """Import."""
        module = importlib.import_module(KReloadedMasked)
        while True:
            current_exec.get().host_call(importlib.reload, module)

    def kinds(self) -> tuple[Callable[[], None], ...]:
        """All of them."""
        return (
            self.masked_queue,
            self.masked_logging,
            self.masked_import,
        )

    def prove_whole(self) -> None:
        """Use all of it once; a lock left held blocks for ever."""
        self._put_and_get()
        self.log.warning("whole")
        for name in (KReloadedMasked, KReloadedPlainly):
            importlib.reload(importlib.import_module(name))


class _Counter(logging.Handler):
    """Takes records, and the handler's lock, and writes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


COMPUTING: Final = (
    computing,
    swallowing,
    private_queue,
    private_logging,
    plain_import,
)
