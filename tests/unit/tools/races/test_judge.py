"""The judge of the races notices servers that break a promise."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import pytest

from servers.iacp import model as iacp_model
from servers.iacp import post as iacp_post
from servers.iacp.launches import Launch
from servers.iacp.letters import Completion, Deliveries
from servers.iacp.lists import Choice, ServerLists
from servers.iacp.model import Model
from tools.races.judge import FoulError
from tools.races.race import hold_many
from tools.races.races import RACES
from userlib.geos import iacp, iacp_receive, sending

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.abi.event_queue import EventData
    from servers.iacp.connection import Connection
    from userlib.geos.values import GeodeToken, Optr

SEEDS = range(60)


def does_not_look_again(patch: Callable[..., None]) -> None:
    """Whoever has waited for a turn launches, though a server has come meanwhile."""

    def on_turn(self: Launch) -> None:
        self._desk.load(self._block, self._on_loaded)

    patch(Launch, "on_turn", on_turn)


def forgets_the_dead(patch: Callable[..., None]) -> None:
    """What a dead server had is never completed."""
    patch(Deliveries, "take_all_of", lambda *_: [])


def completes_twice(patch: Callable[..., None]) -> None:
    """A ticket can be used any number of times."""
    fire = Model._fire

    def twice(self: Model, completion: Completion) -> None:
        for _ in repeat(None, 2):
            fire(self, completion)

    patch(Model, "_fire", twice)


def completes_at_once(patch: Callable[..., None]) -> None:
    """A receiver does not wait until the message was handled."""
    process = iacp_receive.process_message

    def hasty(oself: Any, event: Any, travel: int, completion: Any) -> None:
        if completion is not None:
            iacp_receive.message_dispatch(completion)
        process(oself, event, travel, None)

    patch(iacp_receive, "process_message", hasty)
    patch(iacp, "process_message", hasty)


def notifies_all_but_the_first(patch: Callable[..., None]) -> None:
    """A server is connected, and not told."""
    connect = Model.connect

    def silent(
        self: Model, found: Any, client: Any, choice: Choice, **more: Any
    ) -> Any:
        first = choice.servers[0]
        deliver = self._deliver
        self._deliver = lambda to, letter: (  # type: ignore[method-assign]
            1 if to == first else deliver(to, letter)
        )
        try:
            return connect(self, found, client, choice, **more)
        finally:
            del self._deliver

    patch(Model, "connect", silent)


def sends_what_was_held_backwards(patch: Callable[..., None]) -> None:
    """The last comes first."""

    def finish(self: Model, number: int) -> None:
        connection = self.connections.get(number)
        held, connection.held = connection.held, None
        for letter in reversed(held or ()):
            self._send_to_servers(connection, letter)

    patch(Model, "finish", finish)


def holds_nothing(patch: Callable[..., None]) -> None:
    """What a server is not ready for is sent to it."""
    monkeyed = iacp_model.Connection

    def ready(*args: Any, **more: Any) -> Connection:
        return monkeyed(*args, **more | {"is_held": False})

    patch(iacp_model, "Connection", ready)


def tells_of_the_end_twice(patch: Callable[..., None]) -> None:
    """Every letter to a client that tells of a server's end is sent twice."""
    leave = Model._shutdown_server

    def twice(self: Model, connection: Connection, server: Optr) -> None:
        number = connection.number_of(server)
        leave(self, connection, server)
        if number and connection.client is not None:
            notice = iacp_model.lost_connection(connection.number, number)
            self._deliver(connection.client, iacp_model.Letter(notice, 1))

    patch(Model, "_shutdown_server", twice)


def tells_nobody_of_the_end(patch: Callable[..., None]) -> None:
    """A client leaves, and its servers do not hear of it."""

    def leave(self: Model, connection: Connection) -> None:
        connection.client = None
        if connection.is_over:
            self._end(connection)

    patch(Model, "_shutdown_client", leave)


def keeps_empty_lists(patch: Callable[..., None]) -> None:
    """A list without servers and connections is kept."""
    patch(ServerLists, "drop_if_empty", lambda *_: None)


def unregisters_nobody(patch: Callable[..., None]) -> None:
    """Who has gone from a list is still connected to."""

    def unregister(_: ServerLists, _token: GeodeToken, _server: Optr) -> bool:
        return False

    patch(ServerLists, "unregister", unregister)


def never_hears_of_registrations(patch: Callable[..., None]) -> None:
    """Who launches a server waits for ever."""
    patch(Launch, "on_registration", lambda _: None)


def forgets_who_has_what_was_passed_on(patch: Callable[..., None]) -> None:
    """A completion is lost with the geode that the message went on to."""
    patch(sending, "move_ticket", lambda *_: None)


def posts_to_the_front(patch: Callable[..., None]) -> None:
    """What is sent later comes earlier."""
    post = iacp_post.post

    def at_front(queue: int, wire: EventData) -> bool:
        return post(queue, wire, at_front=True)  # type: ignore[arg-type] # packed

    patch(iacp_post, "post", at_front)


@pytest.mark.parametrize(
    ("break_it", "race", "foul"),
    [
        (does_not_look_again, "connect/connect", "launched more than once"),
        (forgets_the_dead, "send/death", "completions"),
        (completes_twice, "shutdown/send", "complet"),
        (completes_at_once, "send/unregister", "completes too soon"),
        (notifies_all_but_the_first, "register/connect", "not notified"),
        (sends_what_was_held_backwards, "finish/send", "heard too late"),
        (holds_nothing, "finish/send", "heard while it was held"),
        (tells_of_the_end_twice, "shutdown/send", "told twice"),
        (tells_nobody_of_the_end, "shutdown/send", "not told of the client's end"),
        (keeps_empty_lists, "connect/unregister", "ServerList"),
        (unregisters_nobody, "connect/unregister", "notified after it unregistered"),
        (never_hears_of_registrations, "launch/death", "waits for ever"),
        (forgets_who_has_what_was_passed_on, "send/death of a third", "completions"),
        (posts_to_the_front, "send/unregister", "heard"),
    ],
)
def test_a_broken_promise_is_noticed(
    break_it: Callable[..., None],
    race: str,
    foul: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_it(monkeypatch.setattr)
    with pytest.raises(FoulError, match=foul):
        hold_many(RACES[race], SEEDS)


def test_a_foul_says_how_to_see_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    keeps_empty_lists(monkeypatch.setattr)
    with pytest.raises(FoulError, match='--seed 0 "connect/unregister"'):
        hold_many(RACES["connect/unregister"], SEEDS)
