"""Checks compound interfaces: who is listed, in which order, and what collides."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from lark import Token

from tools.idl.diagnostic import Diagnostic, quoted
from tools.idl.linearize import ancestry_of, linear_bases
from tools.idl.model import Interface, Operation, ResultClass
from tools.idl.nodes import InterfaceNode
from tools.idl.source import Source


class Composer:
    """Puts compounds together, components first."""

    def __init__(self, found: list[Diagnostic]) -> None:
        self._found: Final = found

    def order(
        self,
        compounds: Mapping[str, tuple[Source, InterfaceNode, Sequence[Token]]],
    ) -> list[str]:
        """The names, components before what composes them; cycles are reported."""
        done: dict[str, None] = {}
        for first in compounds:
            path: dict[str, Iterator[Token]] = {}
            if first not in done:
                path[first] = iter(compounds[first][2])
            while path:
                name = next(reversed(path))
                entry = next(path[name], None)
                if entry is None:
                    del path[name]
                    done[name] = None
                elif entry in path:
                    text = f"{quoted(str(entry))} composes itself, directly or not"
                    source = compounds[name][0]
                    self._found.append(source.at("E505", entry, text))
                elif entry in compounds and entry not in done:
                    path[str(entry)] = iter(compounds[str(entry)][2])
        return list(done)

    def compose(
        self,
        source: Source,
        draft: Interface,
        entries: Sequence[tuple[Token, Interface]],
    ) -> Interface:
        """The compound of *draft*'s name made of those components."""
        simple: dict[str, Interface] = {}
        for token, component in entries:
            new = [part for part in component.simple if part.name not in simple]
            for part in new:
                self._check_pairs(source, token, simple.values(), part)
                self._check_names(source, token, simple.values(), part)
                simple[part.name] = part
        components = tuple(component for _token, component in entries)
        bases = linear_bases(components)
        return replace(
            draft,
            components=components,
            flattened=tuple(simple.values()),
            bases=bases,
            ancestry=ancestry_of(draft.name, bases),
            results=_results_of(bases),
        )

    def _check_pairs(
        self,
        source: Source,
        token: Token,
        others: Collection[Interface],
        part: Interface,
    ) -> None:
        taken = {
            (other.protocol, operation.opcode): f"{other.name}.{operation.name}"
            for other in others
            for operation in other.operations
        }
        for operation in part.operations:
            holder = taken.get((part.protocol, operation.opcode))
            if holder is not None:
                pair = f"({part.protocol:#x}, {operation.opcode})"
                text = f"{pair} is both {holder} and {part.name}.{operation.name}"
                self._found.append(source.at("E503", token, text))
                return

    def _check_names(
        self,
        source: Source,
        token: Token,
        others: Collection[Interface],
        part: Interface,
    ) -> None:
        named: dict[str, tuple[Interface, Operation]] = {
            operation.python: (other, operation)
            for other in others
            for operation in other.operations
        }
        for operation in part.operations:
            if operation.python not in named:
                continue
            owner, other = named[operation.python]
            shown = f"{owner.name}.{other.name} and {part.name}.{operation.name}"
            if other.name != operation.name:
                text = f"{shown} collide in Python"
                self._found.append(source.at("E306", token, text))
            elif other.shape != operation.shape:
                text = f"{shown} have different parameters"
                self._found.append(source.at("E504", token, text))


def _results_of(bases: Collection[Interface]) -> dict[str, tuple[ResultClass, ...]]:
    """The classes that the bases have for each operation with several outputs."""
    found: dict[str, dict[ResultClass, None]] = {}
    for base in bases:
        for _owner, operation in base.all_operations:
            if len(operation.outputs) > 1:
                found.setdefault(operation.python, {})[base.result_of(operation)] = None
    return {name: tuple(classes) for name, classes in found.items()}
