"""What RFile and RDir have in common."""

from types import TracebackType
from typing import ClassVar, Self

from kernel.abi.errors import KErrNone, Leave
from servers.fileserver.entry import TEntry, unpack_entry
from servers.fileserver.protocol import TFsMessage
from userlib.symbian.buffers import TBuf8, TDes8
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.sub_session import RSubSessionBase


class RFsSubSession(RSubSessionBase):
    """A sub-session of the file server; closed by `close` or the end of a `with` block.

    Original: RFsBase.
    """

    close_function: ClassVar[TFsMessage]

    __slots__ = ()

    def close(self) -> None:
        """Give it up; without one nothing happens. Original: RFsSubSession::Close."""
        self.close_sub_session(self.close_function)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, function: TFsMessage, *args: int | str | bytes | TDes8) -> int:
        """Send, and leave with any code but KErrNone; positive ones are answers.

        Original: none; RSubSessionBase::SendReceive and the check of its code.
        """
        return self.send_receive(function, TIpcArgs(*args))


def leave_if_error(code: int) -> None:
    """Leave with a code that is none of success. Original: User::LeaveIfError."""
    if code != KErrNone:
        raise Leave(code)


def entry_in(buffer: TBuf8) -> TEntry:
    """The entry that the server put into *buffer*.

    Original: none; a TEntry in the client's buffer.
    """
    return unpack_entry(bytes(buffer))[0]
