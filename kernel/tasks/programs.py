r"""Emulated executables: found by name, compiled once, executed afresh a process.

A program is a Python module with `e32main()` and perhaps an `IMAGE`. Each process
executes its code in a module of its own, `eka.process.<id>.<name>`, which stands in
`sys.modules` while the process lives: dataclasses and pickle look there. What it
imports is shared between processes like code in ROM. A function as a program has no
module of its own. A DLL is the same but for `EXPORTS` instead of `e32main()`
(library.py).

The table here is the machine's ROM, `Z:\sys\bin`. What is on the drives the loader
server finds and compiles (servers/loader), and hands over in its calls.
"""

from __future__ import annotations

import importlib.util
import linecache
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from kernel.abi.compiled import compile_module
from kernel.abi.config import Executable
from kernel.abi.errors import KernelError, KErrCorrupt, KErrNotFound
from kernel.abi.executable_name import KDllSuffix, KExeSuffix
from kernel.abi.image import Image, KDynamicLibraryUid, KExecutableImageUid
from kernel.abi.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.abi.compiled import CompiledModule
    from kernel.abi.config import Exports
    from kernel.tasks.process import DProcess

KRomDirectory: Final = "Z:\\sys\\bin\\"


class LoadedProgram:
    """One executable, ready to run any number of times."""

    def __init__(
        self,
        name: str,
        image: Image,
        *,
        module: CompiledModule | None = None,
        function: Callable[[], object] | None = None,
        file_name: str = "",
    ) -> None:
        self.name: Final = name  # root name, with its extension
        self.image: Final = image
        self.file_name: Final = file_name or KRomDirectory + name
        self._module: Final = module
        self._function: Final = function

    def load(self, process: DProcess, label: str = "") -> ModuleType | None:
        """Make the process's own module, not yet executed; None for a function.

        *label* tells apart several modules of one process.
        """
        compiled = self._module
        if compiled is None:
            return None
        stem = label + self.name.removesuffix(KExeSuffix)
        module = ModuleType(f"eka.process.{process.id}.{stem}")
        module.__file__ = compiled.file
        if compiled.source:
            lines = compiled.source.splitlines(keepends=True)
            # No mtime: there is no file of the host's to compare it with.
            linecache.cache[compiled.file] = (
                len(compiled.source),
                None,
                lines,
                compiled.file,
            )
        process.module_names[module.__name__] = None
        sys.modules[module.__name__] = module
        return module

    def run(self, module: ModuleType | None) -> int | None:
        """Execute the program: user code, in the process's main thread."""
        if module is None:
            assert self._function is not None
            return self._function()  # type: ignore[return-value] # whoever calls looks
        self._execute(module)
        main: Callable[[], int | None] | None = getattr(module, "e32main", None)
        if main is None:
            raise AttributeError(f"{module.__file__} defines no e32main()")
        return main()

    def exports(self, module: ModuleType | None) -> Exports:
        """Execute the DLL: user code, in a thread of the process that loads it."""
        if module is None:
            assert self._function is not None
            exports = self._function()
        else:
            self._execute(module)
            exports = getattr(module, "EXPORTS", ())
        if not isinstance(exports, tuple | list) or not all(
            entry is None or callable(entry) for entry in exports
        ):
            raise TypeError(
                f"EXPORTS of {self.file_name} is no tuple of functions, with None for "
                f"an ordinal that has none: {exports!r}"
            )
        return tuple(exports)

    def _execute(self, module: ModuleType) -> None:
        assert self._module is not None
        exec(self._module.code, module.__dict__)  # noqa: S102 - that is what a loader does


def unload(process: DProcess) -> None:
    """The process is dead: its modules are nobody's any more."""
    while process.module_names:
        sys.modules.pop(process.module_names.popitem()[0], None)


class ProgramTable:
    """The executables a machine knows, by folded root name.

    An executable is read and compiled when it is registered, by the host: a kernel call
    does no such work under the lock. What went wrong then is kept for whoever asks.
    """

    def __init__(self) -> None:
        self._programs: Final[dict[str, LoadedProgram | Exception]] = {}
        self._names: Final[dict[str, str]] = {}
        self._files: Final[dict[str, LoadedProgram]] = {}  # run without being in it

    def register(self, name: str, executable: Executable) -> None:
        """Make *executable* known; a later one of the same name replaces it."""
        root = root_name(name)
        loaded: LoadedProgram | Exception
        try:
            loaded = load(root, executable)
        except (SyntaxError, ValueError, OSError, ImportError) as error:
            loaded = error
        self._names[fold(root)] = root
        self._programs[fold(root)] = loaded

    def load_file(self, path: Path) -> LoadedProgram:
        """The program in a file of the host's, which nobody has registered.

        It can start processes of itself: what is registered by its name goes first.

        Raises: as load.
        """
        loaded = load(root_name(path.stem), Executable(path))
        self._files[fold(loaded.name)] = loaded
        return loaded

    def names(self) -> list[str]:
        """Root names, in order of registration."""
        return list(self._names.values())

    def find(self, file_name: str) -> LoadedProgram | Exception | None:
        """The program for a file name, or why it could not be read."""
        name = fold(root_name(file_name.rpartition("\\")[2]))
        return self._programs.get(name) or self._files.get(name)

    def find_loaded(self, file_name: str) -> LoadedProgram:
        """The program for a file name.

        Raises: KErrNotFound; KErrCorrupt if what was registered does not compile.
        """
        found = self.find(file_name)
        if isinstance(found, LoadedProgram):
            return found
        if isinstance(found, SyntaxError | ValueError):
            raise KernelError(KErrCorrupt, f"{file_name!r} is no program") from found
        raise KernelError(KErrNotFound, f"no program {file_name!r}") from found


def root_name(name: str) -> str:
    """The name with `.exe`, unless it has that or `.dll`."""
    return name if fold(name).endswith((KExeSuffix, KDllSuffix)) else name + KExeSuffix


def load(root: str, executable: Executable) -> LoadedProgram:
    """Read and compile. Raises: OSError, SyntaxError, ImportError."""
    source = executable.source
    if callable(source):
        image = _as_named(root, executable.image or Image())
        return LoadedProgram(root, image, function=source)
    path = source if isinstance(source, Path) else module_path(source)
    module = compile_module(path.read_bytes(), str(path), executable.image)
    return LoadedProgram(root, _as_named(root, module.image), module=module)


def _as_named(root: str, image: Image) -> Image:
    """A DLL need not say so twice."""
    if fold(root).endswith(KDllSuffix) and image.uid1 == KExecutableImageUid:
        return replace(image, uid1=KDynamicLibraryUid)
    return image


def module_path(name: str) -> Path:
    """Where an importable module's source is. Raises: ImportError."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None or not spec.has_location:
        raise ImportError(f"no source for module {name!r}")
    return Path(spec.origin)
