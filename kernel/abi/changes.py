"""What a change notifier tells of: a status value is a set of these.

Original: TChanges (e32std.h); symbian-kernel 4.9.
"""

from enum import IntEnum
from typing import Final


class TChanges(IntEnum):
    """Each is one bit."""

    EChangesLocale = 0x01
    EChangesMidnightCrossover = 0x02
    EChangesThreadDeath = 0x04
    EChangesPowerStatus = 0x08
    EChangesSystemTime = 0x10
    EChangesFreeMemory = 0x20
    EChangesOutOfMemory = 0x40
    EChangesLowMemory = 0x80
    EChangesThrashLevel = 0x100


EChangesLocale: Final = TChanges.EChangesLocale
EChangesMidnightCrossover: Final = TChanges.EChangesMidnightCrossover
EChangesThreadDeath: Final = TChanges.EChangesThreadDeath
EChangesPowerStatus: Final = TChanges.EChangesPowerStatus
EChangesSystemTime: Final = TChanges.EChangesSystemTime
EChangesFreeMemory: Final = TChanges.EChangesFreeMemory
EChangesOutOfMemory: Final = TChanges.EChangesOutOfMemory
EChangesLowMemory: Final = TChanges.EChangesLowMemory
EChangesThrashLevel: Final = TChanges.EChangesThrashLevel

# What a new notifier tells of at its first logon: all but low memory.
KInitialChanges: Final = 0x17F
