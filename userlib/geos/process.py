"""Process objects: what a thread's own messages go to, and an application's life.

    MSG_META_ATTACH(block) ─► application: MSG_META_APP_STARTUP
                           ─► itself: the message whose number is the block's app_mode
                                …OPEN_APPLICATION    ─► application: MSG_META_ATTACH
                                …RESTORE_FROM_STATE  ─► the same
                                …OPEN_ENGINE            no UI

    MSG_META_QUIT, level by level; each is acknowledged by MSG_META_QUIT_ACK
        QL_BEFORE_UI  process        may abort
        QL_UI         application    may abort: MSG_META_FINISH_QUIT
        QL_AFTER_UI   process        may abort; then the application decides
        QL_DETACH     process        then MSG_META_DETACH, which closes the UI
        QL_AFTER_DETACH  process     the UI is closed

Original: GenProcessClass (procClass.asm); geos-iacp 1.5.
"""

from typing import Final

from kernel.abi.errors import KErrNone
from userlib.geos.constants import (
    MF_CALL,
    MF_FORCE_QUEUE,
    QL_AFTER_DETACH,
    QL_AFTER_UI,
    QL_BEFORE_UI,
    QL_DETACH,
    QL_UI,
)
from userlib.geos.geode_info import geode_get_app_object
from userlib.geos.message import message, method
from userlib.geos.messaging import obj_message
from userlib.geos.meta import (
    MSG_META_ACK,
    MSG_META_APP_STARTUP,
    MSG_META_ATTACH,
    MSG_META_DETACH,
    MSG_META_QUIT,
    MSG_META_QUIT_ACK,
    MetaClass,
)
from userlib.geos.values import AppLaunchBlock, Optr
from userlib.symbian.process import RProcess


class ProcessClass(MetaClass):
    """What a message to a thread or a geode is for. Original: ProcessClass."""


class GenProcessClass(ProcessClass):
    """What the process objects of applications are derived from.

    A subclass handles what interests it, and lets the superclass go on. *open_mode* is
    the mode it runs in, as the number of the message that opened it; 0 if none does.

    Threads: the geode's process thread.
    Original: GenProcessClass.
    """

    MSG_GEN_PROCESS_OPEN_APPLICATION = message(
        app_launch_block=AppLaunchBlock | None,
    )
    MSG_GEN_PROCESS_OPEN_ENGINE = message(app_launch_block=AppLaunchBlock | None)
    MSG_GEN_PROCESS_RESTORE_FROM_STATE = message(
        app_launch_block=AppLaunchBlock | None,
    )
    MSG_GEN_PROCESS_CLOSE_APPLICATION = message()
    MSG_GEN_PROCESS_CLOSE_ENGINE = message()
    MSG_GEN_PROCESS_CLOSE_CUSTOM = message()
    MSG_GEN_PROCESS_FINISH_DETACH = message()

    open_mode: int = 0

    # Coming up.

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Let the application object start, then open in the block's mode.

        Original: GenProcessAttach.
        """
        block = app_launch_block or AppLaunchBlock()
        mode = block.app_mode or OPEN_APPLICATION
        application = geode_get_app_object()
        obj_message(application, MSG_META_APP_STARTUP, MF_CALL, app_launch_block=block)
        self.open_mode = mode
        self.handle(mode, (block,))

    @method(MSG_GEN_PROCESS_OPEN_APPLICATION, MSG_GEN_PROCESS_RESTORE_FROM_STATE)
    def open_application(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Bring the UI up; out of engine mode, if it was in that.

        Blocks: until the application object has attached.
        Original: GenProcessOpenApplication, GenProcessRestoreFromState.
        """
        if self.open_mode not in (OPEN_APPLICATION, RESTORE_FROM_STATE):
            self.close_mode()
            self.open_mode = OPEN_APPLICATION
        obj_message(
            geode_get_app_object(),
            MSG_META_ATTACH,
            MF_CALL,
            app_launch_block=app_launch_block,
        )

    # Quitting.

    @method(MSG_META_QUIT)
    def quit(self, quit_level: int | None, ack_od: Optr | None) -> None:
        """Agree to that level of a quit.

        A subclass that needs time or may object does not call its superclass, and sends
        the acknowledgement itself. From QL_DETACH on it is too late to abort.
        Original: ProcQuit.
        """
        obj_message(
            ack_od or self,
            MSG_META_QUIT_ACK,
            MF_FORCE_QUEUE,
            quit_level=quit_level or QL_BEFORE_UI,
            abort=False,
        )

    @method(MSG_META_QUIT_ACK)
    def quit_ack(self, quit_level: int | None, abort: bool | None) -> None:
        """Go on with the next level, or tell the application that it goes on living.

        Without an application object the process is asked at every level.
        Original: GenProcessQuitAck.
        """
        level = quit_level or QL_BEFORE_UI
        application = geode_get_app_object()
        aborts = bool(abort) and level <= QL_AFTER_UI
        if aborts or (level == QL_AFTER_UI and application):
            obj_message(application, MSG_META_QUIT_ACK, quit_level=level, abort=aborts)
        elif level == QL_BEFORE_UI and application:
            obj_message(application, MSG_META_QUIT, quit_level=QL_UI)
        elif level < QL_DETACH:
            obj_message(self, MSG_META_QUIT, MF_FORCE_QUEUE, quit_level=level + 1)
        elif level == QL_DETACH:
            obj_message(self, MSG_META_DETACH, MF_FORCE_QUEUE)

    # Going.

    @method(MSG_META_DETACH)
    def detach(self, ack_id: int | None, ack_od: Optr | None) -> None:
        """Close what is open, then the application's UI. Original: GenProcessDetach."""
        self.close_mode()
        application = geode_get_app_object()
        if application:
            obj_message(application, MSG_META_DETACH, ack_od=self.optr)
        else:
            obj_message(self, self.MSG_GEN_PROCESS_FINISH_DETACH, MF_FORCE_QUEUE)

    @method(MSG_META_ACK)
    def ack(self, ack_id: int | None, ack_od: Optr | None) -> None:
        """The UI is closed. Original: GenProcessAck; the level QL_AFTER_DETACH."""
        obj_message(self, MSG_META_QUIT, MF_FORCE_QUEUE, quit_level=QL_AFTER_DETACH)

    @method(MSG_GEN_PROCESS_FINISH_DETACH)
    def finish_detach(self) -> None:
        """End the geode. Original: GenProcessFinishDetach."""
        self.close_mode()
        RProcess().kill(KErrNone)

    def close_mode(self) -> None:
        """Tell itself that the mode it runs in ends. Original: none."""
        mode, self.open_mode = self.open_mode, 0
        if mode == OPEN_ENGINE:
            obj_message(self, self.MSG_GEN_PROCESS_CLOSE_ENGINE)
        elif mode in (OPEN_APPLICATION, RESTORE_FROM_STATE):
            obj_message(self, self.MSG_GEN_PROCESS_CLOSE_APPLICATION)
        elif mode:
            obj_message(self, self.MSG_GEN_PROCESS_CLOSE_CUSTOM)


# The modes of a launch block: the messages that the process is sent.
OPEN_APPLICATION: Final = GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION.number
OPEN_ENGINE: Final = GenProcessClass.MSG_GEN_PROCESS_OPEN_ENGINE.number
RESTORE_FROM_STATE: Final = GenProcessClass.MSG_GEN_PROCESS_RESTORE_FROM_STATE.number
