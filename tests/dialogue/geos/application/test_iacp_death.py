"""Applications whose IACP server dies: they go on, and end when their user is done."""

from typing import TYPE_CHECKING, Any

import pytest

from kernel.abi.errors import Leave
from servers.iacp.protocol import KIACPProgram
from userlib.geos import GenApplicationClass, GeodeToken, iacp
from userlib.geos.iacp_constants import IACPSM_USER_INTERACTIBLE

if TYPE_CHECKING:
    from tests.dialogue.geos.application.conftest import Client, Play

T = GeodeToken(b"SRVR", 8)
APP_MODE = IACPSM_USER_INTERACTIBLE


def begin_iacp(play: "Play", *clients: "Client") -> None:
    """Another one; *clients* have learnt that the first one has ended."""
    play.kernel.start(KIACPProgram)
    play.settle()
    for client in clients:
        client.tell(learn)


def learn(_: Any) -> None:
    with pytest.raises(Leave):
        iacp.lists()


def test_its_clients_do_not_keep_an_application_from_quitting(
    play: "Play", client: "Client"
) -> None:
    """They were lost with the server that knew them."""
    client.connect(APP_MODE, play.app_block())
    assert play.number_of("SERVER") == (1, 1)
    play.end_iacp()
    assert play.number_of("SERVER") == (1, 1)  # nobody has told it
    play.quit("SERVER")
    assert play.running("SERVER") == []
    play.take()


def test_an_application_that_starts_without_it_quits_too(
    play: "Play", client: "Client"
) -> None:
    play.end_iacp()
    play.start(play.geode("SERVER"))
    assert play.number_of("SERVER") == (0, 0)
    play.quit("SERVER")
    assert play.running("SERVER") == []
    assert client.name == "C"
    play.take()


def test_what_a_dead_one_has_sent_is_of_no_account(
    play: "Play", client: "Client"
) -> None:
    """A new client, and one that has left, whom nobody knows any more."""
    play.start(play.geode("SERVER"))
    gate = client.make_gate()
    first = client.connect(APP_MODE)
    play.occupy("SERVER", gate)
    client.connect(APP_MODE)
    client.shutdown(first.connection)
    play.take()
    play.end_iacp()
    begin_iacp(play)
    play.open_gate(gate)
    heard = [what[1] for what in play.take() if what[0] == "SERVER"]
    assert heard == ["NEW", "LOST"]
    assert play.number_of("SERVER") == (0, 0)
    play.quit("SERVER")
    assert play.running("SERVER") == []


def test_another_one_knows_an_application_that_changes_its_mode(
    play: "Play", client: "Client"
) -> None:
    play.start(play.geode("SERVER"))
    client.connect(0)
    play.end_iacp()
    begin_iacp(play, client)
    assert play.modes() == {}
    register = GenApplicationClass.MSG_GEN_APPLICATION_IACP_REGISTER
    play.send(play.app("SERVER"), register, mode=int(APP_MODE))
    assert play.modes() == {T: [APP_MODE]}
    made = client.connect(APP_MODE)
    play.take()
    assert client.hi(made.connection, 1) == [1]
    assert play.take() == [("SERVER", "HI", 1), ("C", "DONE", 1)]
