"""Error codes, and the four kinds of failure that never mix.

A refused call is a `KernelError`, a failed operation a `Leave`, the program's mistake
a panic (`ThreadDeath` unwinds the thread that died), our mistake a `KernelFault`.

Original: e32err.h; the numbers are those of symbian-kernel 1.1.
"""

from enum import IntEnum
from typing import Final

__all__ = [
    "AttachedThreadDied",
    "Deadlock",
    "KRequestPending",
    "KernelError",
    "KernelFault",
    "Leave",
    "TErr",
    "ThreadDeath",
    "code_name",
]


class TErr(IntEnum):
    """The system-wide error codes; services define positive ones of their own."""

    KErrNone = 0  # it went well
    KErrNotFound = -1  # there is no such thing
    KErrGeneral = -2  # something else went wrong
    KErrCancel = -3  # whoever asked does not want it any more
    KErrNoMemory = -4  # no memory is left
    KErrNotSupported = -5  # that cannot be done here
    KErrArgument = -6  # an argument makes no sense
    KErrTotalLossOfPrecision = -7  # no digit of the result is right
    KErrBadHandle = -8  # the handle names nothing, or not that kind of thing
    KErrOverflow = -9  # too much for the room there is
    KErrUnderflow = -10  # too little to be expressed; not even started
    KErrAlreadyExists = -11  # there is one of that name already
    KErrPathNotFound = -12  # a directory on the way is not there
    KErrDied = -13  # the thread or process has ended
    KErrInUse = -14  # somebody else is using it
    KErrServerTerminated = -15  # the server has ended
    KErrServerBusy = -16  # no message slot is free
    KErrCompletion = -17  # a transaction was not completed
    KErrNotReady = -18  # the device, drive or object is not ready
    KErrUnknown = -19  # of a type that nobody knows
    KErrCorrupt = -20  # what is stored there is damaged
    KErrAccessDenied = -21  # it may not be used in that way now
    KErrLocked = -22  # locked by somebody else
    KErrWrite = -23  # not everything could be written
    KErrDisMounted = -24  # the volume was taken away
    KErrEof = -25  # the end came too early
    KErrDiskFull = -26  # no room is left on the drive
    KErrBadDriver = -27  # the driver is of no use
    KErrBadName = -28  # the name breaks the rules
    KErrCommsLineFail = -29  # the line failed
    KErrCommsFrame = -30  # the line: a byte without its stop bit
    KErrCommsOverrun = -31  # the line: bytes came faster than they were read
    KErrCommsParity = -32  # the line: a byte with a wrong parity
    KErrTimedOut = -33  # it took too long
    KErrCouldNotConnect = -34  # no connection could be made
    KErrCouldNotDisconnect = -35  # the connection could not be ended
    KErrDisconnected = -36  # there is no connection, or not any more
    KErrBadLibraryEntryPoint = -37  # the library does not begin as it should
    KErrBadDescriptor = -38  # the other side's argument is no such descriptor
    KErrAbort = -39  # given up on the way
    KErrTooBig = -40  # larger than what is allowed
    KErrDivideByZero = -41  # a division by zero
    KErrBadPower = -42  # the power does not suffice
    KErrDirFull = -43  # the directory has room for no other entry
    KErrHardwareNotAvailable = -44  # the hardware is not there
    KErrSessionClosed = -45  # the session was closed meanwhile
    KErrPermissionDenied = -46  # the process is not trusted with that
    KErrExtensionNotSupported = -47  # the object has no such extension
    KErrCommsBreak = -48  # the line: a break was signalled
    KErrNoSecureTime = -49  # no time that can be trusted is set
    KErrCorruptSurrogateFound = -50  # half of a surrogate pair in a text


KErrNone: Final = TErr.KErrNone
KErrNotFound: Final = TErr.KErrNotFound
KErrGeneral: Final = TErr.KErrGeneral
KErrCancel: Final = TErr.KErrCancel
KErrNoMemory: Final = TErr.KErrNoMemory
KErrNotSupported: Final = TErr.KErrNotSupported
KErrArgument: Final = TErr.KErrArgument
KErrTotalLossOfPrecision: Final = TErr.KErrTotalLossOfPrecision
KErrBadHandle: Final = TErr.KErrBadHandle
KErrOverflow: Final = TErr.KErrOverflow
KErrUnderflow: Final = TErr.KErrUnderflow
KErrAlreadyExists: Final = TErr.KErrAlreadyExists
KErrPathNotFound: Final = TErr.KErrPathNotFound
KErrDied: Final = TErr.KErrDied
KErrInUse: Final = TErr.KErrInUse
KErrServerTerminated: Final = TErr.KErrServerTerminated
KErrServerBusy: Final = TErr.KErrServerBusy
KErrCompletion: Final = TErr.KErrCompletion
KErrNotReady: Final = TErr.KErrNotReady
KErrUnknown: Final = TErr.KErrUnknown
KErrCorrupt: Final = TErr.KErrCorrupt
KErrAccessDenied: Final = TErr.KErrAccessDenied
KErrLocked: Final = TErr.KErrLocked
KErrWrite: Final = TErr.KErrWrite
KErrDisMounted: Final = TErr.KErrDisMounted
KErrEof: Final = TErr.KErrEof
KErrDiskFull: Final = TErr.KErrDiskFull
KErrBadDriver: Final = TErr.KErrBadDriver
KErrBadName: Final = TErr.KErrBadName
KErrCommsLineFail: Final = TErr.KErrCommsLineFail
KErrCommsFrame: Final = TErr.KErrCommsFrame
KErrCommsOverrun: Final = TErr.KErrCommsOverrun
KErrCommsParity: Final = TErr.KErrCommsParity
KErrTimedOut: Final = TErr.KErrTimedOut
KErrCouldNotConnect: Final = TErr.KErrCouldNotConnect
KErrCouldNotDisconnect: Final = TErr.KErrCouldNotDisconnect
KErrDisconnected: Final = TErr.KErrDisconnected
KErrBadLibraryEntryPoint: Final = TErr.KErrBadLibraryEntryPoint
KErrBadDescriptor: Final = TErr.KErrBadDescriptor
KErrAbort: Final = TErr.KErrAbort
KErrTooBig: Final = TErr.KErrTooBig
KErrDivideByZero: Final = TErr.KErrDivideByZero
KErrBadPower: Final = TErr.KErrBadPower
KErrDirFull: Final = TErr.KErrDirFull
KErrHardwareNotAvailable: Final = TErr.KErrHardwareNotAvailable
KErrSessionClosed: Final = TErr.KErrSessionClosed
KErrPermissionDenied: Final = TErr.KErrPermissionDenied
KErrExtensionNotSupported: Final = TErr.KErrExtensionNotSupported
KErrCommsBreak: Final = TErr.KErrCommsBreak
KErrNoSecureTime: Final = TErr.KErrNoSecureTime
KErrCorruptSurrogateFound: Final = TErr.KErrCorruptSurrogateFound

__all__ += [code.name for code in TErr]

KRequestPending: Final = -0x7FFFFFFF  # what a status holds while its request runs

_NAMES: Final = {int(code): code.name for code in TErr} | {
    KRequestPending: "KRequestPending"
}


def code_name(code: int) -> str:
    """The name of an error code, or its decimal digits where it has none."""
    return _NAMES.get(code) or str(int(code))


class Leave(Exception):
    """An operation unwinds with a code. Original: User::Leave.

    *detail* is for people to read; programs go by the code.
    """

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(code)
        self.code: Final = int(code)
        self.detail: Final = detail

    def __str__(self) -> str:
        text = f"{code_name(self.code)} ({self.code})"
        return f"{text}: {self.detail}" if self.detail else text


class KernelError(Leave):
    """The kernel refused a call; nothing has changed."""


class KernelFault(Exception):
    """Our own mistake, or a death that stops the machine; never handled.

    Original: Kern::Fault.
    """


class Deadlock(Exception):
    """Nothing can run any more, and somebody waits; the text says for what."""


class AttachedThreadDied(Exception):
    """The emulated thread that a host thread had borrowed is dead."""


class ThreadDeath(BaseException):
    """Unwinds the carrier of a thread that is dead already; never raised by users."""
