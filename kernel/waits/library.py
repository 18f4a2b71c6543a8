"""DLibrary: a DLL that a process has loaded, and who is initialising it.

made ──attach──► attaching ──attached──► attached
  ◄──── it failed, or its thread died ────┘
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, final

from kernel.abi.errors import KernelError, KErrGeneral, KErrNone
from kernel.abi.handles import TObjectType
from kernel.abi.names import fold
from kernel.tasks.objects import DObject
from kernel.waits.wait_queue import Waitable, WaitQueue

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import TypeAlias

    from kernel.abi.config import Exports
    from kernel.core import Core
    from kernel.tasks.park import Park
    from kernel.tasks.process import DProcess
    from kernel.tasks.programs import LoadedProgram
    from kernel.tasks.thread import DThread

    # What the attaching thread calls to run the DLL's module; gives its exports.
    EntryPoint: TypeAlias = Callable[[], Exports]


@final
class DLibrary(DObject, Waitable):
    """A DLL in one process, however often it is loaded there.

    It is named `base{version}[uid3].ext`. The first thread that attaches to it runs its
    module; others wait until it has. Until then that thread holds a reference.

    Original: DLibrary (symbian-kernel 2.1); its states are those of the original but
    for the detaching, since a module has no destructors.
    """

    kind = TObjectType.ELibrary

    def __init__(self, core: Core, process: DProcess, program: LoadedProgram) -> None:
        super().__init__(core, library_name(program), owner=process)
        # Fixed for life:
        self.process: Final = process
        self.program: Final = program

        # Guarded by the kernel lock:
        self.exports: Exports | None = None  # once it is attached
        self.attaching: DThread | None = None
        self.queue = WaitQueue(self)

        # The attaching thread's:
        self.module: ModuleType | None = None

    def attach(
        self, thread: DThread, entry_point: EntryPoint
    ) -> EntryPoint | Park | None:
        """Make *thread* the one that runs the module, or wait for the one that does.

        Returns: the entry point, or None if there is nothing left to do; in a module
            that loads itself while it is being run, too.
        Raises: KErrGeneral if the library went while the thread waited.
        """
        if self.exports is not None or self.attaching is thread:
            return None
        if self.attaching is not None:
            parked = self.queue.park(thread, 0)
            thread.resume = lambda: self._resumed(thread, entry_point)
            return parked
        self.open()  # KErrGeneral if it is going
        self.attaching = thread
        thread.at_end[self] = None
        return entry_point

    def _resumed(self, thread: DThread, entry_point: EntryPoint) -> object:
        if thread.reply != KErrNone:
            raise KernelError(KErrGeneral)
        return self.attach(thread, entry_point)

    def try_take(self, thread: DThread) -> bool:
        """Whether a waiter that was suspended need not wait any more."""
        return self.attaching is None

    def attached(self, exports: Exports | None) -> None:
        """The attaching thread is done; None if the module failed."""
        thread, self.attaching = self.attaching, None
        assert thread is not None
        thread.at_end.pop(self, None)
        self.exports = exports
        self.queue.end_all(KErrNone)
        self.close()

    def on_thread_end(self, thread: DThread) -> None:
        """The attaching thread died in the module: another one may try."""
        self.attached(None)

    def holders(self) -> list[DThread]:
        """Whom the others wait for."""
        return [] if self.attaching is None else [self.attaching]

    def on_destroy(self) -> None:
        """The last handle is gone, and with it the module."""
        self.queue.end_all(KErrGeneral)
        if self.module is not None:
            sys.modules.pop(self.module.__name__, None)
            self.process.module_names.pop(self.module.__name__, None)
        super().on_destroy()

    def state_text(self) -> str:
        """For `repr`."""
        if self.attaching is not None:
            return f"being initialised by {self.attaching.full_name}"
        return "made" if self.exports is None else f"{len(self.exports)} exports"


def library_name(program: LoadedProgram) -> str:
    """As in `econs{000a0000}[1000abcd].dll`."""
    base, dot, extension = program.name.rpartition(".")
    image = program.image
    return f"{base}{{{image.version:08x}}}[{image.uid3:08x}]{dot}{extension}"


def loaded_library(
    core: Core, process: DProcess, program: LoadedProgram
) -> DLibrary | None:
    """The library of that file, if the process has it already."""
    for obj in core.containers[DLibrary.kind].live():
        if (
            isinstance(obj, DLibrary)
            and obj.process is process
            and fold(obj.program.file_name) == fold(program.file_name)
            and obj.program.image.version == program.image.version
        ):
            return obj
    return None
