"""Documents: objects that hold files open, for the user and for clients of IACP.

An application's document group opens them, one for each file. Each is registered with
IACP, so that who wants the file finds the application. It closes when the user is done
with it, and no connection is left that asked for it.

    client: OPEN_DOC, with its connection ─► group ─► document ─► client: DOC_OPEN_ACK
    client: MSG_GEN_DOCUMENT_CLOSE, travel -1 ──────► document ─► client: DOC_CLOSE_ACK

Original: GenDocumentGroupClass, GenDocumentClass (gDocGrpC.def, gDocC.def); geos-iacp
4.5.
"""

from functools import partial
from typing import ClassVar, Final

from userlib.geos import iacp
from userlib.geos.constants import MF_CALL, TO_SELF
from userlib.geos.event import Event
from userlib.geos.gen import GenClass
from userlib.geos.geode import obj_free
from userlib.geos.geode_info import geode_get_app_object
from userlib.geos.iacp_constants import IACPS_SERVER
from userlib.geos.iacp_session import reached
from userlib.geos.message import Message, message, method
from userlib.geos.messaging import message_dispatch, obj_message, record
from userlib.geos.meta import (
    MSG_META_IACP_DOC_CLOSE_ACK,
    MSG_META_IACP_DOC_OPEN_ACK,
    MSG_META_IACP_LOST_CONNECTION,
)
from userlib.geos.paths import FileError
from userlib.geos.values import NULL_OPTR, Optr

KStatusOK: Final = 0  # of a close that was done


class GenDocumentClass(GenClass):
    """One document, of the group that is its generic parent.

    A subclass opens and closes the file itself, in handlers of PHYSICAL_OPEN, whose
    result is 0 or a FileError, and of PHYSICAL_CLOSE. Without them there is no file.

    Threads: the one that runs its group.
    Original: GenDocumentClass.
    """

    MSG_GEN_DOCUMENT_PHYSICAL_OPEN = message()
    MSG_GEN_DOCUMENT_PHYSICAL_CLOSE = message()
    MSG_GEN_DOCUMENT_CLOSE = message(connection=int | None)
    MSG_GEN_DOCUMENT_CLOSE_FILE = message(ack=Event | None)
    MSG_GEN_DOCUMENT_REOPEN_FILE = message()
    MSG_GEN_DOCUMENT_CLOSE_IF_OPEN_FOR_IACP_ONLY = message()

    file_name: str = ""
    path: str = ""
    disk_handle: int = 0

    def __init__(self, **fields: object) -> None:
        super().__init__(**fields)
        self.connections: Final[set[int]] = set()
        self.is_open_for_user = False
        self.is_file_open = False
        self._registered: iacp.DocumentId | None = None

    # For its group.

    def open(self) -> bool:
        """Open the file, and let it be found. Returns: whether it is open.

        Original: none; part of MSG_GEN_DOCUMENT_OPEN.
        """
        if not self._open_file():
            return False
        reached(self._register)
        return True

    def _register(self) -> None:
        found = iacp.get_document_id(self.path, self.file_name, self.disk_handle)
        application = geode_get_app_object()
        if application and not isinstance(found, FileError):
            iacp.register_document(application, *found)
            self._registered = found

    def _unregister(self) -> None:
        if self._registered is not None:
            iacp.unregister_document(geode_get_app_object(), *self._registered)

    def release(self, connection: int) -> None:
        """A connection needs it no more: close if nobody else does. Original: none."""
        self.connections.discard(connection)
        if not self.is_open_for_user and not self.connections:
            self.close()

    def close(self) -> None:
        """Close it, whoever needs it, and be gone. Original: none."""
        reached(self._unregister)
        self._close_file()
        obj_message(
            self.gen_parent,
            GenDocumentGroupClass.MSG_GEN_DOCUMENT_GROUP_REMOVE_DOC,
            doc_obj=self.optr,
        )
        obj_free(self)

    # The messages.

    @method(MSG_GEN_DOCUMENT_CLOSE)
    def close_for(self, connection: int | None) -> None:
        """Close it for a connection, which is told; or, without one, for the user.

        Original: GenDocumentClose.
        """
        if not connection:
            self.is_open_for_user = False
            self.release(0)
        elif connection in self.connections:
            self.release(connection)
            ack = MSG_META_IACP_DOC_CLOSE_ACK
            reached(partial(_tell_client, connection, ack, self.optr, status=KStatusOK))

    @method(MSG_GEN_DOCUMENT_CLOSE_FILE)
    def close_file(self, ack: Event | None) -> None:
        """Let go of the file for a while, then dispatch *ack*.

        Original: GenDocumentCloseFile.
        """
        self._close_file()
        if ack is not None:
            message_dispatch(ack)

    @method(MSG_GEN_DOCUMENT_REOPEN_FILE)
    def reopen_file(self) -> None:
        """Have it again; if that fails, close. Original: GenDocumentReopenFile."""
        if not self._open_file():
            self.close()

    @method(MSG_GEN_DOCUMENT_CLOSE_IF_OPEN_FOR_IACP_ONLY)
    def close_if_open_for_iacp_only(self) -> None:
        """Close, unless the user wants it.

        Original: GenDocumentCloseIfOpenForIACPOnly.
        """
        if not self.is_open_for_user:
            self.release(0)

    def _open_file(self) -> bool:
        if not self.is_file_open:
            self.is_file_open = not obj_message(
                self, self.MSG_GEN_DOCUMENT_PHYSICAL_OPEN, MF_CALL
            )
        return self.is_file_open

    def _close_file(self) -> None:
        if self.is_file_open:
            self.is_file_open = False
            obj_message(self, self.MSG_GEN_DOCUMENT_PHYSICAL_CLOSE)


class GenDocumentGroupClass(GenClass):
    """The documents of an application; its model is the one that was opened last.

    A subclass names the class of its documents. `application.document_group` and
    `application.model` are to be its optr.

    Threads: the one that runs the application object.
    Original: GenDocumentGroupClass.
    """

    MSG_GEN_DOCUMENT_GROUP_OPEN_DOC = message(
        file_name=str,
        path=str | None,
        disk_handle=int | None,
        connection=int | None,
        for_iacp_only=bool | None,
    )
    MSG_GEN_DOCUMENT_GROUP_CLOSE_FILE = message(ack=Event | None)
    MSG_GEN_DOCUMENT_GROUP_REOPEN_FILE = message()
    MSG_GEN_DOCUMENT_GROUP_REMOVE_DOC = message(doc_obj=Optr)
    MSG_GEN_DOCUMENT_GROUP_CLOSE_ALL = message()

    document_class: ClassVar[type[GenDocumentClass]] = GenDocumentClass

    def __init__(self, **fields: object) -> None:
        super().__init__(**fields)
        self.documents: Final[list[GenDocumentClass]] = []

    @method(MSG_GEN_DOCUMENT_GROUP_OPEN_DOC)
    def open_doc(
        self,
        file_name: str,
        path: str | None,
        disk_handle: int | None,
        connection: int | None,
        for_iacp_only: bool | None,
    ) -> Optr:
        """Open a document for a connection, which is told, or for the user.

        *for_iacp_only* is for the document of a launch block that nobody is to see.
        Returns: the document; null if its file could not be opened.
        Original: GenDocumentGroupOpenDoc; ours tells a connection of a failure too.
        """
        document = self._find_or_open(file_name, path or "", disk_handle or 0)
        optr = NULL_OPTR if document is None else document.optr
        if connection:
            if document is not None:
                document.connections.add(connection)
            reached(partial(_tell_client, connection, MSG_META_IACP_DOC_OPEN_ACK, optr))
        elif document is not None and not for_iacp_only:
            document.is_open_for_user = True
        return optr

    @method(MSG_GEN_DOCUMENT_GROUP_CLOSE_FILE)
    def group_close_file(self, ack: Event | None) -> None:
        """Let the model document let go of its file. Original: none; TO_MODEL."""
        if self.model:
            obj_message(
                self.model, GenDocumentClass.MSG_GEN_DOCUMENT_CLOSE_FILE, ack=ack
            )
        elif ack is not None:
            message_dispatch(ack)

    @method(MSG_GEN_DOCUMENT_GROUP_REOPEN_FILE)
    def group_reopen_file(self) -> None:
        """Let it have it again. Original: none; TO_MODEL."""
        obj_message(self.model, GenDocumentClass.MSG_GEN_DOCUMENT_REOPEN_FILE)

    @method(MSG_GEN_DOCUMENT_GROUP_REMOVE_DOC)
    def remove_doc(self, doc_obj: Optr) -> None:
        """A document has closed. Original: GenDocumentGroupRemoveDoc."""
        self.documents[:] = [one for one in self.documents if one.optr != doc_obj]
        if self.model == doc_obj:
            self.model = self.documents[-1].optr if self.documents else NULL_OPTR

    @method(MSG_GEN_DOCUMENT_GROUP_CLOSE_ALL)
    def close_all(self) -> None:
        """The application's UI closes. Original: none; part of MSG_META_DETACH."""
        for document in tuple(self.documents):
            document.close()

    @method(MSG_META_IACP_LOST_CONNECTION)
    def group_lost_connection(self, connection: int, server_num: int) -> None:
        """A client has left: close what was open for it alone.

        Original: GenDocumentLostConnection.
        """
        for document in tuple(self.documents):
            if connection in document.connections:
                document.release(connection)

    def _find_or_open(
        self, file_name: str, path: str, disk_handle: int
    ) -> GenDocumentClass | None:
        """The document of that file, which becomes the model."""
        for document in self.documents:
            known = (document.file_name, document.path, document.disk_handle)
            if known == (file_name, path, disk_handle):
                self.model = document.optr
                return document
        document = self.document_class(
            file_name=file_name,
            path=path,
            disk_handle=disk_handle,
            gen_parent=self.optr,
        )
        if not document.open():
            obj_free(document)
            return None
        self.documents.append(document)
        self.model = document.optr
        return document


def _tell_client(connection: int, ack: Message, doc_obj: Optr, **more: int) -> None:
    """Tell the client about a document, as the server that the application is."""
    number = iacp.get_server_number(connection, geode_get_app_object())
    event = record(
        None, ack, doc_obj=doc_obj, connection=connection, server_num=number, **more
    )
    iacp.send_message(connection, event, TO_SELF, None, IACPS_SERVER)
