"""Finds and reads the files that a description is made of."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.idl.diagnostic import Diagnostic, quoted
from tools.idl.nodes import FileNode, ImportNode, IncludeNode, InterfaceNode
from tools.idl.parser import parse
from tools.idl.source import SUFFIX, Source, SourceError, read_source


@dataclass(eq=False)
class Unit:
    """One file, parsed, and the files it imports."""

    source: Source
    nodes: FileNode
    imports: list["Unit"] = field(default_factory=list)
    is_whole: bool = True  # False: an import of it cannot be read or parsed

    @property
    def interfaces(self) -> Iterator[InterfaceNode]:
        return (node for node in self.nodes if isinstance(node, InterfaceNode))

    @property
    def includes(self) -> list[str]:
        return [node.text for node in self.nodes if isinstance(node, IncludeNode)]

    def reachable(self) -> list["Unit"]:
        """Itself, and whatever it imports, directly or not."""
        found = {self: None}
        for unit in (waiting := [self]):
            for other in unit.imports:
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return list(found)


class Loader:
    """Reads files, each once, in the order in which they are needed."""

    def __init__(self, search: Sequence[Path]) -> None:
        self._search: Final = tuple(search)
        self._units: Final[dict[str, Unit | None]] = {}  # None: not readable, said so
        self._reading: Final[set[str]] = set()
        self.diagnostics: Final[list[Diagnostic]] = []
        self.paths: Final[list[Path]] = []  # of all files, also of unreadable ones

    @property
    def units(self) -> list[Unit]:
        """All files that were read, in the order in which they were found."""
        return [unit for unit in self._units.values() if unit is not None]

    def load(self, path: Path) -> Unit | None:
        """Read a file and all it imports; no recursion, for a chain may be long."""
        first = self._read(path)
        if first is None:
            return None
        stack = [(first, _imports_of(first))]
        self._reading.add(_key(path))
        while stack:
            unit, rest = stack[-1]
            node = next(rest, None)
            if node is None:
                stack.pop()
                self._reading.discard(_key(unit.source.path))
                continue
            other = self._import(unit, node)
            if other is not None:
                self._reading.add(_key(other.source.path))
                stack.append((other, _imports_of(other)))
        return first

    def _import(self, unit: Unit, node: ImportNode) -> Unit | None:
        """The imported file, if it has imports of its own to follow."""
        path = self.find(unit, node.path)
        if path is None:
            text = f"no file {quoted(node.path)} here or along the search path"
            self.diagnostics.append(unit.source.at("E201", node.string, text))
            return None
        if _key(path) in self._reading:
            text = f"{quoted(node.path)} imports this file, directly or not"
            self.diagnostics.append(unit.source.at("E202", node.string, text))
            return None
        is_new = _key(path) not in self._units
        other = self._read(path)
        if other is None:
            unit.is_whole = False
            return None
        unit.imports.append(other)
        return other if is_new else None

    def _read(self, path: Path) -> Unit | None:
        key = _key(path)
        if key not in self._units:
            self._units[key] = None  # its place among the files
            self.paths.append(path)
            try:
                source = read_source(path)
                self._units[key] = Unit(source, parse(source))
            except SourceError as error:
                self.diagnostics.append(error.diagnostic)
        return self._units[key]

    def find(self, unit: Unit, name: str) -> Path | None:
        """Where a file is: beside the one that asks, else along the search path."""
        for folder in (unit.source.path.parent, *self._search):
            path = folder / name
            if _exists(path):
                return path
        return None

    def find_interface(self, unit: Unit, stem: str) -> Unit | None:
        """The file of that name, read; None if there is none."""
        path = self.find(unit, stem + SUFFIX)
        if path is None:
            return None
        key = _key(path)
        return self._units[key] if key in self._units else self.load(path)


def _imports_of(unit: Unit) -> Iterator[ImportNode]:
    return (node for node in unit.nodes if isinstance(node, ImportNode))


def _key(path: Path) -> str:
    """What two names of one file have in common."""
    return os.path.realpath(path)


def _exists(path: Path) -> bool:
    """Whether there is something that a description can be meant by."""
    try:
        return path.exists() and (path.suffix == SUFFIX or not path.is_dir())
    except (OSError, ValueError):  # too long a name, or a zero byte in it
        return False
