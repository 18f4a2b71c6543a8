"""What happens at the outside of the device: keys, pointer, switches.

Original: TRawEvent (e32event.h); symbian-kernel 10.3.
"""

from enum import IntEnum
from typing import Final, TypeAlias


class TRawEventType(IntEnum):
    """What has happened."""

    ENone = 0
    EPointerMove = 1
    EPointerSwitchOn = 2
    EKeyDown = 3
    EKeyUp = 4
    ERedraw = 5
    ESwitchOn = 6
    EActive = 7
    EInactive = 8
    EUpdateModifiers = 9
    EButton1Down = 10
    EButton1Up = 11
    EButton2Down = 12
    EButton2Up = 13
    EButton3Down = 14
    EButton3Up = 15
    ESwitchOff = 16
    EKeyRepeat = 17
    ECaseOpen = 18
    ECaseClose = 19


# Those that only trusted programs may make up.
POWER_EVENTS: Final = frozenset(
    (TRawEventType.ESwitchOff, TRawEventType.ECaseOpen, TRawEventType.ECaseClose)
)
# Those by which a user shows that somebody is there.
USER_EVENTS: Final = frozenset(
    (
        TRawEventType.EPointerMove,
        TRawEventType.EPointerSwitchOn,
        TRawEventType.EKeyDown,
        TRawEventType.EKeyUp,
        TRawEventType.EKeyRepeat,
        TRawEventType.EButton1Down,
        TRawEventType.EButton1Up,
        TRawEventType.EButton2Down,
        TRawEventType.EButton2Up,
        TRawEventType.EButton3Down,
        TRawEventType.EButton3Up,
    )
)

KMaxRawEvents: Final = 32  # waiting for whoever has the event hook
KWindowServerSecureId: Final = 0x10003B20  # alone may have the event hook

# Type, two values (position, or code), microseconds since boot.
RawEvent: TypeAlias = tuple[int, int, int, int]
