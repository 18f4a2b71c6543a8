"""DProcess: an address space's worth of threads, handles and identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.abi.exit import ExitInfo, TCritical
from kernel.abi.handles import TObjectType
from kernel.abi.names import fold
from kernel.tasks.objects import DObject, DObjectIx, TProtection
from kernel.tasks.parameter import Parameters

if TYPE_CHECKING:
    from kernel.abi.image import Image
    from kernel.abi.security import Identity
    from kernel.core import Core
    from kernel.tasks.logon import HostLogon, Logon
    from kernel.tasks.programs import LoadedProgram
    from kernel.tasks.thread import DThread


class DProcess(DObject):
    """One emulated process.

    Its short name is `root.exe[uid3]generation`, so that two processes of one program
    never clash. Original: DProcess.
    """

    kind = TObjectType.EProcess

    def __init__(
        self,
        core: Core,
        root: str,
        program: LoadedProgram,
        image: Image,
        command_line: str,
        creator: DThread | None,
    ) -> None:
        generation = next_generation(core, root, image.uid3)
        super().__init__(core, process_name(root, image.uid3, generation), owner=None)
        # Fixed for life:
        self.id: Final = core.next_id()
        self.process_id: Final = self.id
        self.program: Final = program
        self.image: Final = image
        self.identity: Final[Identity] = image.identity
        self.command_line: Final = command_line
        self.creator: Final = creator.process if creator else None
        self.creator_identity: Final = (
            creator.process.identity if creator else image.identity
        )
        self.handles: Final = DObjectIx(core, self, is_local=False)
        self.parameters: Final = Parameters()

        # Guarded by the kernel lock:
        self.protection = TProtection.EGlobal
        self.root = root
        self.generation = generation
        self.threads: dict[int, DThread] = {}  # alive, by id
        self.environment: dict[str, int] = {}  # named capabilities it started with
        self.main: DThread
        self.dead = False
        self.resumed = False
        self.is_service = False  # started at boot
        self.exit_info = ExitInfo()  # may be set before the last thread is gone
        self.priority: int = image.priority
        self.priority_control = False
        self.just_in_time = True  # whether a debugger may look into it
        self.critical: int = TCritical.ENotCritical
        self.critical_of_new_threads: int = TCritical.ENotCritical
        self.logons: list[Logon | HostLogon] = []
        self.published: dict[str, str] = {}  # texts for debuggers, by name
        self.module_names: dict[str, None] = {}  # its own in sys.modules

    def life_blockers(self) -> list[DThread]:
        """Its threads."""
        return list(self.threads.values())

    def state_text(self) -> str:
        """For `repr`."""
        if self.dead:
            return str(self.exit_info)
        return "running" if self.resumed else "created"


def process_name(root: str, uid3: int, generation: int) -> str:
    """As in `t_env_child.exe[00000000]0001`."""
    return f"{root}[{uid3:08x}]{generation:04d}"


def next_generation(core: Core, root: str, uid3: int) -> int:
    """One more than the highest among live processes of that root name and UID."""
    folded = fold(root)
    generations = [
        process.generation
        for process in core.containers[TObjectType.EProcess].live()
        if isinstance(process, DProcess)
        and fold(process.root) == folded
        and process.image.uid3 == uid3
    ]
    return max(generations, default=0) + 1
