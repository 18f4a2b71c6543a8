r"""Where an executable is looked for: directories, in order, each on its drives.

Original: RImageFinder::Search; symbian-userlib 13.2.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kernel.abi.executable_name import (
    ExecutableName,
    KSysBin,
    is_in_sys_bin,
    parse_directory,
)
from kernel.abi.names import fold

KRomDrive: Final = "Z"


@dataclass(frozen=True, slots=True)
class Place:
    """A directory of a drive; *path* begins and ends with a backslash."""

    drive: str
    path: str

    @property
    def text(self) -> str:
        """Its full name."""
        return f"{self.drive}:{self.path}"

    @property
    def is_rom(self) -> bool:
        """Whether the machine's own executables are here."""
        return self.drive == KRomDrive and fold(self.path) == KSysBin


def search_places(
    name: ExecutableName,
    search_path: str,
    drives: Iterable[str],
    *,
    enforce_sys_bin: bool,
) -> list[Place]:
    r"""All of them, each once.

    A path in the name is the only one. Else those of *search_path* come, then
    `\sys\bin`. Where *enforce_sys_bin* is set, it stands for every directory that is
    not below it.

    Raises: KErrBadName for a search path that is none.
    """
    on_drives = sorted(drives, key=_drive_order)
    places: dict[Place, None] = {}
    for letter, directory in _directories(name, search_path):
        path = directory
        if enforce_sys_bin and not is_in_sys_bin(path):
            path = KSysBin
        for drive in [letter] if letter else on_drives:
            places[Place(drive, path)] = None
    return list(places)


def _directories(name: ExecutableName, search_path: str) -> Iterator[tuple[str, str]]:
    if name.path:
        yield name.drive, name.path
        return
    for item in filter(None, search_path.split(";")):
        letter, path = parse_directory(item)
        if not letter or not name.drive or letter == name.drive:
            yield letter or name.drive, path
    yield name.drive, KSysBin


def _drive_order(letter: str) -> int:
    """Y: down to A:, then Z:."""
    return 0 if letter == KRomDrive else -ord(letter)
