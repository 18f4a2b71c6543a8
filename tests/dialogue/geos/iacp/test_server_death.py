"""The IACP server itself dies, and another one is started: what its clients see."""

from typing import Any

import pytest

from eka import Executable, Image
from kernel.abi.errors import KErrNotFound, KErrServerTerminated, Leave
from kernel.abi.security import TCapability
from servers.iacp.marks import KNumbersAhead
from servers.iacp.protocol import KIACPProgram
from tools.iacp_report import KNothing, iacp_report
from userlib import RProcess, TFindProcess, TRequestStatus, User
from userlib.geos import (
    MSG_META_IACP_PROCESS_MESSAGE,
    TO_SELF,
    ApplicationImage,
    Event,
    GeodeToken,
    GeosFatalError,
    iacp,
    message_dispatch,
    method,
)
from userlib.geos.iacp_constants import IACPS_CLIENT
from userlib.geos.process import OPEN_ENGINE

T = GeodeToken(b"SRVR", 8)
LAZY = GeodeToken(b"LAZY", 8)


@pytest.fixture
def images(make_geode: Any) -> list[ApplicationImage]:
    """One that registers when the test says so."""
    return [ApplicationImage("lazy", LAZY, make_geode("lazy", LAZY).run)]


@pytest.fixture
def stage(stage: Any) -> Any:
    """With a program that ends the IACP server."""

    def end() -> None:
        (name,) = TFindProcess(f"{KIACPProgram}*")
        with RProcess().open(name) as process:
            process.kill(0)

    trusted = Image(capabilities=frozenset((TCapability.ECapabilityPowerMgmt,)))
    stage.machine.register("end", Executable(end, trusted))
    return stage


def end_iacp(stage: Any) -> None:
    assert str(stage.machine.run("end")) == "exited with KErrNone"
    stage.settle()


def end_iacp_from_here() -> None:
    """The same for a handler, which waits until it has ended."""
    ended = TRequestStatus()
    with RProcess().create("end") as process:
        process.logon(ended)
        process.resume()
        User.wait_for_request(ended)


def begin_iacp(stage: Any) -> None:
    stage.machine.start(KIACPProgram)
    stage.settle()


def code_of(call: Any) -> Any:
    """What it leaves with, or its fatal error."""
    try:
        call()
    except Leave as leave:
        return leave.code
    except GeosFatalError as error:
        return error.name
    return None


def test_who_asks_learns_that_it_has_ended_and_then_that_there_is_none(
    stage: Any,
) -> None:
    stage.servers(2)
    c = stage.geode("C")
    made = stage.connect(c)
    end_iacp(stage)

    def ask(app: Any) -> list[Any]:
        calls = (
            lambda: iacp.connect(T),
            lambda: iacp.connect(T),
            lambda: iacp.shutdown(made.connection),
            lambda: iacp.register_server(T, app, 2),
            iacp.lists,
        )
        return [code_of(call) for call in calls]

    assert stage.tell(c, ask) == [KErrServerTerminated, *[KErrNotFound] * 4]
    assert iacp_report(stage.machine) == KNothing
    stage.take()


def test_its_end_says_what_has_happened(stage: Any) -> None:
    c = stage.geode("C")
    stage.tell(c, lambda _: iacp.lists())
    end_iacp(stage)

    def ask(_: Any) -> str:
        with pytest.raises(Leave) as caught:
            iacp.lists()
        return str(caught.value)

    assert stage.tell(c, ask) == (
        "KErrServerTerminated (-15): the IACP server has ended"
    )
    assert stage.tell(c, ask) == "KErrNotFound (-1): no server '!IACP'"


def test_who_waits_until_its_message_is_handled_does_not_wait_for_ever(
    stage: Any,
) -> None:
    stage.server("S1", 0)
    c = stage.geode("C")
    made = stage.connect(c, 2)  # held, so that nobody handles it
    assert made.num_servers == 1

    def wait(_: Any) -> Any:
        return code_of(
            lambda: iacp.send_message_and_wait(
                made.connection, stage.hi(), TO_SELF, IACPS_CLIENT
            )
        )

    waits = stage.begin(c, wait)
    stage.settle()
    assert waits not in stage.script.results
    end_iacp(stage)
    assert stage.result(waits) == KErrServerTerminated
    stage.take()


def test_who_waits_for_what_it_launches_does_not_wait_for_ever(stage: Any) -> None:
    c = stage.geode("C")

    def connect(_: Any) -> Any:
        block = iacp.create_default_launch_block(OPEN_ENGINE)
        return code_of(lambda: iacp.connect(LAZY, 0, block))

    waits = stage.begin(c, connect)
    stage.settle()
    (lazy,) = stage.launched("lazy")
    assert waits not in stage.script.results
    end_iacp(stage)
    assert stage.result(waits) == KErrServerTerminated
    # What it had launched goes on.
    assert stage.launched("lazy") == [lazy]
    stage.take()


def test_who_handles_a_message_goes_on_without_the_completion(stage: Any) -> None:
    s1 = stage.server("S1")
    c = stage.geode("C")
    made = stage.connect(c)
    stage.take()

    def send(_: Any) -> None:
        iacp.send_message(
            made.connection, stage.hi(1), TO_SELF, stage.done(c), IACPS_CLIENT
        )

    def serve(app: Any) -> None:
        stage.ask(c, send)  # while the server is busy here
        end_iacp_from_here()
        app.note("goes on")

    stage.tell(s1, serve)
    assert stage.take() == [("S1", "goes on"), ("S1", "HI", 1)]


def test_another_one_knows_nothing_and_serves(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    old = stage.connect(c)
    end_iacp(stage)
    begin_iacp(stage)
    assert stage.lists() == {}
    stage.take()

    def ask(app: Any) -> list[Any]:
        calls = [lambda: iacp.get_server_number(old.connection, app)] * 2
        return [code_of(call) for call in calls]

    assert stage.tell(c, ask) == [KErrServerTerminated, "IACP_INVALID_CONNECTION"]
    assert stage.tell(s1, lambda app: code_of(lambda: iacp.register_server(T, app, 2)))
    stage.tell(s1, lambda app: iacp.register_server(T, app, 2))
    new = stage.connect(c)
    # Numbers go on where those of the first one may have ended.
    assert (old.connection, new.connection) == (1, KNumbersAhead + 1)
    stage.take()
    assert stage.send(c, new.connection, done=c) == 1
    assert stage.take() == [("S1", "HI"), ("C", "DONE")]


def test_what_it_had_promised_is_not_kept_by_another_one(stage: Any) -> None:
    """A completion that somebody still has stands for nothing, nor for a new one."""
    kept: list[Event] = []

    class Keeper(stage.object_class):  # type: ignore[name-defined,misc] # made there
        """Keeps completions to itself, until it is told otherwise."""

        @method(MSG_META_IACP_PROCESS_MESSAGE)
        def process_message(
            self, msg_to_send: Event, topt: int, completion_msg: Event | None
        ) -> None:
            if completion_msg is not None:
                kept.append(completion_msg)

    s1 = stage.server("S1", cls=Keeper)
    c = stage.geode("C")
    made = stage.connect(c)
    stage.send(c, made.connection, done=c)
    end_iacp(stage)
    begin_iacp(stage)
    stage.tell(s1, lambda app: code_of(lambda: iacp.register_server(T, app, 2)))
    stage.tell(s1, lambda app: iacp.register_server(T, app, 2))
    stage.tell(c, lambda _: code_of(iacp.lists))
    made = stage.connect(c)
    assert stage.send(c, made.connection, done=c) == 1
    old, new = kept
    stage.take()
    stage.tell(s1, lambda _: message_dispatch(old))
    assert stage.take() == []
    stage.tell(s1, lambda _: message_dispatch(new))
    assert stage.take() == [("C", "DONE")]


def test_numbers_are_not_used_again_by_one_after_the_other(stage: Any) -> None:
    (s1,) = stage.servers(2)
    c = stage.geode("C")
    seen = [stage.connect(c).connection for _ in range(3)]
    for _ in range(3):
        end_iacp(stage)
        begin_iacp(stage)
        for puppet in (s1, c):
            stage.tell(puppet, lambda _: code_of(iacp.lists))
        stage.tell(s1, lambda app: iacp.register_server(T, app, 2))
        seen += [stage.connect(c).connection for _ in range(3)]
    assert len(set(seen)) == len(seen)
    stage.take()
