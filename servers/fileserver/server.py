"""The file server's process: Main takes every message, drives' threads execute.

    client ──► Main: CFileServer ──► CFsSession ──┬──► Drive-C ──► host directory
               parses, checks                     ├──► Drive-D ──► memory
                                                  └──► (Z: Main itself, at once)

What belongs to whom: the sessions and their sub-session tables to Main; a drive's mount
and open files to its thread. Between them go requests, one way; answers go to clients.

Original: CServerFs (sf_svr.cpp); fileserver specification 1.
"""

from collections.abc import Mapping
from typing import Final

from kernel.abi.errors import (
    KErrArgument,
    KErrNone,
    KErrNotReady,
    KErrNotSupported,
    Leave,
)
from kernel.abi.image import Image
from kernel.abi.priorities import TProcessPriority
from kernel.abi.security import ALL_CAPABILITIES
from kernel.objects import CObject, CObjectCon, CObjectConIx
from servers.fileserver.drive import Drive
from servers.fileserver.entry import TDriveInfo
from servers.fileserver.error_condition import ErrorCondition
from servers.fileserver.failure import Refused
from servers.fileserver.modes import TMediaType
from servers.fileserver.names import drive_number
from servers.fileserver.protocol import (
    DriveSpec,
    KF32Version,
    KFileServerName,
    KFileServerUid,
    drive_specs,
)
from servers.fileserver.session import CFsSession
from servers.fileserver.sub_session import CDirObject, CFileObject, CFormatObject
from servers.loader.protocol import KDefaultLoader, LoaderSpec
from servers.loader.server import start_loader
from userlib.symbian.leave import trap
from userlib.symbian.message import RMessage2
from userlib.symbian.server import CServer2, EGlobalSharableSessions
from userlib.symbian.user import User
from userlib.symbian.version import TVersion

# The name `!FileServer` is for servers with ProtServ; clients trust it with everything.
IMAGE: Final = Image(
    uid3=KFileServerUid,
    capabilities=ALL_CAPABILITIES,
    priority=TProcessPriority.EPriorityFileServer,
)


class CFileServer(CServer2):
    """The server, its drives, and the containers of all sub-sessions."""

    def __init__(self, specs: Mapping[str, DriveSpec]) -> None:
        super().__init__(session_type=EGlobalSharableSessions)

        # Fixed for life:
        self._drives: Final = {
            number: Drive(number, spec)
            for number, spec in sorted(
                (drive_number(letter), spec) for letter, spec in specs.items()
            )
        }
        self.error_condition: Final = ErrorCondition()
        self._containers: Final = CObjectConIx()
        self._files: Final = self._containers.create()
        self._directories: Final = self._containers.create()
        self._formats: Final = self._containers.create()

    def start_drives(self) -> None:
        """Start the threads of asynchronous drives."""
        for drive in self._drives.values():
            if drive.thread is not None:
                drive.thread.start()

    def new_session(self, version: TVersion, message: RMessage2) -> CFsSession:
        ours = TVersion(*KF32Version)
        if (version.major, version.minor) > (ours.major, ours.minor):
            raise Leave(KErrNotSupported)
        return CFsSession(self, message.secure_id())

    # For sessions.

    def drive(self, number: int) -> Drive:
        """Raises: Refused(KErrNotReady) for a letter that stands for nothing."""
        if number not in self._drives:
            raise Refused(KErrNotReady)
        return self._drives[number]

    def drives(self) -> list[Drive]:
        """All there are, by letter."""
        return list(self._drives.values())

    def info(self, number: int) -> TDriveInfo:
        """What a drive is; without media if there is no such drive."""
        found = self._drives.get(number)
        return (
            TDriveInfo(TMediaType.EMediaNotPresent) if found is None else found.info()
        )

    def container_of(
        self, obj: CFileObject | CDirObject | CFormatObject
    ) -> CObjectCon[CObject]:
        """Where sub-sessions of that kind are listed."""
        match obj:
            case CFileObject():
                return self._files
            case CDirObject():
                return self._directories
            case _:
                return self._formats

    def reads_directory_of(self, drive: Drive) -> bool:
        """Whether a directory of *drive* is open."""
        return any(
            isinstance(obj, CDirObject) and obj.drive is drive and obj.is_open
            for obj in self._directories
        )


def e32main() -> int | None:
    """Serve the drives that the command line names, until the machine shuts down."""
    try:
        specs = drive_specs(User.command_line())
    except ValueError:
        return KErrArgument
    return serve(specs)


def serve(
    drives: Mapping[str, DriveSpec], loader: LoaderSpec | None = KDefaultLoader
) -> int:
    """Serve *drives*, until the machine shuts down; the exit reason if it cannot.

    The *loader* runs beside it, unless that is None. For a program of one's own that
    stands in for the file server's; it needs `IMAGE`.
    """
    server = CFileServer(drives)
    server.start_drives()
    if loader is not None:
        code = trap(start_loader, loader)
        if code != KErrNone:
            return code
    return server.run(KFileServerName)
