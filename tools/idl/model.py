"""What a checked description comes to: everything a generator needs."""

import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from tools.idl.idl_types import Type

FIRST_DERIVED: Final = 0x1000  # of protocol numbers that a name stands for
DERIVED_COUNT: Final = 0x3000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    direction: str
    type: Type
    python: str  # its name in Python

    @property
    def is_input(self) -> bool:
        return self.direction != "out"

    @property
    def is_output(self) -> bool:
        return self.direction != "in"

    @property
    def shape(self) -> tuple[str, str, str]:
        """What has to agree where two interfaces share an operation."""
        return self.direction, self.type.wire, self.name


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, with its number."""

    name: str
    opcode: int
    parameters: tuple[Parameter, ...]
    oneway: bool
    deferred: bool
    rights: tuple[str, ...]
    python: str

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if p.is_input)

    @property
    def outputs(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if p.is_output)

    @property
    def shape(self) -> tuple[object, ...]:
        return self.deferred, tuple(p.shape for p in self.parameters)


class ResultClass(NamedTuple):
    """A named tuple that an operation returns, and the file it is made from."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Interface:
    """An interface; a compound has components, no protocol and no operations."""

    name: str
    python: str
    path: Path  # of the file that it is described in
    protocol: int | None
    operations: tuple[Operation, ...] = ()
    components: "tuple[Interface, ...]" = ()
    flattened: "tuple[Interface, ...]" = ()  # of a compound, each once
    bases: "tuple[Interface, ...]" = ()  # of a compound's class
    ancestry: tuple[str, ...] = ()  # names of its classes, in the order of their MRO
    results: dict[str, tuple[ResultClass, ...]] = field(default_factory=dict)

    @property
    def is_compound(self) -> bool:
        return self.protocol is None

    @property
    def simple(self) -> "tuple[Interface, ...]":
        """The interfaces that bring the operations: a compound's, or itself."""
        return self.flattened if self.is_compound else (self,)

    def result_of(self, operation: Operation) -> ResultClass:
        """The class of what an operation with several outputs returns here.

        Where components share it, each with a class of its own, the compound's own
        derives from all of theirs.
        """
        inherited = self.results.get(operation.python, ())
        if len(inherited) == 1:
            return inherited[0]
        return ResultClass(f"{self.name}_{operation.name}_result", self.path)

    @property
    def all_operations(self) -> "tuple[tuple[Interface, Operation], ...]":
        """Every operation with its owner; of a shared name the first only."""
        found: dict[str, tuple[Interface, Operation]] = {}
        for owner in self.simple:
            for operation in owner.operations:
                found.setdefault(operation.python, (owner, operation))
        return tuple(found.values())


def derived_protocol(name: str) -> int:
    """The protocol number of an interface that names none."""
    return FIRST_DERIVED + zlib.crc32(name.encode("ascii")) % DERIVED_COUNT
