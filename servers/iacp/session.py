"""One client's thread, as the server sees it: a method for each request.

It returns what the request completes with; None says that it will be completed later.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from kernel.abi.current import current_exec
from kernel.abi.errors import KErrNone, KErrNotSupported, Leave
from kernel.abi.handles import EOwnerProcess
from servers.iacp.arguments import Arguments
from servers.iacp.attempt import Answer, Attempt, Wanted
from servers.iacp.deferred import Deferred, reply
from servers.iacp.faults import Fatal
from servers.iacp.files import FileReference
from servers.iacp.letters import Completion, Letter
from servers.iacp.shown import shown_connections, shown_documents, shown_lists
from userlib.geos.iacp_documents import DocumentId
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.messaging import record
from userlib.geos.meta import MSG_META_DUMMY
from userlib.geos.paths import FileError
from userlib.symbian.handle import RHandleBase
from userlib.symbian.message import RMessage2
from userlib.symbian.server import CSession2

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from servers.iacp.server import CIACPServer


class CIACPSession(CSession2):
    """The routines. What its thread waits for, nobody does when the session ends."""

    def __init__(self, server: "CIACPServer") -> None:
        # Fixed for life:
        self._iacp: Final = server
        self._requests: Final[
            Mapping[int, Callable[[Arguments, RMessage2], int | None]]
        ] = {
            TIACPMessage.ERegisterServer: self._register_server,
            TIACPMessage.EUnregisterServer: self._unregister_server,
            TIACPMessage.EConnect: self._connect,
            TIACPMessage.EConnectToDocument: self._connect_to_document,
            TIACPMessage.EFinishConnect: self._finish_connect,
            TIACPMessage.ESend: self._send,
            TIACPMessage.EGetServerNumber: self._get_server_number,
            TIACPMessage.EShutdown: self._shutdown,
            TIACPMessage.EShutdownAll: self._shutdown_all,
            TIACPMessage.ECompleted: self._completed,
            TIACPMessage.EDiscarded: self._discarded,
            TIACPMessage.EGetDocumentId: self._get_document_id,
            TIACPMessage.ERegisterDocument: self._register_document,
            TIACPMessage.EUnregisterDocument: self._unregister_document,
            TIACPMessage.EConnectionDocument: self._connection_document,
            TIACPMessage.ELocateServer: self._locate_server,
            TIACPMessage.EBindToken: self._bind_token,
            TIACPMessage.EUnbindToken: self._unbind_token,
            TIACPMessage.ELists: self._lists,
            TIACPMessage.EConnections: self._connections,
            TIACPMessage.EDocuments: self._documents,
            TIACPMessage.EMoved: self._moved,
            TIACPMessage.ESendAndWait: self._send_and_wait,
        }

        # Owned by the server's thread:
        self._deferred: Deferred | None = None  # the client waits: there is but one
        self._wait: Final = RHandleBase()  # the queue at which it waits, if it does

    def service(self, message: RMessage2) -> None:
        self._wait.close()  # whose thread asks for more does not wait any longer
        request = self._requests.get(message.function)
        if request is None:
            raise Leave(KErrNotSupported)
        try:
            code = request(Arguments(message.read8(0)), message)
        except Fatal as fatal:
            code = fatal.fault.code
        except Leave as leave:
            if self._deferred is None or not self._deferred.is_pending:
                raise
            code = None  # the message is no longer ours to complete
            self._deferred.complete(leave.code)
        self._iacp.publish()
        if code is not None:
            message.complete(code)

    def destroy(self) -> None:
        if self._deferred is not None:
            self._deferred.drop()
        self._wait.close()
        super().destroy()

    def _defer(self, message: RMessage2) -> Deferred:
        self._deferred = Deferred(message)
        self._deferred.at_end.callback(self._iacp.publish)  # called last
        return self._deferred

    # Serving.

    def _register_server(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.register(args.token(), args.optr(), args.number(), args.number())
        return KErrNone

    def _unregister_server(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.unregister(args.token(), args.optr())
        return KErrNone

    # Connecting.

    def _connect(self, args: Arguments, message: RMessage2) -> None:
        wanted = Wanted(args.token(), args.number(), args.block(), args.optr())
        request = self._defer(message)

        def answer(result: Answer | Fatal) -> None:
            self._answer_connect(request, result)

        attempt = Attempt(self._iacp, wanted, answer)
        request.at_end.callback(attempt.abandon)
        request.limit(args.number())
        attempt.begin()

    def _connect_to_document(self, args: Arguments, message: RMessage2) -> None:
        file = FileReference(args.number(), args.text(), args.text())
        client = args.optr()
        request = self._defer(message)

        def connect(document: DocumentId | FileError) -> None:
            result: Answer | Fatal
            try:
                result = self._iacp.connect_to_document(document, client)
            except Fatal as fatal:
                result = fatal
            self._answer_connect(request, result)

        self._iacp.identify(file, connect)

    def _answer_connect(self, request: Deferred, result: Answer | Fatal) -> None:
        if isinstance(result, Fatal):
            request.fail(result)
        else:
            request.answer(tuple(result))

    def _finish_connect(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.model.finish(args.number())
        return KErrNone

    # Sending.

    def _send(self, args: Arguments, _: RMessage2) -> int:
        connection, side, number = args.number(), args.side(), args.number()
        owner, travel = args.number(), args.number()
        letter = Letter(args.event(), travel, args.completion(owner), number)
        return self._iacp.send(connection, letter, side, owner)

    def _send_and_wait(self, args: Arguments, message: RMessage2) -> int:
        """The client waits at a queue of ours, so that our death ends its wait too."""
        connection, side = args.number(), args.side()
        owner, travel = args.number(), args.number()
        exec_ = current_exec.get()
        self._wait.handle = exec_.event_queue_create(None, EOwnerProcess)
        queue = exec_.event_queue_id(self._wait.handle)
        completion = Completion(record(queue, MSG_META_DUMMY).pack(), owner)
        letter = Letter(args.event(), travel, completion)
        count = self._iacp.send(connection, letter, side, owner)
        return reply(message, (count, queue))

    def _completed(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.model.completed(args.number())
        return KErrNone

    def _discarded(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.model.discarded(args.number())
        return KErrNone

    def _moved(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.moved(args.number(), args.number())
        return KErrNone

    def _get_server_number(self, args: Arguments, _: RMessage2) -> int:
        connection = self._iacp.model.connections.get(args.number())
        return connection.number_of(args.optr())

    # Leaving.

    def _shutdown(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.model.shutdown(args.number(), args.optr_or_none())
        return KErrNone

    def _shutdown_all(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.model.shutdown_all(args.optr())
        return KErrNone

    # Documents and applications.

    def _get_document_id(self, args: Arguments, message: RMessage2) -> None:
        file = FileReference(args.number(), args.text(), args.text())
        request = self._defer(message)

        def answer(found: DocumentId | FileError) -> None:
            if isinstance(found, DocumentId):
                request.answer((0, *found))
            else:
                request.answer((int(found), 0, 0))

        self._iacp.identify(file, answer)

    def _register_document(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.register_document(
            args.optr(), DocumentId(args.number(), args.number())
        )
        return KErrNone

    def _unregister_document(self, args: Arguments, _: RMessage2) -> int:
        """Returns: 1 if there was such an entry, else 0."""
        documents = self._iacp.model.documents
        document = args.optr(), DocumentId(args.number(), args.number())
        return int(documents.unregister(*document))

    def _connection_document(self, args: Arguments, message: RMessage2) -> int:
        connection = self._iacp.model.connections.get(args.number())
        document = connection.document
        return reply(message, None if document is None else tuple(document))

    def _locate_server(self, args: Arguments, message: RMessage2) -> int:
        found = self._iacp.locate(args.token())
        answer = None if found is None else (found.file_name, found.disk_handle)
        return reply(message, answer)

    def _bind_token(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.bindings.bind(args.token(), args.text())
        return KErrNone

    def _unbind_token(self, args: Arguments, _: RMessage2) -> int:
        self._iacp.bindings.unbind(args.token())
        return KErrNone

    # Looking.

    def _lists(self, _: Arguments, message: RMessage2) -> int:
        return reply(message, shown_lists(self._iacp.model))

    def _connections(self, args: Arguments, message: RMessage2) -> int:
        return reply(message, shown_connections(self._iacp.model, args.optr_or_none()))

    def _documents(self, _: Arguments, message: RMessage2) -> int:
        return reply(message, shown_documents(self._iacp.model))
