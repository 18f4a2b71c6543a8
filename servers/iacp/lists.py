"""Server lists: who serves a token, in what mode, and through which connections.

Nothing here knows the kernel; the server's thread is the only one that touches it.

Original: the lists of iacpMain.asm and iacpUtils.asm; geos-iacp 2.2, 3.1 and 3.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from servers.iacp.connection import Connection
from userlib.geos.values import GeodeToken, Optr


@dataclass(slots=True)
class ServerEntry:
    """One registered server."""

    server: Final[Optr]
    mode: int
    flags: int


class Choice(NamedTuple):
    """The servers that a connection is made with, and whether it has to wait."""

    servers: tuple[Optr, ...]
    is_held: bool


@dataclass(slots=True)
class ServerList:
    """All about one token."""

    token: Final[GeodeToken]
    servers: list[ServerEntry] = field(default_factory=list)  # as they registered
    connections: list[Connection] = field(default_factory=list)  # newest first

    @property
    def is_empty(self) -> bool:
        """Whether there is no reason left to keep it."""
        return not self.servers and not self.connections

    def index_of(self, server: Optr) -> int | None:
        """Where *server* stands among those registered."""
        for index, entry in enumerate(self.servers):
            if entry.server == server:
                return index
        return None

    def index_of_geode(self, geode: int) -> int | None:
        """The first server that *geode* owns."""
        for index, entry in enumerate(self.servers):
            if entry.server.geode == geode:
                return index
        return None

    def first_in(self, mode: int) -> ServerEntry | None:
        """The first server that takes requests for *mode*."""
        return next((entry for entry in self.servers if entry.mode >= mode), None)

    def choose(
        self, mode: int, start: int = 0, forced: int | None = None, *, first_only: bool
    ) -> Choice:
        """Step 6 of Connect; there is a server.

        Nobody being good enough, the first of the list has to do, and is waited for;
        also if all were asked for, and whoever it belongs to.
        """
        begin = start if first_only else 0
        found = [
            entry
            for index, entry in enumerate(self.servers)
            if index == forced or (index >= begin and entry.mode >= mode)
        ]
        if first_only:
            found = found[:1]
        found = found or self.servers[:1]
        is_held = any(entry.mode < mode for entry in found)
        return Choice(tuple(entry.server for entry in found), is_held)


class ServerLists:
    """The lists of all tokens, oldest first."""

    def __init__(self) -> None:
        self._lists: Final[dict[GeodeToken, ServerList]] = {}

    def __iter__(self) -> Iterator[ServerList]:
        return iter(list(self._lists.values()))

    def find(self, token: GeodeToken) -> ServerList | None:
        """The list of *token*, if anybody has or had registered."""
        return self._lists.get(token)

    def register(self, token: GeodeToken, server: Optr, mode: int, flags: int) -> bool:
        """Add *server*, or give it another mode and flags. Returns: whether it is new.

        One that is there keeps its place; and nobody joins a connection.
        """
        found = self._lists.setdefault(token, ServerList(token))
        index = found.index_of(server)
        if index is None:
            found.servers.append(ServerEntry(server, mode, flags))
            return True
        found.servers[index].mode = mode
        found.servers[index].flags = flags
        return False

    def unregister(self, token: GeodeToken, server: Optr) -> bool:
        """Take *server* off; its connections stay. Returns: whether it was the last."""
        found = self._lists.get(token)
        index = found.index_of(server) if found is not None else None
        if found is None or index is None:
            return False
        del found.servers[index]
        self.drop_if_empty(found)
        return not found.servers

    def drop_if_empty(self, found: ServerList) -> None:
        """Forget a list with neither servers nor connections."""
        if found.is_empty:
            self._lists.pop(found.token, None)
