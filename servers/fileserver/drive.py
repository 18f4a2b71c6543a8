"""A drive letter: its mount, the files open on it, and who executes its requests.

Original: TDrive; fileserver specification 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from types import MappingProxyType
from typing import Final, ParamSpec, TypeVar

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrCorrupt, KErrInUse, KErrNotReady
from servers.fileserver.drive_thread import DriveThread
from servers.fileserver.entry import TDriveInfo, TEntry
from servers.fileserver.failure import Refused
from servers.fileserver.host_mount import HostMount
from servers.fileserver.memory_mount import MemoryMount
from servers.fileserver.modes import KEntryAttReadOnly, TMediaType
from servers.fileserver.mount import MMount
from servers.fileserver.names import Components, FileName, fold_path
from servers.fileserver.open_file import Fcb, Share
from servers.fileserver.protocol import DriveSpec

P = ParamSpec("P")
T = TypeVar("T")


# What is on the drives of each kind that a `DriveSpec` can be.
FILE_SYSTEMS: Final[Mapping[str, str]] = MappingProxyType(
    {"host": "Host", "memory": "Mem", "rom": "Rofs"}
)


class TDriveState(Enum):
    """Whether a drive's volume can be used."""

    EReady = "ready"
    EDismounted = "dismounted"
    EFormatting = "formatting"
    ECorrupt = "corrupt"  # a format was abandoned


_REFUSALS: Final[Mapping[TDriveState, int]] = MappingProxyType(
    {
        TDriveState.EDismounted: KErrNotReady,
        TDriveState.EFormatting: KErrInUse,
        TDriveState.ECorrupt: KErrCorrupt,
    }
)


class Drive:
    """One drive. Used by one thread: its own, or Main if it is synchronous."""

    def __init__(self, number: int, spec: DriveSpec) -> None:
        # Fixed for life:
        self.number: Final = number
        self.is_rom: Final = spec.kind == "rom"
        self._on_host: Final = spec.host is not None
        self.file_system: Final = FILE_SYSTEMS[spec.kind]
        self._mount: Final = _mounted(spec)
        # Who executes its requests; None: Main, at once.
        self.thread: Final = None if self.is_rom else DriveThread(number)

        # Owned by the drive's thread:
        self.fcbs: dict[Components, Fcb] = {}  # by folded path
        self.next_temp = 0
        self.state = TDriveState.EReady
        self.label = ""  # of the volume; kept here, whatever the media
        self.name = ""

    @property
    def mount(self) -> MMount:
        """The volume.

        Raises: Refused(KErrNotReady) without media or file system; KErrInUse while it
            is formatted, KErrCorrupt after half a format.
        """
        if self._mount is None:
            raise Refused(KErrNotReady)
        if self.state is not TDriveState.EReady:
            raise Refused(_REFUSALS[self.state])
        return self._mount

    # File system.

    @property
    def is_attached(self) -> bool:
        """Whether there is a file system on it, be its volume corrupt or not."""
        return self._mount is not None and self.state is not TDriveState.EDismounted

    def attach(self) -> None:
        """Put the file system back; what was on the volume is there again."""
        if self._mount is None:
            raise Refused(KErrNotReady)
        self.state = TDriveState.EReady

    def detach(self) -> None:
        """Take it off. Raises: Refused(KErrInUse) with open files, or in a format."""
        if self.fcbs or self.state is TDriveState.EFormatting:
            raise Refused(KErrInUse)
        self.state = TDriveState.EDismounted

    @property
    def can_be_formatted(self) -> bool:
        """Media in memory only: a host's directory is not ours to empty."""
        return isinstance(self._mount, MemoryMount) and self._mount.writable

    def begin_format(self) -> None:
        """Nobody else can use the drive until the end."""
        self.state = TDriveState.EFormatting

    def end_format(self, *, is_whole: bool) -> None:
        """The volume is empty, without a label; or corrupt, if not all was done."""
        if is_whole:
            assert isinstance(self._mount, MemoryMount)
            self._mount.clear()
            self.label = ""
        self.state = TDriveState.EReady if is_whole else TDriveState.ECorrupt

    @property
    def is_writable(self) -> bool:
        return self.mount.writable

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Let the media work: on a host, where no death may tear it."""
        if self._on_host:
            return current_exec.get().host_call(function, *args, **kwargs)
        return function(*args, **kwargs)

    def info(self) -> TDriveInfo:
        if self._mount is None:
            return TDriveInfo(TMediaType.EMediaNotPresent)
        return self._mount.drive_info()

    # Entries.

    def entry(self, path: Components) -> TEntry:
        """The entry of *path*; of an open file, with what is not yet flushed."""
        fcb = self.open_file(path)
        if fcb is not None:
            entry = self.call(fcb.file.entry)
            return self.shown(replace(entry, name=fcb.name.name))
        return self.shown(self.call(self.mount.entry, path))

    def try_entry(self, path: Components, *absent: int) -> TEntry | None:
        """As entry; None instead of a failure that is one of *absent*."""
        try:
            return self.entry(path)
        except Refused as refused:
            if refused.code in absent:
                return None
            raise

    def shown(self, entry: TEntry) -> TEntry:
        """*entry* as clients see it: of ROM, read-only."""
        return entry.with_att(KEntryAttReadOnly) if self.is_rom else entry

    # Open files.

    def open_file(self, path: Components) -> Fcb | None:
        """The file of that path, if it is open."""
        return self.fcbs.get(fold_path(path))

    def check_closed(self, path: Components) -> None:
        """Raises: Refused(KErrInUse) if *path*, or anything below it, is open."""
        key = fold_path(path)
        if any(other[: len(key)] == key for other in self.fcbs):
            raise Refused(KErrInUse)

    def add(self, fcb: Fcb) -> None:
        self.fcbs[fold_path(fcb.name.path)] = fcb

    def renamed(self, fcb: Fcb, name: FileName) -> None:
        """An open file has another name."""
        del self.fcbs[fold_path(fcb.name.path)]
        fcb.name = name
        self.add(fcb)

    def close(self, share: Share) -> None:
        """Close a share; with the last one its file, and delete that if asked to."""
        fcb = share.fcb
        if not fcb.leave(share):
            return
        path = fcb.name.path
        del self.fcbs[fold_path(path)]
        self.call(fcb.file.close)
        if fcb.delete_on_close:
            self.call(self.mount.delete, path)


def _mounted(spec: DriveSpec) -> MMount | None:
    """The media of a drive; None if the host's directory cannot be had."""
    if spec.host is None:
        return MemoryMount(spec.capacity, rom=spec.kind == "rom")
    is_rom = spec.kind == "rom"
    try:
        return current_exec.get().host_call(
            HostMount, spec.host, read_only=spec.read_only or is_rom, rom=is_rom
        )
    except Refused:
        return None
