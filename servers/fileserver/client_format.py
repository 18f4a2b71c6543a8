"""RFormat: formatting a drive, as a client has it.

Original: RFormat (f32file.h); fileserver specification 13.
"""

from typing import TYPE_CHECKING

from servers.fileserver.client_base import RFsSubSession
from servers.fileserver.protocol import TFsMessage
from userlib.symbian.ipc_args import TIpcArgs
from userlib.symbian.packages import TPckgBuf

if TYPE_CHECKING:
    from servers.fileserver.client import RFs


class RFormat(RFsSubSession):
    """A drive being formatted; until it is closed, nobody else can use the drive.

    Original: RFormat (f32file.h).
    """

    close_function = TFsMessage.EFormatClose

    __slots__ = ()

    def open(self, fs: "RFs", path: str) -> int:
        r"""Begin to format the drive of *path*, `X:\`. Returns: the steps to do.

        Raises: KErrPermissionDenied without DiskAdmin; KErrBadName if *path* has a name
            part; KErrInUse if something on the drive is open, or it is being formatted;
            KErrAccessDenied if it cannot be.
        Original: RFormat::Open.
        """
        steps = TPckgBuf(0)
        args = TIpcArgs(path, steps)
        self.create_sub_session(fs, TFsMessage.EFormatOpen, args)
        return int(steps())

    def next(self) -> int:
        """Do a few steps more. Returns: how many are left; 0 is the end.

        Closed before, it leaves the volume corrupt. Original: RFormat::Next.
        """
        steps = TPckgBuf(0)
        self.send_receive(TFsMessage.EFormatNext, TIpcArgs(steps))
        return int(steps())
