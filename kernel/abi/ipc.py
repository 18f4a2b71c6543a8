"""What a message carries: argument types, special functions, server and session modes.

Original: e32ipc.h, e32const.h; symbian-kernel 6.
"""

from enum import IntEnum
from typing import Final, TypeAlias

from kernel.abi.memory import ClientBuffer

KMessageConnect: Final = -1
KMessageDisconnect: Final = -2


class TArgType(IntEnum):
    """Three bits for each argument: 1 = 16-bit, 2 = const, 4 = descriptor."""

    EUnspecified = 0
    EHandle = 1
    EDes8 = 4
    EDes16 = 5
    EDesC8 = 6
    EDesC16 = 7


KArgTypeBits: Final = 3
KArgTypeMask: Final = 7
KArgDesFlag: Final = 4
KArgConstFlag: Final = 2
KArgWideFlag: Final = 1


class TIpcSessionType(IntEnum):
    """How far a session may be shared; a server's mode is its largest."""

    EIpcSession_Unsharable = 0
    EIpcSession_Sharable = 1
    EIpcSession_GlobalSharable = 2


class TServerRole(IntEnum):
    """Whether a server may hand sessions over."""

    EServerRole_Standalone = 0
    EServerRole_Master = 1
    EServerRole_Slave = 2


# In what a server learns of its client's process.
KProcessFlagJustInTime: Final = 0x80000000
KProcessFlagPriorityControl: Final = 0x40000000

EIpcSession_Unsharable: Final = TIpcSessionType.EIpcSession_Unsharable
EIpcSession_Sharable: Final = TIpcSessionType.EIpcSession_Sharable
EIpcSession_GlobalSharable: Final = TIpcSessionType.EIpcSession_GlobalSharable

IpcValue: TypeAlias = int | bytes | str | ClientBuffer
IpcArgs: TypeAlias = tuple[IpcValue, ...]

# (message handle, function, raw arguments 0-3, session pointer)
MessageData: TypeAlias = tuple[int, int, tuple[int, int, int, int], int]
