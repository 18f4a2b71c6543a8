"""Leaving a connection. geos-iacp 3.7, 3.8."""

from typing import Any

import pytest

from userlib.geos import TO_PROCESS, TO_SELF, GeosFatalError, iacp
from userlib.geos.iacp_constants import IACPS_CLIENT
from userlib.symbian.user import User

MS = 1000
ROUNDS = 1000


@pytest.fixture
def three(stage: Any) -> tuple[Any, Any, int]:
    """Three servers that stay when the client leaves, connected to it."""
    servers = [stage.server(f"S{n}", leaves=False) for n in (1, 2, 3)]
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    return servers, c, made.connection


@pytest.mark.case("GI-69")
def test_every_server_hears_that_the_client_has_left(stage: Any, three: Any) -> None:
    _, c, connection = three
    stage.shutdown(c, connection)
    lost = ("LOST", connection, 0)
    assert sorted(stage.take()) == [("S1", *lost), ("S2", *lost), ("S3", *lost)]


@pytest.mark.case("GI-70")
def test_only_the_client_hears_that_a_server_has_left(stage: Any, three: Any) -> None:
    servers, _, connection = three
    stage.shutdown(servers[1], connection, servers[1])
    assert stage.take() == [("C", "LOST", connection, 2)]


@pytest.mark.case("GI-71")
def test_who_is_not_there_leaves_nothing(stage: Any, three: Any) -> None:
    servers, c, connection = three
    stage.shutdown(c, connection, stage.geode("nobody"))
    assert stage.take() == []
    for _ in range(2):
        stage.shutdown(servers[1], connection, servers[1])
    assert stage.take() == [("C", "LOST", connection, 2)]


@pytest.mark.case("GI-72")
def test_a_client_may_leave_twice(stage: Any) -> None:
    stage.server("S1", leaves=False)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    for _ in range(2):
        stage.shutdown(c, made.connection)
        assert stage.take() == [("S1", "LOST", made.connection, 0)]


@pytest.mark.case("GI-73")
def test_a_connection_that_is_over_is_none(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.shutdown(c, made.connection)
    assert stage.connections() == []
    number = made.connection
    calls = (
        lambda: iacp.send_message(number, stage.hi(), TO_SELF, None, IACPS_CLIENT),
        lambda: iacp.send_message_to_server(number, stage.hi(), TO_SELF, None, 1),
        lambda: iacp.send_message_and_wait(number, stage.hi(), TO_SELF, IACPS_CLIENT),
        lambda: iacp.finish_connect(number),
        lambda: iacp.get_server_number(number, s1.app),
        lambda: iacp.get_document_connection_file_id(number),
        lambda: iacp.shutdown(number),
        lambda: iacp.shutdown(number, s1.app),
    )

    def call_all(app: Any) -> list[str]:
        names = []
        more = (lambda: iacp.shutdown_connection(app, number),)
        for call in (*calls, *more):
            with pytest.raises(GeosFatalError) as caught:
                call()
            names.append(caught.value.name)
        return names

    assert stage.tell(c, call_all) == ["IACP_INVALID_CONNECTION"] * (len(calls) + 1)


@pytest.mark.case("GI-74")
def test_one_of_those_who_leave_at_once_deletes_the_connection(stage: Any) -> None:
    s1 = stage.server("S1", leaves=False)
    c = stage.geode("C")
    ended: list[int] = []

    def leave_as_server(app: Any, connection: int) -> None:
        try:
            iacp.shutdown(connection, app)
        except GeosFatalError:  # somebody else has deleted it
            ended.append(connection)

    def play(app: Any) -> int:
        numbers = set()
        for _ in range(ROUNDS):
            connection = iacp.connect(stage.token).connection
            numbers.add(connection)
            stage.post(s1, lambda server, n=connection: leave_as_server(server, n))
            iacp.shutdown(connection)
        assert app.name == "C"
        return len(numbers)

    assert stage.tell(c, play) == ROUNDS
    stage.settle()
    assert ended == []
    assert stage.connections() == []
    assert [tuple(each.connections) for each in stage.lists().values()] == [()]


@pytest.mark.case("GI-75")
def test_leaving_everything_begins_with_the_oldest(stage: Any) -> None:
    stage.server("S1", leaves=False)
    c = stage.geode("C")
    numbers = [stage.connect(c).connection for _ in range(3)]
    stage.take()
    stage.tell(c, iacp.shutdown_all)
    assert stage.take() == [("S1", "LOST", number, 0) for number in numbers]


@pytest.mark.case("GI-76")
def test_what_was_sent_to_the_process_goes_before_the_end(stage: Any) -> None:
    s1 = stage.server("S1", ui_thread=True)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()

    def slowly(process: Any) -> None:
        User.after_high_res(50 * MS)
        stage.script.log.append((f"process {process.optr.geode}", "handled"))

    to_process = stage.process_call(slowly)

    def send(_: Any) -> None:
        event = to_process()
        iacp.send_message(made.connection, event, TO_PROCESS, None, IACPS_CLIENT)
        iacp.shutdown(made.connection)

    stage.tell(c, send)
    stage.settle()
    assert stage.script.log == [("S1", "LOST", made.connection, 0)]
    stage.machine.advance(50 * MS)
    assert stage.take() == [
        ("S1", "LOST", made.connection, 0),
        (f"process {s1.handle}", "handled"),
        ("S1", "SHUTDOWN", made.connection),
    ]


@pytest.mark.case("GI-77")
def test_a_client_whose_server_left_can_still_leave(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")  # its handler does nothing when a server leaves
    made = stage.connect(c)
    stage.take()
    stage.shutdown(s1, made.connection, s1)
    assert stage.take() == [("C", "LOST", made.connection, 1)]
    assert [each.client for each in stage.connections()] == [c.app]
    stage.shutdown(c, made.connection)
    assert stage.connections() == []
    assert stage.take() == []


def test_an_object_that_is_both_leaves_as_the_client_first(stage: Any) -> None:
    s1 = stage.server("S1", leaves=False)
    made = stage.connect(s1)
    stage.take()
    stage.tell(s1, iacp.shutdown_all)
    assert stage.take() == [("S1", "LOST", made.connection, 0)]
    assert [each.servers for each in stage.connections()] == [(s1.app,)]
    stage.tell(s1, iacp.shutdown_all)
    assert stage.connections() == []
