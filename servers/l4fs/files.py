"""Files: what the objects of one filesystem component share, on whatever thread."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from kernel.abi.errors import KErrInUse, Leave
from servers.fileserver.client import RFs
from servers.fileserver.entry import KUnixEpochUs
from servers.l4fs.codes import l4_errors
from servers.l4fs.file_resource import Resource
from servers.l4fs.lock import LockPool
from servers.l4fs.mapped_file_object_interface import MappedFileObject
from servers.l4fs.memory_object import MemoryObject
from servers.l4fs.mounts import components
from servers.l4fs.opener_context_interface import OpenerContext_open_result
from servers.l4fs.page_collection import PageCollection
from servers.l4fs.protocol import (
    O_ACCMODE,
    O_CREAT,
    O_EXCL,
    O_TRUNC,
    OBJECT_HAS_SIZE,
    OBJECT_SUPPORTS_MMAP,
    OBJECT_WRITABLE,
    S_IFDIR,
    S_IFREG,
    S_IWRITE,
    KKnownOpenFlags,
    TStat,
)
from servers.l4fs.registry import Registry
from servers.l4fs.void import Void
from userlib.l4re.cap import Cap
from userlib.l4re.consts import L4_EINVAL
from userlib.l4re.errors import L4Error
from userlib.l4re.exposing import ipc_server_new_for
from userlib.l4re.interface import Interface

KPermissions: Final = 0o777


class Files:
    """The files below one directory of the file server.

    Threads: any of the server's, which share the session.
    """

    def __init__(self, fs: RFs, root: str, page_limit: int) -> None:
        # Fixed for life:
        self._fs: Final = fs
        self._root: Final = root.rstrip("\\") + "\\"
        self.void: Final = Void()
        self.locks: Final = LockPool()
        self.pages: Final = PageCollection(page_limit)
        self.registry: Final = Registry(fs, self.pages, self.locks)

        # Each entry is written by the thread that makes it, or ends it:
        self._memory: Final[dict[int, MemoryObject]] = {}  # by gate

    # Objects.

    def serve(self, interface: type[Interface], obj: MemoryObject) -> Cap:
        """On a thread of its own. Raises: L4Error."""
        with l4_errors():
            cap = ipc_server_new_for(interface, obj)
        obj.gate = cap.handle
        self._memory[obj.gate] = obj
        return cap

    def memory_behind(self, gate: int) -> MemoryObject | None:
        """None if it is none of ours."""
        return self._memory.get(gate)

    def forget(self, obj: MemoryObject) -> None:
        """It is not served any more."""
        self._memory.pop(obj.gate, None)
        self.locks.give_back(obj.lock)

    def on_closed(self, resource: Resource) -> None:
        """Its client let it go. Raises: L4Error if changes could not be stored."""
        try:
            self.registry.leave(resource.provider)
        finally:
            self.forget(resource)  # last: until then others can wait for its end

    # Operations.

    def name(self, path: str) -> str:
        """The file server's name for a path: both strokes part names.

        Raises: L4Error with L4_EINVAL for the directory itself.
        """
        parts = components(path)
        if not parts:
            raise L4Error(L4_EINVAL)
        return self._root + "\\".join(parts)

    def open(self, path: str, flags: int) -> OpenerContext_open_result:
        """Open a file for one client. Raises: L4Error."""
        writing = is_for_writing(flags)
        with ExitStack() as undo, l4_errors():
            provider = self.registry.join(self.name(path), flags, writing=writing)
            undo.callback(self.registry.leave, provider)
            lock = self.locks.take()
            undo.callback(self.locks.give_back, lock)
            resource = Resource(self, provider, lock, writing=writing)
            cap = self.serve(MappedFileObject, resource)
            undo.pop_all()
        resource.start(is_truncated=bool(flags & O_TRUNC))
        can = OBJECT_HAS_SIZE | OBJECT_SUPPORTS_MMAP
        if writing:
            can |= OBJECT_WRITABLE
        passed = cap.with_rights("rw" if writing else "r")
        return OpenerContext_open_result(provider.size, passed, int(can))

    def stat(self, path: str) -> TStat:
        """Of a file or directory. Raises: L4Error."""
        with l4_errors():
            if not components(path):
                return TStat(0, 0, S_IFDIR | KPermissions, 0)
            entry = self._fs.entry(self.name(path))
        mode = KPermissions & ~(S_IWRITE if entry.is_read_only else 0)
        kind = S_IFDIR if entry.is_dir else S_IFREG
        modified = max(entry.modified - KUnixEpochUs, 0)
        return TStat(entry.size, modified, kind | mode, entry.att)

    def remove(self, path: str) -> None:
        """A file, or an empty directory. Raises: L4Error."""
        name = self.name(path)
        with l4_errors():
            is_dir = self._fs.entry(name).is_dir
        if is_dir:
            self._when_unused(self._fs.rm_dir, name + "\\")
        else:
            self._when_unused(self._fs.delete, name)

    def rename(self, old: str, new: str) -> None:
        """Raises: L4Error."""
        self._when_unused(self._fs.rename, self.name(old), self.name(new))

    def _when_unused(self, change: Callable[..., None], *names: str) -> None:
        """Do it; files that were let go, but by their threads not yet, don't count."""
        try:
            change(*names)
        except Leave as leave:
            if leave.code != KErrInUse:
                with l4_errors():
                    raise
        else:
            return
        for obj in list(self._memory.values()):
            if not Cap(obj.gate, is_owned=False).is_valid():
                obj.gate_deleted()
        with l4_errors():
            change(*names)

    def mkdir(self, path: str) -> None:
        """Raises: L4Error."""
        with l4_errors():
            self._fs.mk_dir(self.name(path) + "\\")


def is_for_writing(flags: int) -> bool:
    """Whether a file is opened to be changed.

    Raises: L4Error with L4_EINVAL for flags that are unknown or contradict each other.
    """
    writing = bool(flags & O_ACCMODE)
    is_good = (
        not flags & ~KKnownOpenFlags
        and flags & O_ACCMODE != O_ACCMODE
        and (writing or not flags & O_TRUNC)
        and (flags & O_CREAT or not flags & O_EXCL)
    )
    if not is_good:
        raise L4Error(L4_EINVAL)
    return writing
