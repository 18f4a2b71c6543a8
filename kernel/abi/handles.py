"""How a handle is made up, object types, and who may own a handle.

bits 0-14 index, 15 no-close, 16-29 instance, 30 thread-owned, 31 special.

Original: symbian-kernel 2.1 and 2.8.
"""

from enum import IntEnum
from typing import Final

KNullHandle: Final = 0
KCurrentProcessHandle: Final = 0xFFFF8000
KCurrentThreadHandle: Final = 0xFFFF8001

KHandleIndexMask: Final = 0x7FFF
KHandleNoClose: Final = 0x8000
KHandleInstanceShift: Final = 16
KHandleInstanceMask: Final = 0x3FFF
KHandleFlagLocal: Final = 0x40000000  # in the table of the thread
KHandleFlagSpecial: Final = 0x80000000


class TOwnerType(IntEnum):
    """Which table a new handle goes to."""

    EOwnerProcess = 0
    EOwnerThread = 1


EOwnerProcess: Final = TOwnerType.EOwnerProcess
EOwnerThread: Final = TOwnerType.EOwnerThread


class TObjectType(IntEnum):
    """One container exists for each; a container's id is its type + 1."""

    EThread = 0
    EProcess = 1
    EChunk = 2
    ELibrary = 3
    ESemaphore = 4
    EMutex = 5
    ETimer = 6
    EServer = 7
    ESession = 8
    ELogicalDevice = 9
    EPhysicalDevice = 10
    ELogicalChannel = 11
    EChangeNotifier = 12
    EUndertaker = 13
    EMsgQueue = 14
    EPropertyRef = 15
    ECondVar = 16
    EShPool = 17
    EShBuf = 18
    EIpcGate = 19  # from here on L4Re's
    EIrq = 20
    EReplyCap = 21
    EFpage = 22
    EEventQueue = 23  # GEOS'
