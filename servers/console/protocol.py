"""What the console server, its clients and the terminal agree on.

A client's session has at most one window. A session that a terminal opened as *device*
has none: it sends keys in, takes orders (what to print, what line to have edited) and
looks at the screen.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from struct import Struct
from typing import Final, NewType

from userlib import TVersion

KConsoleServerName: Final = "!E32WindowServer"
KConsoleProgram: Final = "ewsrv"
KConsoleLibrary: Final = "econs"
KNewConsole: Final = 1  # the ordinal in it of what makes a console
KConsoleServerUid: Final = 0x100041AF
KConsoleVersion: Final = TVersion(1, 0, 0)
KTestModeArgument: Final = "test-mode"  # on the server's command line: no output

KDefaultConsWidth: Final = 78
KDefaultConsHeight: Final = 18
KConsFullScreen: Final = -1
KMaxConsSize: Final = 1000  # characters, either way
KMaxPrintf: Final = 256  # what printf prints of longer output
KScreenWidth: Final = 80  # until a device says otherwise
KScreenHeight: Final = 25

KErrPremature: Final = 0  # an operation came before its window
KErrReadOutstanding: Final = 7  # another read of the same window came first

KMaxLine: Final = 4096  # characters of an edited line
KMaxOrder: Final = 0x10000  # characters of one order to a device
KSeparator: Final = "\n"  # between the lines of a history, the names of candidates
KFieldSeparator: Final = (
    "\0"  # between the prompt, the text and the history of an order
)


class TWsMessage(IntEnum):
    """The functions of a session."""

    ECreate = 0
    ESet = 1  # title, width, height
    EDestroy = 2
    EWrite = 3  # text
    ERead = 4  # key event, to write to
    EReadCancel = 5
    EClear = 6
    EClearToEndOfLine = 7
    ESetCursorAbs = 8  # x, y
    ESetCursorRel = 9  # dx, dy
    ECursor = 10  # place, to write to
    ESize = 11  # place, to write to
    EScreenSize = 12  # place, to write to
    ESetTitle = 13  # title
    ESetCursorHeight = 14  # per cent
    EControl = 15  # control string
    ESetColours = 16  # foreground, background
    ESetAttribute = 17  # TTextAttribute
    ESetMode = 18  # TVideoMode
    ESetSize = 19  # width, height
    EReadLine = 20  # prompt, history, line to write to, TLineFlag
    EReadLineCancel = 21
    EQuery = 22  # text to complete, to write to
    EQueryCancel = 23
    EAnswer = 24  # candidates, where in the text they begin
    EBreak = 25
    EBreakCancel = 26

    EDeviceOpen = 64  # TAbility, width, height
    EDeviceNext = 65  # order's text and package, to write to
    EDeviceNextCancel = 66
    EDeviceEvent = 67  # key event; completes with 1 if somebody heard of it at once
    EDeviceEndOfInput = 68
    EDeviceLine = 69  # ticket, code, text
    EDeviceComplete = 70  # ticket, text, candidates to write to, start to write to
    EDeviceResize = 71  # width, height
    EDeviceScreen = 72  # texts, looks, package of changed lines, to write to
    EDeviceUpdate = 73  # the same, once there is a change
    EDeviceUpdateCancel = 74


class TWsPanic(IntEnum):
    """Why a client is panicked, category WServ panic."""

    EBadFunction = 1
    EWindowExists = 2
    ENoQuery = 3  # an answer to what was not asked
    EQueryOutstanding = 4
    EBreakOutstanding = 5
    ELineOutstanding = 6
    ENoDevice = 7  # an order of a device from a session that is none
    EOrderOutstanding = 8
    EBadEvent = 9


WSERV: Final = "WServ panic"


class TAbility(IntFlag):
    """What a device can do; without any it only sends keys."""

    ENone = 0
    EStream = 1  # print text in the order it is written
    EEditLine = 2  # have a person edit a line


class TLineFlag(IntFlag):
    """How a line is to be edited."""

    ENone = 0
    ECompletes = 1  # the program will answer what is to be completed


class TOrder(IntEnum):
    """What a device is to do; the completion code of its request."""

    EPrint = 1  # text
    EClearScreen = 2
    EEditLine = 3  # text: prompt, initial text, history, each a field
    EStopLine = 4  # the line of that ticket is not wanted any more
    EWantKeys = 5  # number: 1 if a program waits for a key, 0 if none any more


TicketT = NewType("TicketT", int)

PLACE: Final = Struct("<ii")  # x, y or width, height
ORDER: Final = Struct("<ii")  # ticket, number
START: Final = Struct("<i")
SCREEN: Final = Struct("<7i")  # size, cursor, its height, bells, lines that changed
LINE_NUMBER: Final = Struct("<i")  # after that, one for each of these
LOOK: Final = Struct("<BBBx")  # attribute, foreground, background of one cell


@dataclass(frozen=True, slots=True)
class TPlace:
    """A column and a line, from 0 at the top left. Original: TPoint."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class TConsSize:
    """Columns and lines. Original: TSize."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TScreenState:
    """The whole screen: a text and the looks of its cells for each line, the cursor.

    *bells* counts all that ever rang; a *cursor_height* of 0 is no cursor.
    """

    rows: tuple[str, ...] = ()
    looks: tuple[bytes, ...] = ()
    cursor: TPlace = TPlace(0, 0)
    cursor_height: int = 0
    bells: int = 0
