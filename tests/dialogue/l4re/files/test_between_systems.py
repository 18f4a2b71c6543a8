"""Symbian's programs use components, and components use Symbian's servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareReadersOrWriters
from servers.l4fs.client import FileContext, MappedFile
from servers.l4fs.protocol import NOTIFY_CONTENT, O_CREAT, O_RDWR
from userlib import (
    CActive,
    CActiveScheduler,
    CPeriodic,
    CServer2,
    CSession2,
    KErrInUse,
    KErrNone,
    KRequestPending,
    Leave,
    RMessage2,
    RSessionBase,
    RThread,
    TBuf8,
    TIpcArgs,
    TRequestStatus,
    TVersion,
    User,
)
from userlib.l4re import Cap, Env, Irq, L4Error

if TYPE_CHECKING:
    from tests.dialogue.l4re.files.conftest import Storyteller

NEW = O_RDWR | O_CREAT
ADD, READ = 0, 1


class BookSession(CSession2):
    """Answers from a file of the component: Symbian outside, L4Re inside."""

    def __init__(self, book: MappedFile) -> None:
        super().__init__()
        self._book = book

    def service(self, message: RMessage2) -> None:
        try:
            if message.function == ADD:
                self._book.seek(self._book.size())
                self._book.write(bytes(message.read(0)))
                message.complete(self._book.flush())
            else:
                message.write(0, self._book.read_at(message.int1, 100))
                message.complete(KErrNone)
        except L4Error as error:
            message.complete(-error.code)


class BookServer(CServer2):
    """Each session has the file open for itself; all share its memory."""

    def __init__(self, fs: Cap) -> None:
        super().__init__()
        self._fs = fs

    def new_session(self, version: TVersion, message: RMessage2) -> BookSession:
        del version, message
        return BookSession(MappedFile.open(self._fs, "book", NEW))


class RBook(RSessionBase):
    """A client of it."""

    def add(self, text: bytes) -> int:
        return self.send_receive(ADD, TIpcArgs(text))

    def read(self, position: int) -> bytes:
        found = TBuf8(100)
        self.send_receive(READ, TIpcArgs(found, position))
        return bytes(found)


def test_a_symbian_server_answers_from_a_components_file(tell: Storyteller) -> None:
    def serve() -> None:
        BookServer(Env.current().get_cap("fs")).run("Book")

    def story() -> None:
        with RThread().launch("server", serve):
            with (
                RBook().create_session("Book", TVersion(1, 0, 0)) as one,
                RBook().create_session("Book", TVersion(1, 0, 0)) as other,
            ):
                assert one.add(b"once ") == 5
                assert other.add(b"upon ") == 10
                assert one.read(0) == b"once upon "
                assert other.read(5) == b"upon "
            assert tell.stored("C:\\book") == b"once upon "

    tell(story)


class Watcher(CActive):
    """An active object for the events of a component, by a thread between."""

    def __init__(self, file: MappedFile, heard: list[bytes]) -> None:
        super().__init__(CActive.EPriorityStandard)
        CActiveScheduler.add(self)
        self._irq = Irq().create()
        self._owner = RThread().open(RThread().id())
        self._file, self._heard = file, heard
        file.subscribe(self._irq, NOTIFY_CONTENT)
        self.watch()

    def watch(self) -> None:
        self.status.value = KRequestPending
        with RThread().create("", self._wait, args=(self.status,)) as thread:
            thread.resume()
        self.set_active()

    def _wait(self, status: TRequestStatus) -> None:
        self._irq.bind(4)
        self._irq.receive()
        self._owner.request_complete(status, KErrNone)

    def run(self) -> None:
        self._heard.append(self._file[:])
        if len(self._heard) == 3:
            CActiveScheduler.stop()
        else:
            self.watch()

    def do_cancel(self) -> None:
        self._irq.trigger()


def test_active_objects_are_told_while_timers_and_files_go_on(
    tell: Storyteller,
) -> None:
    heard: list[bytes] = []
    ticks: list[int] = []

    def other() -> None:
        with MappedFile.open(Env.current().get_cap("fs"), "f", NEW) as file:
            for number in range(3):
                User.after(100_000)
                file.write(b"%d" % number)
                file.flush()

    def tick(fs: RFs) -> None:
        ticks.append(fs.entry("C:\\f").size)

    def story() -> None:
        CActiveScheduler.install(CActiveScheduler())
        fs = Env.current().get_cap("fs")
        with MappedFile.open(fs, "f", NEW) as file, RFs().connect() as session:
            watcher = Watcher(file, heard)
            timer = CPeriodic(CActive.EPriorityStandard)
            timer.start(50_000, 100_000, lambda: tick(session))
            with tell.start() as app:
                CActiveScheduler.start()
                assert app.wait() == 0
            timer.cancel()
            timer.deque()
            watcher.deque()

    tell(story, other)
    assert heard == [b"0", b"01", b"012"]
    assert ticks == [0, 1, 2]


def test_the_file_server_and_the_component_keep_each_other_from_mischief(
    tell: Storyteller,
) -> None:
    def code_of(name: str, mode: int) -> int:
        try:
            with RFs().connect() as session, RFile().open(session, name, mode):
                return KErrNone
        except Leave as leave:
            return leave.code

    def story() -> None:
        with FileContext(tell.fs()) as context:
            with context.open("f", NEW) as file:
                file.write(b"text")
                file.flush()
                assert code_of("C:\\f", 0) == KErrInUse
                assert code_of("C:\\f", EFileShareReadersOrWriters) == KErrNone
            tell.store("C:\\g", b"text")
            with RFs().connect() as session, RFile().open(session, "C:\\g", 0):
                assert tell.code_of(context.open, "g") == 16
                assert tell.code_of(context.remove, "g") == 16
            with context.open("g") as file:
                assert file.read() == b"text"

    tell(story)
