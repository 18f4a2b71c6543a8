"""Key codes, modifiers, and the events that a console delivers.

Original: TKeyCode and TEventModifier (e32keys.h), TKeyData.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from struct import Struct
from typing import Final, Self


class TKeyCode(IntEnum):
    """Codes of keys; one that makes a character has the character's code.

    Original: TKeyCode.
    """

    EKeyNull = 0
    EKeyBreak = 3  # Ctrl-C
    EKeyEndOfInput = 4  # Ctrl-D
    EKeyBell = 7
    EKeyBackspace = 8
    EKeyTab = 9
    EKeyLineFeed = 10
    EKeyVerticalTab = 11
    EKeyFormFeed = 12
    EKeyEnter = 13
    EKeyEscape = 27
    EKeySpace = 32
    EKeyDelete = 127
    EKeyPrintScreen = 0xF800
    EKeyPause = 0xF801
    EKeyHome = 0xF802
    EKeyEnd = 0xF803
    EKeyPageUp = 0xF804
    EKeyPageDown = 0xF805
    EKeyInsert = 0xF806
    EKeyLeftArrow = 0xF807
    EKeyRightArrow = 0xF808
    EKeyUpArrow = 0xF809
    EKeyDownArrow = 0xF80A
    EKeyF1 = 0xF816
    EKeyF2 = 0xF817
    EKeyF3 = 0xF818
    EKeyF4 = 0xF819
    EKeyF5 = 0xF81A
    EKeyF6 = 0xF81B
    EKeyF7 = 0xF81C
    EKeyF8 = 0xF81D
    EKeyF9 = 0xF81E
    EKeyF10 = 0xF81F
    EKeyF11 = 0xF820
    EKeyF12 = 0xF821


# Brings the rearmost window to the front; no program sees it.
KNextWindowKey: Final = TKeyCode.EKeyF12


class TEventModifier(IntFlag):
    """What was held down with a key. Original: TEventModifier."""

    ENone = 0
    EModifierAutorepeatable = 0x1
    EModifierKeypad = 0x2
    EModifierAlt = 0x10
    EModifierCtrl = 0x80
    EModifierShift = 0x400


class TConsoleEventType(IntEnum):
    """What kind of event it is; a console asks for other than keys by its modes."""

    EEventKey = 0
    EEventRawKeyDown = 1
    EEventRawKeyUp = 2
    EEventPointerDown = 3
    EEventPointerUp = 4
    EEventPointerMove = 5


@dataclass(frozen=True, slots=True)
class TKeyEvent:
    """One event: code, modifiers, place of the cursor or pointer, kind.

    Original: TKeyEvent; as far as a program sees it, what KeyCode and KeyModifiers of
    CConsoleBase tell.
    """

    code: int
    modifiers: TEventModifier = TEventModifier.ENone
    x: int = 0
    y: int = 0
    type: TConsoleEventType = TConsoleEventType.EEventKey

    @property
    def character(self) -> str:
        """The character that the key makes; empty if it makes none."""
        is_private = TKeyCode.EKeyPrintScreen <= self.code < _KPrivateEnd
        if self.code < TKeyCode.EKeySpace or is_private or self.modifiers & _KNoText:
            return ""
        return "" if self.code == TKeyCode.EKeyDelete else chr(self.code)

    def pack(self) -> bytes:
        """As it crosses."""
        return KEY_EVENT.pack(self.code, self.modifiers, self.x, self.y, self.type)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """What `pack` made. Raises: ValueError for anything else."""
        if len(data) != KEY_EVENT.size:
            raise ValueError("a key event has another size")
        code, modifiers, x, y, kind = KEY_EVENT.unpack(data)
        if not 0 <= code < KMaxCode:
            raise ValueError(f"{code} is no key code")
        return cls(code, TEventModifier(modifiers), x, y, TConsoleEventType(kind))


_KPrivateEnd: Final = 0xF900
_KNoText: Final = TEventModifier.EModifierCtrl | TEventModifier.EModifierAlt
KMaxCode: Final = 0x110000

KEY_EVENT: Final = Struct("<iIiii")
