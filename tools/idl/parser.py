"""From a description's text to its nodes; the first mistake ends the file.

The nodes are built while the parser reduces, not by walking a tree: no description is
nested too deeply.
"""

from collections.abc import Sequence
from functools import cache
from typing import NoReturn

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from tools.idl.diagnostic import quoted
from tools.idl.grammar import GRAMMAR
from tools.idl.nodes import (
    AttributeNode,
    FileNode,
    ImportNode,
    IncludeNode,
    InterfaceNode,
    OperationNode,
    ParameterNode,
    SequenceNode,
    WordsNode,
)
from tools.idl.source import Source, SourceError
from tools.idl.unsupported import about_character, about_token, expected_tokens


class Builder(Transformer[Token, FileNode]):
    """Makes the node of each rule."""

    def file(self, children: list[object]) -> object:
        return tuple(children)

    def include(self, children: list[Token]) -> IncludeNode:
        return IncludeNode(" ".join(children[0].split()))

    def import_(self, children: list[Token]) -> ImportNode:
        return ImportNode(children[0])

    def simple(self, children: list[object]) -> InterfaceNode:
        attributes, name, *operations = children
        return InterfaceNode(attributes, name, tuple(operations), None)  # type: ignore[arg-type] # as the rule has it

    def compound(self, children: list[object]) -> InterfaceNode:
        attributes, name, _composes, *components = children
        return InterfaceNode(attributes, name, (), tuple(components))  # type: ignore[arg-type] # as the rule has it

    def operation(self, children: list[object]) -> OperationNode:
        attributes, result, name, parameters = children
        kind = None if isinstance(result, Token) else result
        return OperationNode(attributes, kind, name, parameters)  # type: ignore[arg-type] # as the rule has it

    def parameters(self, children: list[object]) -> tuple[object, ...]:
        return tuple(c for c in children if isinstance(c, ParameterNode))

    def parameter(self, children: list[object]) -> ParameterNode:
        direction, kind, name = children
        return ParameterNode(direction, kind, name)  # type: ignore[arg-type] # as the rule has it

    def attributes(self, children: list[AttributeNode | None]) -> tuple[object, ...]:
        return tuple(child for child in children if child is not None)

    def attribute(self, children: list[Token | None]) -> AttributeNode:
        words = [child for child in children if child is not None]
        return AttributeNode(words[0], tuple(words[1:]))

    def words_type(self, children: list[Token]) -> WordsNode:
        return WordsNode(tuple(children))

    def c_type(self, children: list[Token]) -> WordsNode:
        return WordsNode(tuple(children))

    def sequence_type(self, children: list[object]) -> SequenceNode:
        first, element, limit = children
        return SequenceNode(first, element, limit)  # type: ignore[arg-type] # as the rule has it

    def direction(self, children: list[Token]) -> Token:
        return children[0]

    def c_word(self, children: list[Token]) -> Token:
        return children[0]

    def other_name(self, children: list[Token]) -> Token:
        return children[0]


@cache
def _parser() -> Lark:
    return Lark(
        GRAMMAR,
        parser="lalr",
        lexer="basic",
        start="file",
        maybe_placeholders=True,
        transformer=Builder(),
    )


def parse(source: Source) -> FileNode:
    """The nodes of a file.

    Raises: SourceError with E101 to E104, at the first token that does not fit.
    """
    try:
        nodes: FileNode = _parser().parse(source.text)  # type: ignore[assignment] # Builder.file's
    except UnexpectedCharacters as error:
        _refuse_character(source, error.pos_in_stream or 0)
    except UnexpectedToken as error:
        _refuse_token(source, error.token, error.accepts or error.expected)
    return nodes


def _refuse_character(source: Source, offset: int) -> NoReturn:
    code, place, text = about_character(source.text, offset)
    raise SourceError(source.at_offset(code, place, text)) from None


def _refuse_token(
    source: Source, token: Token, expected: Sequence[str] | set[str]
) -> NoReturn:
    wanted = expected_tokens(expected)
    if token.type == "$END":
        offset = len(source.text.rstrip())
        text = f"expected {wanted}, found the end of the file"
        raise SourceError(source.at_offset("E104", offset, text)) from None
    remark = about_token(source.text, token, expected)
    text = f"expected {wanted}, found {quoted(token)}{remark}"
    raise SourceError(source.at("E104", token, text)) from None
