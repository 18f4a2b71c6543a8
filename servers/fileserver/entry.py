"""What the server tells of a file, a drive and a volume, and its form in a message."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from struct import Struct
from typing import Final

from servers.fileserver.modes import (
    KEntryAttArchive,
    KEntryAttDir,
    KEntryAttHidden,
    KEntryAttReadOnly,
    KEntryAttSystem,
)

# Times are microseconds since the start of the year 0, UTC.
KUnixEpochUs: Final = 719_528 * 86_400 * 1_000_000

# Attributes, size, modified, UIDs; then the name's length in bytes, and the name.
_ENTRY: Final = Struct("<HqqIIIH")
_DRIVE: Final = Struct("<HIII")
_VOLUME: Final = Struct("<qqIB44s")  # with a label of 11 characters, 4 bytes each

KNullUids: Final = (0, 0, 0)
KMaxEntrySize: Final = _ENTRY.size + 2 * 2 * 256  # a name of surrogate pairs


@dataclass(frozen=True, slots=True)
class TEntry:
    """One file or directory. Original: TEntry."""

    att: int
    size: int
    modified: int  # microseconds since year 0, UTC
    name: str
    uids: tuple[int, int, int] = KNullUids

    @property
    def is_dir(self) -> bool:
        return bool(self.att & KEntryAttDir)

    @property
    def is_read_only(self) -> bool:
        return bool(self.att & KEntryAttReadOnly)

    @property
    def is_hidden(self) -> bool:
        return bool(self.att & KEntryAttHidden)

    @property
    def is_system(self) -> bool:
        return bool(self.att & KEntryAttSystem)

    @property
    def is_archive(self) -> bool:
        return bool(self.att & KEntryAttArchive)

    def pack(self) -> bytes:
        """The form that crosses; `unpack_entry` reverses it."""
        name = self.name.encode("utf-16-le")
        head = _ENTRY.pack(self.att, self.size, self.modified, *self.uids, len(name))
        return head + name

    def with_att(self, set_mask: int, clear_mask: int = 0) -> "TEntry":
        """The same with attributes set, then others cleared."""
        return replace(self, att=(self.att | set_mask) & ~clear_mask)


def unpack_entry(data: bytes, offset: int = 0) -> tuple[TEntry, int]:
    """One entry, and where the next begins."""
    att, size, modified, uid1, uid2, uid3, length = _ENTRY.unpack_from(data, offset)
    start = offset + _ENTRY.size
    name = data[start : start + length].decode("utf-16-le")
    entry = TEntry(att, size, modified, name, (uid1, uid2, uid3))
    return entry, start + length


def unpack_entries(data: bytes) -> Iterator[TEntry]:
    """All the entries of a batch."""
    offset = 0
    while offset < len(data):
        entry, offset = unpack_entry(data, offset)
        yield entry


def pack_batch(entries: Iterable[TEntry], room: int) -> tuple[bytes, int]:
    """As many entries from the front as *room* bytes hold, and how many they are."""
    batch, count = bytearray(), 0
    for entry in entries:
        packed = entry.pack()
        if len(batch) + len(packed) > room:
            break
        batch += packed
        count += 1
    return bytes(batch), count


@dataclass(frozen=True, slots=True)
class TDriveInfo:
    """What a drive is, with media or without. Original: TDriveInfo."""

    media: int
    drive_att: int = 0
    media_att: int = 0
    battery: int = 0

    def pack(self) -> bytes:
        return _DRIVE.pack(self.media, self.drive_att, self.media_att, self.battery)

    @classmethod
    def unpack(cls, data: bytes) -> "TDriveInfo":
        return cls(*_DRIVE.unpack(data))


@dataclass(frozen=True, slots=True)
class TVolumeInfo:
    """A volume: its drive, size and free space in bytes. Original: TVolumeInfo."""

    drive: TDriveInfo
    size: int
    free: int
    unique_id: int = 0
    label: str = ""

    def pack(self) -> bytes:
        label = self.label.encode("utf-16-le")
        head = _VOLUME.pack(self.size, self.free, self.unique_id, len(label), label)
        return head + self.drive.pack()

    @classmethod
    def unpack(cls, data: bytes) -> "TVolumeInfo":
        size, free, unique_id, length, label = _VOLUME.unpack_from(data)
        drive = TDriveInfo.unpack(data[_VOLUME.size :])
        return cls(drive, size, free, unique_id, label[:length].decode("utf-16-le"))


KDriveInfoSize: Final = _DRIVE.size
KVolumeInfoSize: Final = _VOLUME.size + _DRIVE.size
