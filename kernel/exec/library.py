"""Calls on libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.abi.current import current_exec
from kernel.abi.errors import KernelError, KErrNotSupported, KErrPermissionDenied
from kernel.abi.executable_name import KDllSuffix, parse_executable_name
from kernel.abi.handles import KNullHandle
from kernel.abi.image import (
    KDynamicLibraryUid,
    KNullUids,
    is_compatible,
    match_uids,
)
from kernel.abi.panics import TKernExec
from kernel.events import TEvent
from kernel.ipc.server import must_ask_loader
from kernel.tasks.handles import new_handle, open_handle, resolve
from kernel.tasks.thread_exit import panic_current
from kernel.waits.library import DLibrary, loaded_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.abi.config import Exports
    from kernel.abi.image import Uids
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.programs import LoadedProgram
    from kernel.tasks.thread import DThread


def library_load(
    core: Core, thread: DThread, file_name: str, uids: Uids, owner: int
) -> int:
    """A DLL the machine knows, unless the loader is to be asked."""
    name = parse_executable_name(file_name, KDllSuffix)
    if must_ask_loader(core, thread.process):
        return KNullHandle
    program = core.programs.find_loaded(name.root)
    check_program(program, name.version, KDynamicLibraryUid, uids)
    if not thread.process.identity.capabilities <= program.image.capabilities:
        raise KernelError(KErrPermissionDenied)
    return give_library(core, thread, program, owner)


def check_program(
    program: LoadedProgram, version: int | None, kind: int, uids: Uids
) -> None:
    """Raises: KErrNotSupported if it is not what is wanted."""
    image = program.image
    if not (
        is_compatible(image.version, version)
        and match_uids(image.uids, (kind, *KNullUids[1:]))
        and match_uids(image.uids, uids)
    ):
        raise KernelError(KErrNotSupported)


def give_library(
    core: Core, thread: DThread, program: LoadedProgram, owner: int
) -> int:
    """A handle of *thread*'s to the DLL, made if its process does not have it yet."""
    library = loaded_library(core, thread.process, program)
    if library is not None:
        return open_handle(thread, library, owner)
    library = DLibrary(core, thread.process, program)
    core.event(
        TEvent.ELibraryLoad, thread, library.number, library.name, program.file_name
    )
    return new_handle(thread, library, owner)


def library_attach(
    core: Core, thread: DThread, handle: int
) -> Callable[[], Exports] | Park | None:
    """Begin to initialise, or wait for who does."""
    library = resolve(core, thread, handle, DLibrary)
    return library.attach(thread, lambda: run_library(library))


def run_library(library: DLibrary) -> Exports:
    """What the attaching thread calls: load the module, masked, then run it."""
    program = library.program
    label = f"{library.number}."
    module = current_exec.get().host_call(program.load, library.process, label)
    library.module = module
    return program.exports(module)


def library_attached(
    core: Core, thread: DThread, handle: int, exports: Exports | None
) -> None:
    """It is initialised, or could not be."""
    library = resolve(core, thread, handle, DLibrary)
    if library.attaching is not thread:
        panic_current(core, thread, TKernExec.EAccessDenied)
    library.attached(exports)


def library_lookup(
    core: Core, thread: DThread, handle: int, ordinal: int
) -> Callable[..., object] | None:
    """Ordinals begin at 1."""
    exports = resolve(core, thread, handle, DLibrary).exports
    if exports is None or not 1 <= ordinal <= len(exports):
        return None
    return exports[ordinal - 1]


def library_file_name(core: Core, thread: DThread, handle: int) -> str:
    """Where it was found."""
    return resolve(core, thread, handle, DLibrary).program.file_name


def library_uids(core: Core, thread: DThread, handle: int) -> Uids:
    """The three UIDs."""
    return resolve(core, thread, handle, DLibrary).program.image.uids
