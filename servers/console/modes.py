"""How a window behaves and how its characters look."""

from collections.abc import Mapping
from enum import IntEnum, IntFlag
from types import MappingProxyType
from typing import Final

from userlib import KErrArgument, Leave


class TWindowMode(IntFlag):
    """What a control string switches, a letter each."""

    EScrollBars = 1
    EWrapLock = 2  # text does not go on in the next line
    EPointerEvents = 4
    EScrollLock = 8  # the bottom line does not scroll away
    EVisible = 16
    ECursor = 32
    EMaximised = 64  # alone on the screen, whatever its size
    ENewLine = 128  # a line feed returns the carriage too
    EOnTop = 256
    EPointerMoves = 512
    ERawEvents = 1024
    EAllowResize = 2048


KDefaultMode: Final = (
    TWindowMode.EVisible
    | TWindowMode.ECursor
    | TWindowMode.EMaximised
    | TWindowMode.ENewLine
)

CONTROL_LETTERS: Final[Mapping[str, TWindowMode]] = MappingProxyType(
    {
        "S": TWindowMode.EScrollBars,
        "W": TWindowMode.EWrapLock,
        "P": TWindowMode.EPointerEvents,
        "L": TWindowMode.EScrollLock,
        "V": TWindowMode.EVisible,
        "C": TWindowMode.ECursor,
        "M": TWindowMode.EMaximised,
        "N": TWindowMode.ENewLine,
        "O": TWindowMode.EOnTop,
        "I": TWindowMode.EPointerMoves,
        "R": TWindowMode.ERawEvents,
        "A": TWindowMode.EAllowResize,
    }
)


def apply_control(mode: TWindowMode, control: str) -> TWindowMode:
    """*mode* as a control string changes it: `+` or `-`, then letters, repeatedly.

    Raises: Leave(KErrArgument) for a letter without a sign, or an unknown one; then
        none of the string counts.
    """
    sign = ""
    for letter in control.upper():
        if letter in "+-":
            sign = letter
            continue
        bit = CONTROL_LETTERS.get(letter)
        if bit is None or not sign:
            raise Leave(KErrArgument)
        mode = mode | bit if sign == "+" else mode & ~bit
    return mode


class TTextAttribute(IntEnum):
    """How text that is written from now on looks. Original: TTextAttribute."""

    ETextAttributeNormal = 0
    ETextAttributeBold = 1
    ETextAttributeInverse = 2
    ETextAttributeHighlight = 3


class TVideoMode(IntEnum):
    """Whether the screen shows a window's colours. Original: TVideoMode."""

    EMono = 0
    EColor = 1


KColours: Final = 16  # 0 to 15, as terminals number them
KForeground: Final = 7
KBackground: Final = 0
