"""Exception handlers: what a thread does about the exceptions raised in it.

They are raised by `User.raise_exception`; an exception of the host language
that nobody catches ends a thread all the same.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from kernel.abi.current import panic
from kernel.abi.panics import USER_EXEC, TKernExec

ExceptionHandler: TypeAlias = Callable[["TExcType"], object]


class TExcType(IntEnum):
    """Every kind of exception. Original: TExcType (e32const.h)."""

    EExcGeneral = 0
    EExcIntegerDivideByZero = 1
    EExcSingleStep = 2
    EExcBreakPoint = 3
    EExcIntegerOverflow = 4
    EExcBoundsCheck = 5
    EExcInvalidOpCode = 6
    EExcDoubleFault = 7
    EExcStackFault = 8
    EExcAccessViolation = 9
    EExcPrivInstruction = 10
    EExcAlignment = 11
    EExcPageFault = 12
    EExcFloatDenormal = 13
    EExcFloatDivideByZero = 14
    EExcFloatInexactResult = 15
    EExcFloatInvalidOperation = 16
    EExcFloatOverflow = 17
    EExcFloatStackCheck = 18
    EExcFloatUnderflow = 19
    EExcAbort = 20
    EExcKill = 21
    EExcUserInterrupt = 22
    EExcDataAbort = 23
    EExcCodeAbort = 24


# What a handler's mask is made of: one bit for each group of kinds.
KExceptionAbort: Final = 0x01
KExceptionKill: Final = 0x02
KExceptionUserInterrupt: Final = 0x04
KExceptionFpe: Final = 0x08
KExceptionFault: Final = 0x10
KExceptionInteger: Final = 0x20
KExceptionDebug: Final = 0x40

EExcAbort: Final = TExcType.EExcAbort
EExcKill: Final = TExcType.EExcKill
EExcUserInterrupt: Final = TExcType.EExcUserInterrupt


def exception_bit(kind: TExcType) -> int:
    """The group of *kind*, as a bit of a mask."""
    match kind:
        case TExcType.EExcAbort:
            return KExceptionAbort
        case TExcType.EExcKill:
            return KExceptionKill
        case TExcType.EExcUserInterrupt:
            return KExceptionUserInterrupt
        case TExcType.EExcIntegerDivideByZero | TExcType.EExcIntegerOverflow:
            return KExceptionInteger
        case TExcType.EExcSingleStep | TExcType.EExcBreakPoint:
            return KExceptionDebug
        case _ if TExcType.EExcFloatDenormal <= kind <= TExcType.EExcFloatUnderflow:
            return KExceptionFpe
        case _:
            return KExceptionFault


@dataclass(frozen=True, slots=True)
class Handling:
    """What the calling thread does about exceptions: nothing, to begin with."""

    handler: ExceptionHandler | None = None
    mask: int = 0
    is_running: bool = False  # a further exception now counts as unhandled

    def handles(self, kind: TExcType) -> bool:
        """Whether the handler is to be called."""
        wanted = self.handler is not None and self.mask & exception_bit(kind)
        return bool(wanted) and not self.is_running


_KNone: Final = Handling()
_current: Final[ContextVar[Handling]] = ContextVar("exceptions", default=_KNone)


def handling() -> Handling:
    """What the calling thread does about exceptions."""
    return _current.get()


def set_handling(handler: ExceptionHandler | None, mask: int) -> None:
    """Do something else; a handler that runs goes on running."""
    _current.set(Handling(handler, mask, _current.get().is_running))


def raise_exception(kind: TExcType) -> None:
    """Call the handler of *kind*; without one the thread panics USER-EXEC 3."""
    found = _current.get()
    if found.handler is None or not found.handles(kind):
        panic(USER_EXEC, TKernExec.ECausedException)
    _current.set(Handling(found.handler, found.mask, is_running=True))
    try:
        found.handler(kind)
    finally:
        now = _current.get()
        _current.set(Handling(now.handler, now.mask))
