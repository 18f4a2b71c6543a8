r"""Deleting executables: what is in use in `\sys\bin` is moved aside, and goes later.

Original: the loader's ELdrDelete and its reaper.
"""

from typing import Final

from kernel.abi.current import current_exec
from kernel.abi.errors import (
    KernelError,
    KErrAccessDenied,
    KErrBadName,
    KErrCorrupt,
    KErrNone,
    Leave,
)
from kernel.abi.executable_name import KSysBin, is_in_sys_bin, parse_executable_name
from servers.loader.drives import Drives
from servers.loader.places import Place
from userlib.symbian.leave import trap

_KAside: Final = ".$$$"  # the extension of what was moved aside


class Reaper:
    """Deletes, and remembers what is to be deleted. Threads: the loader's."""

    def __init__(self, drives: Drives) -> None:
        self._drives: Final = drives
        self._waiting: Final[dict[str, str]] = {}  # where it is, and what it was

    def delete(self, file_name: str) -> None:
        """Delete a file, now or when nobody uses it any more.

        Raises: KErrBadName without drive and path; KErrAccessDenied for one of the
            machine's own; what the file server says.
        """
        name = parse_executable_name(file_name, "")
        if not name.drive or not name.path:
            raise Leave(KErrBadName)
        place = Place(name.drive, name.path)
        if is_in_sys_bin(name.path) and _users(file_name):
            if place.is_rom and not self._drives.exists(file_name):
                raise Leave(KErrAccessDenied)
            directory = f"{place.drive}:{KSysBin}"
            aside = self._drives.move_aside(file_name, directory, _KAside)
            self._waiting[aside] = file_name
            return
        if place.is_rom and _is_own(name.root):
            raise Leave(KErrAccessDenied)
        self._drives.delete(file_name)

    def reap(self) -> None:
        """Delete for good what nobody uses any more."""
        for aside, file_name in list(self._waiting.items()):
            if not _users(file_name) and trap(self._drives.delete, aside) == KErrNone:
                del self._waiting[aside]

    def sweep(self) -> None:
        """The same, with what an earlier machine left on the drives."""
        self.reap()
        for letter in self._drives.letters():
            directory = f"{letter}:{KSysBin}"
            for entry in self._drives.names(f"{directory}*{_KAside}"):
                if directory + entry not in self._waiting:
                    trap(self._drives.delete, directory + entry)


def _users(file_name: str) -> int:
    return current_exec.get().loader_count_users(file_name)


def _is_own(root: str) -> bool:
    try:
        current_exec.get().loader_image(root)
    except KernelError as error:
        return error.code == KErrCorrupt
    return True
