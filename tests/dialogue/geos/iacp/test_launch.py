"""Launching a server inside of Connect. geos-iacp 3.9, 3.10.

The applications here are of the tests' own making: what they do when they are launched
is written beside each. What the real application object does is tested elsewhere.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from servers.iacp.protocol import IACPSpec
from userlib.geos import (
    SP_APPLICATION,
    AppInstanceReference,
    AppLaunchFlags,
    ApplicationImage,
    GeodeLoadError,
    GeodeToken,
    GeosFatalError,
    GeosTimeout,
    geode_exit,
    iacp,
)
from userlib.geos.iacp_constants import (
    IACPCE_CANNOT_FIND_SERVER,
    IACPCE_SERVER_EXITED,
    IACPCF_FIRST_ONLY,
    IACPCF_OBEY_LAUNCH_MODEL,
    UILM_GURU,
    UILM_MULTIPLE_INSTANCES,
    UILM_SINGLE_INSTANCE,
    UILM_TRANSPARENT,
    UILaunchModel,
)
from userlib.geos.process import OPEN_APPLICATION, OPEN_ENGINE

T = GeodeToken(b"SRVR", 8)
U = GeodeToken(b"OTHR", 8)
LAZY = GeodeToken(b"LAZY", 8)
SHY = GeodeToken(b"SHY ", 8)
MORTAL = GeodeToken(b"MORT", 8)
ONCE = GeodeToken(b"ONCE", 8)
IN_UI = 2
MS = 1000


def registers(*tokens: GeodeToken, mode: int = 2) -> Callable[[Any], None]:
    def register(app: Any) -> None:
        for token in tokens:
            iacp.register_server(token, app, mode)

    return register


@pytest.fixture
def images(make_geode: Any) -> list[ApplicationImage]:
    """What they do when they are launched: register at once, later, never, die."""

    def image(
        path: str, token: GeodeToken, on_attach: Any = None, **more: Any
    ) -> ApplicationImage:
        return ApplicationImage(
            path, token, make_geode(path, token, on_attach).run, **more
        )

    return [
        image("app", T, registers(T)),
        image("both", U, registers(U, T)),
        image("lazy", LAZY),
        image("shy", SHY, registers(SHY, mode=0)),
        image("mortal", MORTAL, lambda _: geode_exit()),
        image("once", ONCE, multi_launchable=False),
    ]


def block(path: str = "", app_mode: int = OPEN_APPLICATION, **more: Any) -> Any:
    """A default block; with *path* one for exactly that application."""
    made = iacp.create_default_launch_block(app_mode)
    if path:
        reference = AppInstanceReference(path, disk_handle=SP_APPLICATION)
        made = replace(made, app_ref=reference)
    return replace(made, **more)


def log_of(stage: Any, name: str) -> list[Any]:
    return [list(what) for who, *what in stage.take() if who == name]


def test_what_is_launched_is_connected_to(stage: Any) -> None:
    c = stage.geode("C")
    asked = block()
    made = stage.connect(c, 0, asked)
    (app,) = stage.launched("app")
    assert made == (made.connection, 1, None, app.handle)
    attach, new = log_of(stage, "app")
    assert attach == ["ATTACH", replace(asked, app_ref=attach[1].app_ref)]
    assert attach[1].app_ref.file_name == "app"
    assert new == ["NEW", asked, True, made.connection]
    assert stage.send(c, made.connection) == 1
    assert stage.take() == [("app", "HI")]
    # The next one finds it running.
    again = stage.connect(c, 0, block())
    assert again.first_owner == app.handle
    assert [what[2] for what in log_of(stage, "app")] == [False]


@pytest.mark.case("GI-29")
def test_what_cannot_be_located_is_not_launched(stage: Any) -> None:
    c = stage.geode("C")
    asked = block()

    def connect(_: Any) -> Any:
        made = iacp.connect(GeodeToken(b"NONE", 8), 0, asked)
        with pytest.raises(GeosFatalError) as caught:
            iacp.connect(GeodeToken(b"NONE", 8), 0, asked)
        return made, caught.value.name

    failed = (0, 0, IACPCE_CANNOT_FIND_SERVER, 0)
    assert stage.tell(c, connect) == (failed, "ILLEGAL_HANDLE")


@pytest.mark.case("GI-30")
def test_what_the_loader_cannot_load_is_its_error(stage: Any) -> None:
    c = stage.geode("C")
    failed = (0, 0, GeodeLoadError.GLE_FILE_NOT_FOUND, 0)
    assert stage.connect(c, 0, block("missing")) == failed
    assert failed[2] == 2
    assert stage.connect(c, 0, block()).num_servers == 1  # the mutex is free again


@pytest.mark.case("GI-33")
def test_a_server_in_a_lower_mode_is_waited_for_and_not_doubled(stage: Any) -> None:
    s1 = stage.server("S1", 0)
    c = stage.geode("C")
    made = stage.connect(c, IN_UI, block())
    assert made == (made.connection, 1, None, s1.handle)
    assert stage.launched("app") == []
    assert [each.held for each in stage.connections()] == [0]


@pytest.mark.case("GI-34")
def test_two_who_want_the_same_launch_it_once(stage: Any) -> None:
    clients = [stage.geode("C"), stage.geode("D")]
    asked = [
        stage.begin(each, lambda _: iacp.connect(LAZY, 0, block())) for each in clients
    ]
    stage.settle()
    (lazy,) = stage.launched("lazy")
    assert stage.script.results == {}  # both wait
    stage.tell(lazy, registers(LAZY))
    stage.settle()
    made = [stage.result(number) for number in asked]
    assert [each.num_servers for each in made] == [1, 1]
    assert {each.first_owner for each in made} == {lazy.handle}
    assert stage.launched("lazy") == [lazy]
    news = [what for what in log_of(stage, "lazy") if what[0] == "NEW"]
    assert sorted(what[2] for what in news) == [False, True]
    assert {what[3] for what in news} == {each.connection for each in made}


@pytest.mark.case("GI-35")
def test_what_runs_and_serves_nobody_cannot_run_twice(stage: Any) -> None:
    c, d = stage.geode("C"), stage.geode("D")
    first = stage.begin(c, lambda _: iacp.connect(ONCE, 0, block()))
    stage.settle()
    (once,) = stage.launched("once")
    stage.tell(once, registers(ONCE))
    stage.settle()
    assert stage.result(first).num_servers == 1
    stage.tell(once, lambda app: iacp.unregister_server(ONCE, app))
    failed = (0, 0, GeodeLoadError.GLE_NOT_MULTI_LAUNCHABLE, 0)
    assert stage.connect(d, 0, block(), token=ONCE) == failed
    assert failed[2] == 9
    assert stage.launched("once") == [once]


@pytest.mark.case("GI-36")
def test_a_named_application_serves_whatever_it_registers_for(stage: Any) -> None:
    c = stage.geode("C")
    made = stage.connect(c, 0, block("both"))
    (both,) = stage.launched("both")
    assert made == (made.connection, 1, None, both.handle)
    (connection,) = stage.connections()
    assert (connection.token, connection.servers) == (T, (both.app,))
    assert stage.launched("app") == []


@pytest.mark.case("GI-37")
def test_who_waits_for_ever_can_stop_waiting(stage: Any) -> None:
    c, d = stage.geode("C"), stage.geode("D")

    def connect(app: Any) -> None:
        with pytest.raises(GeosTimeout):
            iacp.connect(T, 0, block("lazy"), timeout_us=100 * MS)
        app.note("gives up")

    stage.begin(c, connect)
    stage.settle()
    (lazy,) = stage.launched("lazy")
    # Somebody who has nothing to do with it, and the right one for another token.
    stage.server("S1", serves=U)
    stage.tell(lazy, registers(LAZY))
    stage.machine.advance(99 * MS)
    assert ("C", "gives up") not in stage.take()
    stage.machine.advance(1 * MS)
    assert ("C", "gives up") in stage.take()
    assert stage.connect(d, 0, block()).num_servers == 1


def test_a_stranger_on_the_list_does_not_end_the_wait(stage: Any) -> None:
    """But it is connected to as well, unless one server is enough."""
    c, d = stage.geode("C"), stage.geode("D")
    every = stage.begin(c, lambda _: iacp.connect(LAZY, 0, block()))
    stage.settle()
    stranger = stage.server("S1", serves=LAZY)
    assert stage.script.results == {}
    (lazy,) = stage.launched("lazy")
    stage.tell(lazy, registers(LAZY))
    stage.settle()
    made = stage.result(every)
    assert made.num_servers == 2
    assert made.first_owner == stranger.handle
    assert stage.connect(d, 0, block(), token=LAZY).num_servers == 2


def test_first_only_begins_with_what_was_launched(stage: Any) -> None:
    c = stage.geode("C")
    flags = IACPCF_FIRST_ONLY
    one = stage.begin(c, lambda _: iacp.connect(LAZY, flags, block()))
    stage.settle()
    stage.server("S1", serves=LAZY)
    (lazy,) = stage.launched("lazy")
    stage.tell(lazy, registers(LAZY))
    stage.settle()
    made = stage.result(one)
    assert made == (made.connection, 1, None, lazy.handle)


def test_what_is_launched_and_not_ready_is_held(stage: Any) -> None:
    c = stage.geode("C")
    made = stage.connect(c, IN_UI, block(), token=SHY)
    assert made.num_servers == 1
    assert stage.send(c, made.connection) == 1
    assert [what[0] for what in log_of(stage, "shy")] == ["ATTACH", "NEW"]
    (shy,) = stage.launched("shy")
    stage.tell(shy, lambda app: iacp.finish_connect(made.connection, app))
    assert stage.take() == [("shy", "HI")]


@pytest.mark.case("GI-38")
def test_what_dies_before_it_serves_is_not_waited_for(stage: Any) -> None:
    c = stage.geode("C")
    made = stage.connect(c, 0, block(), token=MORTAL)
    assert made == (0, 0, IACPCE_SERVER_EXITED, 0)
    assert [what[0] for what in log_of(stage, "mortal")] == ["ATTACH"]
    assert stage.connect(c, 0, block()).num_servers == 1


def test_who_dies_while_it_launches_lets_the_next_one(stage: Any) -> None:
    c, d = stage.geode("C"), stage.geode("D")
    stage.begin(c, lambda _: iacp.connect(LAZY, 0, block()))
    stage.settle()
    second = stage.begin(d, lambda _: iacp.connect(T, 0, block()))
    stage.settle()
    assert stage.script.results == {}
    stage.kill(c)
    assert stage.result(second).num_servers == 1
    # What it launched goes on, and may serve whoever comes.
    (lazy,) = stage.launched("lazy")
    stage.tell(lazy, registers(LAZY))
    assert stage.connect(d, 0, token=LAZY).first_owner == lazy.handle


def test_who_waits_for_its_turn_may_die(stage: Any) -> None:
    c, d, e = (stage.geode(name) for name in "CDE")
    first = stage.begin(c, lambda _: iacp.connect(LAZY, 0, block()))
    stage.settle()
    stage.begin(d, lambda _: iacp.connect(T, 0, block()))
    stage.settle()
    third = stage.begin(e, lambda _: iacp.connect(U, 0, block()))
    stage.settle()
    stage.kill(d)
    (lazy,) = stage.launched("lazy")
    stage.tell(lazy, registers(LAZY))
    stage.settle()
    assert stage.result(first).num_servers == 1
    assert stage.result(third).num_servers == 1
    assert stage.launched("app") == []


def test_a_bound_application_is_launched(stage: Any) -> None:
    c = stage.geode("C")
    stage.tell(c, lambda _: iacp.bind_token(T, "both"))
    stage.connect(c, 0, block(app_mode=OPEN_ENGINE))
    assert len(stage.launched("both")) == 1
    assert stage.launched("app") == []


# The launch model

OBEY = IACPCF_OBEY_LAUNCH_MODEL | IACPCF_FIRST_ONLY | IN_UI


class Asked:
    """The user: what was asked, and what is answered."""

    def __init__(self, *, reuse: bool) -> None:
        self.reuse = reuse
        self.questions: list[tuple[GeodeToken, str]] = []

    def __call__(self, token: GeodeToken, name: str) -> bool:
        self.questions.append((token, name))
        return self.reuse


class LaunchModel:
    """A machine with a model, and a user who says yes unless told."""

    model: UILaunchModel
    reuse = True

    @pytest.fixture
    def asked(self) -> Asked:
        return Asked(reuse=self.reuse)

    @pytest.fixture
    def spec(self, asked: Asked) -> IACPSpec:
        return IACPSpec(launch_model=self.model, on_ask_reuse=asked)


def require_another(stage: Any, s1: Any, c: Any, asked_for: Any) -> None:
    """Another copy is launched and connected to, and S1 hears nothing."""
    made = stage.connect(c, OBEY, asked_for)
    (app,) = stage.launched("app")
    assert made == (made.connection, 1, None, app.handle)
    assert [name for name, *_ in stage.take()] == ["app", "app"]
    assert app.handle != s1.handle


def require_reuse(stage: Any, s1: Any, c: Any, asked_for: Any) -> None:
    made = stage.connect(c, OBEY, asked_for)
    assert made == (made.connection, 1, None, s1.handle)
    assert stage.launched("app") == []


class TestGuru(LaunchModel):
    """Another copy, whenever there may be one."""

    model = UILM_GURU

    @pytest.mark.case("GI-42")
    def test_a_guru_gets_a_copy_of_his_own(self, stage: Any, asked: Asked) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_another(stage, s1, c, block())
        assert asked.questions == []

    @pytest.mark.case("GI-43")
    def test_a_server_that_runs_once_is_used(self, stage: Any, asked: Asked) -> None:
        s1 = stage.server("S1")
        c = stage.geode("C")
        require_reuse(stage, s1, c, block())
        assert asked.questions == []

    def test_a_block_may_say_that_it_does_not_matter(self, stage: Any) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        flags = AppLaunchFlags.ALF_OVERRIDE_MULTIPLE_INSTANCE
        require_reuse(stage, s1, c, block(launch_flags=flags))

    def test_what_was_just_launched_is_not_launched_again(self, stage: Any) -> None:
        c = stage.geode("C")
        stage.tell(c, lambda _: iacp.bind_token(T, "app"))
        made = stage.connect(c, OBEY, block())
        (app,) = stage.launched("app")
        assert made.first_owner == app.handle

    @pytest.mark.parametrize("path", ["missing", "mortal"])
    def test_if_that_fails_the_running_one_is_used(self, stage: Any, path: str) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_reuse(stage, s1, c, block(path))
        notices = [what for what in log_of(stage, "S1") if what[0] == "NEW"]
        assert [what[2] for what in notices] == [False]

    def test_another_copy_is_waited_for_if_it_is_not_ready(self, stage: Any) -> None:
        stage.server("S1", flags=0x80, serves=SHY)
        c = stage.geode("C")
        made = stage.connect(c, OBEY, block(), token=SHY)
        (shy,) = stage.launched("shy")
        assert made == (made.connection, 1, None, shy.handle)
        assert [each.held for each in stage.connections()] == [0]


class TestAnswerNo(LaunchModel):
    """The user wants another copy."""

    model = UILM_MULTIPLE_INSTANCES
    reuse = False

    @pytest.mark.case("GI-44")
    @pytest.mark.parametrize(
        ("fields", "name"),
        [({}, "app"), ({"data_file": "letter"}, "letter"), ({"path": "app"}, "app")],
    )
    def test_no_launches_another(
        self, stage: Any, asked: Asked, fields: Any, name: str
    ) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_another(stage, s1, c, block(**fields))
        assert asked.questions == [(T, name)]

    def test_what_cannot_be_located_is_not_asked_about(
        self, stage: Any, asked: Asked
    ) -> None:
        none = GeodeToken(b"NONE", 8)
        s1 = stage.server("S1", flags=0x80, serves=none)
        c = stage.geode("C")
        made = stage.connect(c, OBEY, block(), token=none)
        assert made.first_owner == s1.handle
        assert asked.questions == []


class TestAnswerYes(LaunchModel):
    """The running one will do."""

    model = UILM_MULTIPLE_INSTANCES

    @pytest.mark.case("GI-44")
    def test_yes_uses_the_running_one(self, stage: Any, asked: Asked) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_reuse(stage, s1, c, block())
        require_reuse(stage, s1, c, block(data_file="letter"))
        assert asked.questions == [(T, "app"), (T, "letter")]


class TestSingle(LaunchModel):
    """Nobody is asked."""

    model = UILM_SINGLE_INSTANCE

    @pytest.mark.case("GI-45")
    def test_one_copy_is_enough(self, stage: Any, asked: Asked) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_reuse(stage, s1, c, block())
        assert asked.questions == []


class TestTransparent(TestSingle):
    """The same."""

    model = UILM_TRANSPARENT


class TestNobodyToAsk:
    """A machine whose user cannot be asked."""

    @pytest.fixture
    def spec(self) -> IACPSpec:
        return IACPSpec(launch_model=UILM_MULTIPLE_INSTANCES)

    def test_only_an_explicit_no_is_one(self, stage: Any) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_reuse(stage, s1, c, block())


class TestQuestionThatFails:
    """It dies, and is reported; the server goes on."""

    @pytest.fixture
    def spec(self) -> IACPSpec:
        def ask(_: GeodeToken, name: str) -> bool:
            raise RuntimeError(name)

        return IACPSpec(launch_model=UILM_MULTIPLE_INSTANCES, on_ask_reuse=ask)

    @pytest.mark.dies_of("RuntimeError")
    def test_only_an_explicit_no_is_one(self, stage: Any) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_reuse(stage, s1, c, block())


class TestSlowUser:
    """Whoever is asked may take his time, and even ask the server something."""

    @pytest.fixture
    def spec(self) -> IACPSpec:
        def ask(token: GeodeToken, _: str) -> bool:
            return not any(each.token == token for each in iacp.lists())

        return IACPSpec(launch_model=UILM_MULTIPLE_INSTANCES, on_ask_reuse=ask)

    def test_nothing_is_locked_while_the_user_is_asked(self, stage: Any) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        require_another(stage, s1, c, block())


class TestObserver:
    """The mailbox subsystem hears of servers."""

    @pytest.fixture
    def news(self) -> list[tuple[GeodeToken, int | None]]:
        return []

    @pytest.fixture
    def spec(self, news: list[tuple[GeodeToken, int | None]]) -> IACPSpec:
        return IACPSpec(on_server_change=lambda *what: news.append(what))

    def test_registrations_and_the_last_end_are_told(
        self, stage: Any, news: list[Any]
    ) -> None:
        s1, s2 = stage.servers(0, 2)
        stage.tell(s1, registers(T, mode=1))
        stage.tell(s1, lambda app: iacp.unregister_server(T, app))
        stage.kill(s2)
        assert news == [(T, 0), (T, 2), (T, 1), (T, None)]
