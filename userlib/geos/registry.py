"""The applications that a machine knows, and the geode that stands for the system.

What stands for the executable files of a machine is fixed when it boots: the system
geode keeps it in its label, so that reading it takes no more than a kernel call.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Final

from kernel.abi.config import Executable, MachineConfig, Service
from kernel.abi.current import current_exec
from userlib.geos.event import pack_value, unpack_value
from userlib.geos.gen import GenClass
from userlib.geos.geode import Geode
from userlib.geos.geode_info import KSystemQueue, system_geode
from userlib.geos.process import ProcessClass
from userlib.geos.values import GeodeToken

KSystemService: Final = "geos"
_KLabelOfGeode: Final = 5  # items that every geode has in its label


class ApplicationTree(IntEnum):
    """Where an application is found. Original: StandardPath, two of its values."""

    SP_APPLICATION = 3
    SP_SYS_APPLICATION = 7


SP_APPLICATION: Final = ApplicationTree.SP_APPLICATION
SP_SYS_APPLICATION: Final = ApplicationTree.SP_SYS_APPLICATION


@dataclass(frozen=True, slots=True)
class ApplicationImage:
    r"""One executable: its *path* below a tree of applications, as in `WORLD\SRVR`.

    *program* is what `Kernel.register` takes: a file, a module's name, or a function,
    `GEODE.run` for instance.
    Original: none; a geode's file, with the token in its header.
    """

    path: str
    token: GeodeToken
    program: Executable | Path | str | Callable[[], int | None]
    tree: ApplicationTree = SP_APPLICATION
    multi_launchable: bool = True


@dataclass(frozen=True, slots=True)
class KnownApplication:
    """The same, as programs see it. Original: none."""

    path: str
    token: GeodeToken
    program_name: str
    tree: ApplicationTree
    multi_launchable: bool


class SystemClass(GenClass):
    """The object at the top: the applications' focus, target and model begin here.

    Original: GenSystemClass.
    """


def geos_config(
    *images: ApplicationImage, config: MachineConfig | None = None
) -> MachineConfig:
    """A machine's configuration with these applications, in directory order.

    Boots the system geode before all other services.
    Original: none; what is on the disk, and the geode "ui".
    """
    base = config or MachineConfig()
    known = tuple(
        (
            image.path,
            image.token,
            f"geode{number}",
            int(image.tree),
            image.multi_launchable,
        )
        for number, image in enumerate(images, 1)
    )
    programs = {
        program_name: _executable(image)
        for (_, _, program_name, _, _), image in zip(known, images, strict=True)
    }
    label = tuple(pack_value(one) for one in known)
    system = Geode("system", process=ProcessClass, application=SystemClass)
    programs[KSystemService] = Executable(lambda: system.run_as(KSystemQueue, label))
    return replace(
        base,
        programs=base.programs | programs,
        services=(Service(KSystemService), *base.services),
    )


def _executable(image: ApplicationImage) -> Executable:
    program = image.program
    return program if isinstance(program, Executable) else Executable(program)


def application_images() -> tuple[KnownApplication, ...]:
    """All of them, in directory order; none on a machine without the system geode.

    Original: none; what an enumeration of the application directories finds.
    """
    system = system_geode()
    if not system:
        return ()
    label = current_exec.get().event_queue_label(system)
    return tuple(_known(*unpack_value(one)) for one in label[_KLabelOfGeode:])


def _known(
    path: str, token: GeodeToken, program_name: str, tree: int, multi_launchable: bool
) -> KnownApplication:
    return KnownApplication(
        path, token, program_name, ApplicationTree(tree), multi_launchable
    )
