"""Limits that programs can meet. Units stand in the comments.

Original: symbian-kernel 2.2, 2.8, 6.4-6.6; clock granularity from 9.8.
"""

from typing import Final

KMaxTInt: Final = 0x7FFFFFFF
KMinTInt: Final = -0x80000000

KMaxName: Final = 128  # characters, on the user side
KMaxFullName: Final = 256  # characters
KMaxPublishedText: Final = 0x10000  # characters that a program shows to debuggers
KMaxKernelName: Final = 80  # characters of one kernel object's short name
KMaxProcessRootName: Final = 56  # characters
KMaxHandles: Final = 32_768  # slots of one Symbian handle table

KMaxMessageArguments: Final = 4
KMaxMessageSlots: Final = 512  # of one session's own pool
KMaxSessionMessages: Final = 512  # not yet freed, of one session
KMaxSessionThreads: Final = 255  # attached to one session
KGlobalMessagePool: Final = 65_536  # messages of the system-wide pool

KMinMsgQueueMessage: Final = 4  # bytes
KMaxMsgQueueMessage: Final = 256  # bytes
KMsgQueueGrain: Final = 4  # bytes; a message's size is a multiple
KMaxMsgQueueBytes: Final = 0x1000000  # all slots of one queue together

KTickPeriodUs: Final = 15_625  # microseconds, the system tick: 64 Hz
KMillisecondUs: Final = 1_000  # microseconds, grain of high-resolution timers

KCopyPiece: Final = 65_536  # bytes copied under one hold of the kernel lock
