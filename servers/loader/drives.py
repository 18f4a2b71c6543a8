"""The file server, as the loader uses it.

The loader runs inside its process, and may read everything. It connects when it is
asked for the first time: the file server may not be there before.
"""

from typing import Final

from kernel.abi.errors import KErrAlreadyExists, KErrNone, KErrNotFound, Leave
from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import (
    KDriveAttAll,
    KDriveAttRemovable,
    KEntryAttDir,
    KEntryAttMatchExclude,
)
from servers.fileserver.names import drive_number, drive_text
from servers.loader.protocol import KHashPath
from userlib.symbian.leave import trap


class Drives:
    """All drives there are. Threads: the loader's."""

    def __init__(self) -> None:
        self._fs: Final = RFs()

    @property
    def fs(self) -> RFs:
        """The session. Raises: KErrNotFound without a file server."""
        if not self._fs.handle:
            self._fs.connect()
        return self._fs

    def letters(self) -> list[str]:
        """Of all drives; none without a file server."""
        listed = b""
        if trap(lambda: self.fs) == KErrNone:
            listed = self.fs.drive_list(KDriveAttAll)
        return [
            drive_text(number)[0]
            for number, attributes in enumerate(listed)
            if attributes
        ]

    def names(self, pattern: str) -> list[str]:
        """The files of a directory that match; none where nobody can look."""
        try:
            entries = self.fs.get_dir(pattern, KEntryAttMatchExclude | KEntryAttDir)
        except Leave:
            return []
        return [entry.name for entry in entries]

    def is_removable(self, letter: str) -> bool:
        """Whether its media can be taken out, and changed elsewhere."""
        return bool(self.fs.drive(drive_number(letter)).drive_att & KDriveAttRemovable)

    def read(self, file_name: str) -> bytes:
        """All of a file. Raises: what the file server says."""
        with RFile().open(self.fs, file_name) as file:
            return file.contents()

    def recorded_hash(self, name: str) -> bytes | None:
        """What was stored when an executable of that name was installed."""
        try:
            return self.read(KHashPath + name)
        except Leave:
            return None

    def exists(self, file_name: str) -> bool:
        """Whether there is such a file."""
        return trap(self.fs.entry, file_name) == KErrNone

    def move_aside(self, file_name: str, directory: str, suffix: str) -> str:
        """Give a file a name that nobody asks for. Returns: its full name now.

        Raises: KErrNotFound, and what else the file server says.
        """
        for number in range(1 << 32):
            aside = f"{directory}{number:08x}{suffix}"
            code = trap(self.fs.rename, file_name, aside)
            if code == KErrNone:
                return aside
            if code != KErrAlreadyExists:
                raise Leave(code)
        raise Leave(KErrNotFound)

    def delete(self, file_name: str) -> None:
        """Remove a file. Raises: what the file server says."""
        self.fs.delete(file_name)
