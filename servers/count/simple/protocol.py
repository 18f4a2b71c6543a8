"""What the simple count server and its clients agree on."""

from enum import IntEnum
from typing import Final

from userlib import TVersion

KCountServerName: Final = "CountServer"  # of the server, and of its program
KCountServerVersion: Final = TVersion(1, 0, 0)


class TCountServRqst(IntEnum):
    """The requests."""

    ECountServSetFromString = 1  # 0: 16-bit descriptor
    ECountServIncrease = 2
    ECountServIncreaseBy = 3  # 0: integer
    ECountServDecrease = 4
    ECountServDecreaseBy = 5  # 0: integer
    ECountServValue = 6  # 0: package buffer, to write to
    ECountServReset = 7


class TCountServPanic(IntEnum):
    """Why a client is panicked, category `KCountServerName`."""

    EBadRequest = 1  # no such request
    EBadDescriptor = 2  # argument 0 is not what the request takes
