"""What client and server agree on beside the interfaces: flags, paths, metadata."""

from enum import IntFlag
from struct import Struct
from typing import Final, NamedTuple, Self

from kernel.abi.chunk import KPageSize
from userlib.l4re.consts import L4_EINVAL, L4_ENAMETOOLONG
from userlib.l4re.errors import L4Error

KL4FsProgram: Final = "l4fs"
KL4FsGate: Final = "server"  # what it serves, by the name in its environment
KDefaultRoot: Final = "C:\\"
KDefaultPages: Final = 4096  # of all files together, in memory at once

KContextSize: Final = KPageSize  # bytes: the memory that paths are written into
KPieceSize: Final = 1 << 20  # bytes: memory of a file comes in such pieces
KMaxPosition: Final = 1 << 62  # no window reaches further

_STAT: Final = Struct("<QQII")


class TOpenFlag(IntFlag):
    """How a file is opened: an access mode, and what is done to it first.

    Original: fcntl.h, which `flags_t` of OpenerContext.open takes.
    """

    O_RDONLY = 0
    O_WRONLY = 1
    O_RDWR = 2
    O_CREAT = 0x40
    O_EXCL = 0x80
    O_TRUNC = 0x200


O_RDONLY: Final = TOpenFlag.O_RDONLY
O_WRONLY: Final = TOpenFlag.O_WRONLY
O_RDWR: Final = TOpenFlag.O_RDWR
O_CREAT: Final = TOpenFlag.O_CREAT
O_EXCL: Final = TOpenFlag.O_EXCL
O_TRUNC: Final = TOpenFlag.O_TRUNC
O_ACCMODE: Final = O_WRONLY | O_RDWR
# Numbers: the complement of flags is no more than the other known ones.
KKnownOpenFlags: Final = int(O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC)


class TObjectFlag(IntFlag):
    """What can be done with an object that was opened."""

    OBJECT_HAS_SIZE = 1
    OBJECT_SUPPORTS_MMAP = 2
    OBJECT_WRITABLE = 4


class TNotifyFlag(IntFlag):
    """What users of a file can be told of."""

    NOTIFY_CONTENT = 1  # flushed, or resized
    NOTIFY_OPENED = 2
    NOTIFY_CLOSED = 4


OBJECT_HAS_SIZE: Final = TObjectFlag.OBJECT_HAS_SIZE
OBJECT_SUPPORTS_MMAP: Final = TObjectFlag.OBJECT_SUPPORTS_MMAP
OBJECT_WRITABLE: Final = TObjectFlag.OBJECT_WRITABLE
NOTIFY_CONTENT: Final = TNotifyFlag.NOTIFY_CONTENT
NOTIFY_OPENED: Final = TNotifyFlag.NOTIFY_OPENED
NOTIFY_CLOSED: Final = TNotifyFlag.NOTIFY_CLOSED
KEveryEvent: Final = int(NOTIFY_CONTENT | NOTIFY_OPENED | NOTIFY_CLOSED)

S_IFDIR: Final = 0o040000
S_IFREG: Final = 0o100000
S_IWRITE: Final = 0o222


class TStat(NamedTuple):
    """What `stat` writes into the context's memory."""

    size: int
    modified_us: int  # since 1970, UTC
    mode: int  # S_IFDIR or S_IFREG, and permissions
    attributes: int  # the file server's KEntryAtt...

    @property
    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return self.mode & S_IFDIR == S_IFDIR

    def pack(self) -> bytes:
        """As it stands in the memory."""
        return _STAT.pack(*self)

    @classmethod
    def unpack(cls, data: bytes | memoryview) -> Self:
        """From the beginning of the memory."""
        return cls(*_STAT.unpack_from(data))


def pack_paths(*paths: str) -> bytes:
    """Paths as they stand in the memory: UTF-8, each with a zero behind it.

    Raises: L4Error with L4_ENAMETOOLONG if they do not fit, L4_EINVAL if one holds a
        zero or half a character.
    """
    try:
        packed = b"".join(path.encode() + b"\0" for path in paths)
    except UnicodeEncodeError:
        raise L4Error(L4_EINVAL) from None
    if packed.count(b"\0") != len(paths):
        raise L4Error(L4_EINVAL)
    if len(packed) > KContextSize:
        raise L4Error(L4_ENAMETOOLONG)
    return packed


def unpack_paths(memory: bytes, count: int) -> list[str]:
    """The first paths of a context's memory.

    Raises: L4Error with L4_ENAMETOOLONG if a zero is missing, L4_EINVAL for what is not
        UTF-8.
    """
    parts = memory.split(b"\0", count)
    if len(parts) <= count:
        raise L4Error(L4_ENAMETOOLONG)
    try:
        return [part.decode() for part in parts[:count]]
    except UnicodeDecodeError:
        raise L4Error(L4_EINVAL) from None


def round_down(position: int) -> int:
    """To the beginning of its page."""
    return position & -KPageSize


def round_up(position: int) -> int:
    """To the end of its page."""
    return -(-position // KPageSize) * KPageSize
