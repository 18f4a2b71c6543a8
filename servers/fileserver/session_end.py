"""The last request of a session: it visits every drive's thread the session used."""

from collections.abc import Sequence
from typing import Final

from kernel.abi.errors import KErrNone
from servers.fileserver.drive_thread import DriveThread
from servers.fileserver.failure import Refused
from servers.fileserver.file_open_ops import close_share
from servers.fileserver.sub_session import CFileObject, CFormatObject
from userlib.symbian.message import RMessage2


class SessionEnd:
    """Closes what is open, drive by drive, and completes the disconnect message last.

    It goes from thread to thread, one after the other, so that it is only ever one
    thread's and needs no count of who is done. In each queue it comes after all that
    the session asked for; an opening among that has put its share into a file by then.
    """

    def __init__(
        self,
        message: RMessage2,
        objects: Sequence[CFileObject | CFormatObject],
        threads: list[DriveThread],
    ) -> None:
        self._message: Final = message
        self._objects: Final = objects
        self._threads: Final = threads
        self._here: DriveThread | None = None  # None: Main, for synchronous drives

    def run(self) -> None:
        """Do what this thread can, then go on to the next."""
        for obj in self._objects:
            if obj.drive.thread is self._here:
                _close(obj)
        if self._threads:
            self._here = self._threads.pop(0)
            self._here.submit(self)
        else:
            self._message.complete(KErrNone)


def _close(obj: CFileObject | CFormatObject) -> None:
    if isinstance(obj, CFormatObject):
        obj.end()
        return
    share, obj.share = obj.share, None
    if share is not None:
        try:
            close_share(obj.drive, share)
        except Refused:
            # A file that cannot be deleted on close stays; nobody is left to be told.
            return
