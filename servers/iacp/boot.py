"""Machines with GEOS on them: the system geode, the applications, the IACP server."""

from dataclasses import replace

from kernel.abi.config import Executable, MachineConfig, Service
from servers.iacp.protocol import IACPSpec, KDefaultIACP, KIACPProgram
from servers.iacp.server import IMAGE, serve
from userlib.geos.registry import ApplicationImage, geos_config


def iacp_config(
    *images: ApplicationImage,
    config: MachineConfig | None = None,
    spec: IACPSpec = KDefaultIACP,
) -> MachineConfig:
    """As `geos_config`, with an IACP server that is started as *spec* says.

    It comes after the services of *config*: the file server, if documents are to be
    found, has to be among those.
    """
    base = geos_config(*images, config=config)

    def iacp() -> int:
        return serve(spec)

    return replace(
        base,
        programs=base.programs | {KIACPProgram: Executable(iacp, IMAGE)},
        services=(*base.services, Service(KIACPProgram)),
    )
