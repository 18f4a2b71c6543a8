"""The object that a thread's own messages go to, and the process object of a geode."""

from typing import Final

from userlib.geos.message import message
from userlib.geos.meta import MetaClass
from userlib.geos.values import AppLaunchBlock


class ProcessClass(MetaClass):
    """What a message to a thread or a geode is for. Original: ProcessClass."""


class GenProcessClass(ProcessClass):
    """The process object of an application. Original: GenProcessClass."""

    MSG_GEN_PROCESS_OPEN_APPLICATION = message(app_launch_block=AppLaunchBlock | None)
    MSG_GEN_PROCESS_OPEN_ENGINE = message(app_launch_block=AppLaunchBlock | None)
    MSG_GEN_PROCESS_RESTORE_FROM_STATE = message(app_launch_block=AppLaunchBlock | None)


# The modes of a launch block: the messages that the process is sent.
OPEN_APPLICATION: Final = GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION.number
OPEN_ENGINE: Final = GenProcessClass.MSG_GEN_PROCESS_OPEN_ENGINE.number
RESTORE_FROM_STATE: Final = GenProcessClass.MSG_GEN_PROCESS_RESTORE_FROM_STATE.number
