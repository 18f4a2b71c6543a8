"""How the file server comes to its drives, and read-only ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eka import Executable, Kernel, Service
from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileWrite, TMediaType
from servers.fileserver.protocol import DriveSpec, service_args
from userlib import (
    KErrAccessDenied,
    KErrArgument,
    KErrNotReady,
    KErrPathNotFound,
    RProcess,
    TRequestStatus,
    User,
)

Refusal = Callable[..., int]
PROGRAM = Executable("servers.fileserver.server")


@pytest.fixture
def drives(host_root: Path) -> dict[str, DriveSpec]:
    (host_root / "T" / "file").write_bytes(b"kept")
    return {"C": DriveSpec(host_root, read_only=True, kind="host")}


# A command line is in the event log, so it must not differ from run to run.
HERE = Path(__file__).parent
ON_COMMAND_LINE = service_args(
    {
        "C": DriveSpec(HERE, read_only=True, kind="host"),
        "D": DriveSpec(capacity=4096),
        "E": DriveSpec(HERE / "nowhere", kind="host"),
    }
)


@pytest.mark.machine_config(
    programs={"fileserver": PROGRAM},
    services=(Service("fileserver", ON_COMMAND_LINE),),
)
def test_drives_come_on_the_command_line(machine: Kernel, refusal: Refusal) -> None:
    def program() -> None:
        with RFs().connect() as fs:
            assert fs.volume(3).size == 4096
            assert fs.drive(4).media == TMediaType.EMediaNotPresent
            assert refusal(list, fs.entries("E:\\")) == KErrNotReady
            assert refusal(fs.volume, 25) == KErrNotReady
            assert Path(__file__).name in [entry.name for entry in fs.entries("C:\\")]

    assert str(machine.run(program)) == "exited with KErrNone"


def test_a_read_only_drive_stays_as_it_is(
    machine: Kernel, refusal: Refusal, host_root: Path
) -> None:
    def program() -> None:
        with RFs().connect() as fs:
            fs.set_session_path("C:\\T\\")
            for code in (
                refusal(RFile().open, fs, "file", EFileWrite),
                refusal(RFile().create, fs, "new"),
                refusal(RFile().replace, fs, "file"),
                refusal(RFile().temp, fs, "C:\\T\\"),
                refusal(fs.delete, "file"),
                refusal(fs.rename, "file", "new"),
                refusal(fs.replace, "file", "new"),
                refusal(fs.mk_dir, "\\new\\"),
                refusal(fs.mk_dir_all, "\\new\\er\\"),
                refusal(fs.rm_dir, "\\T\\"),
                refusal(fs.set_entry, "file", 1, 0, 0),
                refusal(fs.create_private_path, 2),
            ):
                assert code == KErrAccessDenied
            with RFile().open(fs, "FILE") as file:
                assert file.contents() == b"kept"

    before = {path: path.stat().st_mtime_ns for path in host_root.rglob("*")}
    assert str(machine.run(program)) == "exited with KErrNone"
    assert {p: p.stat().st_mtime_ns for p in host_root.rglob("*")} == before


def test_a_link_to_the_outside_is_no_way_out(
    machine: Kernel, refusal: Refusal, host_root: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"secret")
    (host_root / "T" / "link").symlink_to(tmp_path / "secret")

    def program() -> None:
        with RFs().connect() as fs:
            for name in ("C:\\T\\link\\key", "c:\\t\\LINK\\KEY"):
                assert refusal(RFile().open, fs, name) == KErrPathNotFound
            assert [entry.name for entry in fs.entries("C:\\T\\")] == ["file"]

    assert str(machine.run(program)) == "exited with KErrNone"


@pytest.mark.machine_config(programs={"fileserver": PROGRAM})
def test_a_command_line_that_names_no_drives_ends_the_server(machine: Kernel) -> None:
    def program() -> None:
        status = TRequestStatus()
        with RProcess(0).create("fileserver", "nonsense") as process:
            process.logon(status)
            process.resume()
            User.wait_for_request(status)
        assert status == KErrArgument

    assert str(machine.run(program)) == "exited with KErrNone"
