"""How an application lives with its clients: it comes, stays, quits. geos-iacp 4.6."""

from typing import TYPE_CHECKING, Any

import pytest

from userlib.geos import (
    MSG_META_ATTACH,
    MSG_META_DETACH,
    MSG_META_FINISH_QUIT,
    MSG_META_IACP_NEW_CONNECTION,
    MSG_META_QUIT,
    MSG_META_QUIT_ACK,
    QL_AFTER_DETACH,
    QL_AFTER_UI,
    QL_BEFORE_UI,
    QL_DETACH,
    QL_UI,
    AppLaunchBlock,
    AppLaunchFlags,
    ApplicationImage,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    GeodeToken,
    Optr,
    iacp,
    message,
    method,
    obj_message,
    queue_get_message,
)
from userlib.geos.iacp_constants import (
    IACPSM_NOT_USER_INTERACTIBLE,
    IACPSM_USER_INTERACTIBLE,
)

if TYPE_CHECKING:
    from tests.dialogue.geos.application.conftest import Client, Play

T = GeodeToken(b"SRVR", 8)
APP_MODE = IACPSM_USER_INTERACTIBLE
ENGINE_MODE = IACPSM_NOT_USER_INTERACTIBLE
FOR_IACP_ONLY = AppLaunchFlags.ALF_OPEN_FOR_IACP_ONLY


class LevelProcess(GenProcessClass):
    """Logs the levels of a quit, waits at one for a gate, and may abort there."""

    play: Any = None
    name: str = "?"

    @method(MSG_META_QUIT)
    def log_level(self, quit_level: int | None, ack_od: Optr | None) -> None:
        self.play.process_log.append((self.name, quit_level))
        if quit_level == self.play.wait_level:
            for gate in self.play.gates:
                queue_get_message(gate)
        if quit_level == self.play.abort_level:
            obj_message(self, MSG_META_QUIT_ACK, quit_level=quit_level, abort=True)
        else:
            self.callsuper()


class EngineProcess(GenProcessClass):
    """It was launched as an engine, whoever launched it."""

    play: Any = None
    name: str = "?"

    @method(MSG_META_ATTACH)
    def attach_as_engine(self, app_launch_block: AppLaunchBlock | None) -> None:
        self.callsuper(app_launch_block=self.play.engine_block())


class CustomProcess(GenProcessClass):
    """It was launched in a mode of its own."""

    play: Any = None
    name: str = "?"

    MSG_OPEN_CUSTOM = message(app_launch_block=AppLaunchBlock | None)

    @method(MSG_META_ATTACH)
    def attach_in_custom_mode(self, app_launch_block: AppLaunchBlock | None) -> None:
        mode = self.MSG_OPEN_CUSTOM.number
        self.callsuper(app_launch_block=AppLaunchBlock(app_mode=mode))

    @method(MSG_OPEN_CUSTOM)
    def open_custom(self, app_launch_block: AppLaunchBlock | None) -> None:
        self.play.process_log.append((self.name, "OPEN_CUSTOM"))

    @method(GenProcessClass.MSG_GEN_PROCESS_CLOSE_CUSTOM)
    def close_custom(self) -> None:
        self.play.process_log.append((self.name, "CLOSE_CUSTOM"))


class StubbornApplication(GenApplicationClass):
    """Its UI does not agree to quit."""

    play: Any = None
    name: str = "?"

    @method(MSG_META_FINISH_QUIT)
    def never(self, abort: bool) -> None:
        self.callsuper(abort=True)


class OverridingApplication(GenApplicationClass):
    """Hears of new connections itself, and lets its superclass know if it may."""

    play: Any = None
    name: str = "?"
    passes_on: bool = True

    MSG_HI = message(number=int | None)

    @method(MSG_HI)
    def hi(self, number: int | None) -> None:
        self.play.log.append((self.name, "HI", number))

    @method(MSG_META_IACP_NEW_CONNECTION)
    def new_connection(
        self,
        app_launch_block: AppLaunchBlock | None,
        just_launched: bool,
        connection: int,
    ) -> None:
        self.play.log.append((self.name, "OWN", just_launched))
        if self.passes_on:
            self.callsuper()

    @method(GenApplicationClass.MSG_GEN_APPLICATION_OPEN_COMPLETE)
    def open_complete_too(self) -> None:
        self.play.log.append((self.name, "OPEN_COMPLETE"))
        self.callsuper()


class LateApplication(GenApplicationClass):
    """Just before it unregisters, a client finds it."""

    play: Any = None
    name: str = "?"

    @method(GenApplicationClass.MSG_GEN_APPLICATION_IACP_UNREGISTER)
    def be_found_first(self) -> None:
        self.play.log.append((self.name, "UNREGISTER"))
        for client in self.play.late_clients:
            client.call(lambda _: iacp.connect(T))
        self.play.late_clients.clear()
        self.callsuper()


@pytest.fixture
def images(play: "Play") -> list[ApplicationImage]:
    return [play.image("SERVER", process=LevelProcess)]


def modes(play: "Play") -> list[Any]:
    """What the server has announced since the last time."""
    return [
        what[2] if what[1] == "REGISTER" else what[1]
        for what in play.take()
        if what[1] in ("REGISTER", "UNREGISTER")
    ]


@pytest.mark.case("GI-41")
def test_an_engine_stays_until_its_last_client_leaves(
    play: "Play", client: "Client", new_client: Any
) -> None:
    first = client.connect(0, play.engine_block())
    other = new_client("D")
    second = other.connect(0)
    assert play.number_of("SERVER") == (2, 0)
    client.shutdown(first.connection)
    assert play.number_of("SERVER") == (1, 0)
    assert modes(play) == [0, 0]
    other.shutdown(second.connection)
    assert modes(play) == [0, "UNREGISTER"]
    assert play.running("SERVER") == []
    assert play.modes() == {}


@pytest.mark.case("GI-08")
def test_an_application_leaves_of_itself_when_its_client_does(
    play: "Play", client: "Client"
) -> None:
    play.start(play.geode("SERVER"))
    made = client.connect(0)
    play.send(
        play.app("SERVER"), GenApplicationClass.MSG_GEN_APPLICATION_IACP_UNREGISTER
    )
    play.take()
    with play.kernel.attach():
        (found,) = iacp.lists()
    assert (found.servers, found.connections) == ((), (made.connection,))
    client.shutdown(made.connection)
    assert play.take() == [("SERVER", "LOST", 0)]
    with play.kernel.attach():
        assert (iacp.connections(), iacp.lists()) == ((), ())
    assert len(play.running("SERVER")) == 1


@pytest.mark.case("GI-77")
def test_an_application_that_has_lost_its_server_can_still_leave(
    play: "Play", client: "Client"
) -> None:
    """Its default handler does nothing about it."""
    play.start(play.geode("SERVER"))
    made = client.connect(0)
    server = play.app("SERVER")
    play.take()

    def dismiss(_: Any) -> None:
        iacp.shutdown(made.connection, server)

    client.tell(dismiss)
    assert play.take() == [("C", "LOST", 1)]
    with play.kernel.attach():
        (left,) = iacp.connections()
    assert (left.client, left.servers) == (client.app, (None,))
    client.shutdown(made.connection)
    assert play.take() == []
    with play.kernel.attach():
        assert iacp.connections() == ()


@pytest.mark.case("GI-85")
def test_an_application_announces_how_far_it_is(play: "Play", client: "Client") -> None:
    client.connect(ENGINE_MODE, play.app_block())
    client.tell(iacp.shutdown_all)
    assert modes(play) == [0, 2]
    play.quit("SERVER")
    assert modes(play) == [1, 0, "UNREGISTER"]
    assert play.running("SERVER") == []


def test_a_quit_goes_through_its_levels(play: "Play", client: "Client") -> None:
    client.connect(ENGINE_MODE, play.app_block())
    client.tell(iacp.shutdown_all)
    play.quit("SERVER")
    levels = [QL_BEFORE_UI, QL_AFTER_UI, QL_DETACH, QL_AFTER_DETACH]
    assert play.take_of_process() == [("SERVER", level) for level in levels]


@pytest.mark.case("GI-86")
def test_a_client_that_needs_the_ui_keeps_it_from_quitting(
    play: "Play", client: "Client"
) -> None:
    made = client.connect(APP_MODE, play.app_block())
    modes(play)
    play.quit("SERVER")
    assert modes(play) == [1, 2]
    assert play.modes() == {T: [2]}
    assert play.is_usable("SERVER")
    assert client.hi(made.connection, 1) == [1]
    assert play.take() == [("SERVER", "HI", 1), ("C", "DONE", 1)]
    client.shutdown(made.connection)
    play.quit("SERVER")
    assert modes(play) == [1, 0, "UNREGISTER"]
    assert play.running("SERVER") == []


@pytest.mark.case("GI-87")
def test_clients_that_need_no_ui_are_served_without_one(
    play: "Play", client: "Client"
) -> None:
    play.start(play.geode("SERVER", process=LevelProcess))
    made = client.connect(0)
    assert play.is_usable("SERVER")
    modes(play)
    play.quit("SERVER")
    assert modes(play) == [1, 0]
    assert play.modes() == {T: [0]}
    assert not play.is_usable("SERVER")
    assert client.hi(made.connection, 1) == [1]
    assert play.take() == [("SERVER", "HI", 1), ("C", "DONE", 1)]
    play.quit("SERVER")
    assert modes(play) == []
    client.shutdown(made.connection)
    assert modes(play) == [0, "UNREGISTER"]
    assert play.running("SERVER") == []
    assert play.modes() == {}


@pytest.mark.parametrize("level", [QL_BEFORE_UI, QL_AFTER_UI])
def test_a_process_may_abort_a_quit(play: "Play", client: "Client", level: int) -> None:
    play.start(play.geode("SERVER", process=LevelProcess))
    play.abort_level = level
    modes(play)
    play.quit("SERVER")
    assert modes(play) == [1, 2]
    assert client.connect(APP_MODE).num_servers == 1
    client.tell(iacp.shutdown_all)
    play.abort_level = -1
    play.quit("SERVER")
    assert play.running("SERVER") == []


@pytest.mark.usefixtures("client")
def test_from_a_certain_level_on_a_quit_cannot_be_aborted(play: "Play") -> None:
    play.start(play.geode("SERVER", process=LevelProcess))
    play.abort_level = QL_DETACH
    play.quit("SERVER")
    assert play.running("SERVER") == []


@pytest.mark.usefixtures("client")
def test_a_user_interface_may_abort_a_quit(play: "Play") -> None:
    play.start(play.geode("SERVER", cls=StubbornApplication))
    play.quit("SERVER")
    assert play.modes() == {T: [2]}
    play.send(play.app("SERVER"), MSG_META_DETACH)
    assert play.running("SERVER") == []


def test_a_client_that_comes_while_it_quits_aborts_that(
    play: "Play", client: "Client"
) -> None:
    play.start(play.geode("SERVER", process=LevelProcess))
    gate = client.make_gate()
    play.wait_level = QL_AFTER_UI
    modes(play)
    play.quit("SERVER")
    assert play.modes() == {T: [1]}
    made = client.connect(APP_MODE, play.app_block())
    client.shutdown(made.connection)
    play.open_gate(gate)
    assert modes(play) == [1, 2]
    play.gates.clear()
    play.quit("SERVER")
    assert modes(play) == [1, 0, "UNREGISTER"]


def test_a_client_that_comes_while_the_ui_closes_brings_it_back(
    play: "Play", client: "Client"
) -> None:
    play.start(play.geode("SERVER", process=LevelProcess))
    gate = client.make_gate()
    play.wait_level = QL_DETACH
    modes(play)
    play.quit("SERVER")
    made = client.connect(APP_MODE, play.app_block())
    assert play.held_connections() == [made.connection]
    assert client.hi(made.connection, 1) == [1]
    assert modes(play) == [1]
    play.open_gate(gate)
    log = play.take()
    assert [what[2] for what in log if what[1] == "REGISTER"] == [0, 2]
    assert log.index(("SERVER", "OPEN_COMPLETE")) < log.index(("SERVER", "HI", 1))
    assert play.held_connections() == []
    client.shutdown(made.connection)
    assert play.modes() == {T: [2]}


def test_an_engine_ignores_a_quit(play: "Play", client: "Client") -> None:
    made = client.connect(0, play.engine_block())
    modes(play)
    play.quit("SERVER")
    assert modes(play) == []
    client.shutdown(made.connection)
    assert play.running("SERVER") == []


def test_an_engine_comes_up_for_who_needs_its_ui_and_stays(
    play: "Play", client: "Client", new_client: Any
) -> None:
    engine = client.connect(0, play.engine_block())
    modes(play)
    other = new_client("D")
    made = other.connect(APP_MODE, play.app_block())
    assert modes(play) == [2]
    assert play.number_of("SERVER") == (2, 1)
    other.shutdown(made.connection)
    client.shutdown(engine.connection)
    assert play.modes() == {T: [2]}


def test_a_detach_waits_for_clients_and_for_nothing_else(
    play: "Play", client: "Client"
) -> None:
    play.start(play.geode("SERVER"))
    made = client.connect(0)
    modes(play)
    play.send(play.app("SERVER"), MSG_META_DETACH)
    assert modes(play) == [0]
    assert play.take_of_process() == [("SERVER", "CLOSE_APPLICATION")]
    assert client.hi(made.connection, 1) == [1]
    client.shutdown(made.connection)
    assert modes(play) == [0, "UNREGISTER"]
    assert play.running("SERVER") == []


@pytest.mark.usefixtures("client")
def test_a_process_object_can_be_told_to_detach(play: "Play") -> None:
    play.start(play.geode("SERVER", ui_thread=False))
    modes(play)
    (server,) = play.running("SERVER")
    play.send(server.handle, MSG_META_DETACH)
    assert modes(play) == [0, "UNREGISTER"]
    assert play.running("SERVER") == []


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("way", [MSG_META_QUIT, MSG_META_DETACH])
def test_a_geode_without_an_application_object_ends_too(play: "Play", way: Any) -> None:
    process = type("Alone", (LevelProcess,), {"play": play, "name": "ALONE"})
    play.start(Geode("alone", process=process))
    (alone,) = play.running("alone")
    if way is MSG_META_QUIT:
        play.abort_level = QL_UI
        play.send(alone.handle, way)
        assert play.take_of_process() == [("ALONE", None), ("ALONE", QL_UI)]
        play.abort_level = -1
    play.send(alone.handle, way)
    assert play.running("alone") == []
    levels = [None, QL_UI, QL_AFTER_UI, QL_DETACH] if way is MSG_META_QUIT else []
    assert play.take_of_process() == [("ALONE", level) for level in levels]


@pytest.mark.usefixtures("client")
def test_an_application_has_modes_of_its_own(play: "Play") -> None:
    """The number of one of its process's messages; it comes up without UI."""
    process = type("Own", (CustomProcess,), {"play": play, "name": "OWN"})
    play.start(play.geode("OWN", process=process))
    assert play.take_of_process() == [("OWN", "OPEN_CUSTOM")]
    assert play.modes() == {T: [0]}
    play.send(play.app("OWN"), MSG_META_DETACH)
    assert play.take_of_process() == [("OWN", "CLOSE_CUSTOM")]
    assert play.running("OWN") == []


@pytest.mark.usefixtures("client")
def test_a_client_that_finds_a_server_as_it_leaves_is_served(
    play: "Play", new_client: Any
) -> None:
    late = new_client("D")
    play.start(play.geode("SERVER", cls=LateApplication))
    play.late_clients.append(late)
    play.quit("SERVER")
    assert play.take() == [("SERVER", "UNREGISTER")]
    assert play.modes() == {T: [0]}
    assert play.number_of("SERVER") == (1, 0)
    late.tell(iacp.shutdown_all)
    assert play.take() == [("SERVER", "UNREGISTER")]
    assert play.running("SERVER") == []


@pytest.mark.case("GI-93")
@pytest.mark.parametrize("passes_on", [True, False])
def test_who_overrides_new_connection_has_to_let_the_superclass_know(
    play: "Play", client: "Client", *, passes_on: bool
) -> None:
    play.start(
        play.geode(
            "OWN", cls=OverridingApplication, process=EngineProcess, passes_on=passes_on
        )
    )
    assert play.modes() == {T: [0]}
    made = client.connect(APP_MODE, play.app_block())
    assert made.num_servers == 1
    assert client.hi(made.connection, 1) == [1]
    if passes_on:
        assert play.take() == [
            ("OWN", "OWN", False),
            ("OWN", "OPEN_COMPLETE"),
            ("OWN", "HI", 1),
            ("C", "DONE", 1),
        ]
        assert play.modes() == {T: [2]}
        assert play.number_of("OWN") == (1, 1)
        return
    assert play.take() == [("OWN", "OWN", False)]
    assert play.modes() == {T: [0]}
    assert play.held_connections() == [made.connection]
    client.tell(lambda _: iacp.finish_connect(made.connection))
    assert play.take() == [("OWN", "HI", 1), ("C", "DONE", 1)]
    assert play.modes() == {T: [0]}
