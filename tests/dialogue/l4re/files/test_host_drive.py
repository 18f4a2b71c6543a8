"""Files of this computer as shared memory, whatever becomes of them meanwhile.

What somebody else does to a file that is open is not looked for: who has it mapped
keeps what is in memory, and no bytes are written where they do not belong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servers.fileserver.protocol import DriveSpec
from servers.l4fs.client import FileContext, MappedFile
from servers.l4fs.protocol import NOTIFY_CONTENT, O_CREAT, O_RDWR
from tools.boot import machine_config as standard_config
from userlib import User
from userlib.l4re import Cap, Env, Irq, Loader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from eka import MachineConfig
    from tests.dialogue.l4re.files.conftest import Storyteller

PAGE = 0x1000
TEXT = bytes(range(250)) * 40  # 10,000 bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What is drive E:, and read-only drive R: too."""
    place = tmp_path / "drive"
    place.mkdir()
    (place / "f").write_bytes(TEXT)
    return place


@pytest.fixture
def machine_config(folder: Path) -> MachineConfig:
    drives = {
        "E": DriveSpec(folder, kind="host"),
        "R": DriveSpec(folder, read_only=True, kind="host"),
    }
    return standard_config(drives, services=("fileserver",))


def served(drive: str, story: Callable[[Cap], None]) -> None:
    """Tell it with the capability of a component for that drive."""
    loader = Loader()
    with (
        loader.new_channel() as channel,
        loader.start("l4fs", f"{drive}:\\", caps={"server": channel.svr()}),
    ):
        story(channel)


def test_what_is_flushed_is_in_the_file_and_others_are_told(
    tell: Storyteller, folder: Path
) -> None:
    heard: list[bytes] = []

    def other() -> None:
        told = Irq().create()
        told.bind(4)
        with MappedFile.open(Env.current().get_cap("fs"), "f", O_RDWR) as file:
            file.subscribe(told, NOTIFY_CONTENT)
            told.receive()
            heard.append(file[:5])
            file[5:9] = b"back"

    def story(fs: Cap) -> None:
        with MappedFile.open(fs, "f", O_RDWR) as file:
            with Loader().start("client0", caps={"fs": fs}) as app:
                User.after(1_000_000)
                file[:5] = b"hello"
                assert (folder / "f").read_bytes() == TEXT
                assert file.flush() == 10_000
                assert app.wait() == 0
            assert file[:9] == b"helloback"
            file.write_at(10_000, b"more")
            assert file.flush() == 10_004
            assert (folder / "f").read_bytes() == b"helloback" + TEXT[9:] + b"more"

    tell(lambda: served("E", story), other)
    assert heard == [b"hello"]


def test_a_file_that_grew_meanwhile_keeps_what_was_added(
    tell: Storyteller, folder: Path
) -> None:
    def story(fs: Cap) -> None:
        with FileContext(fs) as context:
            with context.open("f", O_RDWR) as file:
                assert file[-1:] == TEXT[-1:]
                with (folder / "f").open("ab") as outside:
                    outside.write(b"added")
                assert len(file) == 10_000
                file[9_999:] = b"!"
                assert file.flush() == 10_000
            User.after(1_000_000)  # its thread hears that nobody has it open
            with context.open("f") as file:
                assert file[9_998:] == TEXT[9_998:9_999] + b"!added"

    tell(lambda: served("E", story))


def test_a_file_that_was_cut_meanwhile_gets_what_is_changed_in_memory(
    tell: Storyteller, folder: Path
) -> None:
    def story(fs: Cap) -> None:
        with FileContext(fs) as context:
            with context.open("f", O_RDWR) as file:
                assert file[:] == TEXT
                (folder / "f").write_bytes(b"cut")
                assert file[:] == TEXT
                file[PAGE : PAGE + 3] = b"new"
                assert file.flush() == 10_000
                assert file[:6] == TEXT[:6]
            whole = b"cut".ljust(PAGE, b"\0") + b"new" + TEXT[PAGE + 3 : 2 * PAGE]
            assert (folder / "f").read_bytes() == whole
            User.after(1_000_000)
            with context.open("f") as file:
                assert file[:] == whole

    tell(lambda: served("E", story))


def test_a_file_that_was_removed_meanwhile_lives_as_long_as_it_is_open(
    tell: Storyteller, folder: Path
) -> None:
    def story(fs: Cap) -> None:
        with FileContext(fs) as context:
            with context.open("f", O_RDWR) as file, context.open("f") as reader:
                (folder / "f").unlink()
                file[:3] = b"new"
                file.write_at(20_000, b"far")
                assert file.flush() == 20_003
                assert (reader[:3], reader[20_000:]) == (b"new", b"far")
                assert file.resize(2) == 2
                assert reader[:] == b"ne"
            User.after(1_000_000)
            assert tell.code_of(context.open, "f", O_RDWR) == 2
            with context.open("f", O_RDWR | O_CREAT) as file:
                assert len(file) == 0
        assert [path.name for path in folder.iterdir()] == ["f"]

    tell(lambda: served("E", story))


def test_a_drive_that_may_not_be_written_is_read(
    tell: Storyteller, folder: Path
) -> None:
    def story(fs: Cap) -> None:
        with FileContext(fs) as context:
            with context.open("f") as file:
                assert file[:] == TEXT
                assert tell.code_of(file.write_at, 0, b"x") == 1
                assert tell.code_of(file.resize, 1) == 1
            for flags in (O_RDWR, O_RDWR | O_CREAT):
                assert tell.code_of(context.open, "f", flags) == 13
            assert tell.code_of(context.open, "g", O_RDWR | O_CREAT) == 13
            assert tell.code_of(context.remove, "f") == 13
            assert tell.code_of(context.mkdir, "d") == 13
        assert (folder / "f").read_bytes() == TEXT

    tell(lambda: served("R", story))
