"""The application object: a server by itself, for as long as anybody needs it.

It registers for its geode's token as soon as it exists, says so when its UI is up and
when it is not, keeps count of who is connected, and leaves when nobody is left. Its
steps are in `application_state.py`; what is sent for them is here.

Original: GenApplicationClass (genAppAttDet.asm, genAppCommonIACP.asm); geos-iacp 4.6.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, Self

from userlib.geos import iacp
from userlib.geos.application_state import ApplicationState, TNextStep
from userlib.geos.constants import (
    MF_CALL,
    MF_FORCE_QUEUE,
    QL_AFTER_UI,
    QL_BEFORE_UI,
    QL_DETACH,
    QL_UI,
    AppLaunchFlags,
)
from userlib.geos.document import GenDocumentGroupClass
from userlib.geos.errors import GeosFatalError
from userlib.geos.event import Event
from userlib.geos.gen import GenClass
from userlib.geos.geode_info import geode_get_process_handle, geode_get_token
from userlib.geos.iacp_constants import (
    IACPSF_MULTIPLE_INSTANCES,
    IACPSM_IN_FLUX,
    IACPSM_NOT_USER_INTERACTIBLE,
    IACPSM_USER_INTERACTIBLE,
)
from userlib.geos.iacp_protocol import IACPFault
from userlib.geos.iacp_session import reached
from userlib.geos.message import Message, message, method
from userlib.geos.messaging import message_dispatch, obj_message, record
from userlib.geos.meta import (
    MSG_META_ACK,
    MSG_META_APP_STARTUP,
    MSG_META_ATTACH,
    MSG_META_DETACH,
    MSG_META_FINISH_QUIT,
    MSG_META_IACP_ALLOW_FILE_ACCESS,
    MSG_META_IACP_LOST_CONNECTION,
    MSG_META_IACP_NEW_CONNECTION,
    MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED,
    MSG_META_IACP_PROCESS_MESSAGE,
    MSG_META_IACP_SHUTDOWN_CONNECTION,
    MSG_META_QUIT,
    MSG_META_QUIT_ACK,
    MSG_META_TRANSPARENT_DETACH,
    obj_flush_input_queue,
)
from userlib.geos.process import OPEN_APPLICATION, OPEN_ENGINE, GenProcessClass
from userlib.geos.registry import application_images
from userlib.geos.values import NULL_OPTR, AppLaunchBlock, GeodeToken, Optr
from userlib.symbian.process import RProcess


class GenApplicationClass(GenClass):
    """What application objects are, or are derived from.

    A subclass handles what interests it, and lets the superclass go on: without that,
    a new connection is neither counted nor finished, and the application can neither
    open nor leave. *single_instance* keeps further copies from being launched;
    *additional_tokens* are those it serves besides its geode's;
    *quit_on_allow_file_access* lets it make way for whoever needs its files. Documents
    are those of the object *document_group*.

    Threads: the one that runs it, which is the geode's UI thread if it has one.
    Original: GenApplicationClass.
    """

    MSG_GEN_APPLICATION_OPEN_COMPLETE = message()
    MSG_GEN_APPLICATION_CLOSE_COMPLETE = message()
    MSG_GEN_APPLICATION_BRING_TO_TOP = message()
    MSG_GEN_APPLICATION_CLOSE_FILE_ACK = message()
    MSG_GEN_APPLICATION_APP_MODE_COMPLETE = message()
    MSG_GEN_APPLICATION_IACP_REGISTER = message(mode=int)
    MSG_GEN_APPLICATION_IACP_UNREGISTER = message()
    MSG_GEN_APPLICATION_IACP_GET_NUMBER_OF_CONNECTIONS = message()
    MSG_GEN_APPLICATION_IACP_GET_NUMBER_OF_APP_MODE_CONNECTIONS = message()
    MSG_GEN_APPLICATION_IACP_COMPLETE_CONNECTIONS = message()
    MSG_GEN_APPLICATION_IACP_SHUTDOWN_ALL_CONNECTIONS = message()
    MSG_GEN_APPLICATION_IACP_NO_MORE_CONNECTIONS = message()

    single_instance: bool = False
    additional_tokens: tuple[GeodeToken, ...] = ()
    quit_on_allow_file_access: bool = False
    document_group: Optr = NULL_OPTR

    state: ApplicationState

    def __new__(cls, **fields: object) -> Self:
        obj = super().__new__(cls, **fields)
        obj.state = ApplicationState()
        return obj

    # Coming up.

    @method(MSG_META_APP_STARTUP)
    def app_startup(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Be a server, if only one that cannot talk to the user yet.

        Original: GenAppStartup.
        """
        block = app_launch_block or AppLaunchBlock()
        self.state.begin(
            with_ui=block.app_mode != OPEN_ENGINE, for_iacp_only=_for_iacp_only(block)
        )
        self._register(IACPSM_NOT_USER_INTERACTIBLE)

    @method(MSG_META_ATTACH)
    def attach(self, app_launch_block: AppLaunchBlock | None) -> None:
        """Bring the UI up, with the block's document. Original: GenAppAttach."""
        self.state.attach()
        if app_launch_block is not None:
            self._open_document_of(app_launch_block)
        self._register(IACPSM_USER_INTERACTIBLE)
        self._queue(self.MSG_GEN_APPLICATION_OPEN_COMPLETE)

    @method(MSG_GEN_APPLICATION_OPEN_COMPLETE)
    def open_complete(self) -> None:
        """All of the UI is up. Original: GenAppOpenComplete."""
        self.state.is_attaching = False
        self._queue(self.MSG_GEN_APPLICATION_IACP_COMPLETE_CONNECTIONS)

    # Quitting: see `process.py` for the way through the levels.

    @method(MSG_META_QUIT)
    def quit(self, quit_level: int | None, ack_od: Optr | None) -> None:
        """Begin to quit; or, in the middle of it, see whether the UI agrees.

        Original: GenAppQuit.
        """
        if quit_level == QL_UI:
            obj_message(self, MSG_META_FINISH_QUIT, abort=False)
        elif self.state.begin_quit():
            self._register(IACPSM_IN_FLUX)
            self._tell_process(MSG_META_QUIT, quit_level=QL_BEFORE_UI)

    @method(MSG_META_FINISH_QUIT)
    def finish_quit(self, abort: bool) -> None:
        """The UI agrees to the quit, or does not. Original: GenAppFinishQuit."""
        self._tell_process(MSG_META_QUIT_ACK, quit_level=int(QL_UI), abort=abort)

    @method(MSG_META_QUIT_ACK)
    def quit_ack(self, quit_level: int, abort: bool) -> None:
        """The process has agreed to close the UI, or does not agree to quit.

        The last word is the clients', as far as they need the UI.
        Original: GenAppQuitAfterUI.
        """
        if self.state.is_closing or not self.state.is_open:
            return  # another quit, or a detach, has overtaken it
        if abort or self.state.must_abort:
            self._abort_quit()
        else:
            self.state.is_for_iacp_only = self.state.is_quit_detaching = True
            self._tell_process(MSG_META_QUIT, quit_level=QL_DETACH)

    def _abort_quit(self) -> None:
        self.state.abort()
        saved, self.state.saved_block = self.state.saved_block, None
        if saved is not None:
            self._open_document_of(saved)
            self._queue(self.MSG_GEN_APPLICATION_IACP_COMPLETE_CONNECTIONS)
        self._register(IACPSM_USER_INTERACTIBLE)

    # Closing the UI.

    @method(MSG_META_DETACH)
    def detach(self, ack_id: int | None, ack_od: Optr | None) -> None:
        """Close the UI; nothing stops that. The process begins, and asks for it.

        Original: GenAppDetach.
        """
        begins = not self.state.is_detaching
        self.state.is_detaching = True
        if ack_od:
            self._close_ui(ack_od)
        elif begins and not self.state.is_quit_detaching:
            self._tell_process(MSG_META_DETACH)

    @method(MSG_META_TRANSPARENT_DETACH)
    def transparent_detach(self, ack_id: int | None, ack_od: Optr | None) -> None:
        """Make way, without asking. There are no state files to come back from.

        Original: GenAppTransparentDetach.
        """
        obj_message(self, MSG_META_DETACH)

    def _close_ui(self, ack_od: Optr) -> None:
        obj_message(
            self.document_group,
            GenDocumentGroupClass.MSG_GEN_DOCUMENT_GROUP_CLOSE_ALL,
            MF_CALL,
        )
        self._queue(self.MSG_GEN_APPLICATION_CLOSE_COMPLETE)
        obj_message(ack_od, MSG_META_ACK)

    @method(MSG_GEN_APPLICATION_CLOSE_COMPLETE)
    def close_complete(self) -> None:
        """The UI is closed. Original: GenAppCloseComplete."""
        self.state.closed()
        obj_message(self, self.MSG_GEN_APPLICATION_CLOSE_FILE_ACK)
        obj_message(self, self.MSG_GEN_APPLICATION_APP_MODE_COMPLETE)

    @method(MSG_GEN_APPLICATION_APP_MODE_COMPLETE)
    def app_mode_complete(self) -> None:
        """Something has ended: go on as long as there is a reason.

        Original: GenAppAppModeComplete.
        """
        step = self.state.app_mode_complete()
        if step is TNextStep.EQuit and (
            self.state.begin_quit() or self.state.is_attaching
        ):
            self._tell_process(MSG_META_QUIT, quit_level=QL_AFTER_UI)
        if step in (TNextStep.EStay, TNextStep.EQuit):
            return
        self._register(IACPSM_NOT_USER_INTERACTIBLE)
        saved, self.state.saved_block = self.state.saved_block, None
        if saved is not None:
            self._switch_to_app_mode(saved)
        elif step is TNextStep.ELeave:
            self._leave()

    def _switch_to_app_mode(self, block: AppLaunchBlock) -> None:
        self.state.is_attaching = True
        self._tell_process(
            GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION, app_launch_block=block
        )

    # Leaving.

    def _leave(self) -> None:
        """Nobody finds it any more; but somebody may have found it just before."""
        obj_message(self, self.MSG_GEN_APPLICATION_IACP_UNREGISTER)
        self._queue(self.MSG_GEN_APPLICATION_IACP_NO_MORE_CONNECTIONS)

    @method(MSG_GEN_APPLICATION_IACP_NO_MORE_CONNECTIONS)
    def no_more_connections(self) -> None:
        """Leave, unless somebody has come in the meantime.

        Original: GenAppIACPNoMoreConnections.
        """
        state = self.state
        if state.is_usable:
            self._register(IACPSM_USER_INTERACTIBLE)
        elif state.is_attaching or (state.is_quitting and state.connects):
            self._register(IACPSM_NOT_USER_INTERACTIBLE)
        else:
            state.connects = None
            obj_flush_input_queue(
                record(self, self.MSG_GEN_APPLICATION_IACP_SHUTDOWN_ALL_CONNECTIONS)
            )

    @method(MSG_GEN_APPLICATION_IACP_SHUTDOWN_ALL_CONNECTIONS)
    def shutdown_all_connections(self) -> None:
        """Leave whatever connection there is, and end once all is handled.

        Original: GenAppIACPShutdownAllConnections.
        """
        self._reach(lambda: iacp.shutdown_all(self))
        process = geode_get_process_handle()
        obj_flush_input_queue(
            record(process, GenProcessClass.MSG_GEN_PROCESS_FINISH_DETACH)
        )

    # As a server.

    @method(MSG_GEN_APPLICATION_IACP_REGISTER)
    def iacp_register(self, mode: int) -> None:
        """Register for all its tokens. Original: GenAppIACPRegister."""
        multiple = not self.single_instance and _is_multi_launchable()
        flags = IACPSF_MULTIPLE_INSTANCES if multiple else 0
        for token in self._tokens():
            self._reach(partial(iacp.register_server, token, self, mode, flags))

    @method(MSG_GEN_APPLICATION_IACP_UNREGISTER)
    def iacp_unregister(self) -> None:
        """Let nobody find it any more. Original: GenAppIACPUnregister."""
        for token in self._tokens():
            self._reach(partial(iacp.unregister_server, token, self))

    @method(MSG_GEN_APPLICATION_IACP_GET_NUMBER_OF_CONNECTIONS)
    def iacp_get_number_of_connections(self) -> int:
        """How many clients there are. Original: GenAppIACPGetNumberOfConnections."""
        return self.state.number_of_connections

    @method(MSG_GEN_APPLICATION_IACP_GET_NUMBER_OF_APP_MODE_CONNECTIONS)
    def iacp_get_number_of_app_mode_connections(self) -> int:
        """How many of them need its UI.

        Original: GenAppIACPGetNumberOfAppModeConnections.
        """
        return self.state.number_of_app_mode_connections

    @method(MSG_GEN_APPLICATION_IACP_COMPLETE_CONNECTIONS)
    def iacp_complete_connections(self) -> None:
        """Take what clients have sent while the UI came up.

        Original: GenAppIACPCompleteConnections.
        """
        for connection in tuple(self.state.connects or ()):
            self._finish(connection)

    @method(MSG_META_IACP_PROCESS_MESSAGE)
    def iacp_process_message(
        self, msg_to_send: Event, topt: int, completion_msg: Event | None
    ) -> None:
        """Handle what came over a connection.

        Whoever asks for access to a file is told only when it is closed.
        Original: GenAppIACPProcessMessage.
        """
        is_for_file = msg_to_send.message == MSG_META_IACP_ALLOW_FILE_ACCESS.number
        if is_for_file and completion_msg is not None:
            self.state.file_completions.append(completion_msg)
            completion_msg = None
        iacp.process_message(self, msg_to_send, topt, completion_msg)

    @method(MSG_META_IACP_NEW_CONNECTION)
    def iacp_new_connection(
        self,
        app_launch_block: AppLaunchBlock | None,
        just_launched: bool,
        connection: int,
    ) -> None:
        """Count the client in, and come up if it wants the UI.

        Original: GenAppIACPNewConnection; geos-iacp 4.2.
        """
        block = app_launch_block
        if block is None or block.app_mode not in (0, OPEN_APPLICATION):
            self.state.record(connection, app_mode=False)
            self._finish(connection)
            return
        self.state.record(connection, app_mode=True)
        if not _for_iacp_only(block):
            self.state.open_for_user()
        if not just_launched or not self.state.is_served:
            self._serve_user(block)
        if self.state.is_complete:
            self._finish(connection)

    def _serve_user(self, block: AppLaunchBlock) -> None:
        """A client asks a running application to do what *block* says."""
        state = self.state
        if state.is_closing:
            state.saved_block = state.saved_block or block
        elif state.is_usable:
            if not block.launch_flags & _STAY_BEHIND:
                obj_message(self, self.MSG_GEN_APPLICATION_BRING_TO_TOP)
            self._open_document_of(block)
        elif not state.is_attaching:
            self._switch_to_app_mode(block)

    @method(MSG_META_IACP_LOST_CONNECTION)
    def iacp_lost_connection(self, connection: int, server_num: int) -> None:
        """A client has left: finish what it sent. That a server left is left to others.

        Original: GenAppIACPLostConnection.
        """
        if server_num:
            return
        obj_message(
            self.document_group,
            MSG_META_IACP_LOST_CONNECTION,
            connection=connection,
            server_num=server_num,
        )
        iacp.lost_connection(self, connection)

    @method(MSG_META_IACP_SHUTDOWN_CONNECTION)
    def iacp_shutdown_connection(self, connection: int) -> None:
        """All that the client wanted is done.

        A client may say twice that it leaves, and the application may have left before
        it hears of that: then there is nothing to leave, and nobody has made a mistake.
        Original: GenAppIACPShutdownConnection, for which that is fatal.
        """
        self._unless_over(partial(iacp.shutdown_connection, self, connection))
        if self.state.forget(connection):
            obj_message(self, self.MSG_GEN_APPLICATION_APP_MODE_COMPLETE)

    # Files that others need.

    @method(MSG_META_IACP_ALLOW_FILE_ACCESS)
    def iacp_allow_file_access(self, connection: int) -> None:
        """Let go of the file that is open. Original: GenAppIACPAllowFileAccess."""
        if self.quit_on_allow_file_access:
            obj_message(self, MSG_META_TRANSPARENT_DETACH)
            return
        ack = record(self, self.MSG_GEN_APPLICATION_CLOSE_FILE_ACK)
        if self.document_group:
            obj_message(
                self.document_group,
                GenDocumentGroupClass.MSG_GEN_DOCUMENT_GROUP_CLOSE_FILE,
                ack=ack,
            )
        else:
            message_dispatch(ack)

    @method(MSG_META_IACP_NOTIFY_FILE_ACCESS_FINISHED)
    def iacp_notify_file_access_finished(self, connection: int) -> None:
        """Open the file again. Original: GenAppIACPNotifyFileAccessFinished."""
        if not self.quit_on_allow_file_access:
            obj_message(
                self.document_group,
                GenDocumentGroupClass.MSG_GEN_DOCUMENT_GROUP_REOPEN_FILE,
            )

    @method(MSG_GEN_APPLICATION_CLOSE_FILE_ACK)
    def close_file_ack(self) -> None:
        """The file is closed: tell whoever waits for it.

        Original: GenAppCloseFileAck, which keeps one completion; ours keeps all.
        """
        completions, self.state.file_completions = self.state.file_completions, []
        for completion in completions:
            message_dispatch(completion)

    # Ways of sending.

    def _reach(self, routine: Callable[[], object]) -> None:
        """Call a routine of IACP's, if there is one; who comes after it is asked next.

        What it knew of clients is over when it ends.
        """
        if not reached(routine):
            self.state.lose_connections()
            reached(routine)

    def _unless_over(self, routine: Callable[[], object]) -> bool:
        """The same about a connection. Returns: whether IACP knew of that."""
        try:
            self._reach(routine)
        except GeosFatalError as error:
            if error.name != IACPFault.IACP_INVALID_CONNECTION.name:
                raise
            return False
        return True

    def _finish(self, connection: int) -> None:
        """Take what is held; it may be of an IACP server that has ended."""
        if not self._unless_over(partial(iacp.finish_connect, connection, self)):
            self.state.forget(connection)

    def _tokens(self) -> tuple[GeodeToken, ...]:
        """What it serves."""
        own = geode_get_token()
        return (*((own,) if own is not None else ()), *self.additional_tokens)

    def _register(self, mode: int) -> None:
        obj_message(self, self.MSG_GEN_APPLICATION_IACP_REGISTER, mode=int(mode))

    def _queue(self, queued: Message) -> None:
        obj_message(self, queued, MF_FORCE_QUEUE)

    def _tell_process(self, told: Message, **params: object) -> None:
        obj_message(geode_get_process_handle(), told, MF_FORCE_QUEUE, **params)

    def _open_document_of(self, block: AppLaunchBlock) -> None:
        if not block.data_file:
            return
        obj_message(
            self.document_group,
            GenDocumentGroupClass.MSG_GEN_DOCUMENT_GROUP_OPEN_DOC,
            file_name=block.data_file,
            path=block.path,
            disk_handle=block.disk_handle,
            for_iacp_only=_for_iacp_only(block),
        )


def _is_multi_launchable() -> bool:
    """Whether the caller's program can be launched several times."""
    own = RProcess().file_name().casefold()
    return all(
        image.multi_launchable
        for image in application_images()
        if own.endswith(f"\\{image.program_name}.exe".casefold())
    )


_STAY_BEHIND: Final = (
    AppLaunchFlags.ALF_DO_NOT_OPEN_ON_TOP | AppLaunchFlags.ALF_OPEN_IN_BACK
)


def _for_iacp_only(block: AppLaunchBlock) -> bool:
    return bool(block.launch_flags & AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY)
