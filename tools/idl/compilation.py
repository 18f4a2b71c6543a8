"""One description and all it needs, compiled: what can be generated, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.idl.checker import Checker
from tools.idl.diagnostic import Diagnostic
from tools.idl.imports import Loader, Unit
from tools.idl.model import Interface
from tools.idl.symbols import Symbols, read_type_map


@dataclass(frozen=True)
class Options:
    """What a compilation depends on beside its files."""

    search: Sequence[Path] = ()  # -I
    constants: Mapping[str, int] = field(default_factory=dict)  # -D
    type_maps: Sequence[Path] = ()  # -t


@dataclass(frozen=True)
class Module:
    """One description file: the base of three Python modules."""

    path: Path
    includes: Sequence[str]
    interfaces: Sequence[Interface]  # its own, components before compounds

    @property
    def stem(self) -> str:
        return self.path.stem


@dataclass(frozen=True)
class Compilation:
    """What became of a description."""

    path: Path
    modules: Sequence[Module]  # the description's own, then those of imported files
    diagnostics: Sequence[Diagnostic]
    depends: Sequence[Path]  # every file that was read

    @property
    def interfaces(self) -> Mapping[str, Interface]:
        """The file's own interfaces, by name."""
        own = self.modules[0].interfaces if self.modules else ()
        return {interface.name: interface for interface in own}

    @property
    def errors(self) -> list[Diagnostic]:
        return [found for found in self.diagnostics if found.is_error]

    @property
    def is_good(self) -> bool:
        """Whether modules can be generated."""
        return not self.errors


def compile_file(path: str | Path, options: Options | None = None) -> Compilation:
    """Read and check a description, and all it imports.

    Never raises for what is in a file: that is in the diagnostics, which are in order
    of file and position.
    """
    path, options = Path(path), options or Options()
    symbols = Symbols()
    maps = [
        found for item in options.type_maps for found in read_type_map(item, symbols)
    ]
    symbols.constants.update(options.constants)
    loader = Loader(options.search)
    loader.load(path)
    checker = Checker(loader, symbols)
    interfaces = checker.check()
    units = loader.units
    found = [*loader.diagnostics, *checker.found]
    return Compilation(
        path,
        [_module(unit, interfaces) for unit in units],
        [*maps, *_in_order(found, loader.paths)],
        [unit.source.path for unit in units] + list(options.type_maps),
    )


def _module(unit: Unit, interfaces: Sequence[Interface]) -> Module:
    path = unit.source.path
    own = [interface for interface in interfaces if interface.path == path]
    return Module(path, unit.includes, own)


def _in_order(found: Sequence[Diagnostic], paths: Sequence[Path]) -> list[Diagnostic]:
    places = {path: place for place, path in enumerate(paths)}
    unique = dict.fromkeys(found)
    return sorted(
        unique, key=lambda one: (places[one.path], one.line, one.column, one.code)
    )
