"""Servers that a connect launches: in which mode, and who is told. geos-iacp 3.9."""

from typing import TYPE_CHECKING, Any

import pytest

from userlib.geos import (
    MSG_META_ATTACH,
    AppLaunchBlock,
    AppLaunchFlags,
    ApplicationImage,
    GenApplicationClass,
    GenProcessClass,
    GeodeLoadError,
    GeodeToken,
    GeosFatalError,
    GeosTimeout,
    geode_exit,
    iacp,
    method,
    queue_get_message,
    user_load_application,
)
from userlib.geos.iacp_constants import (
    IACPCE_CANNOT_FIND_SERVER,
    IACPCE_SERVER_EXITED,
    IACPSF_MULTIPLE_INSTANCES,
    IACPSM_NOT_USER_INTERACTIBLE,
    IACPSM_USER_INTERACTIBLE,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dialogue.geos.application.conftest import Client, Play

T = GeodeToken(b"SRVR", 8)
U = GeodeToken(b"USRV", 8)
V = GeodeToken(b"VSRV", 8)
W = GeodeToken(b"WSRV", 8)
SINGLE = GeodeToken(b"SNGL", 8)
APP_MODE = IACPSM_USER_INTERACTIBLE


class WaitingProcess(GenProcessClass):
    """Its ATTACH waits for the test's gate, if there is one."""

    play: Any = None
    name: str = "?"

    @method(GenProcessClass.MSG_GEN_PROCESS_OPEN_APPLICATION)
    def wait_first(self, app_launch_block: AppLaunchBlock | None) -> None:
        for gate in self.play.gates:
            queue_get_message(gate)
        self.callsuper()


class DyingProcess(GenProcessClass):
    """Ends before it has registered."""

    play: Any = None
    name: str = "?"

    @method(MSG_META_ATTACH)
    def die(self, app_launch_block: AppLaunchBlock | None) -> None:
        geode_exit(3)


class OfBoth(GenApplicationClass):
    """Serves T too."""

    play: Any = None
    name: str = "?"
    additional_tokens = (T,)


@pytest.fixture
def images(play: "Play") -> list[ApplicationImage]:
    return [
        play.image("SERVER", process=WaitingProcess),
        play.image("BOTH", U, cls=OfBoth),
        play.image("OTHER", V),
        play.image("DYING", V, process=DyingProcess),
        play.image("SINGLE", SINGLE, multi_launchable=False),
    ]


@pytest.mark.case("GI-28")
def test_a_client_launches_an_engine(play: "Play", client: "Client") -> None:
    made = client.connect(0, play.engine_block())
    (server,) = play.running("SERVER")
    assert made == (made.connection, 1, None, server.handle)
    assert made.connection
    assert not play.is_held()
    assert play.flags() == {T: [IACPSF_MULTIPLE_INSTANCES]}
    assert play.take() == [("SERVER", "REGISTER", 0), ("SERVER", "NEW", True)]
    assert client.hi(made.connection, 1) == [1]
    assert play.take() == [("SERVER", "HI", 1), ("C", "DONE", 1)]
    assert len(play.running("SERVER")) == 1


@pytest.mark.case("GI-29")
def test_a_token_that_no_application_has_cannot_be_launched(
    play: "Play", client: "Client"
) -> None:
    def connect(_: Any) -> tuple[Any, Any]:
        block = play.app_block()
        made = iacp.connect(GeodeToken(b"NONE", 8), APP_MODE, block)
        with pytest.raises(GeosFatalError) as again:
            iacp.connect(T, APP_MODE, block)
        return made, again.value.name

    made, why = client.tell(connect)
    assert made == (0, 0, IACPCE_CANNOT_FIND_SERVER, 0)
    assert why == "ILLEGAL_HANDLE"
    assert play.running("SERVER") == []


@pytest.mark.case("GI-30")
def test_a_block_that_names_a_missing_file_is_refused_by_the_loader(
    play: "Play", client: "Client"
) -> None:
    made = client.connect(APP_MODE, play.app_block(app_ref=play.names("WORLD\\NONE")))
    assert made == (0, 0, GeodeLoadError.GLE_FILE_NOT_FOUND, 0)
    assert play.modes() == {}


@pytest.mark.case("GI-31")
def test_what_is_sent_while_the_server_comes_up_waits_for_it(
    play: "Play", client: "Client"
) -> None:
    gate = client.make_gate()
    made = client.connect(APP_MODE, play.app_block())
    assert (made.num_servers, made.error) == (1, None)
    assert play.is_held()
    assert client.hi(made.connection, 1, 2, 3) == [1, 1, 1]
    assert play.take() == [("SERVER", "REGISTER", 0), ("SERVER", "NEW", True)]
    assert play.modes() == {T: [0]}
    play.open_gate(gate)
    log = play.take()
    assert [what for what in log if what[0] == "SERVER"] == [
        ("SERVER", "REGISTER", 2),
        ("SERVER", "OPEN_COMPLETE"),
        ("SERVER", "HI", 1),
        ("SERVER", "HI", 2),
        ("SERVER", "HI", 3),
    ]
    assert [what for what in log if what[0] == "C"] == [
        ("C", "DONE", 1),
        ("C", "DONE", 2),
        ("C", "DONE", 3),
    ]
    for number in (1, 2, 3):
        assert log.index(("SERVER", "HI", number)) < log.index(("C", "DONE", number))
    assert not play.is_held()


@pytest.mark.case("GI-32")
def test_who_asks_for_no_more_than_the_lowest_mode_is_not_held(
    play: "Play", client: "Client"
) -> None:
    gate = client.make_gate()
    made = client.connect(IACPSM_NOT_USER_INTERACTIBLE, play.app_block())
    assert made.num_servers == 1
    assert not play.is_held()
    assert client.hi(made.connection, 1) == [1]
    assert ("SERVER", "HI", 1) in play.take()
    play.open_gate(gate)
    assert play.modes() == {T: [2]}


@pytest.mark.case("GI-33")
def test_a_server_that_is_there_is_used_though_its_mode_is_too_low(
    play: "Play", client: "Client"
) -> None:
    client.connect(0, play.engine_block())
    gate = client.make_gate()
    play.take()
    client.tell(
        lambda _: play.results.update({-1: iacp.connect(T, APP_MODE, play.app_block())})
    )
    made = play.results[-1]
    (server,) = play.running("SERVER")
    assert made == (made.connection, 1, None, server.handle)
    assert play.held_connections() == [made.connection]
    assert play.take() == [("SERVER", "NEW", False)]
    play.open_gate(gate)
    assert play.held_connections() == []


@pytest.mark.case("GI-34")
def test_of_two_clients_at_once_one_launches_the_server(
    play: "Play", client: "Client", new_client: "Callable[[str], Client]"
) -> None:
    other = new_client("D")
    numbers = [
        (each, each.begin(lambda _: iacp.connect(T, APP_MODE, play.app_block())))
        for each in (client, other)
    ]
    results = [each.result(number) for each, number in numbers]
    (server,) = play.running("SERVER")
    for made in results:
        assert made == (made.connection, 1, None, server.handle)
    assert len({made.connection for made in results}) == 2
    news = [what[2] for what in play.take() if what[:2] == ("SERVER", "NEW")]
    assert sorted(news) == [False, True]
    assert play.number_of("SERVER") == (2, 2)


@pytest.mark.case("GI-35")
def test_an_application_that_runs_only_once_is_not_launched_again(
    play: "Play", client: "Client"
) -> None:
    block = play.app_block(app_ref=play.names("WORLD\\SINGLE"))
    client.tell(lambda _: user_load_application(block))
    assert play.flags() == {SINGLE: [0]}
    leave = GenApplicationClass.MSG_GEN_APPLICATION_IACP_UNREGISTER
    play.send(play.app("SINGLE"), leave)
    assert play.modes() == {}
    made = client.connect(APP_MODE, play.app_block(), token=SINGLE)
    assert made == (0, 0, GeodeLoadError.GLE_NOT_MULTI_LAUNCHABLE, 0)
    assert len(play.running("SINGLE")) == 1


@pytest.mark.case("GI-36")
def test_an_application_serves_its_further_tokens_too(
    play: "Play", client: "Client"
) -> None:
    made = client.connect(
        APP_MODE, play.app_block(app_ref=play.names("WORLD\\BOTH")), token=T
    )
    (both,) = play.running("BOTH")
    assert made == (made.connection, 1, None, both.handle)
    assert play.modes() == {U: [2], T: [2]}
    with play.kernel.attach():
        (connection,) = iacp.connections()
    assert connection.servers == (both.app_object,)
    assert connection.token == T


@pytest.mark.case("GI-37")
def test_only_the_launched_application_ends_the_wait_for_it(
    play: "Play", client: "Client", new_client: "Callable[[str], Client]"
) -> None:
    other = new_client("D")
    block = play.app_block(app_ref=play.names("WORLD\\OTHER"))

    def connect(_: Any) -> str:
        with pytest.raises(GeosTimeout):
            iacp.connect(T, APP_MODE, block, timeout_us=1_000_000)
        return "timed out"

    number = client.begin(connect)
    play.settle()
    assert play.modes() == {V: [2]}
    other.tell(lambda app: iacp.register_server(W, app, 2))
    play.kernel.advance(999_999)
    assert number not in play.results
    play.kernel.advance(1)
    assert client.result(number) == "timed out"
    assert play.modes() == {V: [2], W: [2]}
    made = client.connect(APP_MODE, play.app_block())
    (server,) = play.running("SERVER")
    assert made == (made.connection, 1, None, server.handle)


@pytest.mark.case("GI-38")
def test_a_server_that_dies_before_it_registers_fails_the_connect(
    play: "Play", client: "Client"
) -> None:
    made = client.connect(APP_MODE, play.app_block(app_ref=play.names("WORLD\\DYING")))
    assert made == (0, 0, IACPCE_SERVER_EXITED, 0)
    assert play.running("DYING") == []


@pytest.mark.case("GI-39")
def test_an_application_opened_for_a_client_only_leaves_with_it(
    play: "Play", client: "Client"
) -> None:
    made = client.connect(
        APP_MODE,
        play.app_block(launch_flags=AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY),
    )
    assert play.modes() == {T: [2]}
    client.shutdown(made.connection)
    assert play.running("SERVER") == []
    assert play.modes() == {}


@pytest.mark.case("GI-40")
def test_an_application_opened_for_the_user_stays(
    play: "Play", client: "Client"
) -> None:
    made = client.connect(APP_MODE, play.app_block())
    client.shutdown(made.connection)
    assert len(play.running("SERVER")) == 1
    assert play.modes() == {T: [2]}
    assert play.number_of("SERVER") == (0, 0)


def test_an_early_client_that_leaves_at_once_ends_what_was_opened_for_it(
    play: "Play", client: "Client"
) -> None:
    """It leaves while the application is still coming up."""
    gate = client.make_gate()
    flags = AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY
    made = client.connect(0, play.app_block(launch_flags=flags))
    client.shutdown(made.connection)
    play.open_gate(gate)
    assert play.running("SERVER") == []
    assert play.modes() == {}
