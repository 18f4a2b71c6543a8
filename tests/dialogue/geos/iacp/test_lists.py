"""Server lists: who is on them, in what order, and for how long. geos-iacp 3.1, 3.2."""

from typing import Any

import pytest

from userlib.geos import MF_FORCE_QUEUE, TO_SELF, GeodeToken, iacp, obj_message
from userlib.geos.iacp_constants import (
    IACPCE_NO_SERVER,
    IACPS_CLIENT,
    IACPSF_MULTIPLE_INSTANCES,
    IACPSM_NOT_USER_INTERACTIBLE,
    IACPSM_USER_INTERACTIBLE,
)

T = GeodeToken(b"SRVR", 8)
U = GeodeToken(b"OTHR", 8)
NO_SERVER = (0, 0, IACPCE_NO_SERVER, 0)


def registered(stage: Any, token: GeodeToken = T) -> list[tuple[Any, ...]]:
    return [tuple(server) for server in stage.lists()[token].servers]


@pytest.mark.case("GI-01")
def test_a_token_is_its_characters_and_its_manufacturer(stage: Any) -> None:
    s1 = stage.server("S1")
    stage.server("S2", serves=GeodeToken(b"SRVR", 9))
    c = stage.geode("C")
    made = stage.connect(c)
    assert made == (made.connection, 1, None, s1.handle)
    assert stage.take() == [("S1", "NEW", None, False, made.connection)]
    assert list(stage.lists()) == [T, GeodeToken(b"SRVR", 9)]


@pytest.mark.case("GI-02")
def test_tokens_are_compared_byte_for_byte(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")
    assert stage.connect(c, token=GeodeToken(b"srvr", 8)) == NO_SERVER
    assert stage.take() == []


@pytest.mark.case("GI-03")
def test_registering_again_changes_mode_and_flags_in_place(stage: Any) -> None:
    s1, s2 = stage.servers(2, 2)
    c = stage.geode("C")
    stage.tell(s1, lambda app: iacp.register_server(T, app, 0, 0x80))
    assert registered(stage) == [
        (s1.app, IACPSM_NOT_USER_INTERACTIBLE, IACPSF_MULTIPLE_INSTANCES),
        (s2.app, IACPSM_USER_INTERACTIBLE, 0),
    ]
    made = stage.connect(c, 0)
    assert made.num_servers == 2
    assert made.first_owner == s1.handle
    assert stage.tell(s1, lambda a: iacp.get_server_number(made.connection, a)) == 1


@pytest.mark.case("GI-04")
def test_unregistering_what_is_not_there_is_nothing(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    before = stage.lists()
    stage.tell(s1, lambda app: iacp.unregister_server(U, app))
    stage.tell(c, lambda app: iacp.unregister_server(T, app))
    assert stage.lists() == before
    assert list(before) == [T]


@pytest.mark.case("GI-05")
def test_the_last_server_takes_the_list_along(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    stage.tell(s1, lambda app: iacp.unregister_server(T, app))
    assert stage.lists() == {}
    assert stage.connect(c) == NO_SERVER


@pytest.mark.case("GI-06", "GI-07", "GI-08")
def test_connections_outlive_the_registration(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.tell(s1, lambda app: iacp.unregister_server(T, app))
    stage.take()
    assert stage.send(c, made.connection) == 1
    assert stage.take() == [("S1", "HI")]
    assert stage.lists()[T] == (T, (), (made.connection,))
    # A list without servers serves nobody.
    assert stage.connect(c) == NO_SERVER
    # And when the client leaves, so does the server.
    stage.shutdown(c, made.connection)
    connection = made.connection
    assert stage.take() == [
        ("S1", "LOST", connection, 0),
        ("S1", "SHUTDOWN", connection),
    ]
    assert stage.connections() == []
    assert stage.lists() == {}


@pytest.mark.case("GI-09")
def test_one_object_serves_two_tokens(stage: Any) -> None:
    (s1,) = stage.servers(2)
    stage.tell(s1, lambda app: iacp.register_server(U, app, 2))
    c = stage.geode("C")
    by_t, by_u = stage.connect(c), stage.connect(c, token=U)
    for made in (by_t, by_u):
        number = stage.tell(s1, lambda app, m=made: iacp.get_server_number(m[0], app))
        assert (made.num_servers, number) == (1, 1)
    stage.shutdown(c, by_t.connection)
    assert [each.connection for each in stage.connections()] == [by_u.connection]
    stage.take()
    assert stage.send(c, by_u.connection) == 1
    assert stage.take() == [("S1", "HI")]


@pytest.mark.case("GI-10")
def test_servers_are_numbered_as_they_registered(stage: Any) -> None:
    servers = stage.servers(2, 2, 2)
    c = stage.geode("C")
    made = stage.connect(c)

    def numbers(_: Any) -> list[int]:
        every = [*(each.app for each in servers), c.app, None]
        return [iacp.get_server_number(made.connection, each) for each in every]

    assert stage.tell(c, numbers) == [1, 2, 3, 0, 0]


@pytest.mark.case("GI-92")
def test_after_unregistering_only_what_was_queued_arrives(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()

    def send(_: Any) -> None:
        for number in (1, 2):
            iacp.send_message(
                made.connection, stage.hi(number), TO_SELF, None, IACPS_CLIENT
            )

    def leave(app: Any) -> None:
        stage.ask(c, send)  # while the server is busy here
        iacp.unregister_server(T, app)
        obj_message(app, type(app).MSG_DONE, MF_FORCE_QUEUE, text="marker")

    stage.tell(s1, leave)
    assert stage.take() == [("S1", "HI", 1), ("S1", "HI", 2), ("S1", "DONE", "marker")]
