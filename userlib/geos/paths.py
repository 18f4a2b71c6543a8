"""Disks and standard directories, and what can go wrong with a file.

A disk handle is an even number, one for each drive letter; an odd one stands for a
standard directory, on whatever disk that is.

Original: StandardPath, FileError (file.def); the numbers of the former are ours.
"""

from enum import IntEnum
from typing import Final


class StandardPath(IntEnum):
    """Directories that have a name in the system; two more are `ApplicationTree`s.

    Original: StandardPath.
    """

    SP_NOT_STANDARD_PATH = 0
    SP_TOP = 1
    SP_DOCUMENT = 5


SP_TOP: Final = StandardPath.SP_TOP
SP_DOCUMENT: Final = StandardPath.SP_DOCUMENT


class FileError(IntEnum):
    """Why a file could not be found. Original: FileError, which has DOS' numbers."""

    ERROR_FILE_NOT_FOUND = 2
    ERROR_PATH_NOT_FOUND = 3
    ERROR_ACCESS_DENIED = 5
    ERROR_DRIVE_NOT_READY = 21
    ERROR_GENERAL_FAILURE = 31
    ERROR_SHARING_VIOLATION = 32


_KLetters: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def disk_handle(letter: str) -> int:
    """The handle of a drive's disk, from 2 for A to 52 for Z.

    Raises: ValueError for what is no drive letter.
    Original: DiskRegisterDisk.
    """
    if len(letter) != 1 or letter.upper() not in _KLetters:
        raise ValueError(f"{letter!r} is no drive letter")
    return 2 * (_KLetters.index(letter.upper()) + 1)


def disk_letter(handle: int) -> str | None:
    """The letter again; None if *handle* is no disk's. Original: none."""
    number, is_odd = divmod(handle, 2)
    if is_odd or not 1 <= number <= len(_KLetters):
        return None
    return _KLetters[number - 1]
