"""The command interpreter: what it remembers, and how it carries a line out."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Final

from programs.shell.batch import Batch
from programs.shell.breaking import BreakWatch
from programs.shell.command import Command
from programs.shell.console import MConsole
from programs.shell.errors import (
    Broken,
    CommandError,
    EndOfBatch,
    error_text,
)
from programs.shell.execute import create, is_not_there, run_and_wait, with_extension
from programs.shell.files import read_text
from programs.shell.line import (
    Simple,
    expand,
    parse_command,
    split_line,
    split_lines,
)
from programs.shell.paths import Paths, drive_letter, is_root
from servers.console.client import TKeyCode
from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareExclusive, EFileWrite, ESeekEnd
from userlib import (
    KErrCorrupt,
    KErrGeneral,
    KErrNone,
    KErrNotFound,
    Leave,
    TRequestStatus,
    User,
)

KSystemDrive: Final = "C"
KMaxBatchDepth: Final = 16
KAutoexec: Final = "AUTOEXEC.BAT"
KAutoexecDrives: Final = "YXWVUTSRQPONMLKJIHGFEDCBAZ"

# A command and, without a blank, a path that begins with a slash or with dots alone.
_JOINED: Final = re.compile(r"(\w+)(\\.*|\.{1,2}(?:\\.*)?)")

# What such a thing is called elsewhere.
_ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("CAT", "LESS", "MORE"), "TYPE"),
        **dict.fromkeys(("BYE", "LOGOUT", "QUIT"), "EXIT"),
        "CLEAR": "CLS",
        "CP": "COPY",
        "DATE": "TIME",
        "LS": "DIR",
        "MAN": "HELP",
        "MV": "MOVE",
        "PWD": "CD",
        "RM": "DEL",
        "TOP": "PS",
        "XXD": "HEXDUMP",
    }
)

Writer = Callable[[str], None]


class Shell:
    """One interpreter. Threads: its own."""

    def __init__(
        self, console: MConsole, fs: RFs, commands: Mapping[str, Command]
    ) -> None:
        # Fixed for life:
        self.console: Final = console
        self.fs: Final = fs
        self.commands: Final = commands  # by upper-case name, aliases too
        self.watch: Final = BreakWatch(console)
        self.paths: Final = Paths(KSystemDrive)

        self.variables: dict[str, str] = {}  # by upper-case name
        self.result: int = KErrNone  # of the last command
        self.echoes = False  # lines of batch files
        self._batches: list[Batch] = []  # that run, the innermost last
        self._write: Writer = console.write
        self.change_path(self.paths.current)

    # Output.

    def write(self, text: str) -> None:
        """Write to where the command's output goes; a break ends the command."""
        self.watch.check()
        self._write(text)

    def print(self, text: str = "") -> None:
        """Write a line."""
        self.write(text + "\n")

    def pause(self) -> None:
        """Wait for a key. Raises: Broken by a break, or by Escape."""
        self.watch.check()
        self.console.write("Press a key to go on...")
        key = TRequestStatus()
        self.console.read(key)
        if not self.watch.wait_for(key):
            self.console.read_cancel()
            User.wait_for_request(key)
            raise Broken
        self.console.write("\n")
        if key == KErrNone and self.console.key_code == TKeyCode.EKeyEscape:
            raise Broken

    @contextmanager
    def about(self, name: str) -> Iterator[None]:
        """A block whose leave is told with a name. Raises: CommandError then."""
        try:
            yield
        except Leave as leave:
            what = f" - {name}" if name else ""
            text = error_text(leave.code) + what
            raise CommandError(text, leave.code) from leave

    # Places.

    @property
    def prompt(self) -> str:
        return self.paths.current + ">"

    def change_path(self, full: str) -> None:
        """Make an existing directory the current one of its drive."""
        self.paths.change(full)
        self.fs.set_session_path(self.paths.current)

    def change_drive(self, letter: str) -> None:
        """Make a drive the current one. Raises: KErrNotReady if it has no media."""
        path = self.paths.of(letter)
        self.fs.volume(ord(letter) - ord("A"))
        self.paths.drive = letter
        self.fs.set_session_path(path)

    def exists(self, full: str) -> bool:
        """Whether there is a file of that name; not, also if it cannot be said."""
        try:
            return not self.fs.entry(full).is_dir
        except Leave:
            return False

    def is_directory(self, full: str) -> bool:
        """Whether there is a directory of that name, with or without a final slash."""
        if is_root(full):
            return True
        try:
            return self.fs.entry(full.rstrip("\\")).is_dir
        except Leave:
            return False

    # Lines.

    def run_line(self, line: str) -> int:
        """Carry out all commands of a line, or of several, watching for a break.

        Returns: the result of the last, 0 if it did what it should.
        Raises: Exit.
        """
        try:
            with self.watch:
                self._run_line(line)
        except Broken as broken:
            self._broken(broken)
        return self.result

    def run_script(self, name: str) -> int:
        """Carry out a batch file, as run_line does a line."""
        try:
            with self.watch:
                self._guarded(partial(self.run_batch, name, ""))
        except Broken as broken:
            self._broken(broken)
        return self.result

    def _broken(self, broken: Broken) -> None:
        # A terminal that echoes the key has not ended the line.
        self.console.write(f"\nBreak\n{broken.text}")
        self._batches.clear()
        self.result = KErrGeneral

    def _run_line(self, line: str) -> None:
        for text in chain.from_iterable(map(split_line, split_lines(line))):
            self.watch.check()
            self._guarded(partial(self._run_text, text))

    def _run_text(self, text: str) -> int | None:
        return self._run_redirected(parse_command(expand(text, self.value_of)))

    def _guarded(self, action: Callable[[], int | None]) -> None:
        """Do it; a failure becomes a text and a result."""
        try:
            result = action()
        except CommandError as error:
            self._failed(error.text, error.code)
        except Leave as leave:
            self._failed(error_text(leave.code), leave.code)
        else:
            self.result = result or KErrNone

    def _failed(self, text: str, code: int) -> None:
        self.watch.check()
        self.console.write(text + "\n")
        self.result = code

    def _run_redirected(self, command: Simple) -> int | None:
        if not command.target:
            return self._run(command)
        with self._redirected(command.target, command.appends):
            return self._run(command)

    @contextmanager
    def _redirected(self, target: str, appends: bool) -> Iterator[None]:
        before = self._write
        with RFile() as file:
            with self.about(target):
                self._open_target(file, self.paths.resolve(target), appends)

            def write(text: str) -> None:
                with self.about(target):
                    # What a stream of the host could not decode goes as it came.
                    file.write(text.encode(errors="surrogateescape"))

            self._write = write
            try:
                yield
            finally:
                self._write = before

    def _open_target(self, file: RFile, name: str, appends: bool) -> None:
        if appends and self.exists(name):
            file.open(self.fs, name, EFileShareExclusive | EFileWrite)
            file.seek(ESeekEnd)
        else:
            file.replace(self.fs, name, EFileShareExclusive | EFileWrite)

    def _run(self, command: Simple) -> int | None:
        known, text = self._known(command)
        if known is not None:
            call = known.parse(text)
            if "?" not in call.switches:
                with self.about(" ".join(call.words)):  # unless the action knows better
                    return known.action(self, call)
            self.print(known.help_text())
            return None
        if not command.word and not command.rest:
            return None  # a redirection alone: it has made its file
        if not command.word:
            raise CommandError(f"No command - {command.rest}; HELP shows all commands")
        if command.word[1:] == ":" and command.word.isascii():
            with self.about(command.word):
                self.change_drive(drive_letter(command.word[0]))
            return None
        return self.run_other(command.word, command.rest)

    def _known(self, command: Simple) -> tuple[Command | None, str]:
        r"""The command meant, and its text: `cd\` and `cd..` need no blank."""
        known = self.commands.get(command.word.upper())
        if known is not None:
            return known, command.rest
        joined = _JOINED.fullmatch(command.word)
        if joined is None:
            return None, command.rest
        name, path = joined.groups()
        return self.commands.get(name.upper()), f"{path} {command.rest}".strip()

    def run_other(self, word: str, text: str) -> int:
        """What is no command: a batch file, else a program.

        Raises: CommandError if it is neither.
        """
        with self.about(word):
            batch = self.paths.resolve(with_extension(word, ".BAT"))
        if batch.upper().endswith(".BAT") and self.exists(batch):
            return self.run_batch(batch, text)
        return self.run_program(word, text)

    def run_program(self, word: str, text: str) -> int:
        """Run a program and wait for its end. Returns: its result."""
        try:
            process = create(self, word, text)
        except Leave as leave:
            raise self._unrunnable(word, leave.code) from leave
        with process:
            return run_and_wait(self, process)

    def _unrunnable(self, word: str, code: int) -> CommandError:
        """Why a word cannot be run, and what might have been meant."""
        if self._names_directory(word):
            return CommandError(f"A directory - {word}; CD leads there", code)
        if code == KErrCorrupt:
            return CommandError(f"Not a program - {word}; CHKDEPS tells more", code)
        if not is_not_there(code):
            return CommandError(f"{error_text(code)} - {word}", code)
        return CommandError(f"Not found - {word}; {self.hint_for(word)}", KErrNotFound)

    def _names_directory(self, word: str) -> bool:
        try:
            return self.is_directory(self.paths.resolve(word))
        except Leave:
            return False  # it can name nothing

    def hint_for(self, word: str) -> str:
        """What to do about a word that is no command."""
        elsewhere = _ELSEWHERE.get(word.upper())
        near = get_close_matches(word.upper(), self.commands, n=1)
        meant = elsewhere or next(iter(near), None)
        return f"did you mean {meant}?" if meant else "HELP shows all commands"

    # Batch files.

    def run_batch(self, name: str, text: str) -> int:
        """Carry out the lines of a file. Returns: the last result."""
        if len(self._batches) == KMaxBatchDepth:
            raise CommandError("Too many batch files within each other")
        with self.about(name):
            batch = Batch(name, text, read_text(self.fs, name))
        self._batches.append(batch)
        try:
            for line in batch.lines():
                self._run_batch_line(line)
        except EndOfBatch:
            return self.result
        finally:
            if batch in self._batches:
                self._batches.remove(batch)
        return self.result

    def _run_batch_line(self, line: str) -> None:
        if self.echoes and not line.lstrip().startswith("@"):
            self.print(self.prompt + line)
        self._run_line(line)

    def value_of(self, name: str) -> str | None:
        """What `%name%` stands for; `%1` only in a batch file."""
        if name == "*" or name.isdecimal():
            return self._batches[-1].argument(name) if self._batches else None
        match name.upper():
            case "CD":
                return self.paths.current
            case "RESULT":
                return str(int(self.result))
            case upper:
                return self.variables.get(upper)

    @property
    def in_batch(self) -> bool:
        return bool(self._batches)

    def run_autoexec(self) -> None:
        """Carry out the first AUTOEXEC.BAT that there is on a drive, if there is."""
        for letter in KAutoexecDrives:
            name = f"{letter}:\\{KAutoexec}"
            if self.exists(name):
                self.run_script(name)
                return
