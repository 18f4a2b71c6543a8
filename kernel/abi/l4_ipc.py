"""The messages of L4 IPC as plain data, and the marks in them.

Words are bytes, a whole number of eight; items are tuples. What a call returns is a
plain tuple: the aliases below name the places.

Original: the UTCB's message and buffer registers (l4re-idl 1.3).
"""

from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

KTimeoutNever: Final = -1  # microseconds; zero is not to wait at all
KIpcOk: Final = 0  # where otherwise an L4IpcErr stands


class TIpcItem(IntEnum):
    """What an item is. The first three are sent; a receiver may find any."""

    EVoid = 0
    EObject = 1  # a capability
    EMemory = 2  # part of a chunk
    ELocalLabel = 3  # of a gate bound to a thread of the receiver's own process
    ELocalHandle = 4  # sent within one process: the sender's own handle


class SentItem(NamedTuple):
    """One item of a message that is sent."""

    kind: int  # EVoid, EObject or EMemory
    handle: int = 0  # of the capability; of a chunk, or of memory that was received
    rights: int = 0  # to pass on, at most; of memory R 4, W 2, X 1
    grant: bool = False  # the sender's handle goes away
    offset: int = 0  # of memory: in the object, in bytes
    order: int = 0  # of memory: its size is two to this power


class ReceivedItem(NamedTuple):
    """One item of a message, as it arrived."""

    kind: int  # a TIpcItem
    value: int = 0  # the new handle, 0 if nothing was mapped; a local label or handle
    rights: int = 0  # it came with
    order: int = 0  # of memory: its size is two to this power


VOID_ITEM: Final = SentItem(TIpcItem.EVoid)

# A receiver declares buffers in order: for each EObject or EMemory. With the flag, it
# wants to recognise its own objects: it then gets a label, or the raw handle.
KBufferLocalId: Final = 0x100

# error (an L4IpcErr, or 0), label (the result), words, items. Items that arrived before
# an error are handed over all the same.
TIpcReply: TypeAlias = tuple[int, int, bytes, tuple[ReceivedItem, ...]]

# error, label (the protocol), origin (a gate's label and the sender's W and S, or an
# Irq's label), words, items, whether the sender waits for a reply, and how the reply
# went that was sent before.
TIpcRequest: TypeAlias = tuple[
    int, int, int, bytes, tuple[ReceivedItem, ...], bool, int
]


class TGateState(IntEnum):
    """To whom a gate forwards."""

    EUnbound = 0  # senders wait until it is bound
    EBound = 1
    EOrphaned = 2  # its thread has ended: senders fail until it is bound again
