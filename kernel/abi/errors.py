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

    KErrNone = 0
    KErrNotFound = -1
    KErrGeneral = -2
    KErrCancel = -3
    KErrNoMemory = -4
    KErrNotSupported = -5
    KErrArgument = -6
    KErrTotalLossOfPrecision = -7
    KErrBadHandle = -8
    KErrOverflow = -9
    KErrUnderflow = -10
    KErrAlreadyExists = -11
    KErrPathNotFound = -12
    KErrDied = -13
    KErrInUse = -14
    KErrServerTerminated = -15
    KErrServerBusy = -16
    KErrCompletion = -17
    KErrNotReady = -18
    KErrUnknown = -19
    KErrCorrupt = -20
    KErrAccessDenied = -21
    KErrLocked = -22
    KErrWrite = -23
    KErrDisMounted = -24
    KErrEof = -25
    KErrDiskFull = -26
    KErrBadDriver = -27
    KErrBadName = -28
    KErrCommsLineFail = -29
    KErrCommsFrame = -30
    KErrCommsOverrun = -31
    KErrCommsParity = -32
    KErrTimedOut = -33
    KErrCouldNotConnect = -34
    KErrCouldNotDisconnect = -35
    KErrDisconnected = -36
    KErrBadLibraryEntryPoint = -37
    KErrBadDescriptor = -38
    KErrAbort = -39
    KErrTooBig = -40
    KErrDivideByZero = -41
    KErrBadPower = -42
    KErrDirFull = -43
    KErrHardwareNotAvailable = -44
    KErrSessionClosed = -45
    KErrPermissionDenied = -46
    KErrExtensionNotSupported = -47
    KErrCommsBreak = -48
    KErrNoSecureTime = -49
    KErrCorruptSurrogateFound = -50


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
