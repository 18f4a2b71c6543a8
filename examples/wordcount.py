r"""Counts the words of every *.py file on the drives, with many worker processes.

    eka run --drive C=/usr/lib/python3.11:ro examples/wordcount.py workers=4

One program, two parts. The *coordinator* starts the file server and the count server
if nobody did, lists the files, and serves `WordJob`, from which any number of *workers*
take paths. A worker reads its file through the file server, counts, and reports:

    worker                          coordinator
    ------                          -----------
    next_file() ──────────────────► a path, or KErrEof; waits while others may fail
    add_counts(piece) ────────────► kept in the session, and counted nowhere yet
    file_done(size) ──────────────► now the pieces count, all at once

So a file counts when it is done, and once: what a worker had reported when it died
goes with its session, and its path is handed out again. A dead worker is replaced.

Arguments: `workers=N`; `kill=N` kills a worker when N files are done; `enough=N` takes
from drives after the first only up to N files; `drives=CE`; `quiet=1` prints nothing.
The result is also on `D:\wordcount.txt`.
"""

import re
from array import array
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from servers.count.complex.client import RCountServSession, RCountServSubSession
from servers.count.complex.protocol import KCountServerName
from servers.fileserver.client import RFile, RFs
from servers.fileserver.protocol import KFileServerProgram
from userlib import (
    CActive,
    CActiveScheduler,
    CServer2,
    CSession2,
    Image,
    KErrAlreadyExists,
    KErrArgument,
    KErrDied,
    KErrEof,
    KErrNone,
    KErrNotSupported,
    Leave,
    RMessage2,
    RProcess,
    RSessionBase,
    TBuf,
    TBuf8,
    TCapability,
    TIpcArgs,
    TPckgBuf,
    TVersion,
)

# Killing a running process that is not one's own child-to-be takes PowerMgmt.
IMAGE = Image(capabilities=frozenset({TCapability.ECapabilityPowerMgmt}))

KServerName = "WordJob"
KProgram = "wordcount"
KResultFile = "D:\\wordcount.txt"
KWord = re.compile(rb"[A-Za-z_][A-Za-z_0-9]*")
KSkipped = ("site-packages", "dist-packages")  # below the first drive
KReadSize = 65_536  # bytes of one read
KPieceWords = 512  # words of one report
KMaxDeaths = 8  # workers that are replaced before the job gives up
KCounterMask = 0xFFFFFFFF  # a counter of the count server's has 32 bits
KMostFrequent = 20


class TJobMessage(IntEnum):
    """The functions of the coordinator's server."""

    ENextFile = 0
    EAddCounts = 1
    EFileDone = 2
    EProgress = 3


@dataclass(frozen=True)
class Settings:
    """What the command line says."""

    workers: int = 4
    kill: int = 0
    enough: int = 2_000
    quiet: int = 0
    drives: str = "C"

    @classmethod
    def parse(cls, command_line: str) -> "Settings":
        words = dict(word.partition("=")[::2] for word in command_line.split())
        drives = words.pop("drives", cls.drives)
        return cls(drives=drives, **{name: int(words[name]) for name in words})


# The form of a report: how many, their counts, and the words with spaces between.


def pack_counts(counts: Counter[bytes]) -> Iterator[bytes]:
    """The counts in pieces of at most KPieceWords words."""
    words = list(counts)
    for start in range(0, len(words), KPieceWords):
        some = words[start : start + KPieceWords]
        numbers = array("I", [counts[word] for word in some])
        yield array("I", [len(some)]).tobytes() + numbers.tobytes() + b" ".join(some)


def unpack_counts(piece: bytes) -> dict[bytes, int]:
    """What pack_counts packed."""
    head = array("I")
    head.frombytes(piece[: head.itemsize])
    end = head.itemsize * (1 + head[0])
    numbers = array("I")
    numbers.frombytes(piece[head.itemsize : end])
    return dict(zip(piece[end:].split(b" "), numbers, strict=True))


class RWordJob(RSessionBase):
    """The client's side: what a worker says, and whoever watches."""

    def connect(self) -> "RWordJob":
        return self.create_session(KServerName)

    def next_file(self) -> str | None:
        """A file to count; None when there is nothing left to do."""
        name = TBuf(256)
        if self.try_send_receive(TJobMessage.ENextFile, TIpcArgs(name)) == KErrEof:
            return None
        return str(name)

    def report(self, counts: Counter[bytes], size: int) -> None:
        """The words of the file last taken, and its size; now it counts."""
        for piece in pack_counts(counts):
            self.send_receive(TJobMessage.EAddCounts, TIpcArgs(piece))
        self.send_receive(TJobMessage.EFileDone, TIpcArgs(size))

    def progress(self, seen: int) -> tuple[int, int]:
        """Files done and files in all, as soon as more than *seen* are done."""
        package = TPckgBuf("<ii")
        self.send_receive(TJobMessage.EProgress, TIpcArgs(package, seen))
        done, total = package()
        return done, total


# The coordinator.


class Tally:
    """Two counters of the count server's, which add up with what the job counts."""

    def __init__(self) -> None:
        self._server = RCountServSession().connect()
        self._files = RCountServSubSession().open(self._server)
        self._size = RCountServSubSession().open(self._server)

    def add(self, size: int) -> None:
        self._files.increase()
        self._size.increase_by(size)

    def values(self) -> tuple[int, int]:
        size = self._size.counter_value() & KCounterMask
        return self._files.counter_value(), size

    def close(self) -> None:
        self._files.close()
        self._size.close()
        self._server.close()


class Job:
    """Which files wait, are being counted and are done; what they came to."""

    def __init__(self, names: list[str], tally: Tally) -> None:
        self.total = len(names)
        self.done = 0
        self.size = 0
        self.words: Counter[bytes] = Counter()
        self._tally = tally
        self._waiting = deque(names)
        self._idle: list[tuple[JobSession, RMessage2]] = []
        self._watchers: list[tuple[JobSession, RMessage2]] = []

    @property
    def is_over(self) -> bool:
        return self.done == self.total

    def ask(self, session: "JobSession", message: RMessage2) -> None:
        """Hand out a file; if none waits, let the worker wait while others are busy."""
        if self._waiting:
            session.take(self._waiting.popleft(), message)
        elif self.is_over:
            message.complete(KErrEof)
        else:
            self._idle.append((session, message))

    def finish(self, counts: Counter[bytes], size: int) -> None:
        """A file is done: from now on it counts, and is handed out no more."""
        self.done += 1
        self.size += size
        self.words.update(counts)
        self._tally.add(size)
        self._tell_watchers()
        if self.is_over:
            self._serve_idle()

    def give_back(self, name: str) -> None:
        """Its worker is gone: somebody else gets the file."""
        self._waiting.appendleft(name)
        self._serve_idle()

    def forget(self, session: "JobSession") -> None:
        """A client is gone; what it waits for need not be answered any more."""
        for waiting in (self._idle, self._watchers):
            for pair in [pair for pair in waiting if pair[0] is session]:
                waiting.remove(pair)
                pair[1].complete(KErrDied)

    def watch(self, session: "JobSession", message: RMessage2) -> None:
        """Answer as soon as more files are done than the client has seen."""
        self._watchers.append((session, message))
        self._tell_watchers()

    def _serve_idle(self) -> None:
        idle, self._idle = self._idle, []
        for session, message in idle:
            self.ask(session, message)

    def _tell_watchers(self) -> None:
        waiting, self._watchers = self._watchers, []
        for session, message in waiting:
            if self.done > message.int1 or self.is_over:
                message.write(0, TPckgBuf("<ii", self.done, self.total))
                message.complete(KErrNone)
            else:
                self._watchers.append((session, message))


class JobSession(CSession2):
    """A worker, as the coordinator sees it; or somebody who watches."""

    def __init__(self, job: Job, crew: "Crew", process_id: int) -> None:
        self.process_id = process_id
        self.name: str | None = None  # the file in hand
        self._counts: Counter[bytes] = Counter()  # reported of it so far
        self._job = job
        self._crew = crew

    def service(self, message: RMessage2) -> None:
        match message.function:
            case TJobMessage.ENextFile:
                self._job.ask(self, message)
            case TJobMessage.EAddCounts:
                self._counts.update(unpack_counts(message.read8(0)))
                message.complete(KErrNone)
            case TJobMessage.EFileDone:
                self._finish(message)
            case TJobMessage.EProgress:
                self._job.watch(self, message)
            case _:
                message.complete(KErrNotSupported)

    def take(self, name: str, message: RMessage2) -> None:
        self.name = name
        self._counts.clear()
        message.write(0, name)
        message.complete(KErrNone)

    def _finish(self, message: RMessage2) -> None:
        self.name = None
        self._job.finish(self._counts, message.int0)
        message.complete(KErrNone)
        self._crew.on_file_done(self._job.done)

    def destroy(self) -> None:
        self._job.forget(self)
        if self.name is not None:
            self._job.give_back(self.name)
        super().destroy()


class JobServer(CServer2):
    """What workers take their files from."""

    def __init__(self, job: Job, crew: "Crew") -> None:
        super().__init__()
        self._job = job
        self._crew = crew

    def new_session(self, version: TVersion, message: RMessage2) -> JobSession:
        with message.client() as thread, thread.process() as process:
            return JobSession(self._job, self._crew, process.id())

    def busy_workers(self) -> list[int]:
        """The processes that have a file in hand."""
        sessions = [one for one in self.session_iter if isinstance(one, JobSession)]
        return [one.process_id for one in sessions if one.name is not None]


class Worker(CActive):
    """Watches one worker process; starts another if it dies before the job is over."""

    def __init__(self, crew: "Crew") -> None:
        super().__init__()
        self._crew = crew
        self.process = RProcess(0)
        CActiveScheduler.add(self)

    def start(self) -> None:
        self.process.create(RProcess().file_name(), "worker")
        self.process.logon(self.status)
        self.set_active()
        self.process.resume()

    def run(self) -> None:
        self.process.close()
        self._crew.on_worker_gone(self)

    def do_cancel(self) -> None:
        self.process.logon_cancel(self.status)


class Crew:
    """The workers: hires them, replaces the dead, and goes home when all is done."""

    def __init__(self, job: Job, settings: Settings) -> None:
        self.deaths = 0
        self._job = job
        self._kill_at = settings.kill
        self._workers: list[Worker] = []
        self.server = JobServer(job, self)

    def start(self, number: int) -> None:
        self.server.start(KServerName)
        RProcess.rendezvous(KErrNone)
        for _ in range(number):
            worker = Worker(self)
            self._workers.append(worker)
            worker.start()

    def on_worker_gone(self, worker: Worker) -> None:
        if not self._job.is_over:
            self.deaths += 1
            if self.deaths <= KMaxDeaths:
                worker.start()
                return
        self._workers.remove(worker)
        worker.destroy()
        if not self._workers:
            CActiveScheduler.stop()

    def on_file_done(self, done: int) -> None:
        """Kill a worker in the middle of a file, if that was asked for and it is time.

        It may be reading, counting or reporting: whatever it was doing is lost.
        """
        if self._kill_at and done >= self._kill_at:
            busy = self.server.busy_workers()
            for worker in self._workers:
                if worker.process.id() in busy:
                    self._kill_at = 0
                    worker.process.kill(KErrDied)
                    return


def start_servers() -> None:
    """The file server and the count server, unless they run."""
    for program in (KFileServerProgram, KCountServerName):
        process = RProcess(0)
        try:
            process.launch(program)
        except Leave as leave:
            if leave.code != KErrAlreadyExists:
                raise
        process.close()


def list_files(fs: RFs, settings: Settings) -> list[str]:
    """All of the first drive, then of the others as many as make it enough."""
    names: list[str] = []
    for letter in settings.drives:
        found = sorted(walk(fs, f"{letter}:\\", skip=() if names else KSkipped))
        names += found[: max(0, settings.enough - len(names))] if names else found
    return names


def walk(fs: RFs, folder: str, skip: tuple[str, ...]) -> Iterator[str]:
    """The full name of every *.py file below *folder*."""
    subfolders = []
    for entry in fs.entries(folder):
        if entry.is_dir:
            if entry.name not in skip:
                subfolders.append(entry.name)
        elif entry.name.endswith(".py"):
            yield folder + entry.name
    for name in subfolders:
        yield from walk(fs, f"{folder}{name}\\", skip)


def coordinate(settings: Settings) -> int:
    """Run the job; KErrNone if every file was counted."""
    start_servers()
    with RFs().connect() as fs:
        tally = Tally()
        job = Job(list_files(fs, settings), tally)
        CActiveScheduler.install(CActiveScheduler())
        crew = Crew(job, settings)
        crew.start(settings.workers)
        CActiveScheduler.start()
        crew.server.destroy()
        if not job.is_over:
            print(f"gave up: {job.done} of {job.total} files, {crew.deaths} deaths")
            return KErrDied
        assert tally.values() == (job.done, job.size & KCounterMask)
        tally.close()
        write_result(fs, job, crew)
    if not settings.quiet:
        print_result(job, crew)
    return KErrNone


def write_result(fs: RFs, job: Job, crew: Crew) -> None:
    """Files, bytes, lost workers; then a line for each word, most frequent first."""
    lines = [b"%d %d %d" % (job.done, job.size, crew.deaths)]
    lines += [b"%d %s" % (count, word) for word, count in job.words.most_common()]
    text = b"\n".join(lines)
    with RFile().replace(fs, KResultFile) as file:
        for start in range(0, len(text), KReadSize):
            file.write(text[start : start + KReadSize])


def print_result(job: Job, crew: Crew) -> None:
    words = sum(job.words.values())
    print(f"{words:,} words, {len(job.words):,} different", end="; ")
    print(f"{job.done:,} files, {job.size:,} bytes, {crew.deaths} workers lost")
    for word, count in job.words.most_common(KMostFrequent):
        print(f"{count:>10,}  {word.decode()}")


# The worker.


def work() -> None:
    """Count files until there are none left."""
    with RFs().connect() as fs, RWordJob().connect() as job:
        while (name := job.next_file()) is not None:
            text = read_file(fs, name)
            job.report(Counter(KWord.findall(text)), len(text))


def read_file(fs: RFs, name: str) -> bytes:
    """All of a file, by as many reads as it takes."""
    pieces = []
    piece = TBuf8(KReadSize)
    with RFile().open(fs, name) as file:
        while file.read(piece):
            pieces.append(bytes(piece))
    return b"".join(pieces)


def e32main() -> int:
    command_line = RProcess().command_line()
    if command_line == "worker":
        work()
        return KErrNone
    try:
        settings = Settings.parse(command_line)
    except (TypeError, ValueError) as error:
        print(f"wordcount: {error}")
        return KErrArgument
    return coordinate(settings)
