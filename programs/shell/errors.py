"""What the shell says of what went wrong, and the ways a command can end early."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kernel.abi.errors import code_name
from userlib import (
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadName,
    KErrCorrupt,
    KErrEof,
    KErrGeneral,
    KErrNotFound,
    KErrNotReady,
    KErrNotSupported,
    KErrPathNotFound,
    KErrTooBig,
)

_TEXTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        KErrAlreadyExists: "Already exists",
        KErrCorrupt: "Corrupt or unformatted drive",
        KErrNotSupported: "Not supported",
        KErrGeneral: "General error",
        KErrNotFound: "Not found",
        KErrPathNotFound: "Path not found",
        KErrBadName: "Bad name",
        KErrNotReady: "Drive not ready",
        KErrAccessDenied: "Access denied",
        KErrEof: "Unexpected end of file",
        KErrTooBig: "Too big",
    }
)


def error_text(code: int) -> str:
    """The shell's words for an error code."""
    text = _TEXTS.get(code)
    if text is not None:
        return text
    name = code_name(code)
    return f"Error {code}" if name == str(code) else f"Error {code} ({name})"


class CommandError(Exception):
    """A command cannot go on: *text* says why, *code* is its result."""

    def __init__(self, text: str, code: int = KErrArgument) -> None:
        super().__init__(text)
        self.text = text
        self.code = code


class Broken(Exception):
    """The user broke what was running; *text* is what there is to say of its end."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text


class Exit(Exception):
    """The shell is to end with a result."""

    def __init__(self, result: int) -> None:
        super().__init__(result)
        self.result = result


class EndOfBatch(Exception):
    """The rest of the batch file is not wanted."""
