"""`import calc_client` straight from calc.idl, without generating a file.

A finder ahead of the usual ones answers for NAME_interface, NAME_client and NAME_server
where a folder that it knows has a NAME.idl. The modules are made in memory, from what
the description says now. A module of that name that a person wrote comes first.

What is wrong with a description is a SyntaxError at its file and line: raised by code
that stands there, so that no frame of ours comes between.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tools.idl.compilation import Compilation
    from tools.idl.diagnostic import Diagnostic

KINDS: Final = ("interface", "client", "server")
MADE: Final = b"# Made by eka idl from "


class IdlFinder(MetaPathFinder):
    """Finds generated modules below some folders of this computer."""

    def __init__(
        self,
        *folders: str | Path,
        constants: Mapping[str, int] | None = None,
        type_maps: Sequence[str | Path] = (),
    ) -> None:
        self.folders: Final = [Path(folder).resolve() for folder in folders]
        self._constants: Final = dict(constants or {})
        self._type_maps: Final = [Path(path) for path in type_maps]
        # Descriptions that others import from elsewhere, by package and stem.
        self._elsewhere: Final[dict[tuple[str, str], Path]] = {}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The module, if a folder of ours has its description."""
        package, _, name = fullname.rpartition(".")
        stem, _, kind = name.rpartition("_")
        if kind not in KINDS or not stem:
            return None
        for description in self._candidates(package, stem, path):
            if not _is_written_by_hand(description.with_name(f"{name}.py")):
                loader = IdlLoader(self, description, kind, package, path)
                return spec_from_loader(fullname, loader)
        return None

    def compile(self, description: Path) -> "Compilation":
        """A description, with what the finder knows beside it."""
        from tools.idl.compilation import Options, compile_file

        options = Options(self.folders, self._constants, self._type_maps)
        return compile_file(description, options)

    def has_brought(self, module: ModuleType) -> bool:
        """Whether it is made from a description, or a file in one of the folders."""
        spec = getattr(module, "__spec__", None)
        if spec is None:  # a program's own, which goes with its process
            return False
        if isinstance(spec.loader, IdlLoader):
            return spec.loader.finder is self
        file = getattr(module, "__file__", None)
        inside = Path(file).resolve().parents if file else ()
        return any(folder in inside for folder in self.folders)

    def learn(
        self, package: str, path: Sequence[str] | None, descriptions: Sequence[Path]
    ) -> None:
        """Find the modules of descriptions that another one imports, wherever they are.

        Raises: ImportError if there is another description of one's name: they would
            be one module.
        """
        for description in descriptions:
            key = package, description.stem
            self._elsewhere.setdefault(key, description)
            first = next(self._candidates(*key, path))
            if not first.samefile(description):
                names = f"{description.stem}_{{{','.join(KINDS)}}}"
                raise ImportError(f"{first} and {description} would both be {names}")

    def _candidates(
        self, package: str, stem: str, path: Sequence[str] | None
    ) -> Iterator[Path]:
        """The descriptions that a module can be meant to be made from."""
        for folder in self._places(path):
            description = folder / f"{stem}.idl"
            if description.is_file():
                yield description
        if (package, stem) in self._elsewhere:
            yield self._elsewhere[package, stem]

    def _places(self, path: Sequence[str] | None) -> list[Path]:
        """The folders themselves, or those of a package inside one of them."""
        if path is None:
            return self.folders
        inside = [Path(entry).resolve() for entry in path]
        return [p for p in inside if any(p.is_relative_to(f) for f in self.folders)]


class IdlLoader(ExecutionLoader):
    """Makes one module from its description."""

    def __init__(
        self,
        finder: IdlFinder,
        description: Path,
        kind: str,
        package: str,
        path: Sequence[str] | None,
    ) -> None:
        self.finder: Final = finder
        self._description: Final = description
        self._kind: Final = kind
        self._package: Final = package
        self._path: Final = path  # of the package

    def is_package(self, fullname: str) -> bool:
        """No."""
        return False

    def get_filename(self, fullname: str) -> str:
        """Where `eka idl` would write it."""
        name = fullname.rpartition(".")[2]
        return str(self._description.with_name(f"{name}.py"))

    def get_source(self, fullname: str) -> str:
        """The module's text, or nothing if the description has errors."""
        found = self._compile()
        return found if isinstance(found, str) else ""

    def get_code(self, fullname: str) -> CodeType:
        """The module's code; that of a bad description raises what is wrong with it."""
        found = self._compile()
        if isinstance(found, str):
            return compile(found, self.get_filename(fullname), "exec")
        first = next(one for one in found if one.is_error)
        lines = "\n" * (first.line - 1)
        return compile(lines + _raising(found), str(first.path), "exec")

    def _compile(self) -> "str | Sequence[Diagnostic]":
        from tools.idl.output import generate

        compilation = self.finder.compile(self._description)
        if not compilation.is_good:
            return compilation.diagnostics
        imported = [module.path for module in compilation.modules[1:]]
        self.finder.learn(self._package, self._path, imported)
        (made,) = generate(compilation, kinds=[self._kind], package=self._package)
        return made.text


def _raising(found: "Sequence[Diagnostic]") -> str:
    """A line of Python that raises the first error, and says that there are others."""
    first, *others = (one for one in found if one.is_error)
    end = first.column + first.length
    place = (str(first.path), first.line, first.column, first.source, first.line, end)
    text = f"{first.code}: {first.text}"
    if others:
        count = "another error" if len(others) == 1 else f"{len(others)} more errors"
        text += f"; 'eka idl {first.path.name}' shows {count}"
    return f"raise SyntaxError({text!r}, {place!r})"


def _is_written_by_hand(module: Path) -> bool:
    try:
        return not module.read_bytes().startswith(MADE)
    except OSError:
        return False


def install(*folders: str | Path) -> None:
    """Import from descriptions in *folders* too, as long as the interpreter lives."""
    ours = next((f for f in sys.meta_path if isinstance(f, IdlFinder)), None)
    if ours is None:
        sys.meta_path.insert(0, IdlFinder(*folders))
        return
    new = (Path(folder).resolve() for folder in folders)
    ours.folders.extend(folder for folder in new if folder not in ours.folders)


@contextmanager
def idl_import(
    *folders: str | Path,
    constants: Mapping[str, int] | None = None,
    type_maps: Sequence[str | Path] = (),
) -> Iterator[None]:
    """Import from descriptions in *folders* within the block.

    *constants* and *type_maps* are what `eka idl` is given by -D and -t. What was
    imported is forgotten at its end, with the modules in *folders* that did so: their
    classes derive from what would be made anew.
    """
    finder = IdlFinder(*folders, constants=constants, type_maps=type_maps)
    before = set(sys.modules)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name, module in list(sys.modules.items()):
            if name not in before and finder.has_brought(module):
                del sys.modules[name]
