"""Calls of the loader server, on behalf of its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.executable_name import (
    KDllSuffix,
    KExeSuffix,
    KPythonSuffix,
    parse_executable_name,
)
from kernel.abi.names import fold
from kernel.abi.panics import TKernExec
from kernel.exec.library import give_library
from kernel.exec.message import accepted_message
from kernel.exec.process import give_process
from kernel.ipc.server import loader_process
from kernel.tasks.programs import LoadedProgram
from kernel.tasks.thread_exit import panic_current
from kernel.waits.library import DLibrary

if TYPE_CHECKING:
    from kernel.abi.compiled import CompiledModule
    from kernel.abi.image import Image
    from kernel.core import Core
    from kernel.tasks.thread import DThread


def _demand_loader(core: Core, thread: DThread) -> None:
    if loader_process(core) is not thread.process:
        panic_current(core, thread, TKernExec.EAccessDenied)


def _program(
    core: Core, file_name: str, module: CompiledModule | None, suffix: str
) -> LoadedProgram:
    name = parse_executable_name(file_name, "")
    if module is None:
        return core.programs.find_loaded(name.root)
    is_python = fold(name.extension) == KPythonSuffix
    root = name.base + (suffix if is_python else name.extension)
    return LoadedProgram(root, module.image, module=module, file_name=file_name)


def loader_image(core: Core, thread: DThread, name: str) -> tuple[str, Image]:
    """Of one of the machine's own executables."""
    _demand_loader(core, thread)
    program = core.programs.find_loaded(name)
    return (program.name, program.image)


def loader_create_process(
    core: Core,
    thread: DThread,
    message: int,
    file_name: str,
    module: CompiledModule | None,
    command_line: str,
    owner: int,
    stack_size: int,
) -> int:
    """The client is its creator."""
    _demand_loader(core, thread)
    client = accepted_message(core, thread, message).client
    program = _program(core, file_name, module, KExeSuffix)
    return give_process(core, client, program, command_line, owner, stack_size)


def loader_load_library(
    core: Core,
    thread: DThread,
    message: int,
    file_name: str,
    module: CompiledModule | None,
    owner: int,
) -> int:
    """For the client's process."""
    _demand_loader(core, thread)
    client = accepted_message(core, thread, message).client
    program = _program(core, file_name, module, KDllSuffix)
    return give_library(core, client, program, owner)


def loader_count_users(core: Core, thread: DThread, file_name: str) -> int:
    """Processes and libraries."""
    _demand_loader(core, thread)
    programs = [process.program for process in core.processes.values()]
    programs += [
        obj.program
        for obj in core.containers[DLibrary.kind].live()
        if isinstance(obj, DLibrary)
    ]
    wanted = fold(file_name)
    return sum(fold(program.file_name) == wanted for program in programs)
