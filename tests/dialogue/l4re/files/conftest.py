"""A machine with the filesystem component, and clients that tell stories to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.config import Executable
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareReadersOrWriters
from servers.fileserver.protocol import DriveSpec
from tools.boot import machine_config as standard_config
from userlib import RThread, TRequestStatus, User
from userlib.l4re import App, Cap, Env, L4Error, Loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from eka import Kernel, MachineConfig
    from tools.pytest_plugin import Run


MAY_KILL = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))


@pytest.fixture
def machine_config() -> MachineConfig:
    """C: is memory, D: a small one."""
    drives = {"D": DriveSpec(capacity=64 << 10)}
    return standard_config(drives, services=("fileserver",))


def ending_well(function: Callable[[], object]) -> Callable[[], None]:
    """A program that calls it, whatever it returns."""

    def program() -> None:
        function()

    return program


class Worker:
    """A thread that does something, and can be waited for."""

    def __init__(self, function: Callable[[], object]) -> None:
        self.result: Any = None
        self._function = function
        self._status = TRequestStatus()
        self._thread = RThread().create("", self._run)
        self._thread.logon(self._status)
        self._thread.resume()

    def _run(self) -> None:
        try:
            self.result = self._function()
        except L4Error as error:
            self.result = error.code

    def join(self) -> Any:
        """What it returned, or the code of its error."""
        User.wait_for_request(self._status)
        self._thread.close()
        return self.result


class Storyteller:
    """Starts the component, and programs that have its capability, as Ned does."""

    def __init__(self, machine: Kernel, run: Run) -> None:
        self.machine = machine
        self._run = run

    def __call__(
        self,
        story: Callable[[], object],
        *others: Callable[[], object],
        args: str = "",
        mode: Callable[[Cap], Cap] = lambda cap: cap,
    ) -> None:
        """Run *story* in the program that starts all; it can `start` the others.

        All have the capability under the name `fs`, with the rights of *mode*.
        """
        for number, other in enumerate(others):
            self.machine.register(f"client{number}", ending_well(other))

        def ned() -> None:
            loader = Loader()
            with (
                loader.new_channel() as channel,
                loader.start("l4fs", args, caps={"server": channel.svr()}),
            ):
                Env.current().set_cap("fs", mode(channel))
                story()

        self.machine.register("ned", Executable(ned, MAY_KILL))
        self._run("ned")

    # What stories need.

    @staticmethod
    def fs() -> Cap:
        """The calling program's capability of the filesystem."""
        return Env.current().get_cap("fs")

    @staticmethod
    def code_of(function: Callable[..., Any], *args: object) -> int:
        """The code that it raises; 0 if it doesn't."""
        try:
            function(*args)
        except L4Error as error:
            return error.code
        return 0

    @staticmethod
    def store(name: str, data: bytes) -> None:
        """Put a file on a drive, as a Symbian program does."""
        with RFs().connect() as session, RFile().replace(session, name) as file:
            file.write(data)

    @staticmethod
    def stored(name: str) -> bytes:
        """What is on the drive."""
        mode = EFileShareReadersOrWriters
        with RFs().connect() as session, RFile().open(session, name, mode) as file:
            return file.contents()

    def start(self, number: int = 0) -> App:
        """Start one of the other programs with the capability."""
        return Loader().start(f"client{number}", caps={"fs": self.fs()})

    def run_client(self, number: int = 0) -> None:
        """Start one and wait until it has ended, which has to be well."""
        with self.start(number) as app:
            assert app.wait() == 0
            assert str(app.process.exit_info()) == "exited with KErrNone"

    @staticmethod
    def worker(function: Callable[[], object]) -> Worker:
        """A thread that does it."""
        return Worker(function)


@pytest.fixture
def tell(machine: Kernel, run: Run) -> Storyteller:
    """Tells stories to the component."""
    return Storyteller(machine, run)
