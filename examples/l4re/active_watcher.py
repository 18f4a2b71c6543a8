"""A program of active objects watches a file through a component's gate.

    eka run examples/l4re/active_watcher.py

prints

    the log has 6 bytes, on the drive too: b'line 1'
    the log has 12 bytes, on the drive too: b'line 1line 2'
    the log has 18 bytes, on the drive too: b'line 1line 2line 3'

Symbian's programs wait for requests, L4Re's for messages. Between them stands a thread
that waits for the component's Irq and completes a request; the rest of the program is
one CActive among others. What the component stored, RFs finds.
"""

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareReadersOrWriters
from servers.l4fs.client import MappedFile
from servers.l4fs.protocol import NOTIFY_CONTENT, O_CREAT, O_RDWR
from userlib import (
    CActive,
    CActiveScheduler,
    CPeriodic,
    KErrNone,
    KRequestPending,
    RThread,
    TRequestStatus,
)
from userlib.l4re import Cap, Irq, Loader

LINES = 3
LABEL = 4
PAUSE = 200_000  # microseconds


class Bridge:
    """A thread that turns an Irq's event into the completion of a request."""

    def __init__(self, irq: Irq) -> None:
        self._irq = irq
        self._owner = RThread().open(RThread().id())

    def request(self, status: TRequestStatus) -> None:
        """Complete *status* when the Irq is triggered, or was already."""
        status.value = KRequestPending
        with RThread().create("", self._wait, args=(status,)) as thread:
            thread.resume()

    def _wait(self, status: TRequestStatus) -> None:
        self._irq.bind(LABEL)
        self._irq.receive()
        self._owner.request_complete(status, KErrNone)


class CLogWatcher(CActive):
    """Says what is in the log whenever somebody flushed it."""

    def __init__(self, log: MappedFile, fs: RFs) -> None:
        super().__init__(CActive.EPriorityStandard)
        CActiveScheduler.add(self)
        irq = Irq().create()
        log.subscribe(irq, NOTIFY_CONTENT)
        self._log, self._fs, self._bridge = log, fs, Bridge(irq)
        self._watch()

    def _watch(self) -> None:
        self._bridge.request(self.status)
        self.set_active()

    def run(self) -> None:
        mode = EFileShareReadersOrWriters
        with RFile().open(self._fs, "C:\\log.txt", mode) as file:
            print("the log has", len(self._log), "bytes,", end=" ")
            print("on the drive too:", file.contents())
        if len(self._log) == LINES * len("line 1"):
            CActiveScheduler.stop()
        else:
            self._watch()

    def do_cancel(self) -> None:
        """Never pending when the program ends."""


class Logger:
    """Adds a line now and then, as another user of the file."""

    def __init__(self, log: MappedFile) -> None:
        self._log = log
        self._count = 0

    def add_line(self) -> None:
        self._count += 1
        self._log.write(f"line {self._count}".encode())
        self._log.flush()


def watch(fs: Cap) -> None:
    """Let the scheduler run what is ready."""
    CActiveScheduler.install(CActiveScheduler())
    with (
        MappedFile.open(fs, "log.txt", O_RDWR | O_CREAT) as log,
        MappedFile.open(fs, "log.txt", O_RDWR) as written,
        RFs().connect() as rfs,
    ):
        watcher = CLogWatcher(log, rfs)
        clock = CPeriodic(CActive.EPriorityStandard)
        clock.start(PAUSE, PAUSE, Logger(written).add_line)
        CActiveScheduler.start()
        clock.cancel()
        watcher.deque()


def e32main() -> None:
    """Start the component, and watch a file of it."""
    loader = Loader()
    with (
        loader.new_channel() as channel,
        loader.start("l4fs", caps={"server": channel.svr()}),
    ):
        watch(channel)
