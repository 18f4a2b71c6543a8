"""The objects that race: IACP's routines as their methods, each noted.

A racer is an honest server and an honest client: it hands on what it is sent, and it
leaves a connection that the client has left, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from kernel.abi.errors import KErrNotFound, KErrServerTerminated, Leave
from tools.races.notes import What, Word
from userlib.geos import (
    MF_FORCE_QUEUE,
    MSG_META_IACP_LOST_CONNECTION,
    MSG_META_IACP_NEW_CONNECTION,
    MSG_META_IACP_PROCESS_MESSAGE,
    MSG_META_IACP_SHUTDOWN_CONNECTION,
    TO_SELF,
    AppLaunchBlock,
    Event,
    GeodeToken,
    GeosFatalError,
    GeosTimeout,
    Message,
    MetaClass,
    Optr,
    iacp,
    message,
    method,
    obj_message,
    record,
)
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPS_SERVER
from userlib.symbian.thread import RThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.races.course import Course

T: Final = GeodeToken(b"RACE", 8)
R = TypeVar("R")
KInterface: Final = 2  # the mode of a server that is ready for users


def pause(steps: int) -> None:
    """Make so many kernel calls, between which others may run."""
    for _ in range(steps):
        RThread().id()


class Racer(MetaClass):
    """The application object of a geode that takes part."""

    course: Course  # of which it is; shared with the host, which is no GEOS' way
    name: str = ""
    finishes: bool = True  # every connection, at once
    leaves: bool = True  # what the client has left

    MSG_RACER_ACT = message(number=int)
    MSG_RACER_WORD = message(number=int, connection=int)
    MSG_RACER_COMPLETION = message(number=int, connection=int)
    MSG_RACER_MARKER = message()

    def note(self, what: What, connection: int = 0, number: int = 0) -> None:
        """Note it under the racer's name."""
        self.course.book.note(self.name, what, connection, number)

    # What it is told to do.

    @method(MSG_RACER_ACT)
    def act(self, number: int) -> None:
        """Do what the course has planned for it."""
        self.note(What.BEGUN)
        self.course.acts[number](self)
        self.note(What.DONE)

    @method(MSG_RACER_WORD)
    def word(self, number: int, connection: int) -> None:
        """Hear a word."""
        self.note(What.WORD, connection, number)

    @method(MSG_RACER_COMPLETION)
    def completion(self, number: int, connection: int) -> None:
        """Hear that a word was heard."""
        self.note(What.COMPLETION, connection, number)

    @method(MSG_RACER_MARKER)
    def marker(self) -> None:
        """See what went before it."""
        self.note(What.MARKER)

    # What IACP tells it.

    @method(MSG_META_IACP_PROCESS_MESSAGE)
    def process_message(
        self, msg_to_send: Event, topt: int, completion_msg: Event | None
    ) -> None:
        """Hand it on."""
        iacp.process_message(self, msg_to_send, topt, completion_msg)

    @method(MSG_META_IACP_NEW_CONNECTION)
    def new_connection(
        self,
        app_launch_block: AppLaunchBlock | None,
        just_launched: bool,
        connection: int,
    ) -> None:
        """A client has come."""
        self.note(What.NEW, connection, int(just_launched))
        if self.finishes:
            self.finish(connection)

    @method(MSG_META_IACP_LOST_CONNECTION)
    def lost_connection(self, connection: int, server_num: int) -> None:
        """The other side has left."""
        self.note(What.LOST, connection, server_num)
        if self.leaves and not server_num:
            iacp.lost_connection(self, connection)

    @method(MSG_META_IACP_SHUTDOWN_CONNECTION)
    def shutdown_connection(self, connection: int) -> None:
        """All that the client sent before it left was heard."""
        self.note(What.SHUTDOWN, connection)
        if not self.has_quit(connection):
            self.note(What.QUITTING, connection)
            self._unless_gone(
                connection, lambda: iacp.shutdown_connection(self, connection)
            )
            self.note(What.QUIT, connection)

    def has_quit(self, connection: int) -> bool:
        """Whether it has left as a server."""
        quits = self.course.book.of(What.QUIT, who=self.name)
        return any(note.connection == connection for note in quits)

    # IACP's routines.

    def connect(
        self,
        flags: int = 0,
        block: AppLaunchBlock | None = None,
        *,
        timeout_us: int | None = None,
    ) -> iacp.ConnectResult | None:
        """As `iacp.connect`; None if it took too long."""
        return self._connected(
            lambda: iacp.connect(T, flags, block, timeout_us=timeout_us)
        )

    def connect_to_document(self, name: str, disk: int) -> iacp.ConnectResult | None:
        """As `iacp.connect_to_document_server`, for a file in the disk's directory."""
        return self._connected(lambda: iacp.connect_to_document_server("", name, disk))

    def _connected(
        self, connect: Callable[[], iacp.ConnectResult]
    ) -> iacp.ConnectResult | None:
        self.note(What.CONNECTING)
        try:
            made = self._unless_gone(0, connect)
        except GeosTimeout:
            self.note(What.TIMED_OUT)
            return None
        if made is None:
            return None
        if not made.connection:
            self.note(What.REFUSED, 0, int(made.error or 0))
            return None
        self.course.connected(self.name, made.connection, made.num_servers)
        self.note(What.CONNECTED, made.connection, made.num_servers)
        return made

    def register(
        self, mode: int = KInterface, token: GeodeToken = T, flags: int = 0
    ) -> None:
        """As `iacp.register_server`."""
        self.note(What.REGISTERING)
        self._unless_gone(0, lambda: iacp.register_server(token, self, mode, flags))
        self.note(What.REGISTERED)

    def unregister(self, token: GeodeToken = T) -> None:
        """As `iacp.unregister_server`; a marker follows what is queued."""
        self.note(What.UNREGISTERING)
        self._unless_gone(0, lambda: iacp.unregister_server(token, self))
        obj_message(self, Racer.MSG_RACER_MARKER, MF_FORCE_QUEUE)
        self.note(What.UNREGISTERED)

    def say(
        self,
        connection: int,
        server: int = 0,
        *,
        completion: bool = True,
        travel: int = TO_SELF,
        to: Optr | None = None,
        to_client: bool = False,
        word: Message = MSG_RACER_WORD,
    ) -> int | None:
        """Send a word, to all servers or one, or to the client.

        Returns: how many it reached; None if the connection is over.
        """
        number = next(self.course.book.numbers)
        said = Word(
            number, self.name, connection, to_client, server, completion, to is not None
        )
        self.course.book.words[number] = said
        what = {"number": number, "connection": connection}
        event = record(to, word, **what)
        done = record(self, Racer.MSG_RACER_COMPLETION, **what) if completion else None
        self.note(What.SAYING, connection, number)

        def send() -> int:
            if server:
                return iacp.send_message_to_server(
                    connection, event, travel, done, server
                )
            side = IACPS_SERVER if to_client else IACPS_CLIENT
            return iacp.send_message(connection, event, travel, done, side)

        said.reached = self._unless_over(connection, send)
        self.note(What.SAID, connection, number)
        return said.reached

    def say_and_wait(self, connection: int) -> int | None:
        """Send a word to all servers, and wait until one has heard it."""
        number = next(self.course.book.numbers)
        word = Word(number, self.name, connection, False, 0, False)
        self.course.book.words[number] = word
        event = record(None, Racer.MSG_RACER_WORD, number=number, connection=connection)
        self.note(What.SAYING, connection, number)
        word.reached = self._unless_over(
            connection,
            lambda: iacp.send_message_and_wait(
                connection, event, TO_SELF, IACPS_CLIENT
            ),
        )
        self.note(What.SAID, connection, number)
        return word.reached

    def finish(self, connection: int) -> None:
        """As `iacp.finish_connect`."""
        self.note(What.FINISHING, connection)
        self._unless_over(connection, lambda: iacp.finish_connect(connection, self))
        self.note(What.FINISHED, connection)

    def leave(self, connection: int) -> None:
        """Leave as the client, or let it leave."""
        self.note(What.LEAVING, connection)
        self._unless_over(connection, lambda: iacp.shutdown(connection))
        self.note(What.LEFT, connection)

    def quit(self, connection: int) -> None:
        """Leave as a server."""
        if self.has_quit(connection):
            return
        self.note(What.QUITTING, connection)
        self._unless_over(connection, lambda: iacp.shutdown(connection, self))
        self.note(What.QUIT, connection)

    def leave_all(self) -> None:
        """Leave every connection, as the client or as a server."""
        found = self._unless_gone(0, lambda: iacp.connections(self)) or ()
        mine = [each.connection for each in found]
        for connection in mine:
            is_client = self.course.clients.get(connection) == self.name
            self.note(What.LEAVING if is_client else What.QUITTING, connection)
        self._unless_gone(0, lambda: iacp.shutdown_all(self))
        for connection in mine:
            is_client = self.course.clients.get(connection) == self.name
            self.note(What.LEFT if is_client else What.QUIT, connection)

    def number(self, connection: int) -> int | None:
        """Its number among the servers; None if the connection is over."""
        return self._unless_over(
            connection, lambda: iacp.get_server_number(connection, self)
        )

    def _unless_over(self, connection: int, call: Callable[[], R]) -> R | None:
        """Make a call about a connection that may be over; the judge sees if it is."""
        try:
            return self._unless_gone(connection, call)
        except GeosFatalError as error:
            self.course.book.note(self.name, What.FATAL, connection, 0, error.name)
            return None

    def _unless_gone(self, connection: int, call: Callable[[], R]) -> R | None:
        """Make a call to an IACP server that may die; the judge sees if it did."""
        try:
            return call()
        except Leave as leave:
            if leave.code not in (KErrNotFound, KErrServerTerminated):
                raise
            self.note(What.GONE, connection, leave.code)
            return None
