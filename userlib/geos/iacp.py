"""IACP's routines, under GEOS' names: `from userlib.geos import iacp`.

    iacp.register_server(TOKEN, self, IACPSM_USER_INTERACTIBLE)

    made = iacp.connect(TOKEN, IACPCF_FIRST_ONLY, block)
    iacp.send_message(made.connection, event, TO_SELF, None, IACPS_CLIENT)
    iacp.shutdown(made.connection)

The state is the IACP server's, and a routine is a request to it, which is done at once:
nobody is waited for but where a routine says so. Events that are passed are consumed,
whatever comes of it. An object can be given in the place of its optr.

Raises: any routine that takes a connection GeosFatalError IACP_INVALID_CONNECTION if it
    is over, or never was; any routine Leave(KErrNotFound) on a machine without an IACP
    server, and Leave(KErrServerTerminated) when the thread's server has ended.
Original: the IACP module (iacp.def, iacp.goh); geos-iacp 3.
"""

from userlib.geos.iacp_documents import (
    DocumentId,
    bind_token,
    get_document_connection_file_id,
    get_document_id,
    locate_server,
    register_document,
    unbind_token,
    unregister_document,
)
from userlib.geos.iacp_look import (
    ConnectionInfo,
    DocumentInfo,
    ServerInfo,
    ServerListInfo,
    connections,
    documents,
    lists,
)
from userlib.geos.iacp_receive import (
    lost_connection,
    process_message,
    send_message_and_wait,
    shutdown_connection,
)
from userlib.geos.iacp_register import (
    ConnectResult,
    connect,
    connect_to_document_server,
    create_default_launch_block,
    finish_connect,
    get_server_number,
    register_server,
    unregister_server,
)
from userlib.geos.iacp_send import (
    send_message,
    send_message_to_server,
    shutdown,
    shutdown_all,
)

__all__ = [
    "ConnectResult",
    "ConnectionInfo",
    "DocumentId",
    "DocumentInfo",
    "ServerInfo",
    "ServerListInfo",
    "bind_token",
    "connect",
    "connect_to_document_server",
    "connections",
    "create_default_launch_block",
    "documents",
    "finish_connect",
    "get_document_connection_file_id",
    "get_document_id",
    "get_server_number",
    "lists",
    "locate_server",
    "lost_connection",
    "process_message",
    "register_document",
    "register_server",
    "send_message",
    "send_message_and_wait",
    "send_message_to_server",
    "shutdown",
    "shutdown_all",
    "shutdown_connection",
    "unbind_token",
    "unregister_document",
    "unregister_server",
]
