"""A slow drive holds up nobody else: fileserver specification 1 and 19, case 133."""

import pytest

from eka import Executable, Kernel, MachineConfig, Service
from servers.fileserver.client import RFile, RFs
from servers.fileserver.memory_mount import MemoryFile, MemoryMount, Node
from servers.fileserver.modes import EFileShareAny, EFileWrite
from servers.fileserver.protocol import DriveSpec, KFileServerName
from servers.fileserver.server import IMAGE, CFileServer
from userlib import KErrNone, RProcess, RSemaphore, TBuf8, TRequestStatus, User

SLOW, GATE = 3, "gate"
FILE = "D:\\F"


class SlowFile(MemoryFile):
    """Writes when it is let through the gate."""

    def __init__(self, mount: MemoryMount, node: Node, gate: RSemaphore) -> None:
        super().__init__(mount, node)
        self._gate = gate

    def write(self, position: int, data: bytes, now_us: int) -> None:
        self._gate.wait()
        super().write(position, data, now_us)


class SlowMount(MemoryMount):
    """Media whose files are slow."""

    def __init__(self, gate: RSemaphore) -> None:
        super().__init__(1 << 20)
        self._gate = gate

    def create(self, path: tuple[str, ...], now_us: int) -> MemoryFile:
        super().create(path, now_us)
        return SlowFile(self, self._node(path), self._gate)


def slow_file_server() -> int | None:
    """The file server, with another kind of media on D:."""
    gate = RSemaphore().create_global(GATE, 0)
    server = CFileServer({"C": DriveSpec(), "D": DriveSpec()})
    server.drive(SLOW)._mount = SlowMount(gate)  # type: ignore[misc]
    server.start_drives()
    return server.run(KFileServerName)


@pytest.fixture
def machine_config() -> MachineConfig:
    program = Executable(slow_file_server, IMAGE)
    return MachineConfig({"fileserver": program}, (Service("fileserver"),))


@pytest.mark.case("SF-133")
def test_a_write_on_a_slow_drive_holds_up_its_own_drive_only(machine: Kernel) -> None:
    def program() -> None:
        with RFs().connect() as fs, RSemaphore().open_global(GATE) as gate:
            write, size = TRequestStatus(), TRequestStatus()
            slow = RFile().create(fs, FILE, EFileShareAny | EFileWrite)
            slow.request_write(b"slow", write)
            slow.request_read(TBuf8(4), size, 4, 0)
            for name in ("C:\\a", "C:\\b"):
                with RFile().create(fs, name) as file:
                    file.write(b"quick")
            assert [entry.size for entry in fs.entries("C:\\")] == [5, 5]
            assert fs.session_path()
            assert write.is_pending
            assert size.is_pending
            gate.signal()
            User.wait_for_request(write)
            User.wait_for_request(size)
            assert (write, size) == (KErrNone, KErrNone)
            assert slow.size() == 4
            slow.close()

    assert str(machine.run(program)) == "exited with KErrNone"


def test_a_client_that_dies_in_a_slow_write_is_cleaned_up_after_it(
    machine: Kernel,
) -> None:
    """Its session ends behind what is under way, so nothing of it is left open."""

    def careless() -> None:
        fs = RFs().connect()
        RFile().create(fs, FILE).request_write(b"last words", TRequestStatus())

    machine.register("careless", careless)

    def program() -> None:
        end = TRequestStatus()
        with RProcess(0).create("careless", "") as process:
            process.logon(end)
            process.resume()
            User.wait_for_request(end)
        with RFs().connect() as fs, RSemaphore().open_global(GATE) as gate:
            gate.signal()
            with RFile().open(fs, FILE) as file:
                assert file.size() in (0, 10)

    assert str(machine.run(program)) == "exited with KErrNone"
