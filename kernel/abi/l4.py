"""L4Re's numbers that the kernel, user programs and the IDL compiler share.

Codes are positive here; a result carries them negated. Names are the original's.

Original: l4/sys/err.h, ipc.h, consts.h, types.h and l4/re/protocols.h.
"""

from enum import IntEnum, IntFlag
from typing import Final

__all__ = [
    "L4_FPAGE_FULL",
    "L4_IPC_ERROR_MASK",
    "L4_PAGESHIFT",
    "L4_PAGESIZE",
    "L4_UTCB_BUFFERS",
    "L4_UTCB_WORDS",
    "L4_WORD_BYTES",
    "KLabelRights",
    "KRightS",
    "L4Err",
    "L4FpageType",
    "L4IpcErr",
    "L4MemoryRight",
    "L4MetaOp",
    "L4MsgFlag",
    "L4Op",
    "L4Proto",
    "Rights",
]

L4_WORD_BYTES: Final = 8
L4_UTCB_WORDS: Final = 63  # message registers; words + 2 * items must fit in
L4_UTCB_BUFFERS: Final = 58  # buffer registers; an item takes one or two
L4_PAGESHIFT: Final = 12
L4_PAGESIZE: Final = 1 << L4_PAGESHIFT


class Rights(IntFlag):
    """What may be done through an object capability. Original: L4_CAP_FPAGE_…."""

    W = 0x1  # interface-specific "write"
    S = 0x2  # interface-specific "special"; binds gates, creates by a factory
    R = 0x4  # without it nothing is transferred
    D = 0x8  # may delete the object
    N = 0x10  # not counted in the object's reference count
    C = 0x20  # object-specific 1; for a gate the server right
    OBJECT_2 = 0x40
    OBJECT_3 = 0x80
    RW = 0x5
    RS = 0x6
    RWS = 0x7
    RWSD = 0xF


L4_FPAGE_FULL: Final = Rights(0xEF)  # everything but N: what svr() gives

# In the lowest bits of a received label: what the sender's capability allows. Numbers,
# for they are asked for with every message.
KRightS: Final = int(Rights.S)
KLabelRights: Final = int(Rights.W | Rights.S)


class L4MemoryRight(IntFlag):
    """What may be done with mapped memory. Original: L4_FPAGE_…."""

    X = 1
    W = 2
    R = 4


class L4FpageType(IntEnum):
    """What an item offers. Original: L4_FPAGE_…."""

    L4_FPAGE_SPECIAL = 0
    L4_FPAGE_MEMORY = 1
    L4_FPAGE_IO = 2
    L4_FPAGE_OBJ = 3


class L4MsgFlag(IntFlag):
    """Flags of a message tag. Original: L4_MSGTAG_…."""

    L4_MSGTAG_TRANSFER_FPU = 0x1000
    L4_MSGTAG_SCHEDULE = 0x2000
    L4_MSGTAG_ERROR = 0x8000


class L4Err(IntEnum):
    """Results of operations. Original: l4_error_code_t."""

    L4_EOK = 0  # it went well
    L4_EPERM = 1  # not permitted
    L4_ENOENT = 2  # there is no such thing
    L4_EIO = 5  # input or output failed
    L4_ENXIO = 6  # no such device or address
    L4_E2BIG = 7  # too much was given
    L4_EAGAIN = 11  # not now; ask again
    L4_ENOMEM = 12  # no memory is left
    L4_EACCESS = 13  # the rights do not suffice
    L4_EFAULT = 14  # a bad address
    L4_EBUSY = 16  # in use
    L4_EEXIST = 17  # there is one already
    L4_ENODEV = 19  # there is no such device
    L4_ENOTDIR = 20  # that is no directory
    L4_EINVAL = 22  # an argument makes no sense
    L4_ENOSPC = 28  # no room is left
    L4_ERANGE = 34  # outside of what is allowed
    L4_ENAMETOOLONG = 36  # the name is too long
    L4_ENOSYS = 38  # there is no such operation
    L4_EBADPROTO = 39  # the object does not speak that protocol
    L4_EADDRNOTAVAIL = 99  # that address is not to be had
    L4_ERRNOMAX = 100  # the last of the general codes
    L4_ENOREPLY = 1000  # of an operation: send no reply now
    L4_EMSGTOOSHORT = 1001  # the message is shorter than its arguments
    L4_EMSGTOOLONG = 1002  # the message has no room for its arguments
    L4_EMSGMISSARG = 1003  # an item that the operation needs is missing
    L4_EMSGERRRANGE = 1004  # an argument is outside of what its type allows
    L4_EDROPREPLY = 1005  # the reply was dropped
    L4_EIPC_LO = 2000  # plus an L4IpcErr: sending or receiving failed
    L4_EIPC_HI = 2031  # the last of these


class L4IpcErr(IntEnum):
    """Ways for IPC to fail: even in the send phase, odd in the receive phase.

    A client sees L4_EIPC_LO plus the code. Original: l4_ipc_tcr_error_t.
    """

    L4_IPC_SETIMEOUT = 2  # nobody received in time
    L4_IPC_RETIMEOUT = 3  # nobody sent in time
    L4_IPC_ENOT_EXISTENT = 4  # there is no such partner, or not any more
    L4_IPC_SECANCELED = 6  # sending was cancelled
    L4_IPC_RECANCELED = 7  # receiving was cancelled
    L4_IPC_SEMSGCUT = 8  # the receiver had no room for all of it
    L4_IPC_REMSGCUT = 9  # there was no room for all that came
    L4_IPC_SESNDPFTO = 10  # sending: the sender's page fault took too long
    L4_IPC_RESNDPFTO = 11  # receiving: the sender's page fault took too long
    L4_IPC_SERCVPFTO = 12  # sending: the receiver's page fault took too long
    L4_IPC_RERCVPFTO = 13  # receiving: the receiver's page fault took too long
    L4_IPC_SEABORTED = 14  # sending was given up
    L4_IPC_REABORTED = 15  # receiving was given up: the reply was thrown away
    L4_IPC_SEMAPFAILED = 16  # sending: an item could not be mapped
    L4_IPC_REMAPFAILED = 17  # receiving: an item could not be mapped
    L4_IPC_NO_REPLY_CAP = 19  # there is no caller to answer


L4_IPC_ERROR_MASK: Final = L4Err.L4_EIPC_HI - L4Err.L4_EIPC_LO


class L4Proto(IntEnum):
    """What a message is about; the kernel's own are negative.

    Original: l4_msgtag_protocol and L4Re's protocols.h.
    """

    L4_PROTO_NONE = 0  # to a factory: make a gate
    L4_PROTO_IRQ = -1
    L4_PROTO_PAGE_FAULT = -2
    L4_PROTO_EXCEPTION = -5
    L4_PROTO_SIGMA0 = -6
    L4_PROTO_KOBJECT = -10
    L4_PROTO_TASK = -11
    L4_PROTO_THREAD = -12
    L4_PROTO_LOG = -13
    L4_PROTO_SCHEDULER = -14
    L4_PROTO_FACTORY = -15
    L4_PROTO_IRQ_SENDER = -18
    L4_PROTO_SEMAPHORE = -20
    L4_PROTO_META = -21
    L4RE_PROTO_DATASPACE = 0x4000
    L4RE_PROTO_NAMESPACE = 0x4001
    L4RE_PROTO_PARENT = 0x4002
    L4RE_PROTO_GOOS = 0x4003
    L4RE_PROTO_RM = 0x4005
    L4RE_PROTO_EVENT = 0x4006
    L4RE_PROTO_INHIBITOR = 0x4007
    L4RE_PROTO_DMA_SPACE = 0x4008
    L4RE_PROTO_MMIO_SPACE = 0x4009
    L4RE_PROTO_ITAS = 0x400A
    L4RE_PROTO_MEM_ALLOC = 0x400B
    L4RE_PROTO_REMOTE_ACCESS = 0x400C


class L4Op(IntEnum):
    """Operations of a gate itself: L4_PROTO_KOBJECT. Original: l4_ipc_gate_ops."""

    L4_KOBJECT_OP_DEC_REFCNT = 0x0
    L4_IPC_GATE_BIND_OP = 0x10
    L4_IPC_GATE_GET_INFO_OP = 0x11


class L4MetaOp(IntEnum):
    """Questions about an object's interfaces: L4_PROTO_META. Original: L4::Meta."""

    L4_META_NUM_INTERFACES = 0
    L4_META_INTERFACE = 1
    L4_META_SUPPORTS = 2
