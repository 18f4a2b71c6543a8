"""What every kind of media can do.

A mount is used by one thread at a time: its drive's, or the main thread for a
synchronous drive. It makes no kernel call, so that its work may run inside `host_call`;
what it needs of the machine (the time) is handed to it.

Names arrive checked (`FileName.check`), in any case. A mount answers with what is
stored, or raises `Refused`: KErrPathNotFound for a missing directory on the way,
KErrNotFound for a missing last component.
"""

from dataclasses import dataclass
from typing import Protocol

from servers.fileserver.entry import TDriveInfo, TEntry
from servers.fileserver.names import Components


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes of a volume: in all, and free."""

    size: int
    free: int


class MFile(Protocol):
    """The data and the entry of one open file."""

    def entry(self) -> TEntry:
        """As it is now, unflushed changes included."""

    def size(self) -> int: ...

    def read(self, position: int, length: int) -> bytes:
        """*length* bytes, or as many as there are."""

    def write(self, position: int, data: bytes, now_us: int) -> None:
        """All of *data*, at a position not past the end.

        Raises: Refused(KErrDiskFull) with the size unchanged.
        """

    def set_size(self, size: int, now_us: int) -> None:
        """Cut, or append zeros. Raises: Refused(KErrDiskFull), nothing changed."""

    def set_entry(self, modified: int | None, set_mask: int, clear_mask: int) -> None:
        """Change time and attributes."""

    def flush(self) -> None:
        """Make what was written last."""

    def ensure_writable(self) -> None:
        """A writer joins those that opened the file for reading."""

    def close(self) -> None:
        """The file is used no more."""


class MMount(Protocol):
    """One generation of media on a drive."""

    writable: bool

    def drive_info(self) -> TDriveInfo: ...

    def space(self) -> Space: ...

    def entry(self, path: Components) -> TEntry:
        """What *path* names; the root is refused by the caller."""

    def entries(self, directory: Components) -> list[TEntry]:
        """All of a directory, in an order that depends on its names only.

        Raises: Refused(KErrPathNotFound) if it is none.
        """

    def open(self, path: Components, *, write: bool) -> MFile:
        """Raises: KErrAccessDenied for a directory."""

    def create(self, path: Components, now_us: int) -> MFile:
        """A new file, open for writing.

        Raises: KErrAlreadyExists, or KErrAccessDenied for a directory.
        """

    def make_dir(self, path: Components, now_us: int) -> None:
        """Raises: KErrAlreadyExists, or KErrAccessDenied for a file."""

    def remove_dir(self, path: Components) -> None:
        """Raises: KErrInUse if it is not empty."""

    def delete(self, path: Components) -> None:
        """Remove a file that the caller has looked at."""

    def rename(self, old: Components, new: Components, *, replace: bool) -> None:
        """Move a file or directory; at any instant one of the names is there.

        Nothing but *old* itself is at *new*, unless *replace* and both are files.
        """

    def set_entry(
        self, path: Components, modified: int | None, set_mask: int, clear_mask: int
    ) -> None:
        """As MFile.set_entry, of what is not open."""
