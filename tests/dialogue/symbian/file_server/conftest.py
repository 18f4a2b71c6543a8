"""A machine with a file server, and clients that tell stories to it.

C: is a host directory in one run of a test and memory in the other; D: is always
memory; Z: is a host directory with one file. A story finds the empty directory
`C:\\T\\`, its session path, and nothing else.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeAlias

import pytest

from eka import ExitInfo, Kernel, MachineConfig
from servers.fileserver.client import RFile, RFs
from servers.fileserver.protocol import DriveSpec
from tools.boot import machine_config as standard_config
from userlib import KErrNone, Leave, RThread, TRequestStatus, User

P = ParamSpec("P")
Story: TypeAlias = Callable[[RFs], None]
Tell: TypeAlias = Callable[[Story], None]
Refusal: TypeAlias = Callable[..., int]
ExitOf: TypeAlias = Callable[..., ExitInfo]


@pytest.fixture(params=["host", "memory"])
def kind(request: pytest.FixtureRequest) -> str:
    """What C: is."""
    param: str = request.param
    return param


@pytest.fixture
def host_root(tmp_path: Path) -> Path:
    """The host directory behind C:, with T in it."""
    root = tmp_path / "drive-c"
    (root / "T").mkdir(parents=True)
    return root


@pytest.fixture
def drives(kind: str, host_root: Path, tmp_path: Path) -> dict[str, DriveSpec]:
    """The drives of the machine; a test may override them."""
    rom = tmp_path / "rom"
    (rom / "sub").mkdir(parents=True)
    (rom / "r.txt").write_bytes(b"read me")
    on_host = DriveSpec(host_root, kind="host")
    return {
        "C": on_host if kind == "host" else DriveSpec(),
        "D": DriveSpec(capacity=1 << 20),
        "Z": DriveSpec(rom, read_only=True, kind="rom"),
    }


@pytest.fixture
def machine_config(drives: dict[str, DriveSpec]) -> MachineConfig:
    return standard_config(drives, services=("fileserver",))


@pytest.fixture
def tell(machine: Kernel) -> Tell:
    """Runs a story as a program that has connected, and asserts that it ended well."""

    def tell(story: Story) -> None:
        def program() -> None:
            with RFs().connect() as fs:
                if fs.drive_list()[2]:
                    refusal(fs.mk_dir, "C:\\T\\")
                fs.set_session_path("C:\\T\\")
                story(fs)

        assert str(machine.run(program)) == "exited with KErrNone"

    return tell


def refusal(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> int:
    """The code a call leaves with; KErrNone if it doesn't."""
    try:
        function(*args, **kwargs)
    except Leave as leave:
        return leave.code
    return KErrNone


@pytest.fixture(name="refusal")
def _refusal() -> Refusal:
    return refusal


@pytest.fixture
def make() -> Callable[[RFs, str, bytes], None]:
    """Makes a closed file with some contents."""

    def make(fs: RFs, name: str, contents: bytes = b"0123456789") -> None:
        with RFile().replace(fs, name) as file:
            file.write(contents)

    return make


@pytest.fixture
def load() -> Callable[[RFs, str], bytes]:
    """The contents of a file."""

    def load(fs: RFs, name: str) -> bytes:
        with RFile().open(fs, name) as file:
            return file.contents()

    return load


@pytest.fixture
def names() -> Callable[..., list[str]]:
    """The names in a directory, sorted."""

    def names(fs: RFs, path: str = "", *masks: int) -> list[str]:
        return sorted(entry.name for entry in fs.entries(path, *masks))

    return names


@pytest.fixture
def exit_of() -> ExitOf:
    """How a thread of its own ends that connects and calls a function; in a story."""

    def exit_of(
        function: Callable[Concatenate[RFs, ...], object], *args: object
    ) -> ExitInfo:
        def client() -> None:
            with RFs().connect() as fs:
                fs.set_session_path("C:\\T\\")
                function(fs, *args)

        with RThread().create("", client) as thread:
            status = TRequestStatus()
            thread.logon(status)
            thread.resume()
            User.wait_for_request(status)
            return thread.exit_info()

    return exit_of
