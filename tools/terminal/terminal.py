"""What all terminals are: a service of the machine that does the console's orders.

    with Kernel(console_config(config, terminal)) as machine, terminal.on(machine):
        info = terminal.wait(machine.start("eshell"))

The service is an emulated program of the machine's own, started after the console
server. Its host work is done between kernel calls, so that on `explore` everything
that is printed, and read from a pipe, has its place in the schedule.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, ParamSpec, TextIO, TypeVar

from kernel.abi.config import Executable, MachineConfig, Service
from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNone, KErrOverflow, KErrServerTerminated, Leave
from kernel.abi.exit import ExitInfo
from kernel.abi.image import Image
from kernel.abi.security import TCapability
from kernel.host_process import HostProcess
from kernel.machine import Kernel
from servers.console.client_device import RConsoleDevice, TDeviceOrder
from servers.console.protocol import (
    KConsoleLibrary,
    KConsoleProgram,
    KMaxLine,
    KScreenHeight,
    KScreenWidth,
    KTestModeArgument,
    TAbility,
    TConsSize,
    TicketT,
)
from userlib import RProcess

KTerminalProgram: Final = "terminal"
KTestModeVariable: Final = "EKA_CONSOLE_TEST_MODE"
TERMINAL_IMAGE: Final = Image(
    capabilities=frozenset((int(TCapability.ECapabilitySwEvent),))
)

P = ParamSpec("P")
T = TypeVar("T")


class Terminal(ABC):
    """Prints what consoles write, and knows what a person types."""

    abilities: TAbility = TAbility.EStream | TAbility.EEditLine

    @abstractmethod
    def obey(self, device: RConsoleDevice, order: TDeviceOrder) -> None:
        """Do what the console server wants done; called in the machine."""

    def size(self) -> TConsSize:
        """Columns and lines there are."""
        return TConsSize(KScreenWidth, KScreenHeight)

    def serve(self) -> int:
        """The emulated program: one order after the other, until the console ends."""
        with RConsoleDevice().connect() as device:
            size = self.size()
            device.open_device(self.abilities, size.width, size.height)
            RProcess.rendezvous(KErrNone)
            try:
                while True:
                    self.obey(device, device.next_order())
            except Leave as leave:
                if leave.code != KErrServerTerminated:
                    raise
        return KErrNone

    @contextmanager
    def on(self, machine: Kernel) -> Iterator[None]:
        """Whatever the terminal needs outside the machine, as long as it is used."""
        yield

    def wait(self, process: HostProcess) -> ExitInfo:
        """Blocks: until *process* is dead. Raises: as HostProcess.wait."""
        return process.wait()


def console_config(
    config: MachineConfig, terminal: Terminal, *, test_mode: bool | None = None
) -> MachineConfig:
    """*config* with the console server and *terminal*, started after its services.

    *test_mode* suppresses what is written, for speed; None: if the environment of this
    process has a `EKA_CONSOLE_TEST_MODE` that is not empty.
    """
    if test_mode is None:
        test_mode = bool(os.environ.get(KTestModeVariable))
    args = (KTestModeArgument,) if test_mode else ()
    return replace(
        config,
        programs={
            **console_programs(),
            KTerminalProgram: Executable(terminal.serve, TERMINAL_IMAGE),
            **config.programs,
        },
        services=(
            *config.services,
            Service(KConsoleProgram, args),
            Service(KTerminalProgram),
        ),
    )


def console_programs() -> dict[str, Executable]:
    """The console server, and the DLL that consoles come from."""
    return {
        KConsoleProgram: Executable("servers.console.server"),
        f"{KConsoleLibrary}.dll": Executable("servers.console.econs"),
    }


def send_whole_line(device: RConsoleDevice, ticket: TicketT, line: str) -> None:
    """A line was entered; one too long is refused, for half of it may mean harm."""
    if len(line) > KMaxLine:
        device.send_line(ticket, KErrOverflow)
    else:
        device.send_line(ticket, KErrNone, line)


def write_text(stream: TextIO, text: str) -> None:
    """Write, escaping what the stream's encoding has no characters for."""
    try:
        stream.write(text)
    except UnicodeEncodeError as error:
        escaped = text.encode(error.encoding, "backslashreplace")
        stream.write(escaped.decode(error.encoding))


def host_call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do host work from inside the machine; no death tears it."""
    return current_exec.get().host_call(function, *args, **kwargs)
