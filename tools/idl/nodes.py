"""What stands in a description: the parser's tokens, in their places."""

from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token


@dataclass(frozen=True, slots=True)
class AttributeNode:
    """`opcode(1)`."""

    name: Token
    arguments: Sequence[Token]


@dataclass(frozen=True, slots=True)
class WordsNode:
    """A type that is a name, or words of C."""

    words: Sequence[Token]

    @property
    def first(self) -> Token:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """`sequence<short, 10>`."""

    first: Token
    element: "TypeNode"
    limit: Token | None


TypeNode = WordsNode | SequenceNode


@dataclass(frozen=True, slots=True)
class ParameterNode:
    """`in int left`."""

    direction: Token
    type: TypeNode
    name: Token


@dataclass(frozen=True, slots=True)
class OperationNode:
    """`[oneway] void reset();`."""

    attributes: Sequence[AttributeNode]
    result: TypeNode | None  # None: void
    name: Token
    parameters: Sequence[ParameterNode]


@dataclass(frozen=True, slots=True)
class InterfaceNode:
    """`interface A { … };` or `interface A composes B, C;`."""

    attributes: Sequence[AttributeNode]
    name: Token
    operations: Sequence[OperationNode]
    components: Sequence[Token] | None  # None: it has a body


@dataclass(frozen=True, slots=True)
class ImportNode:
    """`import "calc.idl";`."""

    string: Token

    @property
    def path(self) -> str:
        return self.string[1:-1]


@dataclass(frozen=True, slots=True)
class IncludeNode:
    """`#include <l4/re/protocols.h>`, of which nothing but the words is known."""

    text: str


FileNode = Sequence[ImportNode | IncludeNode | InterfaceNode]
