"""Programs: found, started, waited for, and what is said of their end."""

from typing import TYPE_CHECKING, Final

from programs.shell.errors import Broken
from userlib import (
    KErrCancel,
    KErrGeneral,
    KErrNone,
    KErrNotFound,
    KErrPathNotFound,
    Leave,
    RProcess,
    TExitType,
    TRequestStatus,
    User,
)

if TYPE_CHECKING:
    from kernel.abi.exit import ExitInfo
    from programs.shell.shell import Shell

_SOURCE: Final = ".py"
_NOT_THERE: Final = (KErrNotFound, KErrPathNotFound)


def create(shell: "Shell", word: str, arguments: str) -> RProcess:
    """A process of a program: of the current directory first, then wherever it is.

    The loader lets `NAME.py` stand for `NAME.exe`; so may whoever types the name.

    Raises: KErrNotFound if there is none; what creating a process raises.
    """
    stem = word[: -len(_SOURCE)] if word.lower().endswith(_SOURCE) else word
    full = shell.paths.resolve(with_extension(stem, ".EXE"))
    try:
        return RProcess().create(full, arguments)
    except Leave as leave:
        if not is_not_there(leave.code) or "\\" in stem or ":" in stem:
            raise
    return RProcess().create(stem, arguments)


def with_extension(name: str, extension: str) -> str:
    """*name*, with the extension if its last component has none."""
    last = name.rpartition("\\")[2]
    return name if "." in last else name + extension


def run_and_wait(shell: "Shell", process: RProcess) -> int:
    """Let a created process run to its end. Returns: what its end comes to.

    A break kills it. Raises: Broken then.
    """
    ended = TRequestStatus()
    process.logon(ended)
    process.resume()
    went_well = shell.watch.wait_for(ended)
    if not went_well:
        process.kill(KErrCancel)
        User.wait_for_request(ended)
    info = process.exit_info()
    line = exit_line(info) + "\n" if is_worth_a_line(info) else ""
    if not went_well:
        raise Broken(line)
    if line:
        shell.console.write(line)
    return result_of(info)


def is_worth_a_line(info: "ExitInfo") -> bool:
    """All but a kill with reason 0, which is how a program ends that went well."""
    return info.type is not TExitType.EExitKill or info.reason != KErrNone


def exit_line(info: "ExitInfo") -> str:
    """How a program ended: type, reason, category."""
    return f"Exit type {int(info.type)},{info.reason},{info.category}"


def result_of(info: "ExitInfo") -> int:
    """Its reason if it ended by itself; of a panic KErrGeneral."""
    if info.type is TExitType.EExitPanic:
        return KErrGeneral
    if info.type is TExitType.EExitTerminate and info.reason == KErrNone:
        return KErrGeneral
    return info.reason


def is_not_there(code: int) -> bool:
    """Whether a creation's failure means that there is no program of that name."""
    return code in _NOT_THERE
