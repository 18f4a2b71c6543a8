"""How a thread or process ended, or that it has not yet.

Original: symbian-kernel 4.5 and 4.6.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from kernel.abi.errors import code_name


class TExitType(IntEnum):
    """The four ways; EExitPending is alive."""

    EExitKill = 0
    EExitTerminate = 1
    EExitPanic = 2
    EExitPending = 3


EExitKill: Final = TExitType.EExitKill
EExitTerminate: Final = TExitType.EExitTerminate
EExitPanic: Final = TExitType.EExitPanic
EExitPending: Final = TExitType.EExitPending


class TCritical(IntEnum):
    """What a thread's death does to its process or to the machine."""

    ENotCritical = 0
    EProcessCritical = 1
    EProcessPermanent = 2
    EAllThreadsCritical = 3
    ESystemCritical = 4
    ESystemPermanent = 5


@dataclass(frozen=True, slots=True)
class ExitInfo:
    """Type, reason and category of an exit.

    *exception* is the traceback of the host exception that a thread died of, if it died
    of one (KERN-EXEC 3, or USER 175 for a leave nobody trapped).
    """

    type: TExitType = TExitType.EExitPending
    reason: int = 0
    category: str = ""
    exception: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether the thread or process is still alive."""
        return self.type is TExitType.EExitPending

    def __str__(self) -> str:
        match self.type:
            case TExitType.EExitPending:
                return "alive"
            case TExitType.EExitPanic:
                return f"panicked {self.category} {self.reason}"
            case TExitType.EExitTerminate:
                return f"terminated with {code_name(self.reason)}"
            case _:
                return f"exited with {code_name(self.reason)}"
