"""Panic categories and the numbers the kernel and the user library raise.

Original: symbian-kernel 1.2 and 1.3.
"""

from enum import IntEnum
from typing import Final

KMaxExitCategoryName: Final = 16

KERN_EXEC: Final = "KERN-EXEC"
USER: Final = "USER"
USER_EXEC: Final = "USER-EXEC"
E32USER_CBASE: Final = "E32USER-CBase"
CSERVER: Final = "CServer"
CSESSION: Final = "CSession"
CPOLICY_SERVER: Final = "CPolicyServer"


class TKernExec(IntEnum):
    """Reasons of category KERN-EXEC."""

    EBadHandle = 0
    EAccessDenied = 1
    EBadName = 2
    ECausedException = 3
    ERequestAlreadyPending = 9
    EEventAlreadyCaptured = 12
    EEventNotCaptured = 13
    EBadPriority = 14
    ETimerAlreadyPending = 15
    EFailedKernelHeapCheck = 17
    EMesAlreadyPending = 19
    EEventRequestPending = 20
    EUnsharableSession = 23
    EBadObjectType = 25
    EInvalidSystemCall = 27
    ESyncMsgSentTwice = 30
    EAutoAttachFailed = 31
    EProcessNotLoaded = 32
    EKUDesInfoInvalidType = 33
    EKUDesSetLengthInvalidType = 34
    EKUDesSetLengthOverflow = 35
    EBadParameter = 36
    EBadMessageHandle = 44
    EPlatformSecurityTrap = 46
    EMsgQueueRequestPending = 47
    EMsgQueueInvalidLength = 48
    EMsgQueueInvalidSlots = 49
    EParameterSlotRange = 51
    EParameterSlotInUse = 52
    EParameterSlotDataLength = 53
    ECondVarWaitMutexNotLocked = 54
    EZombieProcessKilled = 56
    ESessionAlreadyConnected = 57
    ESessionNullCookie = 58
    ESessionCookieAlreadySet = 59
    ESessionInvalidCookieMsg = 60
    EInvalidRealtimeState = 62
    EBadIpcDescriptor = 63


class TUserPanic(IntEnum):
    """Reasons of category USER."""

    ETDes16LengthOutOfRange = 8
    ETDes16IndexOutOfRange = 9
    ETDes16PosOutOfRange = 10
    ETDes16Overflow = 11
    ETDes16BadFormatDescriptor = 12
    ETDes16BadFormatParams = 13
    ETDes16ReAllocTooSmall = 14
    ETDes16RemoteLengthOutOfRange = 16
    ETDes16LengthNegative = 17
    ETDes16MaxLengthNegative = 18
    ETDes8LengthOutOfRange = 20
    ETDes8IndexOutOfRange = 21
    ETDes8PosOutOfRange = 22
    ETDes8Overflow = 23
    ETDes8BadFormatDescriptor = 24
    ETDes8BadFormatParams = 25
    ETDes8ReAllocTooSmall = 26
    ETDes8RemoteLengthOutOfRange = 28
    ETDes8LengthNegative = 29
    ETDes8MaxLengthNegative = 30
    ETHeapBadCellAddress = 42
    EMarkEndWithoutMark = 51
    ETMesCompletion = 70
    ESessSendReceive = 72
    EServReceiveError = 73
    ESQueLinkNotQueued = 76
    ETQueQueueEmpty = 79
    ETQueLinkHasBeenRemoved = 80
    ERTestFailed = 84
    EAfterTimeNegative = 86
    ERTimerAfterTimeNegative = 87
    EChkCreateMaxSizeNegative = 99
    EChkCreateSizeNegative = 100
    EChkCreateMaxLessThanMin = 101
    EChkAdjustSizeNegative = 102
    ESemCountNegative = 105
    ESemSignalCountNegative = 106
    EStrayCriticalSectionSignal = 107
    EThrdStackSizeNegative = 109
    EThrdHeapMinTooSmall = 110
    EThrdHeapMaxLessThanMin = 111
    EBadLibraryOrdinal = 116
    ETQueLinkAlreadyInUse = 118
    EChkCreateBottomNegative = 120
    EChkCreateTopNegative = 121
    EChkCreateTopLessThanBottom = 122
    EChkCreateTopBeyondMax = 123
    EChkAdjustBottomNegative = 124
    EChkAdjustTopNegative = 125
    EChkAdjustTopLessThanBottom = 126
    EBadArrayGranularity = 127
    EArrayIndex = 130
    EChkCommitOffsetNegative = 157
    EChkCommitSizeNegative = 158
    EChkAllocateSizeNegative = 159
    EChkDecommitOffsetNegative = 160
    EChkDecommitSizeNegative = 161
    ELeaveWithoutTrap = 175
    EMsgQueueItemSize = 180
    EBadCapability = 189
    EUnexpectedLeave = 194
    EBadBurst = 213
    EReadWriteLockInvalidPriority = 217
    EReadWriteLockStillPending = 218
    EReadWriteLockTooManyClients = 219
    EReadWriteLockInvalidState = 220


class TCBasePanic(IntEnum):
    """Reasons of category E32USER-CBase."""

    ECAsyncCallBackActive = 1
    ECAsyncOneShotNotAdded = 2
    EIndexOutOfRange = 21
    EObjectReferenced = 33
    ENegativeAccessCount = 34
    ERemoveNotInContainer = 35
    ERemoveUnknownContainer = 36
    ERemoveBadHandle = 37
    EFindHandleForeign = 38
    EFindHandleIndex = 39
    EActiveDestroyed = 40
    EActiveAlreadyAdded = 41
    EActiveAlreadyActive = 42
    ESchedulerAlreadyInstalled = 43
    ENoScheduler = 44
    ETooManyStops = 45
    EStraySignal = 46
    EErrorNotHandled = 47
    EActiveNull = 48
    EActiveNotAdded = 49
    EActivePriorityWhileActive = 50
    ETimerNotAdded = 51
    EPeriodicIntervalNegative = 52
    EPeriodicDelayNegative = 53
    ECleanupCrossLevel = 63
    ECleanupUnderflow = 64
    ECleanupLevelUnderflow = 65
    ECleanupPushAtLevelZero = 66
    ECleanupNoOperation = 67
    ECleanupNoTrapHandler = 69
    ECleanupNegativePopCount = 70
    ECleanupLevelNotEmpty = 71
    EGetchFailed = 77
    ESchedulerReplacedByItself = 89
    ECleanupCheckFailed = 90
    EWaitAlreadyStarted = 91
    EWaitNotStarted = 92
    EOneShotSetUpFailed = 93
    EPolicyHookMissing = 95
    EPolicyFirstRangeNotZero = 96
    EPolicyRangesNotAscending = 97
    EPolicyElementIndexBad = 98
    EPolicyConnectIndexBad = 99
    EPolicyIndexUnknown = 100
    EPolicyResultUnknown = 101
    EPolicyTableIncomplete = 102
    EPolicyPanicClient = 103
    ECleanupModifiedByDestructor = 105
    EPinModeAfterStart = 106
