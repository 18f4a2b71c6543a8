"""A machine with a console server, and programs that are client and terminal."""

from collections.abc import Callable
from typing import Self, TypeAlias

import pytest

from eka import ExitInfo, Kernel, MachineConfig
from kernel.abi.config import Executable, Service
from kernel.abi.image import Image
from kernel.abi.security import ALL_CAPABILITIES
from servers.console.client import CConsoleBase, Console
from servers.console.client_device import RConsoleDevice
from servers.console.protocol import KConsoleProgram
from tools.terminal import console_programs
from userlib import RThread, TRequestStatus, User

Program: TypeAlias = Callable[[], int | None]
Tell: TypeAlias = Callable[[Program], None]
ExitOf: TypeAlias = Callable[[Callable[[], object]], str]


@pytest.fixture
def machine_config() -> MachineConfig:
    return MachineConfig(
        programs=console_programs(),
        services=(Service(KConsoleProgram),),
    )


@pytest.fixture
def tell(machine: Kernel) -> Tell:
    """Runs a program that may be a terminal, and asserts that it ended well."""

    def tell(program: Program) -> None:
        machine.register(
            "story", Executable(program, Image(capabilities=ALL_CAPABILITIES))
        )
        info: ExitInfo = machine.run("story")
        assert str(info) == "exited with KErrNone", info.exception

    return tell


@pytest.fixture
def exit_of() -> ExitOf:
    """How a thread of its own ends that runs a function; in a program."""

    def exit_of(function: Callable[[], object]) -> str:
        def body() -> None:
            function()

        status = TRequestStatus()
        with RThread().create("", body) as thread:
            thread.logon(status)
            thread.resume()
            User.wait_for_request(status)
            return str(thread.exit_info())

    return exit_of


class Stage:
    """A console, and a device that looks at the screen and presses keys."""

    def __init__(self, *size: int) -> None:
        self.console: CConsoleBase = Console.new("", *size)
        self.device = RConsoleDevice().connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.console.close()
        self.device.close()

    def text(self) -> list[str]:
        """The lines inside the frame, up to the last that is not blank."""
        size = self.console.screen_size()
        rows = self.device.screen_text()[1 : size.height + 1]
        lines = [row[1:].ljust(size.width)[: size.width].rstrip() for row in rows]
        while lines and not lines[-1]:
            lines.pop()
        return lines


@pytest.fixture(name="open_stage")
def _stage() -> type[Stage]:
    return Stage
