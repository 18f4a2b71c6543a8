"""The state as plain values, for clients that look at it."""

from servers.iacp.connection import Connection
from servers.iacp.model import Model
from userlib.geos.event import pack_value
from userlib.geos.flat import Plain
from userlib.geos.values import Optr


def shown_lists(model: Model) -> Plain:
    """Each list: its token, its servers, the numbers of its connections."""
    return tuple(
        (
            pack_value(found.token),
            tuple(
                (pack_value(entry.server), entry.mode, entry.flags)
                for entry in found.servers
            ),
            tuple(connection.number for connection in found.connections),
        )
        for found in model.lists
    )


def shown_connections(model: Model, obj: Optr | None) -> Plain:
    """Those in which *obj* fills a slot, or all, by list."""
    return tuple(
        _shown_connection(connection)
        for found in model.lists
        for connection in found.connections
        if obj is None or connection.has(obj)
    )


def _shown_connection(connection: Connection) -> Plain:
    document = connection.document
    return (
        connection.number,
        pack_value(connection.token),
        pack_value(connection.client),
        tuple(map(pack_value, connection.servers)),
        None if connection.held is None else len(connection.held),
        None if document is None else tuple(document),
    )


def shown_documents(model: Model) -> Plain:
    """Each entry: disk, file id, server."""
    return tuple(
        (*entry.document, pack_value(entry.server))
        for entry in model.documents.entries()
    )
