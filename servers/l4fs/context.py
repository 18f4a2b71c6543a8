"""Context: what a client's thread opens files through, and memory for its paths."""

from typing import Final

from kernel.abi.chunk import KPageSize
from servers.l4fs.codes import l4_errors
from servers.l4fs.files import Files
from servers.l4fs.memory_object import MemoryObject
from servers.l4fs.mounts import Mounts, Route
from servers.l4fs.opener_context_interface import OpenerContext_open_result
from servers.l4fs.opener_context_object_interface import OpenerContextObject
from servers.l4fs.protocol import KContextSize, unpack_paths
from userlib.l4re.cap import Cap
from userlib.l4re.consts import L4_EINVAL, L4_ERANGE
from userlib.l4re.errors import L4Error
from userlib.l4re.fpage import Fpage
from userlib.symbian.chunk import RChunk, TChunkCreateInfo

KContextOrder: Final = KContextSize.bit_length() - 1


class Context(MemoryObject, OpenerContextObject):
    """Operations on paths, which the client writes into the memory.

    Threads: its own; another object's `copy_in` may read the memory.
    Original: Departure's opener contexts (l4re-idl 6.3).
    """

    def __init__(self, files: Files, fs: Cap, user: int) -> None:
        info = TChunkCreateInfo().set_normal(KPageSize, KPageSize).set_clear_byte(0)
        with l4_errors():
            chunk = RChunk().create(info)
            super().__init__(files, files.locks.take())
        self._files: Final = files
        self._fs: Final = fs
        self._mounts: Final = Mounts(user)

        # Guarded by the lock:
        self._chunk: Final = chunk

    # Dataspace.

    def length(self) -> int:
        """Of the memory."""
        return KContextSize

    def may_write(self) -> bool:
        """Yes: that is what it is for."""
        return True

    def map(self, offset: int, spot: int, flags: int) -> Fpage:
        """The memory, whole."""
        del spot  # one page lies the same everywhere
        rights = self.rights_to_map(flags)
        if offset >= KContextSize:
            raise L4Error(L4_ERANGE)
        return Fpage.of_chunk(self._chunk, 0, KContextOrder, rights)

    def read_bytes(self, offset: int, length: int) -> bytes:
        """Of the memory."""
        with self.lock:
            if not self._chunk.handle:  # while another's copy_in was on its way
                raise L4Error(L4_EINVAL)
            return bytes(self._chunk.view(offset, length))

    def write_bytes(self, offset: int, data: bytes) -> None:
        """Into the memory."""
        self._chunk.view(offset, len(data))[:] = data

    def populate(self, offset: int, size: int) -> None:
        """It is always there."""

    # OpenerContext.

    def _route(self) -> Route:
        (path,) = self._paths(1)
        return self._mounts.route(path)

    def _paths(self, count: int) -> list[str]:
        return unpack_paths(self.read_bytes(0, KContextSize), count)

    def mount(self, fs: Cap) -> None:
        """Have another filesystem answer for what begins with the path."""
        (path,) = self._paths(1)
        self._mounts.add(path, fs)

    def getfs(self) -> Cap:
        """The filesystem that answers for the path."""
        mount, _ = self._route()
        return (self._fs if mount is None else mount.fs).mode("r")

    def open(self, flags: int) -> OpenerContext_open_result:
        """Open the file of that path."""
        mount, path = self._route()
        if mount is None:
            return self._files.open(path, flags)
        size, file, can = mount.context.open_object(path, flags)
        return OpenerContext_open_result(size, file.grant(), can)

    def stat(self) -> None:
        """Leave what is known of the path's file in the memory."""
        mount, path = self._route()
        found = (self._files if mount is None else mount.context).stat(path)
        self.write_bytes(0, found.pack())

    def remove(self) -> None:
        """Remove the file, or the empty directory, of that path."""
        mount, path = self._route()
        (self._files if mount is None else mount.context).remove(path)

    def mkdir(self, mode: int) -> None:
        """Make a directory. The file server stores no permissions."""
        mount, path = self._route()
        if mount is None:
            self._files.mkdir(path)
        else:
            mount.context.mkdir(path, mode)

    def rename(self) -> None:
        """Rename what the first path names; both are of one filesystem."""
        old, new = map(self._mounts.route, self._paths(2))
        if old.mount is not new.mount:
            raise L4Error(L4_EINVAL)
        target = self._files if old.mount is None else old.mount.context
        target.rename(old.path, new.path)

    # The end.

    def gate_deleted(self) -> None:
        """The client let it go, or died."""
        with self.lock:
            if self._chunk.handle:
                self._mounts.close()
                self._chunk.close()
                self._files.forget(self)
