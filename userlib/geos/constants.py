"""GEOS' flags and enumerations, under their own names."""

from enum import IntEnum, IntFlag
from typing import Final

__all__ = [
    "MANUFACTURER_ID_GEOWORKS",
    "MANUFACTURER_ID_SDK",
    "MF_CALL",
    "MF_CAN_DISCARD_IF_DESPERATE",
    "MF_CHECK_DUPLICATE",
    "MF_CHECK_LAST_ONLY",
    "MF_CUSTOM",
    "MF_DISCARD_IF_NO_MATCH",
    "MF_FIXUP_DS",
    "MF_FIXUP_ES",
    "MF_FORCE_QUEUE",
    "MF_INSERT_AT_FRONT",
    "MF_MATCH_ALL",
    "MF_NONE",
    "MF_RECORD",
    "MF_REPLACE",
    "MF_STACK",
    "PROC_SE_CONTINUE",
    "PROC_SE_EXIT",
    "PROC_SE_STORE_AT_BACK",
    "QL_AFTER_DETACH",
    "QL_AFTER_UI",
    "QL_BEFORE_UI",
    "QL_DETACH",
    "QL_UI",
    "TO_APP_FOCUS",
    "TO_APP_MODEL",
    "TO_APP_TARGET",
    "TO_FOCUS",
    "TO_GEN_PARENT",
    "TO_MODEL",
    "TO_NULL",
    "TO_OBJ_BLOCK_OUTPUT",
    "TO_PRINT_CONTROL",
    "TO_PROCESS",
    "TO_SELF",
    "TO_SYS_FOCUS",
    "TO_SYS_MODEL",
    "TO_SYS_TARGET",
    "TO_TARGET",
    "AppLaunchFlags",
    "ManufacturerID",
    "MessageFlags",
    "ObjFlushInputQueueNextStop",
    "ProcSendEvent",
    "QuitLevel",
    "TravelOption",
]


class MessageFlags(IntFlag):
    """How a message is sent. Original: MessageFlags (object.def)."""

    MF_NONE = 0
    MF_CALL = 0x8000  # wait for the result
    MF_FORCE_QUEUE = 0x4000  # through the queue, even on the same thread
    MF_STACK = 0x2000  # the parameters are a structure
    MF_CHECK_DUPLICATE = 0x0800  # merge with a queued event of the same message
    MF_CHECK_LAST_ONLY = 0x0400  # with the last one for the object, or with none
    MF_REPLACE = 0x0200  # the new parameters take the old one's place
    MF_CUSTOM = 0x0100  # a function compares and combines
    MF_FIXUP_DS = 0x0080  # means nothing here
    MF_FIXUP_ES = 0x0040  # means nothing here
    MF_DISCARD_IF_NO_MATCH = 0x0020  # without one to merge with, drop it
    MF_MATCH_ALL = 0x0010  # let the function see those for other objects too
    MF_INSERT_AT_FRONT = 0x0008  # before all that is queued
    MF_CAN_DISCARD_IF_DESPERATE = 0x0004  # drop it if there is no memory
    MF_RECORD = 0x0002  # do not send: make an event. Of a dispatch: keep the event


MF_NONE: Final = MessageFlags.MF_NONE
MF_CALL: Final = MessageFlags.MF_CALL
MF_FORCE_QUEUE: Final = MessageFlags.MF_FORCE_QUEUE
MF_STACK: Final = MessageFlags.MF_STACK
MF_CHECK_DUPLICATE: Final = MessageFlags.MF_CHECK_DUPLICATE
MF_CHECK_LAST_ONLY: Final = MessageFlags.MF_CHECK_LAST_ONLY
MF_REPLACE: Final = MessageFlags.MF_REPLACE
MF_CUSTOM: Final = MessageFlags.MF_CUSTOM
MF_FIXUP_DS: Final = MessageFlags.MF_FIXUP_DS
MF_FIXUP_ES: Final = MessageFlags.MF_FIXUP_ES
MF_DISCARD_IF_NO_MATCH: Final = MessageFlags.MF_DISCARD_IF_NO_MATCH
MF_MATCH_ALL: Final = MessageFlags.MF_MATCH_ALL
MF_INSERT_AT_FRONT: Final = MessageFlags.MF_INSERT_AT_FRONT
MF_CAN_DISCARD_IF_DESPERATE: Final = MessageFlags.MF_CAN_DISCARD_IF_DESPERATE
MF_RECORD: Final = MessageFlags.MF_RECORD


class ProcSendEvent(IntEnum):
    """What a function for MF_CUSTOM says of a queued event and the new one.

    Original: PROC_SE_EXIT and its kin.
    """

    PROC_SE_CONTINUE = 0  # look at the next
    PROC_SE_STORE_AT_BACK = 1  # no duplicate: queue the new one
    PROC_SE_EXIT = 0x8000  # combined, or to be dropped


PROC_SE_CONTINUE: Final = ProcSendEvent.PROC_SE_CONTINUE
PROC_SE_STORE_AT_BACK: Final = ProcSendEvent.PROC_SE_STORE_AT_BACK
PROC_SE_EXIT: Final = ProcSendEvent.PROC_SE_EXIT


class TravelOption(IntEnum):
    """Where a classed event goes from an object.

    The first four have the original's numbers, the others those of ours.
    Original: TravelOption, VisTravelOption and GenTravelOption.
    """

    TO_NULL = 0
    TO_SELF = 1
    TO_OBJ_BLOCK_OUTPUT = 2
    TO_PROCESS = 3
    TO_GEN_PARENT = 4
    TO_FOCUS = 5
    TO_TARGET = 6
    TO_MODEL = 7
    TO_APP_FOCUS = 8
    TO_APP_TARGET = 9
    TO_APP_MODEL = 10
    TO_SYS_FOCUS = 11
    TO_SYS_TARGET = 12
    TO_SYS_MODEL = 13
    TO_PRINT_CONTROL = 14


TO_NULL: Final = TravelOption.TO_NULL
TO_SELF: Final = TravelOption.TO_SELF
TO_OBJ_BLOCK_OUTPUT: Final = TravelOption.TO_OBJ_BLOCK_OUTPUT
TO_PROCESS: Final = TravelOption.TO_PROCESS
TO_GEN_PARENT: Final = TravelOption.TO_GEN_PARENT
TO_FOCUS: Final = TravelOption.TO_FOCUS
TO_TARGET: Final = TravelOption.TO_TARGET
TO_MODEL: Final = TravelOption.TO_MODEL
TO_APP_FOCUS: Final = TravelOption.TO_APP_FOCUS
TO_APP_TARGET: Final = TravelOption.TO_APP_TARGET
TO_APP_MODEL: Final = TravelOption.TO_APP_MODEL
TO_SYS_FOCUS: Final = TravelOption.TO_SYS_FOCUS
TO_SYS_TARGET: Final = TravelOption.TO_SYS_TARGET
TO_SYS_MODEL: Final = TravelOption.TO_SYS_MODEL
TO_PRINT_CONTROL: Final = TravelOption.TO_PRINT_CONTROL


class ObjFlushInputQueueNextStop(IntEnum):
    """The hops of a relay through the input queues, in order.

    Original: ObjFlushInputQueueNextStop (metaC.def).
    """

    OFIQNS_INPUT_MANAGER = 0
    OFIQNS_SYSTEM_INPUT_OBJ = 1
    OFIQNS_INPUT_OBJ_OF_OWNING_GEODE = 2
    OFIQNS_PROCESS_OF_OWNING_GEODE = 3
    OFIQNS_DISPATCH = 4


class AppLaunchFlags(IntFlag):
    """How an application is launched. Original: AppLaunchFlags (alb.def)."""

    ALF_NONE = 0
    ALF_SEND_LAUNCH_REQUEST_TO_UI_TO_HANDLE = 0x80
    ALF_OPEN_IN_BACK = 0x40
    ALF_DESK_ACCESSORY = 0x20
    ALF_DO_NOT_OPEN_ON_TOP = 0x10
    ALF_OVERRIDE_MULTIPLE_INSTANCE = 0x08
    ALF_OPEN_FOR_IACP_ONLY = 0x04
    ALF_NO_ACTIVATION_DIALOG = 0x02


class ManufacturerID(IntEnum):
    """Known manufacturers. Original: ManufacturerID (geode.def)."""

    MANUFACTURER_ID_GEOWORKS = 0
    MANUFACTURER_ID_APP_LOCAL = 1
    MANUFACTURER_ID_PALM_COMPUTING = 2
    MANUFACTURER_ID_WIZARD = 3
    MANUFACTURER_ID_CREATIVE_LABS = 4
    MANUFACTURER_ID_DOS_LAUNCHER = 5
    MANUFACTURER_ID_AMERICA_ONLINE = 6
    MANUFACTURER_ID_INTUIT = 7
    MANUFACTURER_ID_SDK = 8
    MANUFACTURER_ID_SHAREWARE = 9
    MANUFACTURER_ID_GENERIC = 10
    MANUFACTURER_ID_NOKIA = 11


MANUFACTURER_ID_GEOWORKS: Final = ManufacturerID.MANUFACTURER_ID_GEOWORKS
MANUFACTURER_ID_SDK: Final = ManufacturerID.MANUFACTURER_ID_SDK


class QuitLevel(IntEnum):
    """How far a quit has come. Original: QuitLevel (metaC.def)."""

    QL_BEFORE_UI = 0
    QL_UI = 1
    QL_AFTER_UI = 2
    QL_DETACH = 3
    QL_AFTER_DETACH = 4


QL_BEFORE_UI: Final = QuitLevel.QL_BEFORE_UI
QL_UI: Final = QuitLevel.QL_UI
QL_AFTER_UI: Final = QuitLevel.QL_AFTER_UI
QL_DETACH: Final = QuitLevel.QL_DETACH
QL_AFTER_DETACH: Final = QuitLevel.QL_AFTER_DETACH
