"""A description's text, and how its places become diagnostics."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lark import Token

from tools.idl.diagnostic import Diagnostic

IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
SUFFIX: Final = ".idl"


class SourceError(Exception):
    """A file that cannot be read, or parsed: what ends it is in `diagnostic`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


@dataclass(frozen=True)
class Source:
    """A file and what is in it; its newlines are the characters U+000A."""

    path: Path
    text: str

    def at(self, code: str, token: Token, text: str) -> Diagnostic:
        """A diagnostic about a token."""
        assert token.line is not None
        assert token.column is not None
        length = len(token.partition("\n")[0])
        return self.at_place(code, token.line, token.column, text, length)

    def at_place(
        self, code: str, line: int, column: int, text: str, length: int = 1
    ) -> Diagnostic:
        """A diagnostic about a place, both numbers from 1."""
        source = self.text.split("\n")[line - 1].rstrip("\r") if self.text else ""
        return Diagnostic(self.path, line, column, code, text, length, source)

    def at_offset(self, code: str, offset: int, text: str) -> Diagnostic:
        """A diagnostic about the character with that index."""
        before = self.text[:offset]
        line = before.count("\n") + 1
        return self.at_place(code, line, offset - (before.rfind("\n") + 1) + 1, text)


def read_source(path: Path) -> Source:
    """The file's text, without a byte order mark.

    Raises: SourceError with E105 or E100.
    """
    empty = Source(path, "")
    if path.suffix != SUFFIX or not IDENTIFIER.match(path.stem):
        text = "a description is called NAME.idl, and NAME is an identifier"
        raise SourceError(empty.at_place("E105", 1, 1, text))
    try:
        return Source(path, decode(path, path.read_bytes()))
    except OSError as error:
        why = error.strerror or str(error)
        raise SourceError(
            empty.at_place("E100", 1, 1, f"cannot be read: {why}")
        ) from error
    except ValueError as error:  # a path that no file can have
        raise SourceError(
            empty.at_place("E100", 1, 1, f"cannot be read: {error}")
        ) from error


def decode(path: Path, octets: bytes) -> str:
    """The bytes as text.

    Raises: SourceError with E100, at the first byte that is not UTF-8.
    """
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = octets[: error.start].decode("utf-8-sig", "replace")
        source = Source(path, octets.decode("utf-8-sig", "replace"))
        byte = octets[error.start]
        raise SourceError(
            source.at_offset("E100", len(good), f"not UTF-8: byte {byte:#04x}")
        ) from error
