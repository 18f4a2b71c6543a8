"""Accessor: the bytes of one file, where they are stored; a file of the file server."""

from typing import Final

from kernel.abi.errors import KErrAlreadyExists, KErrNotFound, Leave
from servers.fileserver.client import RFile64, RFs
from servers.fileserver.modes import EFileShareReadersOrWriters, EFileWrite
from servers.l4fs.protocol import O_CREAT, O_EXCL
from userlib.symbian.buffers import TDes8

KShareMode: Final = EFileShareReadersOrWriters  # others may read what was flushed


class Accessor:
    """One file, opened once for all its users here; for writing when one of them does.

    Requires: the provider's lock.
    Original: Departure's accessors (l4re-idl 6.3).
    """

    def __init__(self, fs: RFs, name: str) -> None:
        self._fs: Final = fs
        self._name: Final = name
        self._file = RFile64()
        self.is_writable = False

    def open(self, flags: int, *, writing: bool) -> None:
        """Open or create it. Raises: Leave, KErrAlreadyExists with O_EXCL."""
        if flags & O_EXCL:
            self._file = self._created()
        else:
            self._file = self._found(flags, writing=writing)

    def _created(self) -> RFile64:
        """A new file, which is open for writing whatever was asked."""
        file = RFile64().create(self._fs, self._name, KShareMode | EFileWrite)
        self.is_writable = True
        return file

    def _found(self, flags: int, *, writing: bool) -> RFile64:
        mode = KShareMode | (EFileWrite if writing else 0)
        try:
            file = RFile64().open(self._fs, self._name, mode)
        except Leave as leave:
            if leave.code != KErrNotFound or not flags & O_CREAT:
                raise
        else:
            self.is_writable = writing
            return file
        try:
            return self._created()
        except Leave as leave:
            if leave.code != KErrAlreadyExists:  # somebody was faster
                raise
        return self._found(0, writing=writing)

    def allow_writing(self) -> None:
        """Somebody is to write as well. Raises: Leave."""
        mode = KShareMode | EFileWrite
        file = RFile64().open(self._fs, self._name, mode)
        self._file.close()
        self._file = file
        self.is_writable = True

    def size(self) -> int:
        """Of the file."""
        return self._file.size()

    def read(self, position: int, target: TDes8, length: int) -> None:
        """Fill the target; what lies beyond the end of the file stays as it is."""
        self._file.read_at(position, target, length)

    def write(self, position: int, data: bytes) -> None:
        """Store it, inside the file.

        Somebody else may have cut the file: the file server would then write at the
        end that it has now.
        """
        if self._file.size() < position:
            self._file.set_size(position)
        self._file.write_at(position, data)

    def set_size(self, size: int) -> None:
        """Cut the file, or add zeros."""
        self._file.set_size(size)

    def flush(self) -> None:
        """Have it all stored for good."""
        self._file.flush()

    def close(self) -> None:
        """Done; it may be opened again."""
        self._file.close()
        self.is_writable = False
