"""The face: what outsiders import. `from eka import Kernel`."""

from kernel.abi.config import Executable, MachineConfig, Program, Service
from kernel.abi.errors import AttachedThreadDied, Deadlock, KernelFault, Leave
from kernel.abi.exit import (
    EExitKill,
    EExitPanic,
    EExitPending,
    EExitTerminate,
    ExitInfo,
    TExitType,
)
from kernel.abi.image import Image
from kernel.abi.security import SecurityPolicy
from kernel.host_process import HostProcess
from kernel.machine import Kernel
from servers.fileserver.protocol import DriveSpec
from servers.loader.protocol import LoaderSpec
from tools.boot import boot
from tools.idl.importer import idl_import

__all__ = [
    "AttachedThreadDied",
    "Deadlock",
    "DriveSpec",
    "EExitKill",
    "EExitPanic",
    "EExitPending",
    "EExitTerminate",
    "Executable",
    "ExitInfo",
    "HostProcess",
    "Image",
    "Kernel",
    "KernelFault",
    "Leave",
    "LoaderSpec",
    "MachineConfig",
    "Program",
    "SecurityPolicy",
    "Service",
    "TExitType",
    "boot",
    "idl_import",
]
