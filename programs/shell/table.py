"""All commands of the shell."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from programs.shell.command import Command
from programs.shell.commands import (
    drives,
    filing,
    looking,
    places,
    running,
    system,
    words,
)

_ALL: Final = (
    *looking.COMMANDS,
    *filing.COMMANDS,
    *places.COMMANDS,
    *drives.COMMANDS,
    *running.COMMANDS,
    *system.COMMANDS,
    *words.COMMANDS,
)

# By upper-case name; an alias leads to the same command.
COMMANDS: Final[Mapping[str, Command]] = MappingProxyType(
    {name: one for one in _ALL for name in (one.name, *one.aliases)}
)
