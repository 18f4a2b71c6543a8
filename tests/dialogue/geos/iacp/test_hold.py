"""Connections that wait for their server. geos-iacp 3.5."""

from typing import TYPE_CHECKING, Any

import pytest

from userlib.geos import TO_SELF, GeosFatalError, GeosTimeout, iacp
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPS_SERVER

if TYPE_CHECKING:
    from collections.abc import Callable

IN_UI = 2
MS = 1000


@pytest.fixture
def held(stage: Any) -> tuple[Any, Any, int]:
    """A server that is not ready, and a client that wants one that is."""
    s1 = stage.server("S1", 0)
    c = stage.geode("C")
    made = stage.connect(c, IN_UI)
    assert made.num_servers == 1
    assert stage.take() == [("S1", "NEW", None, False, made.connection)]
    return s1, c, made.connection


def send_three_ways(stage: Any, c: Any, connection: int) -> list[int]:
    return [
        stage.send(c, connection, lambda: stage.hi(1)),
        stage.send(c, connection, lambda: stage.hi(2)),
        stage.send(c, connection, lambda: stage.hi(3), server=1),
        stage.send(c, connection, lambda: stage.hi(4), side=IACPS_SERVER),
    ]


def finish(stage: Any, s1: Any, connection: int) -> None:
    stage.tell(s1, lambda app: iacp.finish_connect(connection, app))


@pytest.mark.case("GI-64", "GI-65")
def test_what_the_client_sends_waits_and_then_goes_in_order(
    stage: Any, held: Any
) -> None:
    s1, c, connection = held
    assert send_three_ways(stage, c, connection) == [1, 1, 1, 1]
    assert stage.take() == [("C", "HI", 4)]
    assert [each.held for each in stage.connections()] == [3]
    # A later mode does not let it go.
    stage.tell(s1, lambda app: iacp.register_server(stage.token, app, IN_UI))
    assert stage.take() == []
    finish(stage, s1, connection)
    assert stage.take() == [("S1", "HI", number) for number in (1, 2, 3)]
    stage.send(c, connection, lambda: stage.hi(5))
    assert stage.take() == [("S1", "HI", 5)]
    finish(stage, s1, connection)
    assert stage.take() == []
    assert [each.held for each in stage.connections()] == [None]


@pytest.mark.case("GI-66")
def test_a_client_that_leaves_waits_as_well(stage: Any, held: Any) -> None:
    s1, c, connection = held
    stage.send(c, connection)
    stage.shutdown(c, connection)
    assert stage.take() == []
    finish(stage, s1, connection)
    assert stage.take() == [
        ("S1", "HI"),
        ("S1", "LOST", connection, 0),
        ("S1", "SHUTDOWN", connection),
    ]
    assert stage.connections() == []


@pytest.mark.case("GI-67")
def test_a_server_cannot_leave_before_it_has_begun(stage: Any, held: Any) -> None:
    s1, _, connection = held

    def leave(app: Any) -> list[str]:
        names = []
        calls: tuple[Callable[[], None], ...] = (
            lambda: iacp.shutdown(connection, app),
            lambda: iacp.shutdown_all(app),
            lambda: iacp.shutdown_connection(app, connection),
        )
        for call in calls:
            with pytest.raises(GeosFatalError) as caught:
                call()
            names.append(caught.value.name)
        return names

    wrong = "CANT_SHUT_DOWN_IACP_CONNECTION_THAT_WAS_NEVER_FINISHED"
    assert stage.tell(s1, leave) == [wrong] * 3
    (connected,) = stage.connections()
    assert connected.servers == (s1.app,)
    finish(stage, s1, connection)
    stage.shutdown(s1, connection, s1)
    assert stage.take() == [("C", "LOST", connection, 1)]


@pytest.mark.case("GI-68")
def test_finishing_what_is_not_held_is_nothing(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    before = stage.connections()
    stage.take()
    finish(stage, s1, made.connection)
    assert stage.take() == []
    assert stage.connections() == before


def test_who_waits_for_a_held_message_waits_for_the_server(
    stage: Any, held: Any
) -> None:
    s1, c, connection = held

    def send(app: Any) -> int:
        event = stage.hi(1)
        reached = iacp.send_message_and_wait(connection, event, TO_SELF, IACPS_CLIENT)
        app.note("goes on")
        return reached

    number = stage.begin(c, send)
    assert stage.take() == []
    finish(stage, s1, connection)
    assert stage.take() == [("S1", "HI", 1), ("C", "goes on")]
    assert stage.result(number) == 1


def test_waiting_can_be_limited(stage: Any, held: Any) -> None:
    s1, c, connection = held

    def send(app: Any) -> None:
        with pytest.raises(GeosTimeout):
            iacp.send_message_and_wait(
                connection, stage.hi(1), TO_SELF, IACPS_CLIENT, timeout_us=20 * MS
            )
        app.note("goes on")

    stage.begin(c, send)
    assert stage.take() == []
    stage.machine.advance(20 * MS)
    assert stage.take() == [("C", "goes on")]
    # The message is on its way all the same, and its completion to nowhere.
    finish(stage, s1, connection)
    assert stage.take() == [("S1", "HI", 1)]


def test_a_server_that_is_quick_is_not_held_for_ever(stage: Any) -> None:
    """It finishes as it hears of the connection, maybe before the client does."""
    stage.server("S1", 0, finishes=True)
    c = stage.geode("C")
    made = stage.connect(c, IN_UI)
    assert stage.send(c, made.connection) == 1
    assert stage.take()[1:] == [("S1", "HI")]
    assert [each.held for each in stage.connections()] == [None]
