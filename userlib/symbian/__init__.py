"""The Symbian user library: handles, sessions, servers, active objects, descriptors.

Programs import it from `userlib`, with the constants of constants.py.
"""

from kernel.objects import (
    CObject,
    CObjectCon,
    CObjectConIx,
    CObjectIx,
)
from userlib.symbian.active import (
    CActive,
    EPriorityIdle,
    EPriorityStandard,
    EPriorityUserInput,
    TActivePriority,
)
from userlib.symbian.arrays import (
    RArray,
    RPointerArray,
)
from userlib.symbian.buffers import (
    TBuf,
    TBuf8,
    TBuf16,
    TBufC,
    TBufC8,
    TBufC16,
    TDes,
    TDes8,
    TDes16,
    TPtr,
    TPtr8,
    TPtr16,
)
from userlib.symbian.callbacks import (
    CAsyncCallBack,
    CAsyncOneShot,
    CIdle,
)
from userlib.symbian.change_notifier import (
    RChangeNotifier,
)
from userlib.symbian.chunk import (
    RChunk,
    TChunkCreateInfo,
)
from userlib.symbian.cleanup import (
    CleanupStack,
    CTrapCleanup,
    TCleanupItem,
    cleanup_array_delete_push,
    cleanup_close_push,
    cleanup_delete_push,
    cleanup_release_push,
)
from userlib.symbian.condition_variable import (
    RCondVar,
)
from userlib.symbian.debug import (
    RDebug,
)
from userlib.symbian.descriptors import (
    TDesC,
    TDesC8,
    TDesC16,
    TLitC,
    TLitC8,
    TLitC16,
    TPtrC,
    TPtrC8,
    TPtrC16,
)
from userlib.symbian.exception import (
    EExcAbort,
    EExcKill,
    EExcUserInterrupt,
    KExceptionAbort,
    KExceptionDebug,
    KExceptionFault,
    KExceptionFpe,
    KExceptionInteger,
    KExceptionKill,
    KExceptionUserInterrupt,
    TExcType,
)
from userlib.symbian.fast_lock import (
    RCriticalSection,
    RFastLock,
)
from userlib.symbian.find import (
    TFindChunk,
    TFindHandleBase,
    TFindLibrary,
    TFindMutex,
    TFindProcess,
    TFindSemaphore,
    TFindServer,
    TFindThread,
)
from userlib.symbian.handle import (
    RHandleBase,
    THandleInfo,
)
from userlib.symbian.heap import (
    HeapCell,
    KHeap,
    RHeap,
    UHeap,
    UserHeap,
    switch_heap,
    user_heap,
)
from userlib.symbian.heap_buffers import (
    HBufC,
    HBufC8,
    HBufC16,
    RBuf,
    RBuf8,
    RBuf16,
)
from userlib.symbian.ipc_args import (
    TIpcArgs,
)
from userlib.symbian.leave import (
    AssertNoLeave,
    Trap,
    trap,
)
from userlib.symbian.library import (
    RLibrary,
)
from userlib.symbian.loader import (
    RLoader,
)
from userlib.symbian.loader_protocol import (
    TLibraryInfo,
)
from userlib.symbian.message import (
    RMessage2,
    RMessagePtr2,
)
from userlib.symbian.message_queue import (
    RMsgQueue,
    RMsgQueueBase,
)
from userlib.symbian.mutex import (
    RMutex,
)
from userlib.symbian.on_demand import (
    CTransientServer,
    KLingerUs,
    connect_on_demand,
)
from userlib.symbian.packages import (
    TPckg,
    TPckgBuf,
    TPckgC,
)
from userlib.symbian.policy_server import (
    CPolicyServer,
    TCustomResult,
    TFailureAction,
    TPolicy,
    TPolicyCheck,
    TPolicyElement,
    TSpecialCase,
)
from userlib.symbian.process import (
    RProcess,
    TOpenHandle,
)
from userlib.symbian.property import (
    RProperty,
)
from userlib.symbian.queues import (
    TDblQue,
    TDblQueIter,
    TDblQueLink,
    TDeltaQue,
    TDeltaQueLink,
    TPriQue,
    TPriQueLink,
    TSglQue,
    TSglQueLink,
)
from userlib.symbian.read_write_lock import (
    RReadWriteLock,
    TReadWriteLockPriority,
)
from userlib.symbian.scheduler import (
    CActiveScheduler,
)
from userlib.symbian.security import (
    TSecurityPolicy,
)
from userlib.symbian.semaphore import (
    RSemaphore,
)
from userlib.symbian.server import (
    CServer2,
    CSession2,
    EGlobalSharableSessions,
    ESharableSessions,
    EUnsharableSessions,
    TServerType,
)
from userlib.symbian.server_handle import (
    RServer2,
)
from userlib.symbian.server_heap import (
    ServerHeap,
    THeapRequest,
    TWhichHeap,
    fail_each_allocation,
    heap_request,
    with_heap_requests,
)
from userlib.symbian.session import (
    RSessionBase,
)
from userlib.symbian.status import (
    TRequestStatus,
)
from userlib.symbian.sub_session import (
    RSubSessionBase,
)
from userlib.symbian.test import (
    RTest,
)
from userlib.symbian.thread import (
    KDefaultStackSize,
    KMaxHeapSize,
    KMinHeapSize,
    RThread,
)
from userlib.symbian.timer import (
    RTimer,
)
from userlib.symbian.timers import (
    CDeltaTimer,
    CHeartbeat,
    CPeriodic,
    CTimer,
    MBeating,
    TDeltaTimerEntry,
)
from userlib.symbian.tls import (
    Dll,
)
from userlib.symbian.undertaker import (
    RUndertaker,
)
from userlib.symbian.user import (
    User,
)
from userlib.symbian.user_svr import (
    TRawEvent,
    UserSvr,
)
from userlib.symbian.version import (
    TVersion,
)
from userlib.symbian.wait import (
    CActiveSchedulerWait,
)

__all__ = [
    "AssertNoLeave",
    "CActive",
    "CActiveScheduler",
    "CActiveSchedulerWait",
    "CAsyncCallBack",
    "CAsyncOneShot",
    "CDeltaTimer",
    "CHeartbeat",
    "CIdle",
    "CObject",
    "CObjectCon",
    "CObjectConIx",
    "CObjectIx",
    "CPeriodic",
    "CPolicyServer",
    "CServer2",
    "CSession2",
    "CTimer",
    "CTransientServer",
    "CTrapCleanup",
    "CleanupStack",
    "Dll",
    "EExcAbort",
    "EExcKill",
    "EExcUserInterrupt",
    "EGlobalSharableSessions",
    "EPriorityIdle",
    "EPriorityStandard",
    "EPriorityUserInput",
    "ESharableSessions",
    "EUnsharableSessions",
    "HBufC",
    "HBufC8",
    "HBufC16",
    "HeapCell",
    "KDefaultStackSize",
    "KExceptionAbort",
    "KExceptionDebug",
    "KExceptionFault",
    "KExceptionFpe",
    "KExceptionInteger",
    "KExceptionKill",
    "KExceptionUserInterrupt",
    "KHeap",
    "KLingerUs",
    "KMaxHeapSize",
    "KMinHeapSize",
    "MBeating",
    "RArray",
    "RBuf",
    "RBuf8",
    "RBuf16",
    "RChangeNotifier",
    "RChunk",
    "RCondVar",
    "RCriticalSection",
    "RDebug",
    "RFastLock",
    "RHandleBase",
    "RHeap",
    "RLibrary",
    "RLoader",
    "RMessage2",
    "RMessagePtr2",
    "RMsgQueue",
    "RMsgQueueBase",
    "RMutex",
    "RPointerArray",
    "RProcess",
    "RProperty",
    "RReadWriteLock",
    "RSemaphore",
    "RServer2",
    "RSessionBase",
    "RSubSessionBase",
    "RTest",
    "RThread",
    "RTimer",
    "RUndertaker",
    "ServerHeap",
    "TActivePriority",
    "TBuf",
    "TBuf8",
    "TBuf16",
    "TBufC",
    "TBufC8",
    "TBufC16",
    "TChunkCreateInfo",
    "TCleanupItem",
    "TCustomResult",
    "TDblQue",
    "TDblQueIter",
    "TDblQueLink",
    "TDeltaQue",
    "TDeltaQueLink",
    "TDeltaTimerEntry",
    "TDes",
    "TDes8",
    "TDes16",
    "TDesC",
    "TDesC8",
    "TDesC16",
    "TExcType",
    "TFailureAction",
    "TFindChunk",
    "TFindHandleBase",
    "TFindLibrary",
    "TFindMutex",
    "TFindProcess",
    "TFindSemaphore",
    "TFindServer",
    "TFindThread",
    "THandleInfo",
    "THeapRequest",
    "TIpcArgs",
    "TLibraryInfo",
    "TLitC",
    "TLitC8",
    "TLitC16",
    "TOpenHandle",
    "TPckg",
    "TPckgBuf",
    "TPckgC",
    "TPolicy",
    "TPolicyCheck",
    "TPolicyElement",
    "TPriQue",
    "TPriQueLink",
    "TPtr",
    "TPtr8",
    "TPtr16",
    "TPtrC",
    "TPtrC8",
    "TPtrC16",
    "TRawEvent",
    "TReadWriteLockPriority",
    "TRequestStatus",
    "TSecurityPolicy",
    "TServerType",
    "TSglQue",
    "TSglQueLink",
    "TSpecialCase",
    "TVersion",
    "TWhichHeap",
    "Trap",
    "UHeap",
    "User",
    "UserHeap",
    "UserSvr",
    "cleanup_array_delete_push",
    "cleanup_close_push",
    "cleanup_delete_push",
    "cleanup_release_push",
    "connect_on_demand",
    "fail_each_allocation",
    "heap_request",
    "switch_heap",
    "trap",
    "user_heap",
    "with_heap_requests",
]
