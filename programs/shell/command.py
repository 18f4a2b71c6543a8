"""What a command is: its words for HELP, its switches, the function that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from programs.shell.errors import CommandError
from programs.shell.line import Call, parse_words

if TYPE_CHECKING:
    from programs.shell.shell import Shell

# What it returns is the result of the command, None being 0.
Action: TypeAlias = Callable[["Shell", Call], int | None]


class Completes(Enum):
    """What the words of a command can be completed to."""

    NOTHING = "nothing"
    NAMES = "names"
    DIRECTORIES = "directories"
    COMMANDS = "commands"
    PROCESSES = "processes"


def missing_parameter(command: str) -> CommandError:
    """What a command says that was given too little."""
    return CommandError(f"Required parameter missing; see {command} /?")


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    *usage* is what may follow its name; *switches* pairs letters with their meanings,
    one letter each. It takes *least* to *most* words. What is *raw* takes its text as
    it stands: of its switches only `/?` alone is one.
    """

    name: str
    summary: str
    action: Action
    usage: str = ""
    switches: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 0
    raw: bool = False
    completes: Completes = Completes.NAMES
    aliases: tuple[str, ...] = ()

    def parse(self, text: str) -> Call:
        """What *text* asks of it. Raises: CommandError, with what is wrong."""
        if self.raw:
            asks = text.strip() == "/?"
            return Call((), frozenset("?") if asks else frozenset(), text)
        call = parse_words(text, "".join(letter for letter, _ in self.switches))
        if "?" not in call.switches:
            self._check_count(call.words)
        return call

    def _check_count(self, words: tuple[str, ...]) -> None:
        if len(words) < self.least:
            raise missing_parameter(self.name)
        if len(words) > self.most:
            raise CommandError(f"Too many parameters - {words[self.most]}")

    def help_text(self) -> str:
        """What `/?` shows."""
        lines = [self.summary, "", f"{self.name} {self.usage}".rstrip()]
        lines += [f"  /{letter}  {meaning}" for letter, meaning in self.switches]
        if self.aliases:
            lines.append(f"Also: {', '.join(self.aliases)}")
        return "\n".join(lines)
