"""The words of IACP: modes, flags, sides and errors.

Original: iacp.def; geos-iacp 2.1.
"""

from enum import IntEnum, IntFlag
from typing import Final

__all__ = [
    "IACPCE_CANNOT_FIND_SERVER",
    "IACPCE_NO_SERVER",
    "IACPCE_SERVER_EXITED",
    "IACPCF_CLIENT_OD_SPECIFIED",
    "IACPCF_FIRST_ONLY",
    "IACPCF_OBEY_LAUNCH_MODEL",
    "IACPCF_SERVER_MODE",
    "IACPSF_MAILBOX_DONT_ASK_USER",
    "IACPSF_MULTIPLE_INSTANCES",
    "IACPSM_IN_FLUX",
    "IACPSM_NOT_USER_INTERACTIBLE",
    "IACPSM_USER_INTERACTIBLE",
    "IACPS_CLIENT",
    "IACPS_SERVER",
    "IACP_NO_CONNECTION",
    "UILM_GURU",
    "UILM_MULTIPLE_INSTANCES",
    "UILM_SINGLE_INSTANCE",
    "UILM_TRANSPARENT",
    "IACPConnectError",
    "IACPConnectFlags",
    "IACPServerFlags",
    "IACPServerMode",
    "IACPSide",
    "UILaunchModel",
]


class IACPServerMode(IntEnum):
    """How far a server has come; a higher mode takes requests for a lower one.

    Original: IACPServerMode.
    """

    IACPSM_NOT_USER_INTERACTIBLE = 0
    IACPSM_IN_FLUX = 1
    IACPSM_USER_INTERACTIBLE = 2


class IACPServerFlags(IntFlag):
    """What a server says of itself. Original: IACPServerFlags."""

    IACPSF_MULTIPLE_INSTANCES = 0x80  # more copies of it may be launched
    IACPSF_MAILBOX_DONT_ASK_USER = 0x40


class IACPConnectFlags(IntFlag):
    """How to connect; the lowest three bits are the mode asked for.

    Original: IACPConnectFlags.
    """

    IACPCF_SERVER_MODE = 0x07  # a mask
    IACPCF_FIRST_ONLY = 0x08
    IACPCF_CLIENT_OD_SPECIFIED = 0x10
    IACPCF_OBEY_LAUNCH_MODEL = 0x20


class IACPSide(IntEnum):
    """Which side of a connection sends. Original: IACPSide."""

    IACPS_CLIENT = 0
    IACPS_SERVER = 1


class IACPConnectError(IntEnum):
    """Why a connection was not made; the numbers go on where GeodeLoadError's end.

    Original: IACPConnectError; SERVER_EXITED is ours.
    """

    IACPCE_CANNOT_FIND_SERVER = 17
    IACPCE_NO_SERVER = 18
    IACPCE_SERVER_EXITED = 19  # what was launched died before it registered


class UILaunchModel(IntEnum):
    """Whether another copy of a running application is launched, system-wide.

    Original: UILaunchModel.
    """

    UILM_TRANSPARENT = 0
    UILM_SINGLE_INSTANCE = 1
    UILM_MULTIPLE_INSTANCES = 2
    UILM_GURU = 3


IACP_NO_CONNECTION: Final = 0

IACPSM_NOT_USER_INTERACTIBLE: Final = IACPServerMode.IACPSM_NOT_USER_INTERACTIBLE
IACPSM_IN_FLUX: Final = IACPServerMode.IACPSM_IN_FLUX
IACPSM_USER_INTERACTIBLE: Final = IACPServerMode.IACPSM_USER_INTERACTIBLE
IACPSF_MULTIPLE_INSTANCES: Final = IACPServerFlags.IACPSF_MULTIPLE_INSTANCES
IACPSF_MAILBOX_DONT_ASK_USER: Final = IACPServerFlags.IACPSF_MAILBOX_DONT_ASK_USER
IACPCF_SERVER_MODE: Final = IACPConnectFlags.IACPCF_SERVER_MODE
IACPCF_FIRST_ONLY: Final = IACPConnectFlags.IACPCF_FIRST_ONLY
IACPCF_CLIENT_OD_SPECIFIED: Final = IACPConnectFlags.IACPCF_CLIENT_OD_SPECIFIED
IACPCF_OBEY_LAUNCH_MODEL: Final = IACPConnectFlags.IACPCF_OBEY_LAUNCH_MODEL
IACPS_CLIENT: Final = IACPSide.IACPS_CLIENT
IACPS_SERVER: Final = IACPSide.IACPS_SERVER
IACPCE_CANNOT_FIND_SERVER: Final = IACPConnectError.IACPCE_CANNOT_FIND_SERVER
IACPCE_NO_SERVER: Final = IACPConnectError.IACPCE_NO_SERVER
IACPCE_SERVER_EXITED: Final = IACPConnectError.IACPCE_SERVER_EXITED
UILM_TRANSPARENT: Final = UILaunchModel.UILM_TRANSPARENT
UILM_SINGLE_INSTANCE: Final = UILaunchModel.UILM_SINGLE_INSTANCE
UILM_MULTIPLE_INSTANCES: Final = UILaunchModel.UILM_MULTIPLE_INSTANCES
UILM_GURU: Final = UILaunchModel.UILM_GURU
