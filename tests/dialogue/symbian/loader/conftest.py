"""A machine with a file server and its loader, and files to load.

C: and D: are memory, Z: is ROM with two files. `install` writes files as an installer
would, with every capability; `tell` runs a story as a program that has none.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from eka import Executable, Image, Kernel, LoaderSpec, MachineConfig
from kernel.abi.security import ALL_CAPABILITIES
from servers.fileserver.client import RFile, RFs
from servers.fileserver.protocol import DriveSpec
from tools.boot import machine_config as standard_config
from userlib import KErrAlreadyExists, KErrNone, RProcess, TRequestStatus, User, trap

Files: TypeAlias = dict[str, str | bytes]
Install: TypeAlias = Callable[[Files], None]
Tell: TypeAlias = Callable[..., None]
Result: TypeAlias = Callable[..., int]

TRUSTED = Image(capabilities=ALL_CAPABILITIES)


@pytest.fixture
def loader() -> LoaderSpec:
    """How the loader is started; a test may be parametrised with another."""
    return LoaderSpec()


@pytest.fixture
def drives(tmp_path: Path) -> dict[str, DriveSpec]:
    rom = tmp_path / "rom" / "sys" / "bin"
    rom.mkdir(parents=True)
    (rom / "inrom.exe").write_text("def e32main():\n    return 25\n")
    return {"Z": DriveSpec(tmp_path / "rom", read_only=True, kind="rom")}


@pytest.fixture
def machine_config(drives: dict[str, DriveSpec], loader: LoaderSpec) -> MachineConfig:
    return standard_config(drives, services=("fileserver",), loader=loader)


def write(files: Files) -> None:
    """Write files, and make their directories."""
    with RFs().connect() as fs:
        for name, contents in files.items():
            path = name[: name.rindex("\\") + 1]
            assert trap(fs.mk_dir_all, path) in (KErrNone, KErrAlreadyExists)
            data = contents if isinstance(contents, bytes) else contents.encode()
            with RFile().replace(fs, name) as file:
                file.write(data)


@pytest.fixture
def tell(machine: Kernel) -> Tell:
    """Runs a story as a program, by default an untrusted one; it has to end well."""

    def tell(story: Callable[[], None], image: Image | None = None) -> None:
        machine.register("story", Executable(story, image))
        info = machine.run("story")
        assert str(info) == "exited with KErrNone", info.exception

    return tell


@pytest.fixture
def install(tell: Tell) -> Install:
    """Writes files to where only trusted programs can."""
    return lambda files: tell(lambda: write(files), TRUSTED)


def _result(*args: object, **options: object) -> int:
    with RProcess().create(*args, **options) as process:  # type: ignore[arg-type]
        status = TRequestStatus()
        process.logon(status)
        process.resume()
        User.wait_for_request(status)
        assert str(process.exit_info()).startswith("exited"), process.exit_info()
        return int(status.value)


@pytest.fixture
def result() -> Result:
    """What a program that is created, and runs to its end, exits with; in a story."""
    return _result
