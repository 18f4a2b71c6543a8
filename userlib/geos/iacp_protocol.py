"""What the IACP server and its clients agree on.

A request is a tuple of plain values, flattened, in argument 0; argument 1 is a buffer
for the answer, if there is more of it than a number. What comes back is a number from 0
on, an error of the kernel's, or a fault: a mistake that no program may make.

It is here, not with the server, because a user library imports no server.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

KIACPServerName: Final = "!IACP"
KIACPVersion: Final = (1, 0, 0)
KFirstReplySize: Final = 256  # bytes; a buffer that proves too small is doubled

_KFaultBase: Final = -0x4000  # below all codes of the kernel


class TIACPMessage(IntEnum):
    """The requests, and what their tuples hold; ← what is answered."""

    ERegisterServer = 1  # token, server, mode, flags
    EUnregisterServer = 2  # token, server
    EConnect = (
        3  # token, flags, block, client, timeout ← connection, count, error, owner
    )
    EConnectToDocument = 4  # directory, name, disk, client ← the same
    EFinishConnect = 5  # connection
    ESend = 6  # connection, letter, travel, completion, side, server number, geode
    EGetServerNumber = 7  # connection, server
    EShutdown = 8  # connection, server or None
    EShutdownAll = 9  # object
    ECompleted = 10  # ticket
    EDiscarded = 11  # ticket
    EGetDocumentId = 12  # directory, name, disk ← file error, disk, id
    ERegisterDocument = 13  # server, disk, id
    EUnregisterDocument = 14  # the same
    EConnectionDocument = 15  # connection ← disk, id, or None
    ELocateServer = 16  # token ← path, or None
    EBindToken = 17  # token, path
    EUnbindToken = 18  # token
    ELists = 19  # ← all lists
    EConnections = 20  # object or None ← its connections
    EDocuments = 21  # ← all entries
    EMoved = 22  # ticket, the geode or queue that has it now
    ESendAndWait = 23  # connection, side, geode, travel, letter ← count, queue


class IACPFault(IntEnum):
    """The fatal errors of the original's error-checking version.

    The names are its own but the last, for which it has none; the numbers are ours.
    """

    IACP_INVALID_CONNECTION = 1
    IACP_INVALID_SERVER_NUMBER = 2
    CANT_SHUT_DOWN_IACP_CONNECTION_THAT_WAS_NEVER_FINISHED = 3
    FIRST_ONLY_MUST_BE_SET_IF_DOCUMENT_SPECIFIED = 4
    MUST_CONNECT_TO_FIRST_ONLY_IF_OBEYING_LAUNCH_MODEL = 5
    MUST_CONNECT_IN_APP_MODE_IF_OBEYING_LAUNCH_MODEL = 6
    IACP_CONNECTION_HAS_NO_CLIENT_OBJECT = 7

    @property
    def code(self) -> int:
        """What a request completes with."""
        return _KFaultBase - self


# What has gone wrong, with the values of the request that it has gone wrong with.
KFaultDetails: Final[Mapping[IACPFault, str]] = MappingProxyType(
    {
        IACPFault.IACP_INVALID_CONNECTION: "connection {0} is over, or never was",
        IACPFault.IACP_INVALID_SERVER_NUMBER: (
            "connection {0} has no server of that number; they are counted from 1"
        ),
        IACPFault.CANT_SHUT_DOWN_IACP_CONNECTION_THAT_WAS_NEVER_FINISHED: (
            "the server has to call finish_connect first"
        ),
        IACPFault.FIRST_ONLY_MUST_BE_SET_IF_DOCUMENT_SPECIFIED: (
            "the launch block names a document: IACPCF_FIRST_ONLY is missing"
        ),
        IACPFault.MUST_CONNECT_TO_FIRST_ONLY_IF_OBEYING_LAUNCH_MODEL: (
            "IACPCF_FIRST_ONLY is missing"
        ),
        IACPFault.MUST_CONNECT_IN_APP_MODE_IF_OBEYING_LAUNCH_MODEL: (
            "IACPSM_USER_INTERACTIBLE is missing"
        ),
        IACPFault.IACP_CONNECTION_HAS_NO_CLIENT_OBJECT: (
            "the caller's geode has no application object, or the one specified is null"
        ),
    }
)


def fault_of(code: int) -> IACPFault | None:
    """The fault that *code* stands for. Original: none."""
    number = _KFaultBase - code
    return IACPFault(number) if number in IACPFault.__members__.values() else None
