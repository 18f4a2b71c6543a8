"""Plays a page of docs/ as a reader would: writes its files, types its commands.

Every fenced block is one of these kinds, and anything else is an error, so there is no
block that nobody runs:

- ```python and ```idl are files. The line before names the file in backquotes; "Add
  to" puts the block at the end of the file that is there.
- ```console is what a terminal shows: after `$ ` what is typed, then what comes, on
  either stream. In that, … stands for any text within a line, and … on a line of its
  own for any lines. A number after the word seed may be another one, but has to be the
  same one wherever the page has it: it hangs on the number of kernel calls made.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

FENCE = re.compile(r"^```(\S*)$")
FILE_NAME = re.compile(r"`([\w./]+\.\w+)`")
SEED = re.compile(r"(?<=\bseed )(\d+)")
KEndMark = "=== end of command ==="


class TutorialError(AssertionError):
    """The page and the world differ."""


@dataclass(frozen=True)
class Block:
    """A fenced block, and the last line of text before it."""

    line: int  # of the page, of the opening fence
    language: str
    lead: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """Something typed, and what the page says comes of it."""

    line: int
    typed: str
    shown: tuple[str, ...]


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks in order."""
    lead = language = ""
    start = 0
    inside: list[str] | None = None
    for number, line in enumerate(page.splitlines(), 1):
        fence = FENCE.match(line)
        if inside is None and fence:
            start, language, inside = number, fence[1], []
        elif inside is not None and line == "```":
            yield Block(start, language, lead, tuple(inside))
            inside = None
        elif inside is not None:
            inside.append(line)
        elif line.strip():
            lead = line
    if inside is not None:
        raise TutorialError(f"line {start}: a block without an end")


def commands(block: Block) -> list[Command]:
    """What is typed in a console block, and what it shows."""
    found: list[Command] = []
    for offset, line in enumerate(block.lines, 1):
        if line.startswith("$ "):
            found.append(Command(block.line + offset, line[2:], ()))
        elif not found:
            raise TutorialError(f"line {block.line}: output before any command")
        else:
            last = found.pop()
            found.append(Command(last.line, last.typed, (*last.shown, line)))
    return found


def file_of(block: Block) -> str:
    """The file that a block is."""
    names: list[str] = FILE_NAME.findall(block.lead)
    if not names:
        raise TutorialError(f"line {block.line}: no file is named before this block")
    return names[-1]


def _use_of(file: Path) -> str:
    """How a module is imported; a description by others, or for what it becomes."""
    if file.suffix != ".idl":
        return rf"^(?:from|import) {file.stem}\b"
    return (
        rf'^import "{file}";|'
        rf"^(?:from|import) {file.stem}_(?:interface|client|server)\b"
    )


class Shell:
    """One bash, as a reader has: it remembers its directory and what was activated."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],  # noqa: S607 - wherever it is
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.communicate()

    def folder(self) -> Path:
        """Where it is."""
        return Path(self.type("pwd")[0])

    def type(self, command: str) -> list[str]:
        """Run *command*; the lines it prints."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{{ {command}\n}} </dev/null\n")
        # Not to disturb `echo $?` as the next command.
        stdin.write(f"s=$?; echo; echo '{KEndMark}'; (exit $s)\n")
        stdin.flush()
        lines: list[str] = []
        for line in stdout:
            if line.rstrip("\n") == KEndMark:
                return lines[:-1] if lines[-1] == "" else lines
            lines.append(line.rstrip("\n").rpartition("\r")[2])
        raise TutorialError(f"{command!r} ended the shell: {lines}")


class Reader:
    """Somebody who follows the page to the letter."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._seeds: dict[str, str] = {}  # of the page, and what they are here
        self.codes: dict[str, str] = {}  # of the files written
        self.typed: list[str] = []

    def follow(self, page: str) -> None:
        """Do what every block says. Raises: TutorialError."""
        for block in blocks(page):
            match block.language:
                case "python" | "idl":
                    self.write(block)
                case "console":
                    for command in commands(block):
                        self.type(command)
                case other:
                    raise TutorialError(
                        f"line {block.line}: nothing runs a block of kind {other!r}"
                    )
        self._check_use()

    def write(self, block: Block) -> None:
        """Save a file, or add to one."""
        name = file_of(block)
        path = self._shell.folder() / name
        text = "\n".join(block.lines) + "\n"
        if block.lead.startswith("Add to"):
            if name not in self.codes:
                raise TutorialError(f"line {block.line}: there is no {name} to add to")
            text = f"{path.read_text('utf-8')}\n\n{text}"
        path.write_text(text, "utf-8")
        self.codes[name] = text

    def type(self, command: Command) -> None:
        """Run a command, and compare what it prints."""
        typed = SEED.sub(lambda seed: self._seeds.get(seed[1], seed[1]), command.typed)
        self.typed.append(typed)
        printed = self._shell.type(typed)
        if not self._agrees(command.shown, printed):
            raise TutorialError(
                "\n".join(
                    [
                        f"line {command.line}: $ {typed}",
                        "the page shows:",
                        *command.shown,
                        "but it printed:",
                        *printed,
                    ]
                )
            )

    def _agrees(self, shown: tuple[str, ...], printed: list[str]) -> bool:
        new: list[str] = []
        pattern = "".join(
            r"(?:.*\n)*" if line.strip() == "…" else self._pattern(line, new) + r"\n"
            for line in shown
        )
        found = re.fullmatch(pattern, "".join(f"{line}\n" for line in printed))
        if found is None:
            return False
        self._seeds.update({number: found[f"seed_{number}"] for number in new})
        return True

    def _pattern(self, line: str, new: list[str]) -> str:
        """What a line has to match; *new* gets the seeds that are not known yet."""
        parts = SEED.split(line)
        pattern = re.escape(parts[0])
        for number, text in zip(parts[1::2], parts[2::2], strict=True):
            pattern += self._seed_pattern(number, new) + re.escape(text)
        return pattern.replace("…", ".*?")

    def _seed_pattern(self, number: str, new: list[str]) -> str:
        if number in self._seeds:
            return re.escape(self._seeds[number])
        if number in new:
            return f"(?P=seed_{number})"
        new.append(number)
        return rf"(?P<seed_{number}>\d+)"

    def _check_use(self) -> None:
        """A file that no command and no other file mentions was written in vain."""
        for name in self.codes:
            others = [code for other, code in self.codes.items() if other != name]
            used = re.compile(_use_of(Path(name)), re.MULTILINE)
            is_typed = any(name in typed for typed in self.typed)
            if not is_typed and not any(used.search(code) for code in others):
                raise TutorialError(f"nothing uses {name}")
