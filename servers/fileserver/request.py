"""A request on its way: made by Main, executed by the thread of its drive.

*Initialise* (Main): capabilities are checked and names taken apart. *Do* (the drive's
thread): everything that touches the drive. A request that was refused gives the code to
its client; a leave comes from the client's descriptors and panics it.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.abi.errors import (
    KErrBadHandle,
    KErrNoMemory,
    KErrNone,
    KRequestPending,
    Leave,
)
from servers.fileserver.drive import Drive
from servers.fileserver.failure import Refused
from servers.fileserver.names import FileName
from servers.fileserver.protocol import FSCLIENT, KPanicCategory
from userlib.symbian.message import RMessage2

if TYPE_CHECKING:
    from servers.fileserver.sub_session import CDirObject, CFileObject, CFormatObject

# What executes a request: the answer's code, KErrNone if it gives none.
# KRequestPending: the message is completed later.
Execute = Callable[["FsRequest"], int | None]


class BadSubSession(Exception):
    """The client used a handle that is none; it will not live to see an answer."""


@dataclass(slots=True, eq=False)
class FsRequest:
    """One message with what *initialise* made of it."""

    message: RMessage2
    execute: Execute
    drive: Drive
    names: tuple[FileName, ...] = ()
    file: "CFileObject | None" = None
    directory: "CDirObject | None" = None
    formatting: "CFormatObject | None" = None
    mode: int = 0
    handle: int = 0  # of the sub-session that is being made
    abandon: Callable[[], None] | None = None  # what a failed creation gives back
    memory: ExitStack | None = None  # that it takes while it is under way

    @property
    def name(self) -> FileName:
        return self.names[0]

    @property
    def opened(self) -> "CFileObject":
        """The file of the request."""
        assert self.file is not None
        return self.file

    @property
    def opened_directory(self) -> "CDirObject":
        """The directory of the request."""
        assert self.directory is not None
        return self.directory

    @property
    def opened_format(self) -> "CFormatObject":
        """The format of the request."""
        assert self.formatting is not None
        return self.formatting

    def run(self) -> None:
        """Execute, and answer; never raises what a client could cause."""
        answer(self.message, self._execute)

    def _execute(self) -> int | None:
        try:
            code = self.execute(self)
        except (Refused, Leave, MemoryError):
            if self.abandon is not None:
                self.abandon()
            self.free()
            raise
        if code != KRequestPending:
            self.free()
        return code

    def free(self) -> None:
        """Give the request's memory back: before its client is answered."""
        if self.memory is not None:
            self.memory.close()


def answer(message: RMessage2, work: Callable[[], int | None]) -> None:
    """Complete *message* with what comes of *work*, or end the client."""
    try:
        code = work() or KErrNone
    except Refused as refused:
        code = refused.code
    except BadSubSession:
        message.panic(KPanicCategory, KErrBadHandle)
        return
    except Leave as leave:
        if leave.code != KErrNoMemory:  # that is ours, the rest the client's doing
            message.panic(FSCLIENT, leave.code)
            return
        code = KErrNoMemory
    except MemoryError:
        code = KErrNoMemory
    if code != KRequestPending:
        message.complete(code)
