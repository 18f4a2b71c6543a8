"""All that IACP knows, and what its routines do with it, step by step.

No kernel call is made here: what is to be posted goes through an `MPost`, in the order
in which it has to arrive.

    register ──► lists ──► connect ──► Connection ──► send ──► MPost
                                            ▲           │
                                finish, shutdown     Deliveries ◄── completed

Original: iacpMain.asm; geos-iacp 3.
"""

from collections import deque
from typing import Final, Protocol

from kernel.abi.event_queue import EventData
from servers.iacp.connection import Connection
from servers.iacp.connections import Connections
from servers.iacp.documents import Documents
from servers.iacp.faults import Fatal
from servers.iacp.letters import (
    Completion,
    Deliveries,
    Letter,
    without_completion_of,
)
from servers.iacp.lists import Choice, ServerList, ServerLists
from servers.iacp.notices import lost_connection, new_connection
from userlib.geos.event import Event
from userlib.geos.iacp_constants import IACPSide
from userlib.geos.iacp_documents import DocumentId
from userlib.geos.iacp_protocol import IACPFault
from userlib.geos.iacp_ticket import ticket_in, tickets_among
from userlib.geos.values import AppLaunchBlock, GeodeToken, Optr

KTravelToSelf: Final = 1


class MPost(Protocol):
    """Where events go. Neither waits, and neither calls back."""

    def deliver(self, target: Optr, event: EventData, travel: int, ticket: int) -> bool:
        """Queue a PROCESS_MESSAGE to *target*. Returns: whether it has a queue."""

    def fire(self, completion: EventData) -> bool:
        """Queue *completion* to its own destination. Returns: whether it has one."""


class Model:
    """The state, of which there is one in a machine.

    Raises: any method that takes a connection's number Fatal if there is none.
    """

    def __init__(
        self,
        post: MPost,
        connections: Connections | None = None,
        deliveries: Deliveries | None = None,
    ) -> None:
        """*connections* and *deliveries* are new ones, where their numbers matter."""
        self._post: Final = post
        self.lists: Final = ServerLists()
        self.connections: Final = Connections() if connections is None else connections
        self.deliveries: Final = Deliveries() if deliveries is None else deliveries
        self.documents: Final = Documents()
        self._touched: Final[dict[GeodeToken, None]] = {}

    def take_touched(self) -> list[GeodeToken]:
        """The tokens whose lists look otherwise than when this was asked last."""
        touched = list(self._touched)
        self._touched.clear()
        return touched

    # Serving.

    def register(self, token: GeodeToken, server: Optr, mode: int, flags: int) -> bool:
        """Let *server* serve *token*, in that mode. Returns: whether it is new."""
        self._touch(token)
        return self.lists.register(token, server, mode, flags)

    def unregister(self, token: GeodeToken, server: Optr) -> bool:
        """No longer. Returns: whether nobody else does."""
        self._touch(token)
        return self.lists.unregister(token, server)

    def _touch(self, token: GeodeToken) -> None:
        self._touched[token] = None

    # Connecting.

    def connect(
        self,
        found: ServerList,
        client: Optr,
        choice: Choice,
        *,
        block: AppLaunchBlock | None = None,
        just_launched: bool = False,
        document: DocumentId | None = None,
    ) -> Connection | None:
        """Make a connection and notify its servers; None if there is no number left.

        That it is held, from the first on, no server can be too fast for: whatever it
        does when it hears of the connection comes after this.
        """
        number = self.connections.next_number()
        if number is None:
            return None
        made = Connection(
            number,
            found.token,
            client,
            choice.servers,
            is_held=choice.is_held,
            document=document,
        )
        self._touch(found.token)
        self.connections.add(made)
        found.connections.insert(0, made)
        notice = new_connection(block, number, just_launched=just_launched)
        for server in choice.servers:
            self._deliver(server, Letter(notice, KTravelToSelf))
        return made

    # Sending.

    def send(self, number: int, letter: Letter, side: IACPSide) -> int:
        """Send to the other side. Returns: how many slots it reached.

        The completion fires for every slot, at once for one that is empty.
        """
        connection = self.connections.get(number)
        if not 0 <= letter.number <= len(connection.servers):
            raise Fatal(IACPFault.IACP_INVALID_SERVER_NUMBER)
        if side == IACPSide.IACPS_SERVER:
            return self._deliver(connection.client, letter)
        return self._send_to_servers(connection, letter)

    def completed(self, ticket: int) -> None:
        """The holder of *ticket* is done with its message."""
        completion = self.deliveries.take(ticket)
        if completion is not None:
            self._fire(completion)

    def _fire(self, completion: Completion) -> None:
        """Post it; one that is a ticket itself was passed on by who had got it."""
        ticket = ticket_in(completion.event)
        if ticket is None:
            if not self._post.fire(completion.event):
                self._lose(completion.event)
        elif isinstance(ticket, int):
            self.completed(ticket)

    def _lose(self, event: EventData) -> None:
        """Nobody gets *event*: the completions of others that it bears are due."""
        for ticket in _tickets(event):
            self.completed(ticket)

    def discarded(self, ticket: int) -> None:
        """Nobody will ever be done with it: the message met an object that has no use.

        Not even its death makes the completion fire then.
        """
        self.deliveries.take(ticket)

    def finish(self, number: int) -> None:
        """Hold nothing back any more; what was held goes first."""
        connection = self.connections.get(number)
        held, connection.held = connection.held, None
        self._touch(connection.token)
        for letter in held or ():
            self._send_to_servers(connection, letter)

    def _send_to_servers(self, connection: Connection, letter: Letter) -> int:
        if connection.held is not None:
            connection.held.append(letter)
            self._touch(connection.token)
            return 1
        slots = connection.servers
        if letter.number:
            slots = slots[letter.number - 1 : letter.number]
        return sum(self._deliver(server, letter) for server in slots)

    def _deliver(self, target: Optr | None, letter: Letter) -> int:
        """Returns: 1 if somebody was there to get it."""
        if target is None:
            if letter.completion is not None:
                self._fire(letter.completion)
            return 0
        ticket = self.deliveries.enter(target, letter.completion)
        if self._post.deliver(target, letter.event, letter.travel, ticket):
            for passed_on in _tickets(letter.event):
                self.deliveries.move(passed_on, target.geode)
        else:
            self.completed(ticket)
            self._lose(letter.event)
        return 1

    # Leaving.

    def shutdown(self, number: int, server: Optr | None) -> None:
        """The client leaves, or *server* does; the other side is told.

        The last one to leave takes the connection along, and tells nobody.
        """
        connection = self.connections.get(number)
        if server is None:
            self._shutdown_client(connection)
        else:
            self._shutdown_server(connection, server)

    def shutdown_all(self, obj: Optr) -> None:
        """*obj* leaves every connection; of one in which it is both, as its client."""
        for connection in self.connections_of(obj):
            is_client = obj == connection.client
            self.shutdown(connection.number, None if is_client else obj)

    def connections_of(self, obj: Optr) -> list[Connection]:
        """Where *obj* fills a slot: by the latest list, there the oldest first."""
        return [
            connection
            for found in reversed(list(self.lists))
            for connection in reversed(found.connections)
            if connection.has(obj)
        ]

    def _shutdown_client(self, connection: Connection) -> None:
        connection.client = None
        self._touch(connection.token)
        if connection.is_over:
            self._end(connection)
            return
        notice = lost_connection(connection.number, 0)
        self._send_to_servers(connection, Letter(notice, KTravelToSelf))

    def _shutdown_server(self, connection: Connection, server: Optr) -> None:
        number = connection.number_of(server)
        if not number:
            return
        if connection.held is not None:
            raise Fatal(
                IACPFault.CANT_SHUT_DOWN_IACP_CONNECTION_THAT_WAS_NEVER_FINISHED
            )
        connection.servers[number - 1] = None
        self._touch(connection.token)
        if connection.is_over:
            self._end(connection)
        elif connection.client is not None:
            notice = lost_connection(connection.number, number)
            self._deliver(connection.client, Letter(notice, KTravelToSelf))

    def _end(self, connection: Connection) -> None:
        self.connections.remove(connection)
        found = self.lists.find(connection.token)
        assert found is not None, "a list outlives its connections"
        found.connections.remove(connection)
        self.lists.drop_if_empty(found)

    # Death.

    def geode_died(self, geode: int) -> list[GeodeToken]:
        """Do what *geode* left undone. Returns: the tokens that nobody serves now.

        In this order: nobody finds its objects any more; what they had not finished
        with completes; and their partners hear that they have left.
        """
        unserved = self._unregister_all(geode)
        self.documents.drop_geode(geode)
        self._drop_completions_of(geode)
        for completion in self.deliveries.take_all_of(geode):
            self._fire(completion)
        for connection in self.connections:
            self._release(connection, geode)
        for obj in self._objects_of(geode):
            self._leave_all(obj)
        return unserved

    def _unregister_all(self, geode: int) -> list[GeodeToken]:
        return [
            found.token
            for found in self.lists
            for entry in list(found.servers)
            if entry.server.geode == geode
            and self.unregister(found.token, entry.server)
        ]

    def _drop_completions_of(self, geode: int) -> None:
        self.deliveries.drop_owned_by(geode)
        for connection in self.connections:
            if connection.held is not None:
                connection.held = deque(
                    without_completion_of(geode, letter) for letter in connection.held
                )

    def _release(self, connection: Connection, geode: int) -> None:
        """Hold nothing for a server that has died: it completes as if it had left."""
        server = connection.servers[0]
        if connection.held is None or server is None or server.geode != geode:
            return
        held, connection.held = connection.held, None
        self._touch(connection.token)
        for letter in held:
            self._deliver(None, letter)

    def _objects_of(self, geode: int) -> list[Optr]:
        """Its objects that fill any slot, in the order of their connections."""
        members = (obj for each in self.connections for obj in each.members())
        return list(dict.fromkeys(obj for obj in members if obj.geode == geode))

    def _leave_all(self, obj: Optr) -> None:
        """Empty both slots of *obj* where it is its own client."""
        for connection in self.connections_of(obj):
            if obj == connection.client:
                self.shutdown(connection.number, None)
            while not connection.is_over and connection.number_of(obj):
                self.shutdown(connection.number, obj)

    # For tests.

    def check(self) -> None:
        """Verify that lists and connections agree. Raises: AssertionError."""
        listed = [each for found in self.lists for each in found.connections]
        assert sorted(each.number for each in listed) == sorted(
            each.number for each in self.connections
        )
        for found in self.lists:
            assert not found.is_empty, found
            servers = [entry.server for entry in found.servers]
            assert len(set(servers)) == len(servers), servers
            for each in found.connections:
                assert each.token == found.token
                assert not each.is_over, each


def _tickets(event: EventData) -> list[int]:
    """The completions of others that *event* bears: their holder passes them on."""
    return tickets_among(Event.unpack(event).values)
