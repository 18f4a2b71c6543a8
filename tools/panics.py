"""What a panic means, for people: its name, and for the frequent ones what to look for.

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
from userlib.symbian.server import TServerPanic, TSessionPanic

REASONS: Final[dict[str, type[IntEnum]]] = {
    KERN_EXEC: TKernExec,
    USER: TUserPanic,
    E32USER_CBASE: TCBasePanic,
    CSERVER: TServerPanic,
    CSESSION: TSessionPanic,
}

# Pairs, no dict: members of two enumerations with one value are equal.
MEANINGS: Final[tuple[tuple[IntEnum, str], ...]] = (
    (
        TKernExec.EBadHandle,
        ("no such handle is open: was it created or connected, and not closed since?"),
    ),
    (TKernExec.ERequestAlreadyPending, "a connect is outstanding on this session"),
    (TKernExec.ETimerAlreadyPending, "this timer has a request outstanding already"),
    (TKernExec.EMesAlreadyPending, "this server has a receive outstanding already"),
    (TKernExec.EUnsharableSession, "this server's sessions cannot be shared"),
    (TKernExec.EBadObjectType, "there is no such type of object"),
    (TKernExec.ESyncMsgSentTwice, "this thread has a synchronous message outstanding"),
    (TKernExec.EAutoAttachFailed, "255 threads use this session already"),
    (TKernExec.EBadMessageHandle, "the message was completed already, or is not ours"),
    (
        TKernExec.EPlatformSecurityTrap,
        (
            "the process may not do that: it lacks a capability, or the target is "
            "another process"
        ),
    ),
    (TKernExec.EMsgQueueRequestPending, "a notification of that queue is outstanding"),
    (TKernExec.ECondVarWaitMutexNotLocked, "the mutex has to be held while waiting"),
    (TKernExec.EZombieProcessKilled, "its creator ended before letting it run"),
    (TKernExec.ESessionAlreadyConnected, "the session is connected already"),
    (TUserPanic.ETDes16IndexOutOfRange, "an index outside the descriptor's length"),
    (TUserPanic.ETDes16Overflow, "more than the descriptor has room for"),
    (TUserPanic.ETDes16LengthNegative, "a negative length"),
    (TUserPanic.ETDes8IndexOutOfRange, "an index outside the descriptor's length"),
    (TUserPanic.ETDes8Overflow, "more than the descriptor has room for"),
    (TUserPanic.ETDes8LengthNegative, "a negative length"),
    (TUserPanic.ETMesCompletion, "the message was completed already"),
    (TUserPanic.ESessSendReceive, "a request's function number is never negative"),
    (TUserPanic.EAfterTimeNegative, "a negative time to wait"),
    (TUserPanic.ERTimerAfterTimeNegative, "a negative time to wait"),
    (TUserPanic.ESemCountNegative, "a semaphore's count is never negative"),
    (TUserPanic.ESemSignalCountNegative, "a number of signals is never negative"),
    (TUserPanic.EMarkEndWithoutMark, "an end mark without a start mark"),
    (TUserPanic.ELeaveWithoutTrap, "a leave that nobody trapped"),
    (TCBasePanic.EObjectReferenced, "somebody still has the object open"),
    (
        TCBasePanic.EActiveDestroyed,
        "destroyed while its request is outstanding: cancel it first",
    ),
    (TCBasePanic.EActiveAlreadyAdded, "the active object is in a scheduler already"),
    (
        TCBasePanic.EActiveAlreadyActive,
        "the active object has a request outstanding: cancel it, or wait for its run",
    ),
    (TCBasePanic.ESchedulerAlreadyInstalled, "the thread has a scheduler already"),
    (TCBasePanic.ENoScheduler, "the thread has no active scheduler: install one first"),
    (TCBasePanic.ETooManyStops, "no scheduler loop is running that could be stopped"),
    (
        TCBasePanic.EStraySignal,
        (
            "a request completed that no active object waits for: was set_active "
            "forgotten?"
        ),
    ),
    (TCBasePanic.EErrorNotHandled, "a run left, and its run_error did not handle it"),
    (TCBasePanic.EActiveNotAdded, "the active object is in no scheduler: add it first"),
    (TCBasePanic.EActivePriorityWhileActive, "cancel it before changing its priority"),
    (TCBasePanic.ETimerNotAdded, "the timer is in no scheduler: add it first"),
    (TCBasePanic.ECleanupCheckFailed, "a run left something on the cleanup stack"),
    (TCBasePanic.ECleanupNoTrapHandler, "the thread has no cleanup stack"),
    (TServerPanic.EBadMessageNumber, "the server knows no such message"),
    (TServerPanic.ESessionNotConnected, "a request before the session was connected"),
    (TServerPanic.ESessionAlreadyConnected, "the session was connected already"),
    (
        TSessionPanic.ESesCountResourcesNotImplemented,
        "the session has no count_resources",
    ),
)


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
