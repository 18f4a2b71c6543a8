"""A client's session: path, sub-sessions, and what it has under way.

Original: CSessionFs; fileserver specification 1 and 3.
"""

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from kernel.abi.errors import (
    KErrBadName,
    KErrNone,
    KErrNotSupported,
    KRequestPending,
    Leave,
)
from kernel.objects import CObject, CObjectIx
from servers.fileserver.drive import Drive
from servers.fileserver.error_condition import ENDINGS
from servers.fileserver.failure import Refused
from servers.fileserver.modes import KMaxDrives
from servers.fileserver.names import FileName, KMaxFileName, drive_text, parse_name
from servers.fileserver.operations import OPERATIONS
from servers.fileserver.protocol import FSCLIENT
from servers.fileserver.request import BadSubSession, FsRequest, answer
from servers.fileserver.session_end import SessionEnd
from servers.fileserver.sub_session import CDirObject, CFileObject, CFormatObject
from userlib.symbian.heap import HeapCell
from userlib.symbian.message import RMessage2
from userlib.symbian.server import CSession2
from userlib.symbian.server_heap import heap_request

if TYPE_CHECKING:
    from servers.fileserver.drive_thread import DriveThread
    from servers.fileserver.server import CFileServer


KSystemDrive: Final = 2


class CFsSession(CSession2):
    """One RFs.

    Threads: Main, except for `abandoned`, to which drive threads append.
    """

    def __init__(self, file_server: "CFileServer", secure_id: int) -> None:
        # Fixed for life:
        self.file_server: Final = file_server
        self.private_path: Final = f"\\Private\\{secure_id:08x}\\"
        # Handles that were made for an opening that then failed. Only Main touches the
        # table, so the drive's thread leaves them here; both ends are atomic.
        self.abandoned: Final[deque[int]] = deque()

        # Owned by Main:
        self.path = drive_text(KSystemDrive) + self.private_path
        self.objects: CObjectIx[CObject] = CObjectIx()
        self._threads: dict[DriveThread, None] = {}  # in order of first use

    # Messages.

    def service(self, message: RMessage2) -> None:
        self._sweep()
        if not heap_request(self, message):
            answer(message, lambda: self._serve(message))

    def service_error(self, message: RMessage2, code: int) -> None:
        """A leave that got this far is the client's doing."""
        if not message.is_null:
            message.panic(FSCLIENT, code)

    def _serve(self, message: RMessage2) -> int:
        function = message.function
        code = self.file_server.error_condition.of(function)
        if code != KErrNone:
            return code
        initialise = OPERATIONS.get(function)
        if initialise is None:
            return KErrNotSupported
        with ExitStack() as undo:
            if function not in ENDINGS:  # nothing may keep a handle from being closed
                undo.enter_context(HeapCell("request"))
            made = initialise(self, message)
            if not isinstance(made, FsRequest):
                return made or KErrNone
            made.memory = undo.pop_all()
        self._submit(made)
        return KRequestPending

    def disconnect(self, message: RMessage2) -> None:
        """Close everything, after what is still under way, then let the client go.

        The disconnect message is completed last: until then the messages of the session
        that drives' threads still work on stay theirs.
        """
        self.file_server.forget(self)
        closed = [
            obj
            for _, obj, _ in self.objects
            if isinstance(obj, CFileObject | CFormatObject)
        ]
        end = SessionEnd(message, closed, list(self._threads))
        self.objects.destroy()
        end.run()

    def destroy(self) -> None:
        self.objects.destroy()
        super().destroy()

    def count_resources(self) -> int:
        """The sub-sessions that are open."""
        self._sweep()
        return self.objects.active_count

    def _submit(self, made: FsRequest) -> None:
        thread = made.drive.thread
        if thread is None:
            made.run()
        else:
            self._threads[thread] = None
            thread.submit(made)

    def _sweep(self) -> None:
        while self.abandoned:
            self.objects.remove(self.abandoned.popleft())

    # For the operations: what initialising a request needs.

    def parse(self, message: RMessage2, index: int = 0) -> FileName:
        """The name in an argument, completed from the session path."""
        text = message.read16(index, max_length=KMaxFileName + 1)
        return parse_name(text, self.path)

    def set_path(self, path: str) -> None:
        """The new path takes its memory before the old one goes."""
        with HeapCell("path"):
            self.path = path

    def drive(self, number: int) -> Drive:
        """The drive, if it has media.

        Raises: Refused(KErrBadName) for a bad number, KErrNotReady.
        """
        if not 0 <= number < KMaxDrives:
            raise Refused(KErrBadName)
        drive = self.file_server.drive(number)
        assert drive.mount is not None
        return drive

    def reserve(
        self, obj: CFileObject | CDirObject | CFormatObject
    ) -> tuple[int, Callable[[], None]]:
        """A handle for *obj*, and how a drive's thread gives it back."""
        try:
            self.file_server.container_of(obj).add(obj)
            handle = self.objects.add(obj)
        except Leave as leave:
            obj.close()
            raise Refused(leave.code) from leave
        return handle, lambda: self.abandoned.append(handle)

    def file(self, message: RMessage2) -> CFileObject:
        """The file of argument 3. Raises: BadSubSession."""
        obj = self.objects.try_at(message.int3)
        if isinstance(obj, CFileObject) and obj.is_open:
            return obj
        raise BadSubSession

    def directory(self, message: RMessage2) -> CDirObject:
        """The directory of argument 3. Raises: BadSubSession."""
        obj = self.objects.try_at(message.int3)
        if isinstance(obj, CDirObject) and obj.is_open:
            return obj
        raise BadSubSession

    def format(self, message: RMessage2) -> CFormatObject:
        """The format of argument 3. Raises: BadSubSession."""
        obj = self.objects.try_at(message.int3)
        if isinstance(obj, CFormatObject) and obj.is_open:
            return obj
        raise BadSubSession
