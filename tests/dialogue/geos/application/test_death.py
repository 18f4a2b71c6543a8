"""Applications that die without cleaning up. geos-iacp 6.4."""

from typing import TYPE_CHECKING

import pytest

from userlib.geos import GeodeToken, iacp
from userlib.geos.iacp_constants import IACPSM_USER_INTERACTIBLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dialogue.geos.application.conftest import Client, Play

T = GeodeToken(b"SRVR", 8)
APP_MODE = IACPSM_USER_INTERACTIBLE


@pytest.mark.case("GI-88")
def test_a_server_that_dies_is_done_with_what_it_had_not_handled(
    play: "Play", client: "Client"
) -> None:
    processes = [play.start(play.geode(name)) for name in ("S1", "S2", "S3")]
    made = client.connect(APP_MODE)
    assert made.num_servers == 3
    gate = client.make_gate()
    play.occupy("S2", gate)
    play.take()
    assert client.hi(made.connection, 1) == [3]
    log = play.take()
    assert sorted(what for what in log if what[0] != "C") == [
        ("S1", "HI", 1),
        ("S3", "HI", 1),
    ]
    assert log.count(("C", "DONE", 1)) == 2
    processes[1].kill()
    assert sorted(play.take()) == [("C", "DONE", 1), ("C", "LOST", 2)]
    assert play.modes() == {T: [2, 2]}
    assert client.hi(made.connection, 2) == [2]
    log = play.take()
    assert log.count(("C", "DONE", 2)) == 3
    assert sorted(what for what in log if what[0] != "C") == [
        ("S1", "HI", 2),
        ("S3", "HI", 2),
    ]


def test_an_engine_whose_client_dies_leaves(play: "Play", client: "Client") -> None:
    client.connect(0, play.engine_block())
    assert len(play.running("SERVER")) == 1
    client.process.kill()
    assert play.running("SERVER") == []
    assert play.modes() == {}


def test_a_client_that_dies_while_its_server_comes_up_keeps_nobody_from_it(
    play: "Play", client: "Client", new_client: "Callable[[str], Client]"
) -> None:
    block = play.app_block()
    client.begin(lambda _: iacp.connect(T, APP_MODE, block))
    client.process.kill()
    other = new_client("D")
    made = other.connect(APP_MODE, play.app_block())
    assert (made.num_servers, made.error) == (1, None)
    assert len(play.running("SERVER")) == 1


def test_a_dead_server_can_be_launched_again(play: "Play", client: "Client") -> None:
    client.connect(APP_MODE, play.app_block())
    (server,) = play.running("SERVER")
    play.kill(server)
    assert play.modes() == {T: []}
    made = client.connect(APP_MODE, play.app_block())
    (again,) = play.running("SERVER")
    assert made == (made.connection, 1, None, again.handle)
    assert again.handle != server.handle
