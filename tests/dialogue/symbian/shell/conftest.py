"""A machine with drives, and a shell on a console that is part of the test.

C: and D: are memory, Z: is a host directory with one file. The console takes its lines
from a list and keeps what is written; how it works at a terminal is another test's.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from eka import Executable, Image, Kernel, MachineConfig
from programs.shell.main import run
from programs.shell.options import Options
from programs.shell.shell import Shell
from programs.shell.table import COMMANDS
from servers.console.client import Completer, TConsSize
from servers.fileserver.client import RFile, RFormat, RFs
from servers.fileserver.protocol import DriveSpec
from tools.boot import machine_config as standard_config
from userlib import (
    ALL_CAPABILITIES,
    KErrAbort,
    KErrCancel,
    KErrEof,
    KErrNone,
    Leave,
    TRequestStatus,
    User,
    trap,
)

Fill: TypeAlias = Callable[[RFs], None]
Tell: TypeAlias = Callable[..., list[str]]

CTRL_C: Final = "^C"  # as a line: it is given up
QUIET: Final = Options(quiet=True)


class ListConsole:
    """A console whose user has typed everything in advance.

    *breaks_at*: a break comes as that text is written.
    """

    def __init__(self, lines: Iterable[str], breaks_at: str | None = None) -> None:
        self._lines: Final = deque(lines)
        self._breaks_at: Final = breaks_at
        self._break: TRequestStatus | None = None
        self._read: TRequestStatus | None = None
        self.key_code = 0
        self.output = ""
        self.keys: Final[deque[int]] = deque()

    def write(self, text: str) -> None:
        self.output += text
        if self._breaks_at and self._breaks_at in text:
            self._end_break(KErrNone)

    def read_line(
        self,
        prompt: str = "",
        history: Sequence[str] = (),
        complete: Completer | None = None,
    ) -> str:
        self.output += prompt
        if not self._lines:
            raise Leave(KErrEof)
        line = self._lines.popleft()
        self.output += line + "\n"
        if line == CTRL_C:
            raise Leave(KErrAbort)
        return line

    def read(self, status: TRequestStatus) -> None:
        status.start()
        if self.keys:
            self.key_code = self.keys.popleft()
            User.request_complete(status, KErrNone)
        else:
            self._read = status

    def read_cancel(self) -> None:
        status, self._read = self._read, None
        if status is not None:
            User.request_complete(status, KErrCancel)

    def clear_screen(self) -> None:
        self.output += "<clear>"

    def screen_size(self) -> TConsSize:
        return TConsSize(78, 10)

    def request_break(self, status: TRequestStatus) -> None:
        status.start()
        self._break = status

    def break_cancel(self) -> None:
        self._end_break(KErrCancel)

    def _end_break(self, code: int) -> None:
        status, self._break = self._break, None
        if status is not None:
            User.request_complete(status, code)


class Session:
    """What came of some lines."""

    def __init__(self) -> None:
        self.console = ListConsole(())
        self.result = 0

    @property
    def lines(self) -> list[str]:
        return self.console.output.splitlines()


@pytest.fixture
def machine_config(tmp_path: Path) -> MachineConfig:
    rom = tmp_path / "rom"
    rom.mkdir()
    (rom / "r.txt").write_bytes(b"read me")
    drives = {
        "D": DriveSpec(capacity=1 << 20),
        "Z": DriveSpec(rom, read_only=True, kind="rom"),
    }
    return standard_config(drives, services=("fileserver",))


@pytest.fixture
def type_in(machine: Kernel) -> Callable[..., Session]:
    """Types lines into a new shell; *fill* makes files on empty drives first."""

    def type_in(
        *lines: str,
        fill: Fill = lambda _fs: None,
        breaks_at: str | None = None,
        options: Options = QUIET,
        keys: Sequence[int] = (),
    ) -> Session:
        session = Session()

        def program() -> None:
            session.console = ListConsole(lines, breaks_at)
            session.console.keys.extend(keys)
            with RFs().connect() as fs:
                fs.set_session_path("C:\\")
                for drive in ("C:\\", "D:\\"):
                    _empty(fs, drive)
                fill(fs)
                session.result = run(Shell(session.console, fs, COMMANDS), options)

        image = Image(capabilities=ALL_CAPABILITIES)
        machine.register("typist", Executable(program, image))
        assert str(machine.run("typist")) == "exited with KErrNone"
        return session

    return type_in


@pytest.fixture
def answer(type_in: Callable[..., Session]) -> Tell:
    """What one line makes the shell write."""

    def answer(line: str, **extra: object) -> list[str]:
        return type_in(options=Options(quiet=True, commands=line), **extra).lines

    return answer


@pytest.fixture
def filled() -> Callable[[dict[str, bytes]], Fill]:
    """Makes what makes files, by full name and contents, and their directories."""

    def filled(contents: dict[str, bytes]) -> Fill:
        def fill(fs: RFs) -> None:
            for name, data in contents.items():
                _make_directory(fs, name.rpartition("\\")[0] + "\\")
                with RFile().replace(fs, name) as file:
                    file.write(data)

        return fill

    return filled


def _empty(fs: RFs, drive: str) -> None:
    with RFormat() as formatting:
        formatting.open(fs, drive)
        while formatting.next():
            pass


def _make_directory(fs: RFs, path: str) -> None:
    if len(path) > len("X:\\") and trap(fs.entry, path[:-1]) != KErrNone:
        fs.mk_dir_all(path)
