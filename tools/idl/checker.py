"""From parsed files to interfaces: everything that a description must keep to."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from lark import Token

from tools.idl.attributes import Attributes
from tools.idl.compounds import Composer
from tools.idl.diagnostic import Diagnostic, quoted
from tools.idl.imports import Loader, Unit
from tools.idl.model import Interface, derived_protocol
from tools.idl.nodes import InterfaceNode
from tools.idl.operations import OperationChecker, check_name
from tools.idl.python_names import (
    TAKEN_IN_MODULES,
    class_names,
    file_stem,
    module_names,
    python_name,
)
from tools.idl.source import Source
from tools.idl.symbols import Symbols

LOWEST_PROTOCOL: Final = -0x8000
HIGHEST_PROTOCOL: Final = 0x7FFF
META: Final = -21  # every object answers it by itself


class Definition(NamedTuple):
    """Where an interface is defined."""

    unit: Unit
    node: InterfaceNode


class Checker:
    """Checks all files that a loader has read, and those that they turn out to need."""

    def __init__(self, loader: Loader, symbols: Symbols) -> None:
        self._loader: Final = loader
        self._symbols: Final = symbols
        self.found: Final[list[Diagnostic]] = []
        self._defined: Final[dict[str, Definition]] = {}
        self._interfaces: Final[dict[str, Interface]] = {}
        self._entries: Final[dict[str, list[Token]]] = {}  # known names that it lists

    def check(self) -> list[Interface]:
        """The interfaces, components before compounds."""
        self._define_all()
        for definition in self._defined.values():
            if definition.node.components is None:
                self._check_simple(*definition)
            else:
                self._check_compound_head(*definition)
        self._compose_all()
        self._check_module_names()
        self._check_class_names()
        return list(self._interfaces.values())

    def _say(self, source: Source, code: str, token: Token, text: str) -> None:
        self.found.append(source.at(code, token, text))

    # Who is defined, and what lists mean

    def _define_all(self) -> None:
        """Define every interface; looking a component up can bring further files."""
        seen: set[Unit] = set()
        while new := [unit for unit in self._loader.units if unit not in seen]:
            for unit in new:
                seen.add(unit)
                self._define(unit)
            for unit in new:
                for node in unit.interfaces:
                    if node.components is not None:
                        self._resolve(unit, node)

    def _define(self, unit: Unit) -> None:
        for node in unit.interfaces:
            name = str(node.name)
            if name in self._defined:
                other = self._defined[name].unit.source.path
                where = "" if other == unit.source.path else f", also in {other}"
                text = f"interface {quoted(name)} is defined twice{where}"
                self._say(unit.source, "E301", node.name, text)
            else:
                self._defined[name] = Definition(unit, node)

    def _resolve(self, unit: Unit, node: InterfaceNode) -> None:
        """Find out what is listed; a name that nobody imports may be a file's."""
        name = str(node.name)
        if self._defined.get(name, (None, None))[1] is not node:
            return
        visible = unit.reachable()
        listed: dict[str, Token] = {}
        for entry in node.components or ():
            if str(entry) in listed:
                text = f"{quoted(str(entry))} is listed twice"
                self._say(unit.source, "E502", entry, text)
            elif self._is_known(unit, entry, visible):
                listed[str(entry)] = entry
        self._entries[name] = list(listed.values())

    def _is_known(self, unit: Unit, entry: Token, visible: Sequence[Unit]) -> bool:
        name = str(entry)
        if any(
            str(node.name) == name for other in visible for node in other.interfaces
        ):
            return True
        stem = file_stem(name)
        other = self._loader.find_interface(unit, stem)
        if other is not None and any(
            str(node.name) == name for node in other.interfaces
        ):
            text = f"{quoted(name)} is not imported; it was found in {stem}.idl"
            self._say(unit.source, "W703", entry, text)
            return True
        if other is not None or all(part.is_whole for part in visible):
            self._say(unit.source, "E501", entry, f"unknown interface {quoted(name)}")
        return False

    # Simple interfaces

    def _check_simple(self, unit: Unit, node: InterfaceNode) -> None:
        source, name = unit.source, str(node.name)
        check_name(source, self.found, node.name)
        attributes = Attributes(source, self._symbols, self.found, node.attributes)
        attributes.check_allowed("an interface", ("protocol",))
        operations = OperationChecker(source, self._symbols, self.found).check(node)
        if not operations:
            text = f"interface {quoted(name)} has no operations"
            self._say(source, "W702", node.name, text)
        self._interfaces[name] = Interface(
            name,
            python_name(name),
            source.path,
            self._protocol(source, attributes, name),
            operations,
            ancestry=(name,),
        )

    def _protocol(self, source: Source, attributes: Attributes, name: str) -> int:
        number = attributes.number("protocol", LOWEST_PROTOCOL, HIGHEST_PROTOCOL)
        argument = attributes.argument("protocol")
        if number is None or argument is None:
            return derived_protocol(name) if name.isascii() else 0
        if number == META:
            text = f"protocol {META} is that of introspection"
            self._say(source, "E404", argument, text)
        elif number < 0:
            text = f"protocol {number}: negative numbers belong to the kernel"
            self._say(source, "W701", argument, text)
        return number

    # Compounds

    def _check_compound_head(self, unit: Unit, node: InterfaceNode) -> None:
        source = unit.source
        check_name(source, self.found, node.name)
        attributes = Attributes(source, self._symbols, self.found, node.attributes)
        attributes.check_allowed("a compound interface", ())

    def _compose_all(self) -> None:
        composer = Composer(self.found)
        compounds = {
            name: (self._defined[name].unit.source, self._defined[name].node, entries)
            for name, entries in self._entries.items()
        }
        for name in composer.order(compounds):
            source, _node, entries = compounds[name]
            draft = Interface(name, python_name(name), source.path, None)
            self._interfaces[name] = composer.compose(
                source,
                draft,
                [
                    (entry, self._interfaces[str(entry)])
                    for entry in entries
                    if str(entry) in self._interfaces
                ],
            )

    def _check_module_names(self) -> None:
        """Report interfaces whose names would meet at the top of a module."""
        taken = dict.fromkeys(TAKEN_IN_MODULES, "the module itself")
        for name, interface in self._interfaces.items():
            names = list(module_names(interface))
            clash = next((word for word in names if word in taken), None)
            if clash is not None:
                unit, node = self._defined[name]
                text = f"{quoted(clash)} is a name that {taken[clash]} needs in Python"
                self._say(unit.source, "E306", node.name, text)
            for word in names:
                taken.setdefault(word, f"interface {quoted(name)}")

    def _check_class_names(self) -> None:
        """Report operations called like what the classes that have them need inside."""
        said: set[str] = set()  # a compound repeats its components'
        for name, interface in self._interfaces.items():
            needed = set(class_names(interface))
            called = {operation.python for _o, operation in interface.all_operations}
            for word in sorted((needed & called) - said):
                said.add(word)
                unit, node = self._defined[name]
                tokens = [one.name for one in node.operations if str(one.name) == word]
                text = f"{quoted(word)} is a name that {quoted(name)} needs in Python"
                self._say(unit.source, "E306", (*tokens, node.name)[0], text)
