"""How `eka` says no: one line, with a hint, and a status."""

from collections.abc import Iterable
from difflib import get_close_matches

import click

from tools.cli.status import Status


class Refusal(click.ClickException):
    """What the user asked for cannot be done.

    *message* says what and *hint* what to do about it; together they are one line.
    """

    def __init__(
        self, message: str, hint: str = "", status: int = Status.USAGE
    ) -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.status = status  # click's exit_code is a constant of its class


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of *known* that a person who typed *word* probably meant."""
    names = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(word.casefold(), names, n=1)
    return names[close[0]] if close else None


def one_line(error: click.ClickException) -> str:
    """What click would say in several lines, in one."""
    if not isinstance(error, click.UsageError):
        return f"eka: {error.format_message()}"
    path = error.ctx.command_path if error.ctx else "eka"
    text = error.format_message().rstrip(".").replace(". Did you", "; did you")
    hint = "" if text.endswith("?") else f"; see '{path} --help'"
    return f"{path}: {text[:1].lower()}{text[1:]}{hint}"


def status_of_error(error: click.ClickException) -> int:
    """The exit status that goes with it."""
    return error.status if isinstance(error, Refusal) else error.exit_code
