"""The command line of the shell itself."""

import shlex
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What it asks for; *commands* are carried out instead of lines of the console."""

    quiet: bool = False
    autoexec: bool = True
    commands: str | None = None


def parse_options(text: str) -> Options:
    """Read switches up to `/c`, which takes the rest; others are left alone."""
    quiet, autoexec = False, True
    rest = text.strip()
    while rest:
        word, _, rest = rest.partition(" ")
        match word.lower():
            case "/c":
                return Options(quiet, autoexec, _unwrapped(rest.strip()))
            case "/q":
                quiet = True
            case "/n":
                autoexec = False
        rest = rest.lstrip()
    return Options(quiet, autoexec)


def _unwrapped(text: str) -> str:
    """Without the quotes around all of it, which a caller from the host puts there."""
    if text[:1] not in ("'", '"'):
        return text
    try:
        words = shlex.split(text)
    except ValueError:
        return text
    return words[0] if len(words) == 1 else text
