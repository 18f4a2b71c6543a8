"""Connecting to servers that run: who is chosen, and who hears of it. geos-iacp 3.3."""

from typing import Any

import pytest

from servers.iacp.protocol import IACPSpec
from userlib.geos import NULL_OPTR, GeosFatalError, MetaClass, iacp, message, method
from userlib.geos.iacp_constants import (
    IACPCE_NO_SERVER,
    IACPCF_CLIENT_OD_SPECIFIED,
    IACPCF_FIRST_ONLY,
    IACPCF_OBEY_LAUNCH_MODEL,
    IACPS_CLIENT,
    UILM_GURU,
    UILM_MULTIPLE_INSTANCES,
    UILM_SINGLE_INSTANCE,
    UILM_TRANSPARENT,
)
from userlib.geos.process import OPEN_APPLICATION

IN_UI = 2  # the mode that is asked for


@pytest.mark.case("GI-11")
def test_without_a_list_there_is_no_server(stage: Any) -> None:
    c = stage.geode("C")
    assert stage.connect(c) == (0, 0, IACPCE_NO_SERVER, 0)
    assert stage.lists() == {}


@pytest.mark.case("GI-12")
def test_every_server_hears_once_of_a_connection(stage: Any) -> None:
    s1, *_ = stage.servers(2, 2, 2)
    c = stage.geode("C")
    made = stage.connect(c)
    assert made == (made.connection, 3, None, s1.handle)
    assert made.connection != 0
    notice = ("NEW", None, False, made.connection)
    heard = sorted(stage.take())
    assert heard == [("S1", *notice), ("S2", *notice), ("S3", *notice)]


@pytest.mark.case("GI-13")
def test_first_only_connects_to_the_first(stage: Any) -> None:
    stage.servers(2, 2, 2)
    c = stage.geode("C")
    made = stage.connect(c, IACPCF_FIRST_ONLY)
    assert made.num_servers == 1
    assert stage.take() == [("S1", "NEW", None, False, made.connection)]
    assert stage.send(c, made.connection) == 1
    assert stage.take() == [("S1", "HI")]


@pytest.mark.case("GI-14")
def test_first_only_means_the_first_that_qualifies(stage: Any) -> None:
    _, s2 = stage.servers(0, 2)
    c = stage.geode("C")
    made = stage.connect(c, IACPCF_FIRST_ONLY | IN_UI)
    assert made == (made.connection, 1, None, s2.handle)
    (connection,) = stage.connections()
    assert connection.servers == (s2.app,)
    assert connection.held is None
    assert stage.take() == [("S2", "NEW", None, False, made.connection)]


@pytest.mark.case("GI-15")
def test_servers_in_a_lower_mode_are_left_out(stage: Any) -> None:
    servers = stage.servers(0, 2, 2)
    c = stage.geode("C")
    made = stage.connect(c, IN_UI)
    assert made.num_servers == 2

    def numbers(_: Any) -> list[int]:
        return [iacp.get_server_number(made.connection, each.app) for each in servers]

    assert stage.tell(c, numbers) == [0, 1, 2]
    assert {name for name, *_ in stage.take()} == {"S2", "S3"}


@pytest.mark.case("GI-16")
def test_a_server_in_a_higher_mode_takes_requests_for_a_lower(stage: Any) -> None:
    stage.servers(0, 1, 2)
    c = stage.geode("C")
    assert stage.connect(c, 0).num_servers == 3
    (connection,) = stage.connections()
    assert connection.held is None


@pytest.mark.case("GI-17")
def test_if_nobody_qualifies_the_first_is_waited_for(stage: Any) -> None:
    s1, _ = stage.servers(0, 1)
    c = stage.geode("C")
    made = stage.connect(c, IN_UI)
    assert made == (made.connection, 1, None, s1.handle)
    (connection,) = stage.connections()
    assert connection.servers == (s1.app,)
    assert connection.held == 0
    # Only then it is told, and hears of it whatever is held.
    assert stage.take() == [("S1", "NEW", None, False, made.connection)]


@pytest.mark.case("GI-18")
def test_the_client_is_the_application_object_unless_specified(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c, x = stage.geode("C"), stage.geode("X")
    made = stage.connect(c, 0, None, x.app)
    stage.take()
    stage.shutdown(s1, made.connection, s1)
    assert stage.take() == [("C", "LOST", made.connection, 1)]


@pytest.mark.case("GI-19")
def test_the_client_may_be_another_object(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c, x = stage.geode("C"), stage.geode("X")
    made = stage.connect(c, IACPCF_CLIENT_OD_SPECIFIED, None, x.app)
    stage.take()
    stage.shutdown(s1, made.connection, s1)
    assert stage.take() == [("X", "LOST", made.connection, 1)]


def test_a_connection_needs_a_client(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")

    def connect(_: Any) -> str:
        with pytest.raises(GeosFatalError) as caught:
            iacp.connect(stage.token, IACPCF_CLIENT_OD_SPECIFIED, None, NULL_OPTR)
        return caught.value.name

    assert stage.tell(c, connect) == "IACP_CONNECTION_HAS_NO_CLIENT_OBJECT"
    assert stage.connections() == []


def test_what_no_client_can_ask_for_is_refused(stage: Any) -> None:
    c = stage.geode("C")

    def connect(_: Any) -> None:
        for flags in (1, 3, 0x40):
            with pytest.raises(ValueError, match=r"mode|flags"):
                iacp.connect(stage.token, flags)
        with pytest.raises(ValueError, match="time-out"):
            iacp.connect(stage.token, timeout_us=-1)

    stage.tell(c, connect)


@pytest.mark.case("GI-20")
def test_a_server_hears_of_the_connection_before_its_messages(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")

    def connect(_: Any) -> int:
        made = iacp.connect(stage.token)
        for number in (1, 2, 3):
            event = stage.hi(number)
            iacp.send_message(made.connection, event, 1, None, IACPS_CLIENT)
        return made.connection

    connection = stage.tell(c, connect)
    messages = [("S1", "HI", number) for number in (1, 2, 3)]
    assert stage.take() == [("S1", "NEW", None, False, connection), *messages]


@pytest.mark.case("GI-21")
def test_who_registers_later_joins_no_connection(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")
    first = stage.connect(c)
    stage.server("S2")
    stage.take()
    assert stage.send(c, first.connection) == 1
    assert stage.take() == [("S1", "HI")]
    assert stage.connect(c).num_servers == 2


@pytest.mark.case("GI-22")
def test_every_connect_makes_a_connection_of_its_own(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")
    first, second = stage.connect(c), stage.connect(c)
    assert first.connection != second.connection
    notices = [("S1", "NEW", None, False, each.connection) for each in (first, second)]
    assert stage.take() == notices
    stage.shutdown(c, first.connection)
    stage.take()
    assert stage.send(c, second.connection) == 1
    assert stage.take() == [("S1", "HI")]


@pytest.mark.case("GI-23")
def test_with_a_server_the_block_is_only_news(stage: Any) -> None:
    stage.servers(2)
    c = stage.geode("C")
    block = iacp.create_default_launch_block(OPEN_APPLICATION)
    before = stage.geodes()
    made = stage.connect(c, 0, block)
    assert stage.take() == [("S1", "NEW", block, False, made.connection)]
    assert made.num_servers == 1
    assert stage.geodes() == before


@pytest.mark.case("GI-24")
@pytest.mark.parametrize(
    ("flags", "name"),
    [
        (IN_UI, "MUST_CONNECT_TO_FIRST_ONLY_IF_OBEYING_LAUNCH_MODEL"),
        (IACPCF_FIRST_ONLY, "MUST_CONNECT_IN_APP_MODE_IF_OBEYING_LAUNCH_MODEL"),
    ],
)
def test_who_obeys_the_launch_model_wants_one_application(
    stage: Any, flags: int, name: str
) -> None:
    stage.servers(2)
    c = stage.geode("C")

    def connect(_: Any) -> str:
        block = iacp.create_default_launch_block(OPEN_APPLICATION)
        with pytest.raises(GeosFatalError) as caught:
            iacp.connect(stage.token, flags | IACPCF_OBEY_LAUNCH_MODEL, block)
        return caught.value.name

    assert stage.tell(c, connect) == name
    assert stage.connections() == []


class TestEveryLaunchModel:
    """One machine for each."""

    @pytest.fixture(
        params=[
            UILM_TRANSPARENT,
            UILM_SINGLE_INSTANCE,
            UILM_MULTIPLE_INSTANCES,
            UILM_GURU,
        ]
    )
    def spec(self, request: pytest.FixtureRequest) -> IACPSpec:
        return IACPSpec(launch_model=request.param)

    @pytest.mark.case("GI-25")
    def test_without_a_block_it_does_not_matter(self, stage: Any) -> None:
        s1 = stage.server("S1", flags=0x80)
        c = stage.geode("C")
        flags = IACPCF_OBEY_LAUNCH_MODEL | IACPCF_FIRST_ONLY | IN_UI
        made = stage.connect(c, flags)
        assert made == (made.connection, 1, None, s1.handle)


class Deaf(MetaClass):
    """Hears what is sent to it, but has no handler for PROCESS_MESSAGE."""

    name = "Deaf"
    heard: tuple[str, ...] = ()

    MSG_PUPPET_DO = message(number=int)
    MSG_HI = message(number=int | None)

    @method(MSG_HI)
    def hi(self, number: int | None) -> None:
        self.heard = (*self.heard, f"hi {number}")


@pytest.mark.case("GI-26")
def test_who_does_not_process_messages_hears_nothing(stage: Any) -> None:
    s1 = stage.geode("S1", cls=Deaf)
    c = stage.geode("C")
    stage.tell(c, lambda _: iacp.register_server(stage.token, s1.app, 2))
    made = stage.connect(c)
    assert made.num_servers == 1
    assert stage.send(c, made.connection, done=c) == 1
    assert stage.take() == []
    # Not even when it dies: it will never be handled, and was not left undone.
    stage.kill(s1)
    assert stage.take() == [("C", "LOST", made.connection, 1)]


@pytest.mark.case("GI-27")
def test_an_object_may_be_client_and_server(stage: Any) -> None:
    (s1,) = stage.servers(2)
    made = stage.connect(s1)
    (connection,) = stage.connections()
    assert connection.client == s1.app
    assert connection.servers == (s1.app,)
    stage.take()
    assert stage.send(s1, made.connection) == 1
    assert stage.take() == [("S1", "HI")]


@pytest.mark.case("GI-91")
def test_any_object_can_be_a_server_by_handlers_of_its_own(stage: Any) -> None:
    holder = stage.geode("holder")
    c = stage.geode("C")

    def make(_: Any) -> Any:
        o = stage.object_class(name="O", finishes=True)
        iacp.register_server(stage.token, o, 2)
        return o.optr

    optr = stage.tell(holder, make)
    assert optr != holder.app
    made = stage.connect(c)
    assert stage.send(c, made.connection, done=c) == 1
    stage.shutdown(c, made.connection)
    heard = stage.take()
    assert [what for name, *what in heard if name == "O"] == [
        ["NEW", None, False, made.connection],
        ["HI"],
        ["LOST", made.connection, 0],
        ["SHUTDOWN", made.connection],
    ]
    assert [what for name, *what in heard if name == "C"] == [["DONE"]]
    assert len(heard) == 5
    assert stage.connections() == []
    stage.tell(holder, lambda _: iacp.unregister_server(stage.token, optr))
    assert stage.lists() == {}
