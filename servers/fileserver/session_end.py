"""The last request of a session: it visits every drive's thread the session used."""

from collections.abc import Sequence
from typing import Final

from kernel.abi.errors import KErrNone
from servers.fileserver.drive_thread import DriveThread
from servers.fileserver.failure import Refused
from servers.fileserver.file_open_ops import close_share
from servers.fileserver.sub_session import CFileObject
from userlib.symbian.message import RMessage2


class SessionEnd:
    """Closes files drive by drive, and completes the disconnect message at the end.

    It goes from thread to thread, one after the other, so that it is only ever one
    thread's and needs no count of who is done. In each queue it comes after all that
    the session asked for; an opening among that has put its share into a file by then.
    """

    def __init__(
        self,
        message: RMessage2,
        files: Sequence[CFileObject],
        threads: list[DriveThread],
    ) -> None:
        self._message: Final = message
        self._files: Final = files
        self._threads: Final = threads
        self._here: DriveThread | None = None  # None: Main, for synchronous drives

    def run(self) -> None:
        """Do what this thread can, then go on to the next."""
        for file in self._files:
            if file.drive.thread is self._here:
                _close(file)
        if self._threads:
            self._here = self._threads.pop(0)
            self._here.submit(self)
        else:
            self._message.complete(KErrNone)


def _close(file: CFileObject) -> None:
    share, file.share = file.share, None
    if share is not None:
        try:
            close_share(file.drive, share)
        except Refused:
            # A file that cannot be deleted on close stays; nobody is left to be told.
            return
