"""Geodes that die without cleaning up. geos-iacp 6.4."""

from typing import Any

import pytest

from userlib.geos import (
    MSG_META_DISPATCH_EVENT,
    MSG_META_IACP_PROCESS_MESSAGE,
    TO_SELF,
    Event,
    GeodeToken,
    iacp,
    method,
    record,
)
from userlib.geos.iacp_constants import IACPS_CLIENT
from userlib.symbian.process import RProcess
from userlib.symbian.status import TRequestStatus
from userlib.symbian.thread import RThread
from userlib.symbian.user import User

T = GeodeToken(b"SRVR", 8)
U = GeodeToken(b"OTHR", 8)


def wait_for_ever(_: Any) -> None:
    User.wait_for_request(TRequestStatus())


@pytest.mark.case("GI-88")
def test_a_dead_server_has_handled_and_left_everything(stage: Any) -> None:
    servers = stage.servers(2, 2, 2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    stage.begin(servers[1], wait_for_ever)  # so that HI stays in its queue
    assert stage.send(c, made.connection, done=c) == 3
    log = stage.take()
    assert sorted(log) == [("C", "DONE")] * 2 + [("S1", "HI"), ("S3", "HI")]
    stage.kill(servers[1])
    assert stage.take() == [("C", "DONE"), ("C", "LOST", made.connection, 2)]
    registered = [each.server for each in stage.lists()[T].servers]
    assert registered == [servers[0].app, servers[2].app]
    assert stage.send(c, made.connection, done=c) == 2
    assert sorted(stage.take()) == [("C", "DONE")] * 3 + [("S1", "HI"), ("S3", "HI")]


def test_what_is_being_handled_completes_with_the_death(stage: Any) -> None:
    s1 = stage.server("S1")
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    number = stage.enter(wait_for_ever)
    cls = stage.object_class

    def busy() -> Any:
        return record(None, cls.MSG_PUPPET_DO, number=number)

    assert stage.send(c, made.connection, busy, done=c) == 1
    assert stage.take() == []
    stage.kill(s1)
    assert stage.take() == [("C", "DONE"), ("C", "LOST", made.connection, 1)]


def test_what_is_held_completes_with_the_death_of_the_server(stage: Any) -> None:
    s1 = stage.server("S1", 0)
    c = stage.geode("C")
    made = stage.connect(c, 2)
    stage.take()
    for _ in range(2):
        assert stage.send(c, made.connection, done=c) == 1
    assert stage.take() == []
    stage.kill(s1)
    lost = ("C", "LOST", made.connection, 1)
    assert stage.take() == [("C", "DONE"), ("C", "DONE"), lost]
    assert stage.send(c, made.connection, done=c) == 0
    assert stage.take() == [("C", "DONE")]


def test_a_dead_client_has_left(stage: Any) -> None:
    stage.server("S1", leaves=False)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    stage.kill(c)
    assert stage.take() == [("S1", "LOST", made.connection, 0)]
    assert [each.client for each in stage.connections()] == [None]


def test_all_objects_of_a_geode_die_with_it(stage: Any) -> None:
    """On all lists, as servers of one and clients of another, with their documents."""
    both = stage.server("S1")
    c = stage.geode("C")

    def more(app: Any) -> None:
        second = type(app)(name="second")
        iacp.register_server(U, second, 0)
        iacp.register_server(T, second, 0)
        iacp.register_document(second, 2, 1)
        iacp.connect(T)

    stage.tell(both, more)
    made = stage.connect(c)
    assert made.num_servers == 2
    assert len(stage.connections()) == 2
    stage.take()
    stage.kill(both)
    assert stage.take() == [
        ("C", "LOST", made.connection, 1),
        ("C", "LOST", made.connection, 2),
    ]
    assert stage.lists()[T].servers == ()
    assert list(stage.lists()) == [T]
    stage.shutdown(c, made.connection)
    assert stage.lists() == {}
    with stage.machine.attach():
        assert iacp.documents() == ()


def test_who_dies_before_its_server_was_registered_is_none(stage: Any) -> None:
    """A server may be registered by others than its geode, and when it is dead."""
    s1 = stage.geode("S1")
    c = stage.geode("C")
    stage.kill(s1)
    stage.tell(c, lambda _: iacp.register_server(T, s1.app, 2))
    assert stage.lists() == {}


def test_a_thread_that_is_no_geodes_leaves_no_trace(stage: Any) -> None:
    """It may connect for somebody; its session ends with it."""
    stage.server("S1")
    c = stage.geode("C")

    def program() -> None:
        made = iacp.connect(T, 0x10, None, c.app)
        assert made.num_servers == 1
        event = stage.hi()
        assert iacp.send_message(made.connection, event, TO_SELF, None, IACPS_CLIENT)

    stage.machine.run(program)
    assert [what for _, what, *_ in stage.take()] == ["NEW", "HI"]
    assert [each.client for each in stage.connections()] == [c.app]


def test_who_waits_for_an_answer_hears_of_the_death(stage: Any) -> None:
    s1 = stage.server("S1")
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    stage.begin(s1, wait_for_ever)

    def send(app: Any) -> int:
        event = stage.hi()
        reached = iacp.send_message_and_wait(
            made.connection, event, TO_SELF, IACPS_CLIENT
        )
        app.note("goes on")
        return reached

    number = stage.begin(c, send)
    assert stage.take() == []
    stage.kill(s1)
    assert stage.take() == [("C", "goes on"), ("C", "LOST", made.connection, 1)]
    assert stage.result(number) == 1


def test_a_session_ends_with_its_thread(stage: Any) -> None:
    """Threads that come and go leave no handles behind in their geode."""
    c = stage.geode("C")

    def come_and_go(_: Any) -> int:
        process = RProcess()
        iacp.lists()
        before = len(process.open_handles())
        for _ in range(3):
            status = TRequestStatus()
            with RThread().create("", lambda: look(2)) as thread:
                thread.logon(status)
                thread.resume()
                User.wait_for_request(status)
                assert thread.exit_reason() == 0, thread.exit_info()
        return len(process.open_handles()) - before

    assert stage.tell(c, come_and_go) == 0


def look(times: int) -> None:
    for _ in range(times):
        iacp.lists()


@pytest.mark.parametrize("is_dead_before", [False, True])
def test_a_completion_outlives_the_object_elsewhere_that_the_message_went_on_to(
    stage: Any, is_dead_before: bool
) -> None:
    """It left the server's geode, and that one lives: nobody else answers for it."""
    stage.server("S1")
    x, c = stage.geode("X"), stage.geode("C")
    made = stage.connect(c)
    stage.take()
    if is_dead_before:
        stage.kill(x)
    else:
        stage.begin(x, wait_for_ever)  # so that HI stays in its queue

    def event() -> Any:
        return record(x.app, stage.object_class.MSG_HI)

    assert stage.send(c, made.connection, event, travel=-1, done=c) == 1
    stage.kill(x)
    assert stage.take() == [("C", "DONE")]


def test_a_completion_that_bears_another_does_not_take_it_along(stage: Any) -> None:
    """What S1 is to complete it wraps, and sends on for an object that dies."""
    stage.server("S2", serves=U)
    c, x = stage.geode("C"), stage.geode("X")

    class Wrapper(stage.object_class):  # type: ignore[name-defined,misc] # made there
        """Lets X dispatch what C waits for, once S2 has heard of it."""

        @method(MSG_META_IACP_PROCESS_MESSAGE)
        def process_message(
            self, msg_to_send: Event, topt: int, completion_msg: Event | None
        ) -> None:
            if completion_msg is None:
                self.callsuper()
                return
            inner = record(
                x.app, MSG_META_DISPATCH_EVENT, event=completion_msg, flags=0, marker=0
            )
            iacp.send_message(onward[0], msg_to_send, topt, inner, IACPS_CLIENT)

    s1 = stage.server("S1", cls=Wrapper)
    onward = [stage.connect(s1, token=U).connection]
    made = stage.connect(c)
    stage.take()
    assert stage.send(c, made.connection, done=c) == 1
    assert stage.take() == [("S2", "HI"), ("C", "DONE")]
    stage.kill(x)
    assert stage.send(c, made.connection, done=c) == 1
    assert stage.take() == [("S2", "HI"), ("C", "DONE")]
