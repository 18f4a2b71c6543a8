"""What of kernel.abi a program may name, and enumerators under their own names.

An original's text writes an enumerator without its enumeration. `EPriorityLow` and
`EPriorityHigh` are a process's; an active object's stand in `TActivePriority`.
"""

from typing import Final

from kernel.abi.changes import (
    EChangesFreeMemory,
    EChangesLocale,
    EChangesLowMemory,
    EChangesMidnightCrossover,
    EChangesOutOfMemory,
    EChangesPowerStatus,
    EChangesSystemTime,
    EChangesThrashLevel,
    EChangesThreadDeath,
    TChanges,
)
from kernel.abi.chunk import (
    EPreventAdjust,
    KPageSize,
    TChunkKind,
    TChunkRestrictions,
)
from kernel.abi.errors import (
    KernelError,
    KErrAbort,
    KErrAccessDenied,
    KErrAlreadyExists,
    KErrArgument,
    KErrBadDescriptor,
    KErrBadDriver,
    KErrBadHandle,
    KErrBadLibraryEntryPoint,
    KErrBadName,
    KErrBadPower,
    KErrCancel,
    KErrCommsBreak,
    KErrCommsFrame,
    KErrCommsLineFail,
    KErrCommsOverrun,
    KErrCommsParity,
    KErrCompletion,
    KErrCorrupt,
    KErrCorruptSurrogateFound,
    KErrCouldNotConnect,
    KErrCouldNotDisconnect,
    KErrDied,
    KErrDirFull,
    KErrDisconnected,
    KErrDiskFull,
    KErrDisMounted,
    KErrDivideByZero,
    KErrEof,
    KErrExtensionNotSupported,
    KErrGeneral,
    KErrHardwareNotAvailable,
    KErrInUse,
    KErrLocked,
    KErrNoMemory,
    KErrNone,
    KErrNoSecureTime,
    KErrNotFound,
    KErrNotReady,
    KErrNotSupported,
    KErrOverflow,
    KErrPathNotFound,
    KErrPermissionDenied,
    KErrServerBusy,
    KErrServerTerminated,
    KErrSessionClosed,
    KErrTimedOut,
    KErrTooBig,
    KErrTotalLossOfPrecision,
    KErrUnderflow,
    KErrUnknown,
    KErrWrite,
    KRequestPending,
    Leave,
    TErr,
    code_name,
)
from kernel.abi.exit import (
    EExitKill,
    EExitPanic,
    EExitPending,
    EExitTerminate,
    ExitInfo,
    TCritical,
    TExitType,
)
from kernel.abi.handles import (
    EOwnerProcess,
    EOwnerThread,
    KCurrentProcessHandle,
    KCurrentThreadHandle,
    KHandleFlagLocal,
    KHandleNoClose,
    KNullHandle,
    TObjectType,
    TOwnerType,
)
from kernel.abi.heap import TAllocFail
from kernel.abi.image import (
    Image,
)
from kernel.abi.ipc import (
    EIpcSession_GlobalSharable,
    EIpcSession_Sharable,
    EIpcSession_Unsharable,
    KMessageConnect,
    KMessageDisconnect,
    KProcessFlagJustInTime,
    KProcessFlagPriorityControl,
    TIpcSessionType,
    TServerRole,
)
from kernel.abi.limits import (
    KMaxFullName,
    KMaxHandles,
    KMaxKernelName,
    KMaxMessageArguments,
    KMaxMessageSlots,
    KMaxName,
    KMaxTInt,
    KMinTInt,
)
from kernel.abi.panics import (
    TCBasePanic,
    TKernExec,
    TUserPanic,
)
from kernel.abi.priorities import (
    TProcessPriority,
    TRealtimeState,
    TThreadPriority,
)
from kernel.abi.property import (
    EText,
    KMaxLargePropertySize,
    KMaxPropertySize,
    KUidSecurityThresholdCategoryValue,
    TPropertyType,
)
from kernel.abi.raw_event import (
    TRawEventType,
)
from kernel.abi.security import (
    ALL_CAPABILITIES,
    ECapability_Denied,
    ECapability_None,
    Identity,
    SecurityPolicy,
    TCapability,
    capability_set,
)
from kernel.abi.timer import (
    TTimerLockSpec,
)

__all__ = [
    "ALL_CAPABILITIES",
    "EAllThreadsCritical",
    "ECapabilityAllFiles",
    "ECapabilityCommDD",
    "ECapabilityDRM",
    "ECapabilityDiskAdmin",
    "ECapabilityLocalServices",
    "ECapabilityLocation",
    "ECapabilityMultimediaDD",
    "ECapabilityNetworkControl",
    "ECapabilityNetworkServices",
    "ECapabilityPowerMgmt",
    "ECapabilityProtServ",
    "ECapabilityReadDeviceData",
    "ECapabilityReadUserData",
    "ECapabilitySurroundingsDD",
    "ECapabilitySwEvent",
    "ECapabilityTCB",
    "ECapabilityTrustedUI",
    "ECapabilityUserEnvironment",
    "ECapabilityWriteDeviceData",
    "ECapabilityWriteUserData",
    "ECapability_Denied",
    "ECapability_None",
    "EChangesFreeMemory",
    "EChangesLocale",
    "EChangesLowMemory",
    "EChangesMidnightCrossover",
    "EChangesOutOfMemory",
    "EChangesPowerStatus",
    "EChangesSystemTime",
    "EChangesThrashLevel",
    "EChangesThreadDeath",
    "EExitKill",
    "EExitPanic",
    "EExitPending",
    "EExitTerminate",
    "EIpcSession_GlobalSharable",
    "EIpcSession_Sharable",
    "EIpcSession_Unsharable",
    "ENotCritical",
    "EOwnerProcess",
    "EOwnerThread",
    "EPreventAdjust",
    "EPriorityAbsoluteBackground",
    "EPriorityAbsoluteBackgroundNormal",
    "EPriorityAbsoluteForeground",
    "EPriorityAbsoluteForegroundNormal",
    "EPriorityAbsoluteHigh",
    "EPriorityAbsoluteHighNormal",
    "EPriorityAbsoluteLow",
    "EPriorityAbsoluteLowNormal",
    "EPriorityAbsoluteRealTime1",
    "EPriorityAbsoluteRealTime2",
    "EPriorityAbsoluteRealTime3",
    "EPriorityAbsoluteRealTime4",
    "EPriorityAbsoluteRealTime5",
    "EPriorityAbsoluteRealTime6",
    "EPriorityAbsoluteRealTime7",
    "EPriorityAbsoluteRealTime8",
    "EPriorityAbsoluteVeryLow",
    "EPriorityBackground",
    "EPriorityFileServer",
    "EPriorityForeground",
    "EPriorityHigh",
    "EPriorityLess",
    "EPriorityLow",
    "EPriorityMore",
    "EPriorityMuchLess",
    "EPriorityMuchMore",
    "EPriorityNormal",
    "EPriorityNull",
    "EPriorityRealTime",
    "EPriorityRealTimeServer",
    "EPrioritySupervisor",
    "EPriorityWindowServer",
    "EProcessCritical",
    "EProcessPermanent",
    "EServerRole_Master",
    "EServerRole_Slave",
    "EServerRole_Standalone",
    "ESystemCritical",
    "ESystemPermanent",
    "EText",
    "ExitInfo",
    "Identity",
    "Image",
    "KCurrentProcessHandle",
    "KCurrentThreadHandle",
    "KErrAbort",
    "KErrAccessDenied",
    "KErrAlreadyExists",
    "KErrArgument",
    "KErrBadDescriptor",
    "KErrBadDriver",
    "KErrBadHandle",
    "KErrBadLibraryEntryPoint",
    "KErrBadName",
    "KErrBadPower",
    "KErrCancel",
    "KErrCommsBreak",
    "KErrCommsFrame",
    "KErrCommsLineFail",
    "KErrCommsOverrun",
    "KErrCommsParity",
    "KErrCompletion",
    "KErrCorrupt",
    "KErrCorruptSurrogateFound",
    "KErrCouldNotConnect",
    "KErrCouldNotDisconnect",
    "KErrDied",
    "KErrDirFull",
    "KErrDisMounted",
    "KErrDisconnected",
    "KErrDiskFull",
    "KErrDivideByZero",
    "KErrEof",
    "KErrExtensionNotSupported",
    "KErrGeneral",
    "KErrHardwareNotAvailable",
    "KErrInUse",
    "KErrLocked",
    "KErrNoMemory",
    "KErrNoSecureTime",
    "KErrNone",
    "KErrNotFound",
    "KErrNotReady",
    "KErrNotSupported",
    "KErrOverflow",
    "KErrPathNotFound",
    "KErrPermissionDenied",
    "KErrServerBusy",
    "KErrServerTerminated",
    "KErrSessionClosed",
    "KErrTimedOut",
    "KErrTooBig",
    "KErrTotalLossOfPrecision",
    "KErrUnderflow",
    "KErrUnknown",
    "KErrWrite",
    "KHandleFlagLocal",
    "KHandleNoClose",
    "KMaxFullName",
    "KMaxHandles",
    "KMaxKernelName",
    "KMaxLargePropertySize",
    "KMaxMessageArguments",
    "KMaxMessageSlots",
    "KMaxName",
    "KMaxPropertySize",
    "KMaxTInt",
    "KMessageConnect",
    "KMessageDisconnect",
    "KMinTInt",
    "KNullHandle",
    "KPageSize",
    "KProcessFlagJustInTime",
    "KProcessFlagPriorityControl",
    "KRequestPending",
    "KUidSecurityThresholdCategoryValue",
    "KernelError",
    "Leave",
    "SecurityPolicy",
    "TAllocFail",
    "TCBasePanic",
    "TCapability",
    "TChanges",
    "TChunkKind",
    "TChunkRestrictions",
    "TCritical",
    "TErr",
    "TExitType",
    "TIpcSessionType",
    "TKernExec",
    "TObjectType",
    "TOwnerType",
    "TProcessPriority",
    "TPropertyType",
    "TRawEventType",
    "TRealtimeState",
    "TServerRole",
    "TThreadPriority",
    "TTimerLockSpec",
    "TUserPanic",
    "capability_set",
    "code_name",
]

EPriorityNull: Final = TThreadPriority.EPriorityNull
EPriorityMuchLess: Final = TThreadPriority.EPriorityMuchLess
EPriorityLess: Final = TThreadPriority.EPriorityLess
EPriorityNormal: Final = TThreadPriority.EPriorityNormal
EPriorityMore: Final = TThreadPriority.EPriorityMore
EPriorityMuchMore: Final = TThreadPriority.EPriorityMuchMore
EPriorityRealTime: Final = TThreadPriority.EPriorityRealTime
EPriorityAbsoluteVeryLow: Final = TThreadPriority.EPriorityAbsoluteVeryLow
EPriorityAbsoluteLowNormal: Final = TThreadPriority.EPriorityAbsoluteLowNormal
EPriorityAbsoluteLow: Final = TThreadPriority.EPriorityAbsoluteLow
EPriorityAbsoluteBackgroundNormal: Final = (
    TThreadPriority.EPriorityAbsoluteBackgroundNormal
)
EPriorityAbsoluteBackground: Final = TThreadPriority.EPriorityAbsoluteBackground
EPriorityAbsoluteForegroundNormal: Final = (
    TThreadPriority.EPriorityAbsoluteForegroundNormal
)
EPriorityAbsoluteForeground: Final = TThreadPriority.EPriorityAbsoluteForeground
EPriorityAbsoluteHighNormal: Final = TThreadPriority.EPriorityAbsoluteHighNormal
EPriorityAbsoluteHigh: Final = TThreadPriority.EPriorityAbsoluteHigh
EPriorityAbsoluteRealTime1: Final = TThreadPriority.EPriorityAbsoluteRealTime1
EPriorityAbsoluteRealTime2: Final = TThreadPriority.EPriorityAbsoluteRealTime2
EPriorityAbsoluteRealTime3: Final = TThreadPriority.EPriorityAbsoluteRealTime3
EPriorityAbsoluteRealTime4: Final = TThreadPriority.EPriorityAbsoluteRealTime4
EPriorityAbsoluteRealTime5: Final = TThreadPriority.EPriorityAbsoluteRealTime5
EPriorityAbsoluteRealTime6: Final = TThreadPriority.EPriorityAbsoluteRealTime6
EPriorityAbsoluteRealTime7: Final = TThreadPriority.EPriorityAbsoluteRealTime7
EPriorityAbsoluteRealTime8: Final = TThreadPriority.EPriorityAbsoluteRealTime8

EPriorityLow: Final = TProcessPriority.EPriorityLow
EPriorityBackground: Final = TProcessPriority.EPriorityBackground
EPriorityForeground: Final = TProcessPriority.EPriorityForeground
EPriorityHigh: Final = TProcessPriority.EPriorityHigh
EPriorityWindowServer: Final = TProcessPriority.EPriorityWindowServer
EPriorityFileServer: Final = TProcessPriority.EPriorityFileServer
EPriorityRealTimeServer: Final = TProcessPriority.EPriorityRealTimeServer
EPrioritySupervisor: Final = TProcessPriority.EPrioritySupervisor

ECapabilityTCB: Final = TCapability.ECapabilityTCB
ECapabilityCommDD: Final = TCapability.ECapabilityCommDD
ECapabilityPowerMgmt: Final = TCapability.ECapabilityPowerMgmt
ECapabilityMultimediaDD: Final = TCapability.ECapabilityMultimediaDD
ECapabilityReadDeviceData: Final = TCapability.ECapabilityReadDeviceData
ECapabilityWriteDeviceData: Final = TCapability.ECapabilityWriteDeviceData
ECapabilityDRM: Final = TCapability.ECapabilityDRM
ECapabilityTrustedUI: Final = TCapability.ECapabilityTrustedUI
ECapabilityProtServ: Final = TCapability.ECapabilityProtServ
ECapabilityDiskAdmin: Final = TCapability.ECapabilityDiskAdmin
ECapabilityNetworkControl: Final = TCapability.ECapabilityNetworkControl
ECapabilityAllFiles: Final = TCapability.ECapabilityAllFiles
ECapabilitySwEvent: Final = TCapability.ECapabilitySwEvent
ECapabilityNetworkServices: Final = TCapability.ECapabilityNetworkServices
ECapabilityLocalServices: Final = TCapability.ECapabilityLocalServices
ECapabilityReadUserData: Final = TCapability.ECapabilityReadUserData
ECapabilityWriteUserData: Final = TCapability.ECapabilityWriteUserData
ECapabilityLocation: Final = TCapability.ECapabilityLocation
ECapabilitySurroundingsDD: Final = TCapability.ECapabilitySurroundingsDD
ECapabilityUserEnvironment: Final = TCapability.ECapabilityUserEnvironment

ENotCritical: Final = TCritical.ENotCritical
EProcessCritical: Final = TCritical.EProcessCritical
EProcessPermanent: Final = TCritical.EProcessPermanent
EAllThreadsCritical: Final = TCritical.EAllThreadsCritical
ESystemCritical: Final = TCritical.ESystemCritical
ESystemPermanent: Final = TCritical.ESystemPermanent

EServerRole_Standalone: Final = TServerRole.EServerRole_Standalone
EServerRole_Master: Final = TServerRole.EServerRole_Master
EServerRole_Slave: Final = TServerRole.EServerRole_Slave
