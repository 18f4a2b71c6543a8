"""Thread and process priorities, and the kernel level that each pair comes to.

Original: symbian-kernel 4.3.
"""

from enum import IntEnum
from typing import Final


class TThreadPriority(IntEnum):
    """What `RThread.set_priority` takes; ENull is not settable."""

    EPriorityNull = -30
    EPriorityMuchLess = -20
    EPriorityLess = -10
    EPriorityNormal = 0
    EPriorityMore = 10
    EPriorityMuchMore = 20
    EPriorityRealTime = 30
    EPriorityAbsoluteVeryLow = 100
    EPriorityAbsoluteLowNormal = 150
    EPriorityAbsoluteLow = 200
    EPriorityAbsoluteBackgroundNormal = 250
    EPriorityAbsoluteBackground = 300
    EPriorityAbsoluteForegroundNormal = 350
    EPriorityAbsoluteForeground = 400
    EPriorityAbsoluteHighNormal = 450
    EPriorityAbsoluteHigh = 500
    EPriorityAbsoluteRealTime1 = 810
    EPriorityAbsoluteRealTime2 = 820
    EPriorityAbsoluteRealTime3 = 830
    EPriorityAbsoluteRealTime4 = 840
    EPriorityAbsoluteRealTime5 = 850
    EPriorityAbsoluteRealTime6 = 860
    EPriorityAbsoluteRealTime7 = 870
    EPriorityAbsoluteRealTime8 = 880


class TProcessPriority(IntEnum):
    """Priority of a whole process; programs may set Low to High only."""

    EPriorityLow = 150
    EPriorityBackground = 250
    EPriorityForeground = 350
    EPriorityHigh = 450
    EPriorityWindowServer = 650
    EPriorityFileServer = 750
    EPriorityRealTimeServer = 850
    EPrioritySupervisor = 950


class TRealtimeState(IntEnum):
    """Whether a thread has promised to be quick: servers may ask."""

    ERealtimeStateOff = 0
    ERealtimeStateOn = 1
    ERealtimeStateWarn = 2


KAbsoluteLevels: Final = {
    100: 1, 150: 3, 200: 5, 250: 7, 300: 10, 350: 12, 400: 15, 450: 19, 500: 23,
    810: 24, 820: 25, 830: 26, 840: 27, 850: 28, 860: 29, 870: 30, 880: 31,
}  # fmt: skip

# Columns: MuchLess, Less, Normal, More, MuchMore, RealTime.
KRelativeLevels: Final = {
    150: (1, 1, 2, 3, 4, 22),
    250: (5, 6, 7, 8, 9, 22),
    350: (10, 11, 12, 13, 14, 22),
    450: (17, 18, 19, 20, 22, 23),
    650: (15, 16, 21, 24, 25, 28),
    750: (15, 16, 21, 24, 25, 28),
    850: (26, 27, 28, 29, 30, 31),
    950: (26, 27, 28, 29, 30, 31),
}


KMaxRelativeLevel: Final = 23  # of a relative priority without ProtServ
KSettableThreadPriorities: Final = frozenset(
    int(p) for p in TThreadPriority if p is not TThreadPriority.EPriorityNull
)
KSettableProcessPriorities: Final = frozenset((150, 250, 350, 450))


def kernel_level(process_priority: int, thread_priority: int) -> int:
    """The level (1 to 31) at which a thread of that priority is scheduled."""
    if thread_priority in KAbsoluteLevels:
        return KAbsoluteLevels[thread_priority]
    return KRelativeLevels[process_priority][thread_priority // 10 + 2]
