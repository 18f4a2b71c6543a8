"""RDir: a directory being read, as a client has it.

Original: RDir (f32file.h); fileserver specification 10.1.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from kernel.abi.errors import KErrEof, KErrNone, Leave
from servers.fileserver.client_base import RFsSubSession, entry_in, leave_if_error
from servers.fileserver.entry import KMaxEntrySize, TEntry, unpack_entries
from servers.fileserver.modes import KEntryAttNormal
from servers.fileserver.protocol import KEntryArraySize, TFsMessage
from userlib.symbian.buffers import TBuf8
from userlib.symbian.ipc_args import TIpcArgs

if TYPE_CHECKING:
    from servers.fileserver.client import RFs


class RDir(RFsSubSession):
    """A handle to a directory: its entries as they were when it was opened.

    Original: RDir (f32file.h).
    """

    close_function = TFsMessage.EDirClose

    __slots__ = ()

    def open(self, fs: "RFs", match_name: str, mask: int = KEntryAttNormal) -> Self:
        """Entries that match a pattern (none: all) and a mask of attributes.

        A pattern that matches nothing opens all the same.

        Raises: KErrPathNotFound if there is no such directory.
        Original: RDir::Open.
        """
        args = TIpcArgs(match_name, mask)
        return self.create_sub_session(fs, TFsMessage.EDirOpen, args)

    def read(self) -> TEntry:
        """The next entry. Raises: KErrEof after the last. Original: RDir::Read."""
        buffer = TBuf8(KMaxEntrySize)
        leave_if_error(self._read(buffer, 1))
        return entry_in(buffer)

    def read_array(self) -> tuple[int, list[TEntry]]:
        """A batch of entries, and KErrEof with the last, which may be empty.

        Raises: any other code. Original: RDir::Read(TEntryArray&).
        """
        buffer = TBuf8(KEntryArraySize)
        code = self._read(buffer, 0)
        if code not in (KErrNone, KErrEof):
            raise Leave(code)
        return code, list(unpack_entries(bytes(buffer)))

    def _read(self, buffer: TBuf8, count: int) -> int:
        return self.try_send_receive(TFsMessage.EDirRead, TIpcArgs(buffer, count))

    def __iter__(self) -> Iterator[TEntry]:
        """The entries that are left. Original: none; a convenience."""
        code: int = KErrNone
        while code == KErrNone:
            code, entries = self.read_array()
            yield from entries
