"""What a panic means, for people: its name, and what to look for.

A panic is a category and a number, in the originals too, and that is what programs see.
"""

from enum import IntEnum
from typing import Final

from kernel.abi.exit import ExitInfo, TExitType
from kernel.abi.panics import (
    CSERVER,
    CSESSION,
    E32USER_CBASE,
    KERN_EXEC,
    USER,
    TCBasePanic,
    TKernExec,
    TUserPanic,
)
from servers.console.protocol import WSERV, TWsPanic
from servers.fileserver.protocol import FSCLIENT, TFsClientPanic
from tools.panic_meanings import MEANINGS
from userlib.symbian.server import TServerPanic, TSessionPanic

REASONS: Final[dict[str, type[IntEnum]]] = {
    KERN_EXEC: TKernExec,
    USER: TUserPanic,
    E32USER_CBASE: TCBasePanic,
    CSERVER: TServerPanic,
    CSESSION: TSessionPanic,
    FSCLIENT: TFsClientPanic,
    WSERV: TWsPanic,
}


def meaning(category: str, reason: int) -> str:
    """What *category* *reason* is called and means; empty for a program's own."""
    kind = REASONS.get(category)
    if kind is None or reason not in {int(one) for one in kind}:
        return ""
    panic = kind(reason)
    sentence = next((text for one, text in MEANINGS if one is panic), "")
    return f"{panic.name}: {sentence}" if sentence else panic.name


def in_words(info: ExitInfo) -> str:
    """How somebody ended; a panic with its meaning, unless an exception says more."""
    if info.type is not TExitType.EExitPanic or info.exception:
        return str(info)
    what = meaning(info.category, info.reason)
    return f"{info}, {what}" if what else str(info)
