"""Names that a description may use for numbers, and names of types."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kernel.abi.l4 import L4Err, L4IpcErr, L4Proto, Rights
from tools.idl.diagnostic import Diagnostic, quoted
from tools.idl.idl_types import NAMED, RESERVED, Type, c_type
from tools.idl.source import IDENTIFIER, Source, SourceError, decode

NUMBER: Final = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|[0-9]+)\Z", re.ASCII)
ENTRY: Final = re.compile(r"\s*(type|const)\s+(\S+)\s*=\s*(.*?)\s*\Z")
MOST_DIGITS: Final = 40  # no number with more fits anything
TOO_LARGE: Final = 1 << 160


def number_of(text: str) -> int:
    """A number's value; one with too many digits is just too large."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, str(text))
    is_hex = digits[:2] in {"0x", "0X"}
    digits = (digits[2:] if is_hex else digits).lstrip("0") or "0"
    if len(digits) > MOST_DIGITS:
        return sign * TOO_LARGE
    return sign * int(digits, 16 if is_hex else 10)


def built_in_constants() -> dict[str, int]:
    """The names of rights, results and protocols."""
    enums = (L4Err, L4IpcErr, L4Proto)
    names: dict[str, int] = {
        name: int(member) for e in enums for name, member in e.__members__.items()
    }
    rights = Rights.__members__.items()
    return names | {name: int(r) for name, r in rights if not name.startswith("OBJECT")}


@dataclass(frozen=True)
class Symbols:
    """What names mean, beside those of interfaces."""

    constants: dict[str, int] = field(default_factory=built_in_constants)
    types: dict[str, str] = field(default_factory=lambda: dict(NAMED))

    def type_of(self, words: tuple[str, ...]) -> Type | None:
        """The type that these words name, if any."""
        if len(words) == 1 and words[0] in self.types:
            return Type(words[0], self.types[words[0]])
        return c_type(words)


def read_type_map(path: Path, symbols: Symbols) -> list[Diagnostic]:
    """Add what a type map says: `type NAME = C-TYPE`, `const NAME = NUMBER`."""
    try:
        source = Source(path, decode(path, path.read_bytes()))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        place = Source(path, "").at_place("E100", 1, 1, f"cannot be read: {why}")
        return [place]
    except SourceError as error:
        return [error.diagnostic]
    found = []
    for number, line in enumerate(source.text.split("\n"), 1):
        entry = line.partition("#")[0].rstrip()
        refusal = _add_entry(entry, symbols) if entry.strip() else None
        if refusal is not None:
            code, word, text = refusal
            column = line.find(word) + 1
            found.append(source.at_place(code, number, column, text, len(word)))
    return found


def _add_entry(line: str, symbols: Symbols) -> tuple[str, str, str] | None:
    """Add one line's entry, or say code, word and message."""
    match = ENTRY.match(line)
    if match is None:
        word = line.split(maxsplit=1)[0]
        text = "expected 'type NAME = C-TYPE' or 'const NAME = NUMBER'"
        return "E104", word, text
    kind, name, value = match.groups()
    if not IDENTIFIER.match(name) or name in RESERVED or name in dict(NAMED):
        return "E309", name, f"{quoted(name)} cannot be given a meaning here"
    if kind == "const":
        if not NUMBER.match(value):
            return "E104", value or name, f"expected a number, found {quoted(value)}"
        symbols.constants[name] = number_of(value)
        return None
    meant = symbols.type_of(tuple(value.split()))
    if meant is None or not meant.is_integer:
        return "E305", value or name, f"{quoted(value)} is no integer type"
    symbols.types[name] = meant.wire
    return None
