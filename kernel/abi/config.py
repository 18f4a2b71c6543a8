"""What a machine is built from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from kernel.abi.image import Image

# What a function that is registered as a DLL returns: its exports by ordinal, from 1.
Exports: TypeAlias = tuple[Callable[..., object] | None, ...]

# A program: a registered name, a file, or a function (which runs in its own module).
Program: TypeAlias = str | Path | Callable[[], int | None]


@dataclass(frozen=True, slots=True)
class Executable:
    """What a name in the machine's program table stands for.

    *source* is a file, the name of an importable module, or a function. A name that
    ends in `.dll` is a DLL's.
    """

    source: Path | str | Callable[[], int | None] | Callable[[], Exports]
    image: Image | None = None  # None: the module's own IMAGE, or the default


@dataclass(frozen=True, slots=True)
class Service:
    """A program started at boot and awaited by its process rendezvous."""

    name: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineConfig:
    """Everything that is fixed when a machine boots.

    *cpus* is how many virtual CPUs the priority back-end shares out.
    *start_time_us* is the UTC time a virtual clock begins at. *shutdown_grace_s* is how
    long, in host seconds, a shutdown waits for carriers that do not unwind.
    """

    programs: dict[str, Executable] = field(default_factory=dict)
    services: tuple[Service, ...] = ()
    cpus: int = 1
    start_time_us: int = 1_000_000_000_000_000  # 2001-09-09T01:46:40Z
    debug_port: bool = True  # what programs print to it goes to standard error
    recorder_size: int = 1024  # events kept by the flight recorder; 0: off
    session_thread_limit: bool = True  # at most 255 threads attached to a session
    shutdown_grace_s: float = 2.0
