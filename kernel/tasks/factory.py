"""Making and starting threads and processes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kernel.abi.errors import KernelError, KErrBadName
from kernel.abi.exit import TCritical
from kernel.abi.limits import KMaxProcessRootName
from kernel.abi.names import is_valid_name
from kernel.events import TEvent
from kernel.tasks.process import DProcess
from kernel.tasks.thread import DThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.core import Core
    from kernel.tasks.programs import LoadedProgram


def make_thread(
    core: Core, process: DProcess, name: str, entry: Callable[[], int | None]
) -> DThread:
    """A suspended thread. Raises: KErrBadName, KErrAlreadyExists, KErrNoMemory."""
    if core.faults is not None:
        core.faults.allocate("stack")
    thread = DThread(core, process, name, entry)
    core.threads[thread.id] = thread
    process.threads[thread.id] = thread
    thread.open()  # until it is dead: a thread needs nobody's handle to live on
    core.event(TEvent.EThreadCreate, thread, thread.id, thread.name)
    return thread


def make_process(
    core: Core,
    program: LoadedProgram,
    command_line: str,
    creator: DThread | None,
    run_program: Callable[[DProcess], int | None],
    stack_size: int = 0,
) -> DProcess:
    """A process with its Main thread suspended; *run_program* is what Main calls.

    *stack_size* is the least that its creator wants.
    """
    root = program.name
    if len(root) > KMaxProcessRootName or not is_valid_name(root):
        raise KernelError(KErrBadName)
    image = program.image
    if stack_size > image.stack_size:
        image = replace(image, stack_size=stack_size)
    process = DProcess(core, root, program, image, command_line, creator)
    process.open()  # until it is dead
    try:
        main = make_thread(core, process, "Main", lambda: run_program(process))
    except BaseException:
        process.close()
        process.close()
        raise
    main.critical = TCritical.EProcessPermanent
    main.close()  # nobody holds a handle to it yet; its existence keeps it
    process.main = main
    core.processes[process.id] = process
    core.event(TEvent.EProcessCreate, creator, process.id, process.name, command_line)
    return process


def set_process_priority(process: DProcess, priority: int) -> None:
    """Change the priority of all its threads."""
    process.priority = priority
    for thread in process.threads.values():
        thread.set_level()
