"""The file server without memory, and with errors to order: specification 18."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from eka import Executable, Image, Kernel
from kernel.abi.security import ALL_CAPABILITIES
from servers.fileserver.client import RDir, RFile, RFormat, RFs
from servers.fileserver.modes import (
    EDriveC,
    EDriveD,
    EFileReadAsyncAll,
    EFileShareAny,
    EFileShareExclusive,
    EFileWrite,
    ESeekCurrent,
    ESeekStart,
)
from servers.fileserver.protocol import TFsMessage
from userlib import (
    KErrBadName,
    KErrCancel,
    KErrCorrupt,
    KErrNoMemory,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    Leave,
    ServerHeap,
    TBuf8,
    TRequestStatus,
    User,
    fail_each_allocation,
    trap,
)

Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does
Story: TypeAlias = Callable[[RFs], None]

M = TFsMessage
SHARED = EFileShareAny | EFileWrite
PATH = "C:\\T\\"


@pytest.fixture
def administer(machine: Kernel) -> Callable[[Story], None]:
    """Runs a story as a program that may do everything; its files are in C:\\T."""

    def administer(story: Story) -> None:
        def program() -> None:
            with RFs().connect() as fs:
                trap(fs.mk_dir, PATH)
                fs.set_session_path(PATH)
                story(fs)

        image = Image(capabilities=ALL_CAPABILITIES)
        machine.register("administrator", Executable(program, image))
        assert str(machine.run("administrator")) == "exited with KErrNone"

    return administer


@dataclass(frozen=True)
class Request:
    """A request, and what brings back the state before it."""

    do: Callable[[], object]
    undo: Callable[[], object] = lambda: None


class Requests:
    """Every request of the protocol but those that are made for tests."""

    def __init__(self, fs: RFs, make: Helper) -> None:
        self.fs = fs
        self.make = make
        for name in "GK":
            make(fs, name, b"contents of " + name.encode())
        fs.mk_dir(f"{PATH}sub\\")
        fs.create_private_path(EDriveC)
        self.own = RFile().replace(fs, "own", EFileShareExclusive)
        self.own.write(b"0123456789")
        self.own.lock(8, 2)
        self.later = RFile().replace(fs, "later", SHARED | EFileReadAsyncAll)
        self.later.write(b"0123456789")
        self.directory = RDir().open(fs, PATH)
        self.opened: list[RFile | RDir] = []
        self.temporary = ""

    def state(self) -> object:
        """All that a request that failed must have left as it was."""
        fs = self.fs
        return (
            sorted((entry.name, entry.size, entry.att) for entry in fs.entries(PATH)),
            *(self.contents(name) for name in "GK"),
            self.own.full_name(),
            self.own.seek(ESeekCurrent, 0),
            self.own.size(),
            self.later.seek(ESeekCurrent, 0),
            fs.session_path(),
            fs.resource_count(),
            fs.volume(EDriveC).label,
            fs.drive_name(EDriveC),
        )

    def contents(self, name: str) -> bytes:
        data = TBuf8(100)
        self.fs.read_file_section(f"{PATH}{name}", 0, data, 100)
        return bytes(data)

    def close(self) -> None:
        for each in (self.own, self.later, self.directory):
            each.close()

    def close_opened(self) -> None:
        while self.opened:
            self.opened.pop().close()

    def restore(self, *names: str) -> None:
        self.close_opened()
        for name in names:
            self.make(self.fs, name, b"contents of " + name.encode())

    def open(self, function: Callable[..., RFile | RDir], *args: object) -> Request:
        def do() -> None:
            self.opened.append(function(*args))

        return Request(do, self.close_opened)

    def create(self) -> Request:
        def undo() -> None:
            self.close_opened()
            self.fs.delete("new")

        return Request(self.open(RFile().create, self.fs, "new").do, undo)

    def replace(self) -> Request:
        opening = self.open(RFile().replace, self.fs, "G", SHARED)
        return Request(opening.do, lambda: self.restore("G"))

    def temp(self) -> Request:
        def do() -> None:
            file = RFile()
            self.temporary = file.temp(self.fs, PATH)
            self.opened.append(file)

        def undo() -> None:
            self.close_opened()
            self.fs.delete(self.temporary)

        return Request(do, undo)

    def read_later(self) -> None:
        status = TRequestStatus()
        self.later.request_read(TBuf8(4), status, 4, 0)
        User.wait_for_request(status)
        User.leave_if_error(status.value)

    def read_cancel(self) -> None:
        status = TRequestStatus()
        self.later.request_read(TBuf8(40), status, 40, 0)
        self.later.read_cancel(status)
        User.wait_for_request(status)
        if status.value != KErrCancel:
            raise Leave(status.value)

    def write(self) -> Request:
        def undo() -> None:
            self.own.unlock(8, 2)
            self.own.set_size(10)
            self.own.lock(8, 2)
            self.own.seek(ESeekStart, 10)

        return Request(lambda: self.own.write(b"more"), undo)

    def table(self) -> dict[TFsMessage, Request]:
        fs, own = self.fs, self.own
        same, home = own.modified(), Request(lambda: fs.set_session_path(PATH)).do
        seek_back = Request(lambda: own.seek(ESeekStart, 10)).do
        return {
            M.ESetSessionPath: Request(lambda: fs.set_session_path("C:\\x\\"), home),
            M.ESessionPath: Request(fs.session_path),
            M.EPrivatePath: Request(fs.private_path),
            M.ECreatePrivatePath: Request(lambda: fs.create_private_path(EDriveC)),
            M.ESetSessionToPrivate: Request(
                lambda: fs.set_session_to_private(EDriveC), home
            ),
            M.EResourceCount: Request(fs.resource_count),
            M.EDriveList: Request(fs.drive_list),
            M.EDrive: Request(fs.drive),
            M.EVolume: Request(fs.volume),
            M.EMkDir: Request(
                lambda: fs.mk_dir(f"{PATH}a\\"), lambda: fs.rm_dir(f"{PATH}a\\")
            ),
            M.EMkDirAll: Request(
                lambda: fs.mk_dir_all(f"{PATH}a\\b\\"),
                lambda: (fs.rm_dir(f"{PATH}a\\b\\"), fs.rm_dir(f"{PATH}a\\")),
            ),
            M.ERmDir: Request(
                lambda: fs.rm_dir(f"{PATH}sub\\"), lambda: fs.mk_dir(f"{PATH}sub\\")
            ),
            M.EDelete: Request(lambda: fs.delete("G"), lambda: self.restore("G")),
            M.ERename: Request(
                lambda: fs.rename("G", "H"), lambda: fs.rename("H", "G")
            ),
            M.EReplace: Request(
                lambda: fs.replace("G", "K"), lambda: self.restore("G", "K")
            ),
            M.EEntry: Request(lambda: fs.entry("G")),
            M.ESetEntry: Request(lambda: fs.set_entry("G", 0, 0, 0)),
            M.EIsFileOpen: Request(lambda: fs.is_file_open("G")),
            M.EReadFileSection: Request(lambda: self.contents("G")),
            M.EFileOpen: self.open(RFile().open, fs, "G", SHARED),
            M.EFileCreate: self.create(),
            M.EFileReplace: self.replace(),
            M.EFileTemp: self.temp(),
            M.EFileClose: Request(lambda: RFile().open(fs, "G", SHARED).close()),
            M.EFileRead: Request(lambda: own.read_at(0, TBuf8(4)), seek_back),
            M.EFileReadLater: Request(
                self.read_later, lambda: self.later.seek(ESeekStart, 10)
            ),
            M.EFileReadCancel: Request(self.read_cancel),
            M.EFileWrite: self.write(),
            M.EFileSeek: Request(lambda: own.seek(ESeekStart, 5), seek_back),
            M.EFileSize: Request(own.size),
            M.EFileSetSize: Request(lambda: own.set_size(12), lambda: own.set_size(10)),
            M.EFileFlush: Request(own.flush),
            M.EFileEntry: Request(own.entry),
            M.EFileSetAtt: Request(lambda: own.set_modified(same)),
            M.EFileSet: Request(lambda: own.set(same, 0, 0)),
            M.EFileRename: Request(
                lambda: own.rename("other"), lambda: own.rename("own")
            ),
            M.EFileFullName: Request(own.full_name),
            M.EFileDrive: Request(own.drive),
            M.EFileChangeMode: Request(lambda: own.change_mode(EFileShareExclusive)),
            M.EFileLock: Request(lambda: own.lock(0, 4), lambda: own.unlock(0, 4)),
            M.EFileUnLock: Request(lambda: own.unlock(8, 2), lambda: own.lock(8, 2)),
            M.EDirOpen: self.open(RDir().open, fs, PATH),
            M.EDirRead: Request(self.directory.read_array),
            M.EDirClose: Request(lambda: RDir().open(fs, PATH).close()),
            M.ESetVolumeLabel: Request(
                lambda: fs.set_volume_label("label", EDriveC),
                lambda: fs.set_volume_label("", EDriveC),
            ),
            M.ESetDriveName: Request(
                lambda: fs.set_drive_name("name", EDriveC),
                lambda: fs.set_drive_name("", EDriveC),
            ),
            M.EDriveName: Request(lambda: fs.drive_name(EDriveC)),
            M.EFileSystemName: Request(lambda: fs.file_system_name(EDriveC)),
            M.EDismountFileSystem: Request(
                lambda: fs.dismount_file_system("Mem", EDriveD),
                lambda: fs.mount_file_system("Mem", EDriveD),
            ),
            M.ECheckDisk: Request(lambda: fs.check_disk(EDriveC)),
            M.ELockDrive: Request(
                lambda: not_supported(fs.lock_drive, EDriveC, b"", b"x")
            ),
            M.EUnlockDrive: Request(
                lambda: not_supported(fs.unlock_drive, EDriveC, b"")
            ),
            M.EAddPlugin: Request(lambda: not_supported(fs.add_plugin, "x")),
            M.ERemovePlugin: Request(lambda: not_supported(fs.remove_plugin, "x")),
        }


# Told in a story of its own, below: the drive is nobody else's meanwhile.
FORMATTING = {M.EMountFileSystem, M.EFormatOpen, M.EFormatNext, M.EFormatClose}


def not_supported(function: Callable[..., object], *args: object) -> None:
    """A request that is refused as it should be, unless for want of memory."""
    code = trap(function, *args)
    if code != KErrNotSupported:
        raise Leave(code)


def test_every_request_without_each_of_its_allocations(
    administer: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        heap = ServerHeap(fs)
        cells = heap.cells()
        requests = Requests(fs, make)
        table = requests.table()
        assert {*table, *FORMATTING, M.ESetErrorCondition} == set(M)
        points = {}
        for function, request in table.items():
            request.do()  # what stays for later, as places in tables, is there now
            request.undo()
            try:
                points[function] = fail_each_allocation(
                    fs, request.do, undo=request.undo, state=requests.state
                )
            except AssertionError as error:
                raise AssertionError(f"{function.name}: {error}") from None
        assert all(points.values())  # the request itself, at least
        assert points[M.EFileSize] == 1
        assert points[M.EFileRead] == points[M.EFileLock] == 2
        assert points[M.EFileOpen] == 4  # the object, the open file, the share
        requests.close()
        assert heap.cells() == cells

    administer(story)


def test_entries_are_not_lost_when_a_batch_finds_no_memory(
    administer: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        names = [f"file{number}" for number in range(6)]
        for name in names:
            make(fs, name, b"")
        seen: list[str] = []
        with RDir().open(fs, PATH) as directory:
            for nth in range(1, 4):
                fs.set_alloc_failure(nth)
                code = trap(lambda: seen.append(directory.read().name))
                assert code == (KErrNone if nth == 3 else KErrNoMemory)
            fs.set_alloc_failure(0)
            seen.extend(entry.name for entry in directory)
        assert sorted(seen) == names

    administer(story)


def test_formatting_without_memory(administer: Helper) -> None:
    def story(fs: RFs) -> None:
        formats: list[RFormat] = []

        def begin() -> None:
            formatting = RFormat()
            formatting.open(fs, "D:\\")
            formats.append(formatting)

        def finish() -> None:
            formatting = formats.pop()
            while formatting.next():
                assert fs.resource_count() == 1
            formatting.close()

        def is_well() -> tuple[int, int]:
            return fs.resource_count(), trap(fs.volume, EDriveD)

        assert fail_each_allocation(fs, begin, undo=finish, state=is_well) > 1
        begin()
        assert fail_each_allocation(fs, formats[0].next) == 1
        finish()
        assert is_well() == (0, KErrNone)
        begin()
        fs.set_alloc_failure(1)
        formats.pop().close()
        fs.set_alloc_failure(0)
        assert is_well() == (0, KErrCorrupt)
        begin()
        finish()
        fs.dismount_file_system("Mem", EDriveD)
        points = fail_each_allocation(
            fs,
            lambda: fs.mount_file_system("Mem", EDriveD),
            undo=lambda: fs.dismount_file_system("Mem", EDriveD),
        )
        assert points == 1
        fs.mount_file_system("Mem", EDriveD)

    administer(story)


def test_connecting_without_memory(administer: Helper) -> None:
    def story(fs: RFs) -> None:
        points = fail_each_allocation(fs, lambda: RFs().connect().close())
        assert points == 2  # the session, and its table

    administer(story)


def test_closing_and_cancelling_always_have_memory(
    administer: Helper, make: Helper
) -> None:
    def story(fs: RFs) -> None:
        make(fs, "F")
        file, directory, status = RFile(), RDir(), TRequestStatus()
        file.open(fs, "F", SHARED | EFileReadAsyncAll)
        directory.open(fs, PATH)
        file.request_read(TBuf8(100), status, 100, 0)
        assert file.size() == 10
        fs.set_alloc_failure(1)
        file.read_cancel(status)
        User.wait_for_request(status)
        assert status == KErrCancel
        file.close()
        directory.close()
        fs.set_alloc_failure(0)
        assert fs.resource_count() == 0

    administer(story)


def test_any_request_fails_to_order_until_it_is_cleared(
    administer: Helper, make: Helper
) -> None:
    """Server-wide, after as many good ones; closing, cancelling and clearing work."""

    def story(fs: RFs) -> None:
        make(fs, "F")
        other = RFs().connect()
        file, status = RFile(), TRequestStatus()
        file.open(fs, "F", SHARED | EFileReadAsyncAll)
        file.request_read(TBuf8(100), status, 100, 0)
        directory = RDir().open(fs, PATH)
        fs.set_error_condition(KErrBadName, 2)
        assert fs.entry("F").size == 10
        assert other.session_path() != ""
        for refused in (file.size, other.session_path, fs.drive_list):
            assert trap(refused) == KErrBadName
        assert trap(fs.send_receive, 9999) == KErrBadName
        fs.set_error_condition(KErrNotFound)
        RFs().connect().close()  # that is no request
        assert trap(file.size) == KErrNotFound
        file.read_cancel(status)
        User.wait_for_request(status)
        assert status == KErrCancel
        directory.close()
        file.close()
        other.close()
        fs.set_error_condition(KErrNone)
        assert fs.resource_count() == 0
        assert fs.entry("F").size == 10

    administer(story)
