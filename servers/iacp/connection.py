"""A connection: the client's slot, the servers' slots, and what is held.

Original: IACPConnection, the structure; geos-iacp 2.2 and 3.5.
"""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from userlib.geos.iacp_documents import DocumentId
from userlib.geos.values import GeodeToken, Optr

if TYPE_CHECKING:
    from servers.iacp.letters import Letter


class Connection:
    """One client and one or more servers.

    Slots are emptied, never removed or reused, so that a server's number is its own for
    the connection's life. With every slot empty, the client's too, it is over.
    """

    def __init__(
        self,
        number: int,
        token: GeodeToken,
        client: Optr,
        servers: Sequence[Optr],
        *,
        is_held: bool,
        document: DocumentId | None = None,
    ) -> None:
        assert servers, "a connection has a server"
        assert not is_held or len(servers) == 1, "only one server can be waited for"

        # Fixed for life:
        self.number: Final = number
        self.token: Final = token
        self.document: Final = document

        # Owned by the server's thread:
        self.client: Optr | None = client
        self.servers: list[Optr | None] = list(servers)
        self.held: deque[Letter] | None = deque() if is_held else None

    @property
    def is_over(self) -> bool:
        """Whether everybody has left."""
        return self.client is None and not self.occupied

    @property
    def occupied(self) -> list[Optr]:
        """The servers that are still there, in order."""
        return [server for server in self.servers if server is not None]

    def number_of(self, server: Optr) -> int:
        """Its slot's number, from 1; 0 if it is not in the connection, or has left."""
        try:
            return self.servers.index(server) + 1
        except ValueError:
            return 0

    def has(self, obj: Optr) -> bool:
        """Whether *obj* fills any slot."""
        return obj == self.client or obj in self.servers

    def members(self) -> list[Optr]:
        """Who fills its slots, the client first; an object in two of them twice."""
        client = [] if self.client is None else [self.client]
        return client + self.occupied
