"""What the complex count server and its clients agree on.

Argument 3 of every request but those on the session itself is the counter's handle.
"""

from enum import IntEnum
from typing import Final

from userlib import TVersion

KCountServerName: Final = "CountServerX"  # of the server, and of its program
KCountServerVersion: Final = TVersion(1, 0, 0)


class TCountServRqst(IntEnum):
    """The requests."""

    ECountServCreateSubSession = 1  # 3: package buffer, gets the handle
    ECountServCloseSubSession = 2
    ECountServResourceCount = 3  # of the session; 0: package buffer
    ECountServSetFromString = 4  # 0: 16-bit descriptor
    ECountServIncrease = 5
    ECountServIncreaseBy = 6  # 0: integer
    ECountServDecrease = 7
    ECountServDecreaseBy = 8  # 0: integer
    ECountServValue = 9  # 0: package buffer, to write to
    ECountServReset = 10


class TCountServPanic(IntEnum):
    """Why a client is panicked, category `KCountServerName`."""

    EBadRequest = 1  # no such request
    EBadDescriptor = 2  # an argument is not what the request takes
    EBadSubsessionHandle = 3  # argument 3 is no counter of this session
