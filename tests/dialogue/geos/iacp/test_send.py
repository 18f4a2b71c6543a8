"""Sending over a connection, and completions. geos-iacp 3.4, 3.8."""

from typing import Any

import pytest

from kernel.abi.errors import KErrArgument
from userlib.geos import (
    MSG_META_DUMMY,
    MSG_META_IACP_PROCESS_MESSAGE,
    TO_NULL,
    TO_PROCESS,
    TO_SELF,
    Event,
    GeodeToken,
    GeosFatalError,
    GeosTimeout,
    MetaClass,
    ProcessClass,
    geode_alloc_queue,
    geode_create_thread,
    geode_free_queue,
    geode_info_queue,
    iacp,
    message,
    message_dispatch,
    method,
    obj_free,
    obj_free_message,
    queue_get_message,
    record,
)
from userlib.geos.iacp_constants import IACPS_CLIENT, IACPS_SERVER
from userlib.geos.iacp_protocol import TIACPMessage
from userlib.geos.iacp_session import RIACP
from userlib.symbian.leave import trap
from userlib.symbian.user import User

MS = 1000
U = GeodeToken(b"OTHR", 8)
DONE = ("C", "DONE")


@pytest.fixture
def three(stage: Any) -> tuple[Any, Any, int]:
    """Three servers and a client that is connected to them."""
    servers = stage.servers(2, 2, 2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    return servers, c, made.connection


@pytest.fixture
def one(stage: Any) -> tuple[Any, Any, int]:
    """The same with one server."""
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    return s1, c, made.connection


@pytest.fixture
def without_s2(stage: Any, three: Any) -> tuple[Any, Any, int]:
    """Three servers, of which S2 has left."""
    servers, c, connection = three
    stage.shutdown(servers[1], connection, servers[1])
    stage.take()
    return servers, c, connection


def count(log: list[Any]) -> dict[Any, int]:
    return {entry: log.count(entry) for entry in log}


@pytest.mark.case("GI-46")
def test_every_server_gets_its_copy(stage: Any, three: Any) -> None:
    _, c, connection = three
    assert stage.send(c, connection, done=c) == 3
    assert count(stage.take()) == {
        ("S1", "HI"): 1,
        ("S2", "HI"): 1,
        ("S3", "HI"): 1,
        ("C", "DONE"): 3,
    }


@pytest.mark.case("GI-47")
def test_a_completion_fires_also_for_who_has_left(stage: Any, without_s2: Any) -> None:
    _, c, connection = without_s2
    assert stage.send(c, connection, done=c) == 2
    assert count(stage.take()) == {("S1", "HI"): 1, ("S3", "HI"): 1, ("C", "DONE"): 3}


@pytest.mark.case("GI-48")
def test_what_is_sent_to_who_has_left_completes(stage: Any, without_s2: Any) -> None:
    _, c, connection = without_s2
    assert stage.send(c, connection, done=c, server=2) == 0
    assert stage.take() == [("C", "DONE")]


@pytest.mark.case("GI-49")
def test_a_server_that_never_was_cannot_be_sent_to(stage: Any, three: Any) -> None:
    _, c, connection = three

    def send(_: Any) -> list[str]:
        names = []
        for number in (0, 4, -1):
            with pytest.raises(GeosFatalError) as caught:
                iacp.send_message_to_server(
                    connection, stage.hi(), TO_SELF, None, number
                )
            names.append(caught.value.name)
        return names

    assert stage.tell(c, send) == ["IACP_INVALID_SERVER_NUMBER"] * 3
    assert stage.take() == []


@pytest.mark.case("GI-50")
def test_who_leaves_changes_no_number(stage: Any, three: Any) -> None:
    servers, c, connection = three
    stage.shutdown(servers[0], connection, servers[0])
    stage.take()

    def numbers(_: Any) -> list[int]:
        return [iacp.get_server_number(connection, each.app) for each in servers]

    assert stage.tell(c, numbers) == [0, 2, 3]
    assert stage.send(c, connection, server=3) == 1
    assert stage.take() == [("S3", "HI")]


@pytest.mark.case("GI-51")
def test_a_completion_waits_for_the_last_handler(stage: Any) -> None:
    s1 = stage.server("S1", ui_thread=True)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()

    def slowly(_: Any) -> None:
        User.after_high_res(50 * MS)
        stage.script.log.append(("process", "handled"))

    to_process = stage.process_call(slowly)
    assert s1.app.thread != s1.handle
    assert stage.send(c, made.connection, to_process, travel=TO_PROCESS, done=c) == 1
    assert stage.script.log == []  # the process is still busy
    stage.machine.advance(50 * MS)
    assert stage.take() == [("process", "handled"), ("C", "DONE")]


class Unrelated(MetaClass):
    """No class of a server's."""

    MSG_UNRELATED = message(number=int | None)


@pytest.mark.case("GI-52")
def test_a_message_for_another_class_only_completes(stage: Any, one: Any) -> None:
    _, c, connection = one

    def event() -> Event:
        return record(Unrelated, stage.object_class.MSG_HI)

    assert stage.send(c, connection, event, done=c) == 1
    assert stage.take() == [("C", "DONE")]


class OtherProcess(ProcessClass):
    """Its first message has the number of every process class's first one."""

    MSG_OTHER_HELLO = message(number=int | None)


@pytest.mark.case("GI-53")
def test_to_the_process_no_class_is_looked_at(stage: Any, one: Any) -> None:
    s1, c, connection = one
    assert OtherProcess.MSG_OTHER_HELLO.number == (
        stage.process_class.MSG_PROCESS_HI.number
    )

    def event() -> Event:
        return record(OtherProcess, OtherProcess.MSG_OTHER_HELLO, number=7)

    assert stage.send(c, connection, event, travel=TO_PROCESS) == 1
    assert stage.take() == [(f"process {s1.handle}", "HI", 7)]


@pytest.mark.case("GI-54")
def test_a_message_to_nobody_only_completes(stage: Any, one: Any) -> None:
    _, c, connection = one
    assert stage.send(c, connection, travel=TO_NULL, done=c) == 1
    assert stage.take() == [("C", "DONE")]


@pytest.mark.case("GI-55")
def test_a_message_may_be_for_an_object_on_another_thread(stage: Any, one: Any) -> None:
    s1, c, connection = one
    made: list[Any] = []

    class Busy(stage.object_class):  # type: ignore[misc] # a class made for the test
        """Says when it begins and when it ends."""

        @method(stage.object_class.MSG_HI)
        def hi(self, number: int | None) -> None:
            self.note("begins")
            User.after_high_res(50 * MS)
            self.note("ends")

    def make(_: Any) -> None:
        geode_create_thread("x", set_up=lambda: made.append(Busy(name="X").optr))

    stage.tell(s1, make)
    (x,) = made
    assert x.geode == s1.handle
    assert x.thread != s1.app.thread

    def event() -> Event:
        return record(x, stage.object_class.MSG_HI)

    assert stage.send(c, connection, event, travel=-1, done=c) == 1
    assert stage.script.log == [("X", "begins")]
    stage.machine.advance(50 * MS)
    assert stage.take() == [("X", "begins"), ("X", "ends"), ("C", "DONE")]


@pytest.mark.case("GI-56")
def test_an_event_is_used_up_by_sending_it(stage: Any, one: Any) -> None:
    _, c, connection = one

    def send(_: Any) -> list[str]:
        event, completion = stage.hi(), stage.done(c)
        iacp.send_message(connection, event, TO_SELF, completion, IACPS_CLIENT)
        names = []
        for again, done in ((event, None), (stage.hi(), completion)):
            with pytest.raises(GeosFatalError) as caught:
                iacp.send_message(connection, again, TO_SELF, done, IACPS_CLIENT)
            names.append(caught.value.name)
        return names

    assert stage.tell(c, send) == ["ILLEGAL_HANDLE"] * 2
    assert stage.take() == [("S1", "HI"), ("C", "DONE")]


@pytest.mark.case("GI-57")
def test_the_servers_side_sends_to_the_client(stage: Any) -> None:
    s1, _ = stage.servers(2, 2)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    assert stage.send(s1, made.connection, side=IACPS_SERVER) == 1
    assert stage.take() == [("C", "HI")]


@pytest.mark.case("GI-58")
def test_a_client_that_has_left_completes(stage: Any) -> None:
    s1 = stage.server("S1", leaves=False)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.shutdown(c, made.connection)
    stage.take()
    assert stage.send(s1, made.connection, done=s1, side=IACPS_SERVER) == 0
    assert stage.take() == [("S1", "DONE")]


@pytest.mark.case("GI-59")
def test_messages_are_handled_as_they_were_sent(stage: Any, one: Any) -> None:
    _, c, connection = one

    def send(_: Any) -> None:
        for number in range(1, 101):
            event = stage.hi(number)
            iacp.send_message(connection, event, TO_SELF, None, IACPS_CLIENT)

    stage.tell(c, send)
    assert stage.take() == [("S1", "HI", number) for number in range(1, 101)]


@pytest.mark.case("GI-60")
def test_sending_can_wait_until_it_was_handled(stage: Any, one: Any) -> None:
    _, c, connection = one

    def send(app: Any) -> int:
        event = stage.hi(1)
        reached = iacp.send_message_and_wait(connection, event, TO_SELF, IACPS_CLIENT)
        app.note("goes on")
        return reached

    assert stage.tell(c, send) == 1
    assert stage.take() == [("S1", "HI", 1), ("C", "goes on")]


def test_who_has_no_time_looks_once(stage: Any, one: Any) -> None:
    s1, c, connection = one

    def send(_: Any) -> str:
        event = stage.hi(1)
        with pytest.raises(GeosTimeout) as caught:
            iacp.send_message_and_wait(
                connection, event, TO_SELF, IACPS_CLIENT, timeout_us=0
            )
        return str(caught.value)

    # The server is busy with asking for it.
    assert stage.tell(s1, lambda _: stage.ask(c, send)) == "not handled within 0 us"
    assert stage.take() == [("S1", "HI", 1)]


@pytest.mark.parametrize("timeout_us", [-1, -5])
def test_nobody_waits_for_less_than_no_time(
    stage: Any, one: Any, timeout_us: int
) -> None:
    _, c, connection = one

    def send(_: Any) -> bool:
        event = stage.hi()
        with pytest.raises(ValueError, match=f"a time-out of {timeout_us} us"):
            iacp.send_message_and_wait(
                connection, event, TO_SELF, IACPS_CLIENT, timeout_us=timeout_us
            )
        return bool(event.is_consumed)

    assert not stage.tell(c, send)
    assert stage.take() == []


@pytest.mark.case("GI-61")
def test_waiting_for_who_has_left_takes_no_time(stage: Any, one: Any) -> None:
    s1, c, connection = one
    stage.shutdown(s1, connection, s1)

    def send(_: Any) -> int:
        event = stage.hi()
        return iacp.send_message_and_wait(connection, event, TO_SELF, IACPS_CLIENT)

    before = stage.machine.debug.snapshot().time_us
    assert stage.tell(c, send) == 0
    assert stage.machine.debug.snapshot().time_us == before


@pytest.mark.case("GI-62")
def test_completions_can_be_taken_out_of_a_queue(stage: Any, three: Any) -> None:
    _, c, connection = three

    def send(_: Any) -> tuple[list[int], int]:
        queue = geode_alloc_queue()
        completion = record(queue, MSG_META_DUMMY)
        iacp.send_message(connection, stage.hi(), TO_SELF, completion, IACPS_CLIENT)
        taken = [queue_get_message(queue).message for _ in range(3)]
        left = geode_info_queue(queue)
        geode_free_queue(queue)
        return taken, left

    assert stage.tell(c, send) == ([MSG_META_DUMMY.number] * 3, 0)


@pytest.mark.case("GI-63")
def test_nobody_minds_a_completion_for_the_dead(stage: Any, one: Any) -> None:
    s1, c, connection = one

    def be_busy(_: Any) -> None:
        User.after_high_res(50 * MS)

    stage.begin(s1, be_busy)
    stage.send(c, connection, done=c)
    c.process.kill()
    stage.machine.advance(50 * MS)
    heard = stage.take()
    assert heard == [
        ("S1", "HI"),
        ("S1", "LOST", connection, 0),
        ("S1", "SHUTDOWN", connection),
    ]
    assert stage.connections() == []


def test_a_completion_can_be_put_aside(stage: Any) -> None:
    """As the application object does while a document closes its file."""
    kept: list[Event] = []

    class Keeper(stage.object_class):  # type: ignore[misc] # a class made for the test
        """Keeps completions."""

        @method(MSG_META_IACP_PROCESS_MESSAGE)
        def keep(
            self, msg_to_send: Event, topt: int, completion_msg: Event | None
        ) -> None:
            if completion_msg is not None:
                kept.append(completion_msg)
            iacp.process_message(self, msg_to_send, topt, None)

    s1 = stage.server("S1", cls=Keeper)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    for _ in range(3):
        stage.send(c, made.connection, done=c)
    assert stage.take() == [("S1", "HI")] * 3
    stage.tell(s1, lambda _: message_dispatch(kept[0]))
    assert stage.take() == [("C", "DONE")]
    stage.tell(s1, lambda _: obj_free_message(kept[1]))
    assert stage.take() == []
    # What it still had when it dies is completed then, and only that.
    stage.kill(s1)
    assert stage.take() == [("C", "DONE"), ("C", "LOST", made.connection, 1)]


def test_a_completion_of_an_object_that_is_gone_fires(stage: Any, one: Any) -> None:
    _, c, connection = one
    holder = stage.geode("holder")

    def come_and_go(app: Any) -> int:
        short_lived = type(app)(name="short-lived")
        iacp.register_server(U, short_lived, 2)
        made = stage.ask(c, lambda _: iacp.connect(U))
        obj_free(short_lived)
        return int(made.connection)

    made = stage.tell(holder, come_and_go)
    assert stage.send(c, made, done=c) == 1
    assert stage.take() == [("C", "DONE")]
    assert made != connection


def test_a_completion_can_be_passed_on(stage: Any) -> None:
    """A server that lets another one do the work completes when that has."""
    s2 = stage.server("S2", serves=U)
    passed: list[int] = []

    class Agent(stage.object_class):  # type: ignore[misc] # a class made for the test
        """Has it done by S2."""

        @method(MSG_META_IACP_PROCESS_MESSAGE)
        def pass_on(
            self, msg_to_send: Event, topt: int, completion_msg: Event | None
        ) -> None:
            if completion_msg is None:
                iacp.process_message(self, msg_to_send, topt, None)
                return
            made = iacp.connect(U)
            passed.append(made.connection)
            iacp.send_message(
                made.connection, msg_to_send, topt, completion_msg, IACPS_CLIENT
            )

    stage.server("S1", cls=Agent)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()
    assert stage.send(c, made.connection, done=c) == 1
    connection = passed[0]
    assert stage.take() == [("S2", "NEW", None, False, connection), ("S2", "HI"), DONE]
    stage.kill(s2)
    assert stage.take() == [("S1", "LOST", connection, 1)]


def test_what_is_too_deep_to_travel_is_refused(stage: Any, one: Any) -> None:
    _, c, connection = one

    class Deep(MetaClass):
        """Its message takes anything."""

        MSG_DEEP = message(value=object)

    def send(_: Any) -> int:
        value: Any = ()
        for _ in range(40):
            value = (value,)
        event = record(None, Deep.MSG_DEEP, value=value)
        return trap(iacp.send_message, connection, event, TO_SELF, None, IACPS_CLIENT)

    assert stage.tell(c, send) == KErrArgument
    assert stage.send(c, connection, done=c) == 1
    assert stage.take() == [("S1", "HI"), DONE]


def test_a_completion_for_any_object_of_a_class_is_refused(
    stage: Any, one: Any
) -> None:
    """It has nowhere to go; and the IACP server is not the one to die of that."""
    _, c, connection = one
    cls = stage.object_class

    def send(_: Any) -> list[str]:
        event, completion = stage.hi(), record(cls, cls.MSG_DONE)
        with pytest.raises(GeosFatalError) as caught:
            iacp.send_message(connection, event, TO_SELF, completion, IACPS_CLIENT)
        raw = (connection, 0, 0, 0, TO_SELF, event.pack(), completion.pack())
        told = trap(RIACP.of_thread().tell, TIACPMessage.ESend, *raw)
        return [caught.value.name, str(told == KErrArgument)]

    assert stage.tell(c, send) == ["ILLEGAL_HANDLE", "True"]
    assert stage.send(c, connection, done=c) == 1
    assert stage.take() == [("S1", "HI"), ("C", "DONE")]
