"""What a locked timer is asked for. Original: TTimerLockSpec (e32std.h)."""

from enum import IntEnum
from typing import Final


class TTimerLockSpec(IntEnum):
    """A twelfth of a second; the last one ends with the second."""

    EOneOClock = 0
    ETwoOClock = 1
    EThreeOClock = 2
    EFourOClock = 3
    EFiveOClock = 4
    ESixOClock = 5
    ESevenOClock = 6
    EEightOClock = 7
    ENineOClock = 8
    ETenOClock = 9
    EElevenOClock = 10
    ETwelveOClock = 11


KTwelfths: Final = 12
