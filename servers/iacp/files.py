r"""Which file is meant: by a disk handle, a path and a name.

Two references are to one file if the file server knows it by one name. There are no
links on its drives, and a file that is renamed is another one.

Original: FileGetPathExtAttributes with FEA_DISK and FEA_FILE_ID; geos-iacp 3.11.
"""

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType
from typing import Final, NamedTuple

from kernel.abi.errors import (
    KErrAccessDenied,
    KErrBadName,
    KErrInUse,
    KErrNotFound,
    KErrNotReady,
    KErrPathNotFound,
    KErrPermissionDenied,
    Leave,
)
from servers.fileserver.client import RFs
from userlib.geos.iacp_documents import DocumentId
from userlib.geos.paths import FileError, disk_handle, disk_letter

_FILE_ERRORS: Final[Mapping[int, FileError]] = MappingProxyType(
    {
        KErrNotFound: FileError.ERROR_FILE_NOT_FOUND,
        KErrPathNotFound: FileError.ERROR_PATH_NOT_FOUND,
        KErrBadName: FileError.ERROR_PATH_NOT_FOUND,
        KErrAccessDenied: FileError.ERROR_ACCESS_DENIED,
        KErrPermissionDenied: FileError.ERROR_ACCESS_DENIED,
        KErrInUse: FileError.ERROR_SHARING_VIOLATION,
        KErrNotReady: FileError.ERROR_DRIVE_NOT_READY,
    }
)


class FileReference(NamedTuple):
    """A file, as an AppLaunchBlock names its document."""

    disk: int
    path: str
    name: str


def full_name(file: FileReference, standard_paths: Mapping[int, str]) -> str | None:
    r"""As in `C:\DOCUMENT\letter`; None if the disk handle stands for nothing.

    *standard_paths* are the directories of the odd handles.
    """
    letter = disk_letter(file.disk)
    base = f"{letter}:" if letter else standard_paths.get(file.disk)
    if base is None:
        return None
    parts = (base.rstrip("\\"), file.path.strip("\\"), file.name)
    return "\\".join(part for part in parts if part)


def look_up(name: str) -> str:
    """The one name of the file *name*. Blocks: until the file server has looked.

    Raises: what the file server says; KErrNotFound for a directory; KErrNotReady
        without a file server.
    """
    try:
        session = RFs().connect()
    except Leave as leave:
        if leave.code == KErrNotFound:
            raise Leave(KErrNotReady) from None
        raise
    with session:
        if session.entry(name).is_dir:
            raise Leave(KErrNotFound)
    return name.lower()


def file_error(leave: Leave) -> FileError:
    """The word for it there."""
    return _FILE_ERRORS.get(leave.code, FileError.ERROR_GENERAL_FAILURE)


class FileIds:
    """A number for each file that anybody asked about."""

    def __init__(self) -> None:
        self._numbers: Final = count(1)
        self._ids: Final[dict[str, int]] = {}

    def of(self, name: str) -> DocumentId:
        """The file of that name, which begins with its drive."""
        if name not in self._ids:
            self._ids[name] = next(self._numbers)
        return DocumentId(disk_handle(name[0]), self._ids[name])
