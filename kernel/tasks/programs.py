"""Emulated executables: found by name, compiled once, executed afresh a process.

A program is a Python module with `e32main()` and perhaps an `IMAGE`. Each process
executes its code in a module of its own, `eka.process.<id>.<name>`, which stands in
`sys.modules` while the process lives: dataclasses and pickle look there. What it
imports is shared between processes like code in ROM. A function as a program has no
module of its own.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import KernelError, KErrCorrupt, KErrNotFound
from kernel.abi.image import Image
from kernel.abi.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from kernel.abi.config import Executable
    from kernel.tasks.process import DProcess

KExeSuffix: Final = ".exe"


class LoadedProgram:
    """One executable, ready to run any number of times."""

    def __init__(
        self,
        name: str,
        image: Image,
        *,
        code: CodeType | None = None,
        file: str = "",
        function: Callable[[], int | None] | None = None,
    ) -> None:
        self.name: Final = name  # root name, with .exe
        self.image: Final = image
        self._code: Final = code
        self._file: Final = file
        self._function: Final = function

    def load(self, process: DProcess) -> ModuleType | None:
        """Make the process's own module, not yet executed; None for a function."""
        if self._code is None:
            return None
        stem = self.name.removesuffix(KExeSuffix)
        module = ModuleType(f"eka.process.{process.id}.{stem}")
        module.__file__ = self._file
        process.module_name = module.__name__
        sys.modules[module.__name__] = module
        return module

    def run(self, module: ModuleType | None) -> int | None:
        """Execute the program: user code, in the process's main thread."""
        if module is None:
            assert self._function is not None
            return self._function()
        assert self._code is not None
        exec(self._code, module.__dict__)  # noqa: S102 - that is what a loader does
        main: Callable[[], int | None] | None = getattr(module, "e32main", None)
        if main is None:
            raise AttributeError(f"{self._file} defines no e32main()")
        return main()


def unload(process: DProcess) -> None:
    """The process is dead: its module is nobody's any more."""
    sys.modules.pop(process.module_name, None)


class ProgramTable:
    """The executables a machine knows, by folded root name.

    An executable is read and compiled when it is registered, by the host: a kernel call
    does no such work under the lock. What went wrong then is kept for whoever asks.
    """

    def __init__(self) -> None:
        self._programs: Final[dict[str, LoadedProgram | Exception]] = {}
        self._names: Final[dict[str, str]] = {}

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

    def names(self) -> list[str]:
        """Root names, in order of registration."""
        return list(self._names.values())

    def find(self, file_name: str) -> LoadedProgram | Exception | None:
        """The program for a file name, or why it could not be read."""
        return self._programs.get(fold(root_name(file_name.rpartition("\\")[2])))

    def find_loaded(self, file_name: str) -> LoadedProgram:
        """The program for a file name.

        Raises: KErrNotFound; KErrCorrupt if what was registered does not compile.
        """
        found = self.find(file_name)
        if isinstance(found, LoadedProgram):
            return found
        corrupt = isinstance(found, SyntaxError | ValueError)
        raise KernelError(KErrCorrupt if corrupt else KErrNotFound) from found


def root_name(name: str) -> str:
    """The name with `.exe`, whether or not it had it."""
    return name if fold(name).endswith(KExeSuffix) else name + KExeSuffix


def load(root: str, executable: Executable) -> LoadedProgram:
    """Read and compile. Raises: OSError, SyntaxError, ImportError."""
    source = executable.source
    if callable(source):
        return LoadedProgram(root, executable.image or Image(), function=source)
    path = source if isinstance(source, Path) else module_path(source)
    tree = ast.parse(path.read_bytes(), str(path))
    code = compile(tree, str(path), "exec", dont_inherit=True)
    image = executable.image or declared_image(tree, path)
    return LoadedProgram(root, image, code=code, file=str(path))


def module_path(name: str) -> Path:
    """Where an importable module's source is. Raises: ImportError."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None or not spec.has_location:
        raise ImportError(f"no source for module {name!r}")
    return Path(spec.origin)


def declared_image(tree: ast.Module, path: Path) -> Image:
    """What the module's top-level `IMAGE = Image(…)` says, without running the module.

    The header of an executable is read before the program runs, so only the imports it
    may need and the assignment itself are executed.
    """
    wanted = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and _assigns_image(node)
    ]
    if not wanted:
        return Image()
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    namespace: dict[str, object] = {"__name__": "eka.image"}
    header = ast.Module(body=[*imports, *wanted], type_ignores=[])
    exec(compile(header, str(path), "exec", dont_inherit=True), namespace)  # noqa: S102 - as above
    image = namespace.get("IMAGE")
    if not isinstance(image, Image):
        raise ValueError(f"IMAGE in {path} is not an Image")  # noqa: TRY004 - a bad file, not a bad call
    return image


def _assigns_image(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(t, ast.Name) and t.id == "IMAGE" for t in targets)
