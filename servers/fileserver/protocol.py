"""What client and server agree on: functions, panics, and the drives at start.

The server learns its drives from its command line. One word stands for each drive, as
in `C=host,ro,0,/srv/data`: letter, kind, access, capacity, and the host's path with
every byte but letters, digits, `/` and `_.-~` as %XX, so that no name can break out of
its word.
"""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import quote, unquote_to_bytes

from kernel.abi.limits import KMinTInt

KFileServerName: Final = "!FileServer"
KFileServerProgram: Final = "fileserver"
KFileServerUid: Final = 0x100039E3
KF32Version: Final = (2, 0, 0)

FSCLIENT: Final = "FSCLIENT"
KPanicCategory: Final = "Panic"  # of a client that uses a bad sub-session handle

KCurrentPosition: Final = KMinTInt  # the position argument for "where the handle is"
KEntryArraySize: Final = 1024  # bytes of one batch of directory entries


class TFsClientPanic(IntEnum):
    """Reasons of category FSCLIENT that are no error codes."""

    ELockLengthNotPositive = 17
    EUnlockLengthNotPositive = 18
    EPosNegative = 19
    ESizeNegative = 20
    EAttributesIllegal = 21
    EEntryArrayIndex = 22
    ESortTypeUnknown = 23
    EBadLength = 27


class TFsMessage(IntEnum):
    """The functions of a session; those of a sub-session put its handle last."""

    ESetSessionPath = 0
    ESessionPath = 1
    EPrivatePath = 2
    ECreatePrivatePath = 3
    ESetSessionToPrivate = 4
    EResourceCount = 5
    EDriveList = 6
    EDrive = 7
    EVolume = 8
    EMkDir = 9
    EMkDirAll = 10
    ERmDir = 11
    EDelete = 12
    ERename = 13
    EReplace = 14
    EEntry = 15
    ESetEntry = 16
    EIsFileOpen = 17
    EReadFileSection = 18
    EFileOpen = 19
    EFileCreate = 20
    EFileReplace = 21
    EFileTemp = 22
    EFileClose = 23
    EFileRead = 24
    EFileSet = 25
    EFileWrite = 26
    EFileSeek = 27
    EFileSize = 28
    EFileSetSize = 29
    EFileFlush = 30
    EFileEntry = 31
    EFileSetAtt = 32
    EFileRename = 33
    EFileFullName = 34
    EFileDrive = 35
    EFileChangeMode = 36
    EFileLock = 37
    EFileUnLock = 38
    EDirOpen = 39
    EDirRead = 40
    EDirClose = 41
    EFileReadLater = 42
    EFileReadCancel = 43
    ESetVolumeLabel = 44
    ESetDriveName = 45
    EDriveName = 46
    EFileSystemName = 47
    EMountFileSystem = 48
    EDismountFileSystem = 49
    ECheckDisk = 50
    EFormatOpen = 51
    EFormatNext = 52
    EFormatClose = 53
    ELockDrive = 54
    EUnlockDrive = 55
    EAddPlugin = 56
    ERemovePlugin = 57
    ESetErrorCondition = 1000  # for tests, as are the requests on its heap


TDriveKind = Literal["host", "memory", "rom"]
_KINDS: Final[tuple[TDriveKind, ...]] = ("host", "memory", "rom")

KDefaultCapacity: Final = 64 << 20  # bytes of a memory drive


@dataclass(frozen=True, slots=True)
class DriveSpec:
    """What a drive letter stands for.

    `host` needs the directory *host*; `memory` begins empty, with room for *capacity*
    bytes; `rom` is read-only and synchronous, and empty without *host*.
    """

    host: Path | None = None
    read_only: bool = False
    kind: TDriveKind = "memory"
    capacity: int = KDefaultCapacity

    def __post_init__(self) -> None:
        if self.kind == "host" and self.host is None:
            raise ValueError("a host drive needs a directory")
        if self.kind == "memory" and self.host is not None:
            raise ValueError("a memory drive has no directory")
        if self.capacity < 0:
            raise ValueError("a drive's capacity is not negative")


DEFAULT_DRIVES: Final[Mapping[str, DriveSpec]] = MappingProxyType(
    {
        "C": DriveSpec(),
        "D": DriveSpec(),
        "Z": DriveSpec(kind="rom", read_only=True),
    }
)


def service_args(drives: Mapping[str, DriveSpec]) -> tuple[str, ...]:
    """The file server's arguments for these drives, by letter.

    Raises: ValueError if a key is no drive letter, or two keys are the same one.
    """
    letters = [drive_letter(key) for key in drives]
    if len(set(letters)) != len(letters):
        raise ValueError("a drive letter is given twice")
    return tuple(
        _word(letter, spec)
        for letter, spec in sorted(zip(letters, drives.values(), strict=True))
    )


def drive_specs(command_line: str) -> dict[str, DriveSpec]:
    """The drives that a command line names; the default ones if it names none.

    Raises: ValueError if a word is not one that `service_args` makes.
    """
    words = shlex.split(command_line)
    return dict(map(_spec, words)) if words else dict(DEFAULT_DRIVES)


def drive_letter(text: str) -> str:
    """The letter of a drive, upper case, with or without its colon.

    Raises: ValueError if it is none.
    """
    letter = text.removesuffix(":")
    if len(letter) != 1 or not letter.isascii() or not letter.isalpha():
        raise ValueError(f"{text!r} is no drive letter")
    return letter.upper()


def _word(letter: str, spec: DriveSpec) -> str:
    access = "ro" if spec.read_only else "rw"
    path = "" if spec.host is None else quote(os.fsencode(spec.host.absolute()))
    return f"{letter}={spec.kind},{access},{spec.capacity},{path}"


def _spec(word: str) -> tuple[str, DriveSpec]:
    letter, _, rest = word.partition("=")
    kind, access, capacity, path = [*rest.split(",", 3), "", "", ""][:4]
    if access not in ("ro", "rw") or not capacity.isdecimal():
        raise ValueError(f"{word!r} describes no drive")
    for known in _KINDS:
        if kind == known:
            host = Path(os.fsdecode(unquote_to_bytes(path))) if path else None
            spec = DriveSpec(host, access == "ro", known, int(capacity))
            return drive_letter(letter), spec
    raise ValueError(f"{word!r} describes no drive")
