"""Checks what stands between square brackets."""

from collections.abc import Sequence
from typing import Final

from lark import Token

from tools.idl.diagnostic import Diagnostic, quoted
from tools.idl.nodes import AttributeNode
from tools.idl.source import Source
from tools.idl.symbols import Symbols, number_of

# How many arguments each takes.
ARGUMENTS: Final = (
    ("opcode", (1, 1)),
    ("protocol", (1, 1)),
    ("oneway", (0, 0)),
    ("deferred", (0, 0)),
    ("rights", (1, 2)),
)
PLURALS: Final = (((0, 0), "no arguments"), ((1, 1), "one argument"))
W, S = 1, 2


class Attributes:
    """The attributes of one thing: known ones, each once, with as many arguments."""

    def __init__(
        self,
        source: Source,
        symbols: Symbols,
        found: list[Diagnostic],
        nodes: Sequence[AttributeNode],
    ) -> None:
        self._source: Final = source
        self._symbols: Final = symbols
        self._found: Final = found
        self._nodes: Final[dict[str, AttributeNode]] = {}
        self._broken: Final[set[str]] = set()  # there, but good for nothing
        for node in nodes:
            self._add(node)

    def _say(self, code: str, token: Token, text: str) -> None:
        self._found.append(self._source.at(code, token, text))

    def _add(self, node: AttributeNode) -> None:
        name = str(node.name)
        limits = dict(ARGUMENTS).get(name)
        if limits is None:
            self._say("E401", node.name, f"unknown attribute {quoted(name)}")
            return
        if name in self._nodes:
            self._say("E406", node.name, f"attribute {quoted(name)} is given twice")
            return
        self._nodes[name] = node
        least, most = limits
        if not least <= len(node.arguments) <= most:
            wanted = dict(PLURALS).get(limits, "one or two arguments")
            self._say("E403", node.name, f"{quoted(name)} takes {wanted}")
            self._broken.add(name)

    def check_allowed(self, what: str, allowed: Sequence[str]) -> None:
        """Report the attributes that *what* may not have."""
        for name, node in self._nodes.items():
            if name not in allowed:
                text = f"attribute {quoted(name)} is not allowed on {what}"
                self._say("E402", node.name, text)

    def has(self, name: str) -> bool:
        """Whether it is given, rightly or wrongly."""
        return name in self._nodes

    def flag(self, name: str) -> bool:
        """Whether an attribute without arguments is set."""
        return name in self._nodes

    def argument(self, name: str) -> Token | None:
        """The only argument of a well-formed attribute."""
        if name not in self._nodes or name in self._broken:
            return None
        return self._nodes[name].arguments[0]

    def number(self, name: str, lowest: int, highest: int) -> int | None:
        """The value of its argument; None if it has none, or one that is reported."""
        argument = self.argument(name)
        if argument is None:
            return None
        value = self._value(argument)
        if value is not None and not lowest <= value <= highest:
            shown = quoted(argument)
            text = f"{shown} is out of range: {lowest} to {highest}"
            self._say("E404", argument, text)
            return None
        return value

    def _value(self, argument: Token) -> int | None:
        if argument.type == "NUMBER":
            return number_of(argument)
        if argument.type == "STRING":
            self._say("E403", argument, "expected a number, found a string")
            return None
        value = self._symbols.constants.get(str(argument))
        if value is None:
            self._say("E405", argument, f"unknown constant {quoted(argument)}")
        return value

    def rights(self) -> tuple[str, ...]:
        """The rights that are asked for, W before S."""
        if "rights" not in self._nodes or "rights" in self._broken:
            return ()
        wanted = 0
        for argument in self._nodes["rights"].arguments:
            value = self._value(argument)
            if value is None:
                continue
            if not 0 < value <= W | S:
                text = f"only W and S can be asked for, not {quoted(argument)}"
                self._say("E404", argument, text)
                continue
            wanted |= value
        return tuple(name for name, bit in (("W", W), ("S", S)) if wanted & bit)
