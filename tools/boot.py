"""Builds machines that have the standard servers.

A bare `Kernel` knows no programs. These know the file server, with drives of your
choice and the loader beside it, the two count servers, and the L4Re component that
serves files as memory; `eka run`, `eka demo` and the tests boot them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kernel.abi.config import Executable, MachineConfig, Service
from kernel.machine import Kernel
from servers.count.complex.protocol import KCountServerName as KComplexServerName
from servers.count.simple.protocol import KCountServerName as KSimpleServerName
from servers.fileserver.protocol import (
    DEFAULT_DRIVES,
    DriveSpec,
    KFileServerProgram,
)
from servers.fileserver.server import IMAGE, serve
from servers.l4fs.protocol import KL4FsProgram
from servers.loader.protocol import KDefaultLoader, LoaderSpec

KDefaultConfig: Final = MachineConfig()


def standard_programs(
    drives: Mapping[str, DriveSpec] | None = None,
    loader: LoaderSpec | None = KDefaultLoader,
) -> dict[str, Executable]:
    """The standard servers by name, the file server with *drives* beside the usual.

    The usual drives are C: and D: in memory and an empty Z:. The *loader* runs in the
    file server's process.
    """
    every_drive = {**DEFAULT_DRIVES, **(drives or {})}
    return {
        KFileServerProgram: _file_server(every_drive, loader),
        KSimpleServerName: Executable("servers.count.simple.server"),
        KComplexServerName: Executable("servers.count.complex.server"),
        KL4FsProgram: Executable("servers.l4fs.server"),
    }


def machine_config(
    drives: Mapping[str, DriveSpec] | None = None,
    *,
    config: MachineConfig = KDefaultConfig,
    services: tuple[str, ...] = (),
    loader: LoaderSpec | None = KDefaultLoader,
) -> MachineConfig:
    """*config* with the standard servers; its own programs and services go first.

    *services* names those of the standard servers that are started at boot; a program
    may also start them itself.
    """
    return replace(
        config,
        programs={**standard_programs(drives, loader), **config.programs},
        services=(*config.services, *(Service(name) for name in services)),
    )


def boot(
    drives: Mapping[str, DriveSpec] | None = None,
    *,
    backend: str = "threads",
    clock: str = "real",
    seed: int = 0,
    config: MachineConfig = KDefaultConfig,
    services: tuple[str, ...] = (KFileServerProgram,),
    loader: LoaderSpec | None = KDefaultLoader,
) -> Kernel:
    """A machine with the standard servers, which boots as its `with` block begins.

    with boot({"C": DriveSpec(Path("data"), read_only=True, kind="host")}) as machine:
        machine.run("CountServer")
    """
    return Kernel(
        machine_config(drives, config=config, services=services, loader=loader),
        backend=backend,
        clock=clock,
        seed=seed,
    )


def _file_server(
    drives: Mapping[str, DriveSpec], loader: LoaderSpec | None
) -> Executable:
    """The file server's program for these drives.

    They are not on its command line: that is part of the event log, which holds no path
    of the host's.
    """

    def fileserver() -> int | None:
        return serve(dict(drives), loader)

    return Executable(fileserver, IMAGE)
