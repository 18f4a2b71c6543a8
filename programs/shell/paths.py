r"""The current directory of each drive, and what a name stands for there.

The file server knows full names only; `.` and `..` and names that begin at the current
directory are the shell's.
"""

from typing import Final

from servers.fileserver.names import fold, split_drive
from userlib import KErrBadName, KErrPathNotFound, Leave


class Paths:
    """A current drive, and on each drive a current directory."""

    def __init__(self, drive: str) -> None:
        self.drive = drive  # a letter
        self._directories: Final[dict[str, str]] = {}  # `\`, or `\a\b\`, by letter

    @property
    def current(self) -> str:
        r"""The current directory with its drive, as in `C:\letters\`."""
        return self.of(self.drive)

    def of(self, drive: str) -> str:
        """The current directory of a drive, in full."""
        return f"{drive}:{self._directories.get(drive, chr(92))}"

    def change(self, full: str) -> None:
        """Make a directory the current one of its drive."""
        self._directories[full[0]] = full[2:]

    def is_in(self, directory: str) -> bool:
        r"""Whether its drive's current directory is *directory*, or below.

        *directory* is a full name that ends in `\`.
        """
        return fold(self.of(directory[0])).startswith(fold(directory))

    def resolve(self, name: str) -> str:
        r"""The full name; one that can only be a directory ends in `\`.

        Raises: KErrBadName if the drive is none, KErrPathNotFound above the root.
        """
        letter, rest = split_drive(name)
        drive = drive_letter(letter) if letter else self.drive
        if not rest.startswith("\\"):
            rest = self.of(drive)[2:] + rest
        *directories, last = rest.split("\\")[1:]
        if last in (".", ".."):
            directories, last = [*directories, last], ""
        return f"{drive}:" + "\\".join(["", *_walked(directories), last])

    def directory(self, name: str) -> str:
        r"""As resolve, and ends in `\`."""
        full = self.resolve(name)
        return full if full.endswith("\\") else full + "\\"


def drive_letter(text: str) -> str:
    """A drive's letter, upper case. Raises: KErrBadName if *text* is none."""
    if len(text) != 1 or not text.isascii() or not text.isalpha():
        raise Leave(KErrBadName)
    return text.upper()


def _walked(components: list[str]) -> list[str]:
    """The components with `.` left out and `..` gone back."""
    walked: list[str] = []
    for component in components:
        if component == "..":
            if not walked:
                raise Leave(KErrPathNotFound)
            walked.pop()
        elif component != ".":
            walked.append(component)
    return walked


def is_root(full: str) -> bool:
    r"""Whether it is `X:\`."""
    return full[1:] == ":\\"


def directory_of(full: str) -> str:
    r"""All up to the last `\`."""
    return full.rpartition("\\")[0] + "\\"


def name_of(full: str) -> str:
    r"""What follows the last `\`; of a directory's own name, its last component."""
    return full.rstrip("\\").rpartition("\\")[2]
